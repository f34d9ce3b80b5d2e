"""Names of files from outside, made fit for the places where they are shown."""

import re

from engine.limits import LONGEST_FILE_NAME, LONGEST_NAME


def safe_name(name: str) -> str:
    """A file's name without its ending and without anything that could be taken for markup.

    Letters, digits, spaces, points and hyphens stay, at most 30 of them.
    """
    stem = re.sub(r"\.(csv|parquet|npz|zip)$", "", name[:200], flags=re.IGNORECASE)
    plain = " ".join(re.sub(r"[^\w .-]|_", " ", stem).split())
    return plain[:LONGEST_FILE_NAME].strip() or "without a name"


def short_name(name: str) -> str:
    """A file's name for the screen: printable, on one line, at most 60 characters."""
    plain = "".join(letter if letter.isprintable() else " " for letter in name)
    return plain if len(plain) <= LONGEST_NAME else plain[: LONGEST_NAME - 1] + "…"
