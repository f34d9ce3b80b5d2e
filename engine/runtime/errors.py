"""The errors a person is told of: one sentence with what was found and what was wanted."""


class Explained(Exception):
    """A failure that is nobody's mistake in the code: ``str()`` says all there is to know.

    The log has one line of it; its traceback is for the debug level.
    """


def without_traceback(error: Exception) -> Exception:
    """The same error, fit to be kept: a traceback holds every array of the frames it went through.

    What it came from (``__cause__``, ``__context__``) is let go as well.
    """
    error.__cause__ = error.__context__ = None
    return error.with_traceback(None)


class Refused(Explained, ValueError):
    """The file is not taken: ``sentence``, or ``str()``, says what was found and what was wanted.

    Of several kinds of fault it has a sentence each.

    ``lines`` names the first faulty lines, as plain text.
    """

    def __init__(self, sentence: str, lines: tuple[str, ...] = ()) -> None:
        super().__init__(sentence)
        self.sentence, self.lines = sentence, lines


class Incomplete(Refused):
    """Nothing is wrong with the files so far, but there are more of them to come."""
