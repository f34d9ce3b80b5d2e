"""How much of a file is taken: checked before memory or disk is spent."""

from dataclasses import dataclass

MOST_BYTES = 20_000_000  # of an uploaded file, as it comes; as server.maxUploadSize says
MOST_HELD = 600_000_000  # bytes of all that all viewers have brought, as it lies in memory
MOST_UNPACKED = 100_000_000  # bytes of all arrays or columns in it, once decompressed
MOST_COLUMNS = 110  # of a table of predictions: an id, the prediction, up to 100 scores
LONGEST_HEADER = 10_000  # bytes of a CSV's first line
LONGEST_TEXT = 500  # characters of one cell
MOST_ARRAYS = 8  # in an NPZ file
MOST_NAMED = 20  # faulty lines named on the screen; the others are counted

LEAST_CLASSES, MOST_CLASSES = 2, 100
LEAST_IMAGES = 2  # of a class, to train on
LONGEST_CLASS = 40  # characters of a class's name
MOST_SIDE = 64  # pixels; larger images are scaled down


@dataclass(frozen=True)
class Limits:
    """What a data set of images may cost: bytes as it comes and unpacked, files, pixels in all."""

    packed: int
    unpacked: int
    entries: int
    pixels: int


UPLOAD = Limits(packed=MOST_BYTES, unpacked=MOST_UNPACKED, entries=20_000, pixels=300_000_000)
"""For whatever a viewer brings."""

SERVER = Limits(packed=2**40, unpacked=2**40, entries=5_000_000, pixels=2**40)
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
