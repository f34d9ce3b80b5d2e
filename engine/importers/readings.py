"""Files that can be read in more than one way: which ways there are, and the dataset of each."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

from engine.datasets.dataset import Dataset
from engine.runtime.errors import Refused
from engine.runtime.limits import MAX_READINGS

Way = TypeVar("Way")

_answers: ContextVar[dict[str, str] | None] = ContextVar("answers", default=None)
_wanted: ContextVar[str] = ContextVar("wanted", default="")
_noted: ContextVar[list[str] | None] = ContextVar("noted", default=None)


class SeveralReadings(Refused):
    """The file can be read in several ways, and nobody said in which."""

    def __init__(self, question: str, options: tuple[str, ...]) -> None:
        super().__init__(f"{question} It could be {' or '.join(options)}.")
        self.question, self.options = question, options


def choose(question: str, options: Mapping[str, Way], default: str | None = None) -> Way:
    """What stands in ``options`` under the words that were answered, or under ``default`` where
    nobody can be asked.

    Raises SeveralReadings inside `every_reading` until it is answered, and without a default.
    """
    answers = _answers.get()
    if answers is not None and answers.get(question) in options:
        return options[answers[question]]
    wanted = _wanted.get()
    if wanted and (fitting := [option for option in options if wanted in option]):
        return options[fitting[0]]
    if answers is None and default is not None:
        if (noted := _noted.get()) is not None:
            noted += [option for option in options if option != default]
        return options[default]
    raise SeveralReadings(question, tuple(options))


@contextmanager
def wanting(reading: str) -> Iterator[None]:
    """Inside it the first option that contains these words is the answer to every question."""
    token = _wanted.set(reading)
    try:
        yield
    finally:
        _wanted.reset(token)


@contextmanager
def noting() -> Iterator[list[str]]:
    """Gives a list that gets the other options of every question which its default answers."""
    noted: list[str] = []
    token = _noted.set(noted)
    try:
        yield noted
    finally:
        _noted.reset(token)


def every_reading(read: Callable[[], Dataset]) -> dict[str, Dataset]:
    """What ``read`` gives in each way in which its file can be read, by the words for the way.

    At most `MAX_READINGS`; ways in which it is refused are left out. Raises Refused where all are.
    """
    found: dict[str, Dataset] = {}
    _look(read, {}, found)
    return found


def _look(read: Callable[[], Dataset], answers: dict[str, str], found: dict[str, Dataset]) -> None:
    token = _answers.set(answers)
    try:
        found[", ".join(answers.values())] = read()
        return
    except SeveralReadings as several:
        question, options = several.question, several.options
    finally:
        _answers.reset(token)
    refusal = None
    for option in options:
        if len(found) == MAX_READINGS:
            return
        try:
            _look(read, answers | {question: option}, found)
        except Refused as error:
            refusal = error
    if not found and refusal is not None:
        raise refusal
