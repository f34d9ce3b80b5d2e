"""The errors a person is told of: one sentence with what was found and what was wanted."""


class Refused(ValueError):
    """The file is not taken: ``str()`` is one sentence with what was found and what was wanted.

    ``lines`` names the first faulty lines, as plain text.
    """

    def __init__(self, sentence: str, lines: tuple[str, ...] = ()) -> None:
        super().__init__(sentence)
        self.lines = lines


class Incomplete(Refused):
    """Nothing is wrong with the files so far, but there are more of them to come."""
