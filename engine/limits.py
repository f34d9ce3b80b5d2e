"""How much of a viewer's file is taken: checked before memory or disk is spent."""

MOST_BYTES = 10_000_000  # of an uploaded file, as it comes
MOST_UNPACKED = 100_000_000  # bytes of all arrays or columns in it, once decompressed
MOST_COLUMNS = 110  # of a table of predictions: an id, the prediction, up to 100 scores
LONGEST_HEADER = 10_000  # bytes of a CSV's first line
LONGEST_TEXT = 500  # characters of one cell
MOST_ARRAYS = 8  # in an NPZ file
MOST_NAMED = 20  # faulty lines named on the screen; the others are counted


class Refused(ValueError):
    """The file is not taken: ``str()`` is one sentence with what was found and what was wanted.

    ``lines`` names the first faulty lines, as plain text.
    """

    def __init__(self, sentence: str, lines: tuple[str, ...] = ()) -> None:
        super().__init__(sentence)
        self.lines = lines
