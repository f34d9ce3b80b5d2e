"""Every limit in one place, with its unit and its reason; docs/limits.md lists them for readers.

A public server has 690 MB for all its viewers, so whatever a stranger can make large is judged by
a header, before memory, disk or time is spent on it.
"""

from dataclasses import dataclass

# Files that a viewer brings
MAX_UPLOAD_BYTES = (
    30_000_000  # bytes of a file as it comes, as server.maxUploadSize: Fashion-MNIST has one of 26
)
MAX_UPLOAD_MEMORY_BYTES = (
    250_000_000  # bytes of all that all viewers have brought, as it lies in memory
)
MAX_WAITING_BYTES = 100_000_000  # bytes of files of one visit that have come and are not read yet
MAX_WAITING_FILES = 100  # such files: of one dataset 40 may come together
MAX_MESSAGE_BYTES = 4_000_000  # bytes of a message from a browser: a pasted picture has 3 million
MAX_MESSAGES_AT_ONCE = 500  # messages from a browser; a page sends some ten a second at most
MAX_MESSAGES_PER_S = 100  # messages a second that may follow them
MAX_MESSAGE_PARTS = 100_000  # lists and mappings in it: a drawing has 6,200, decisions 20,000
MAX_UNPACKED_BYTES = 100_000_000  # bytes of all arrays, columns or files in it, once decompressed
MAX_PREDICTION_COLUMNS = 110  # of a table of predictions: an id, the prediction, up to 100 scores
MAX_HEADER_BYTES = 10_000  # bytes of a CSV's first line: pandas takes 1.7 GB for a million columns
MAX_PIXEL_HEADER_BYTES = 80_000  # bytes of the same where every pixel is a column
MAX_CELL_CHARACTERS = 500  # characters of one cell
MAX_NPZ_ARRAYS = 8  # in an NPZ file
MAX_DATA_FILES = 40  # tables or arrays of one dataset, in an archive or brought together
MAX_NAMED_LINES = 20  # faulty lines named on the screen; the others are counted
MAX_DIRECTORY_BYTES_PER_FILE = (
    200  # bytes an archive's directory may take for a file: opening it costs as much
)
MAX_PATH_CHARACTERS = 200  # of a file in an archive: all paths are held as wide as the widest
MAX_UPLOADED_PREDICTIONS = (
    5  # models and predictions one viewer holds: 70,000 rows of scores are 6 MB
)
MAX_UPLOADED_DATASETS = 2  # datasets of images one viewer holds
MAX_SWELLING = 250  # times as large as packed: a gzipped file of images; blank ones reach 1,000
MAX_READINGS = 3  # ways to read one file among which a viewer chooses: each is read

# Models in ONNX files, each run in a process of its own
MAX_MODEL_BYTES = 20_000_000  # bytes of an ONNX file: 5 million weights
MAX_MODEL_MEMORY_BYTES = 500_000_000  # bytes of address space for file, model and images
MODEL_START_S = 30.0  # seconds for the process to start: one where nothing else runs
MODEL_LOAD_S = 3  # seconds for reading a model, and what it computes of its constants
MODEL_TRIAL_S = 3  # seconds for a batch of images while the form of its input is found out
MODEL_ANSWER_S = 30  # seconds for a batch of 250 images
MODEL_TEST_S = 120.0  # seconds for the form of its input and the answers to all test images
MAX_MODEL_PROCESSES = 2  # at a time; the one asked least recently rests, and starts when asked
MODEL_TURN_S = 10.0  # seconds a model waits to start while all of these are at work
MODEL_REST_S = 300.0  # seconds without a question after which a model's process rests

# What is in a dataset of images
MIN_CLASSES, MAX_CLASSES = 2, 100  # classes: a table of 100 × 100 can still be looked at
MIN_IMAGES_PER_CLASS = 2  # images of a class to train on; in a set of one piece, one more to test
MAX_CLASS_NAME_CHARACTERS = 40  # characters of a class's name
MAX_CLASS_NAMES_BYTES = 20_000  # bytes of a list of names for classes
MAX_FILE_NAME_CHARACTERS = 30  # characters of a file's name in the name of a model or dataset
MAX_IMAGE_SIDE = 64  # pixels; larger images are scaled down

# Pictures to classify
MAX_PICTURE_BYTES = 10_000_000  # bytes of a picture as it comes
MAX_PICTURE_PIXELS = 4_000_000  # of a picture that is decoded whole: 16 MB at most
MAX_JPEG_PIXELS = 50_000_000  # of a telephone's photograph: the decoder shrinks it while reading
MAX_JPEG_SCANS = 100  # passes over one JPEG: cameras make 10, and each costs as much as the picture
MAX_PNG_TEXT_BYTES = 1_000_000  # bytes of all texts in a PNG, once decompressed
MAX_ASPECT_RATIO = 50  # times longer than wide: a line, not a picture
MAX_PICTURES_AT_ONCE = 24  # pictures looked at together
MAX_SHOWN_NAME_CHARACTERS = 60  # characters of a picture's name that are shown
MAX_PASTED_CHARACTERS = (
    3_000_000  # of a pasted picture in base64; one of 560 × 560 has half of that
)
MAX_STROKES = 200  # of a drawing; a digit needs a few
MOST_POINTS = 6_000  # of a drawing; a digit needs a few hundred
MAX_DRAWINGS = 200  # drawings whose score one viewer keeps

