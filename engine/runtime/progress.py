"""How long work tells its caller how far it is."""

from collections.abc import Callable
from enum import StrEnum


class Phase(StrEnum):
    """Steps that a caller tells from others; each is also what the viewer reads."""

    DECODING = "Decoding images"


Progress = Callable[[str, int, int], None]
"""Told what is being done, how many are done, and of how many (0: not known)."""


def no_progress(step: str, done: int, total: int) -> None:
    """For callers who do not watch."""
