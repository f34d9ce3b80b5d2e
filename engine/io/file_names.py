"""Names of files from outside, made fit for the places where they are shown."""

import re

from engine.runtime.limits import MAX_FILE_NAME_CHARACTERS, MAX_SHOWN_NAME_CHARACTERS


def safe_name(name: str) -> str:
    """A file's name without its ending and without anything that could be taken for markup.

    Letters, digits, spaces, points and hyphens stay, at most 30 of them.
    """
    stem = re.sub(r"\.(csv|parquet|npz|zip)$", "", name[:200], flags=re.IGNORECASE)
    plain = " ".join(re.sub(r"[^\w .-]|_", " ", stem).split())
    return plain[:MAX_FILE_NAME_CHARACTERS].strip() or "without a name"


def short_name(name: str) -> str:
    """A file's name for the screen: printable, on one line, at most 60 characters."""
    plain = "".join(letter if letter.isprintable() else " " for letter in name)
    return (
        plain
        if len(plain) <= MAX_SHOWN_NAME_CHARACTERS
        else plain[: MAX_SHOWN_NAME_CHARACTERS - 1] + "…"
    )