# Marks on images
MAX_NOTE_CHARACTERS = 500  # characters of a note
MAX_ANNOTATION_BYTES = 2_000_000  # bytes of a file of marks
MAX_ANNOTATIONS = 20_000  # rows of a file of marks
MAX_KEPT_CHARACTERS = 500_000  # of all marks that a browser tells of from the visit before
MAX_DECISIONS = 20_000  # labels decided on by one viewer, or rows of a file of corrections
MAX_DECISION_BYTES = 4_000_000  # bytes of a file of corrections
MAX_PROJECT_BYTES = 30_000_000  # bytes of a project file as it comes, as of any upload
MAX_MANIFEST_BYTES = 200_000  # bytes of a project file's own description of what is in it
MAX_PROJECT_MODELS = 12  # a viewer's own models in a project

# Slices
MAX_RULE_CHARACTERS = 500  # characters of a rule that says which images are in a slice
MAX_RULE_CONDITIONS = 8  # conditions of a rule
MAX_BROUGHT_ATTRIBUTES = 20  # columns beside predictions that are attributes of the images
MAX_ATTRIBUTE_VALUES = 20  # different texts in such a column that holds no numbers

# Computing
MAX_DESCENT_STEPS = 1_000_000  # of the playground: a closed form, so that it takes no longer
RATES = (1e-9, 10.0)  # learning rates that may be typed there
MAX_FITTED_POINTS = 200  # points the playground draws
OPTIMIZER_EPOCHS = 5_000  # over the data, the length of the race of optimisers: about a second
MAX_RACE_STEPS = 40_000  # of a race in mini-batches: with many points they end it early
MAX_KEPT_RUNS = 5  # earlier trainings of one visit that stay to choose from
MAX_EPOCHS = 20  # of a training in the browser: half a minute on MNIST
MAX_CONCURRENT_TRAININGS = 2  # trainings that compute at the same time; the others wait their turn
MAX_WAITING_TASKS = 20  # slow fits, searches and the like that wait for their turn
MAX_WAITING_TRAININGS = 20  # trainings that wait for theirs
MAX_VISITS = 500  # visits at once; one takes a megabyte
MAX_CACHED_SLOW_MODELS = 16  # finished slow models held in memory
MAX_CACHED_DUPLICATE_SEARCHES = 8  # finished searches for near-duplicates held in memory
MAX_DUPLICATE_MULTIPLICATIONS = (
    3e12  # multiplications of such a search: a minute on two cores; MNIST 0.9e12
)
MAX_CACHED_EVALUATIONS = (
    16  # other models held in memory with their figures, of all datasets together
)
MAX_CACHED_LADDERS = 8  # ladders of cures held in memory; one of MNIST takes about 2 MB
MAX_CACHED_SHAPES = 8  # data sets whose shapes are held in memory; those of MNIST take 1 MB
MAX_CACHED_MAPS = (
    8  # parts of maps held with each model, and data sets whose components and small images are
)
MAX_CORRUPTED_NEIGHBORS = 1_000  # test images of each corruption that nearest neighbors answer
MAX_LEVEL_BYTES = 500_000_000  # of the counts of all grey levels that a median of shards needs
MAX_WHOLE_BYTES = 100_000_000  # of the pixels of shards that are read whole; of more some are shown
MAX_DRAWN_BYTES = 24_000_000  # of the pixels drawn at random from each side of larger shards
MAX_CACHED_NEIGHBORS = 256  # answers to "which training images are nearest" held in memory
MAX_CACHED_PER_EVALUATION = (
    64  # results held with each model's answers, as the counts beside the filters
)
MAX_CACHED_DESCENTS = 128  # runs and verdicts of the playground held in memory, up to 60 kB each
MAX_CACHED_DRAWS = 64  # draws of the playground's points held in memory
MAX_CACHED_CHARTS = 128  # finished charts held in memory, each for all who see the same figures
MAX_CACHED_OWN_CHARTS = 8  # of one image, held for the viewer who looks at it
MAX_CACHED_RACES = 32  # races of optimisers held in memory
MAX_MODEL_FILES = 40  # models in the store; the newest stay, so that no one fills the disk
MAX_GREEDY_PIXELS = 60  # pixels changed in search of what flips an answer; each asks for them all

# What leaves the app
MAX_REPORT_IMAGES = 60  # images in a report
MAX_REPORT_PAIRS = 10  # confused pairs in a report

# The map
MAX_REGION_CORNERS = 40  # corners of a drawn lasso: a link of 700 characters
MAX_MAP_PIXELS = 16_000_000  # of all small images a browser unpacks: of more each is made smaller

# Waiting
STEP_S = 4.0  # seconds for connecting, and for each wait for more of a download
OVERALL_S = 300.0  # seconds for a download, unpacking 70,000 files included
WRITE_S = 10.0  # seconds for another process to write its fitted model, which takes milliseconds
PATIENCE_S = 6.5  # seconds a page waits for a download before it opens on the embedded digits


@dataclass(frozen=True)
class Limits:
    """What a dataset of images may cost: bytes as it comes and unpacked, files of an archive,
    images, pixels of all pictures, and seconds for decoding them.
    """

    packed: int
    unpacked: int
    entries: int
    images: int
    pixels: int
    seconds: float


UPLOAD = Limits(
    packed=36_000_000,
    unpacked=MAX_UNPACKED_BYTES,
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
