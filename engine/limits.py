"""Every limit in one place, with its unit and its reason; docs/limits.md lists them for readers.

A public server has 690 MB for all its viewers, so whatever a stranger can make large is judged by
a header, before memory, disk or time is spent on it.
"""

from dataclasses import dataclass

# Files that a viewer brings
MOST_BYTES = 20_000_000  # bytes of a file as it comes, as server.maxUploadSize: MNIST has 12 MB
MOST_HELD = 250_000_000  # bytes of all that all viewers have brought, as it lies in memory
MOST_UNPACKED = 100_000_000  # bytes of all arrays, columns or files in it, once decompressed
MOST_COLUMNS = 110  # of a table of predictions: an id, the prediction, up to 100 scores
LONGEST_HEADER = 10_000  # bytes of a CSV's first line: pandas takes 1.7 GB for a million columns
LONGEST_PIXEL_HEADER = 80_000  # bytes of the same where every pixel is a column
LONGEST_TEXT = 500  # characters of one cell
MOST_ARRAYS = 8  # in an NPZ file
MOST_NAMED = 20  # faulty lines named on the screen; the others are counted
LARGEST_ENTRY = 200  # bytes an archive's directory may take for a file: opening it costs as much
MOST_BROUGHT = 5  # sets of predictions one viewer holds: 70,000 rows of scores are 6 MB
MOST_DATA = 2  # data sets of images one viewer holds

# What is in a data set of images
LEAST_CLASSES, MOST_CLASSES = 2, 100  # classes: a table of 100 × 100 can still be looked at
LEAST_IMAGES = 2  # images of a class to train on; in a set of one piece, one more to test
LONGEST_CLASS = 40  # characters of a class's name
LONGEST_FILE_NAME = 30  # characters of a file's name in the name of a model or data set
MOST_SIDE = 64  # pixels; larger images are scaled down

# Pictures to classify
MOST_PICTURE_BYTES = 10_000_000  # bytes of a picture as it comes
MOST_PIXELS = 4_000_000  # of a picture that is decoded whole: 16 MB at most
MOST_JPEG_PIXELS = 50_000_000  # of a telephone's photograph: the decoder shrinks it while reading
MOST_SCANS = 100  # passes over one JPEG: cameras make 10, and each costs as much as the picture
MOST_PNG_TEXT = 1_000_000  # bytes of all texts in a PNG, once decompressed
MOST_ASPECT = 50  # times longer than wide: a line, not a picture
MOST_PICTURES = 24  # pictures looked at together
LONGEST_NAME = 60  # characters of a picture's name that are shown
MOST_LETTERS = 3_000_000  # of a pasted picture in base64; one of 560 × 560 has half of that
MOST_STROKES = 200  # of a drawing; a digit needs a few
MOST_POINTS = 6_000  # of a drawing; a digit needs a few hundred
MOST_KEPT = 200  # drawings whose score one viewer keeps

# Marks on images
LONGEST_NOTE = 500  # characters of a note
MOST_MARKS_BYTES = 2_000_000  # bytes of a file of marks
MOST_MARKS = 20_000  # rows of a file of marks

# Computing
MOST_DESCENT_STEPS = 1_000_000  # of the playground: a closed form, so that it takes no longer
RATES = (1e-9, 10.0)  # learning rates that may be typed there
MOST_POINTS_FITTED = 200  # points the playground draws
PASSES = 5_000  # over the data, the length of the race of optimisers: about a second
MOST_RACE_STEPS = 40_000  # of a race in mini-batches: with many points they end it early
MOST_EPOCHS = 20  # of a training in the browser: half a minute on MNIST
AT_ONCE = 2  # trainings that compute at the same time; the others wait their turn
MOST_FITTINGS = 16  # finished slow models held in memory
MOST_COMPARED = 8  # finished searches for near-duplicates held in memory
MOST_COMPARING = 3e12  # multiplications of such a search: a minute on two cores; MNIST 0.9e12
MOST_STUDIES = 16  # other models held in memory with their figures, of all data sets together
MOST_NEIGHBOURS = 256  # answers to "which training images are nearest" held in memory
MOST_OF_A_STUDY = 64  # results held with each model's answers, as the counts beside the filters
MOST_DESCENTS = 128  # tables of the playground's settings held in memory, up to 100 kB each
MOST_DRAWS = 64  # draws of the playground's points held in memory
MOST_CHARTS = 128  # finished charts held in memory, each for all who see the same figures
MOST_OWN_CHARTS = 8  # of one image, held for the viewer who looks at it
MOST_RACES = 32  # races of optimisers held in memory
MOST_MODEL_FILES = 40  # models in the store; the newest stay, so that no one fills the disk

# What leaves the app
MOST_REPORT_IMAGES = 60  # images in a report
MOST_REPORT_PAIRS = 10  # confused pairs in a report

# Waiting
STEP_S = 4.0  # seconds for connecting, and for each wait for more of a download
OVERALL_S = 300.0  # seconds for a download, unpacking 70,000 files included
WRITE_S = 10.0  # seconds for another process to write its fitted model, which takes milliseconds
PATIENCE_S = 6.5  # seconds a page waits for a download before it opens on the embedded digits


@dataclass(frozen=True)
class Limits:
    """What a data set of images may cost: bytes as it comes and unpacked, files of an archive,
    images, pixels of all pictures, and seconds for decoding them.
    """

    packed: int
    unpacked: int
    entries: int
    images: int
    pixels: int
    seconds: float


UPLOAD = Limits(
    packed=MOST_BYTES,
    unpacked=MOST_UNPACKED,
    entries=20_000,
    images=100_000,
    pixels=300_000_000,
    seconds=60.0,
)
"""For whatever a viewer brings."""

SERVER = Limits(
    packed=2**40, unpacked=2**40, entries=5_000_000, images=2**30, pixels=2**40, seconds=86_400.0
)
"""For what whoever starts the server names: any size that the machine can hold."""


class Refused(ValueError):
    """The file is not taken: ``str()`` is one sentence with what was found and what was wanted.

    ``lines`` names the first faulty lines, as plain text.
    """

    def __init__(self, sentence: str, lines: tuple[str, ...] = ()) -> None:
        super().__init__(sentence)
        self.lines = lines


class Incomplete(Refused):
    """Nothing is wrong with the files so far, but there are more of them to come."""
