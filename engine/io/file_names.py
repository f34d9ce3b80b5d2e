"""Names of files from outside: made fit for the places where they are shown, and put in order."""

import re

from engine.runtime.limits import MAX_FILE_NAME_CHARACTERS, MAX_SHOWN_NAME_CHARACTERS


def safe_name(name: str) -> str:
    """A file's name without its ending and without anything that could be taken for markup.

    Letters, digits, spaces, points and hyphens stay, at most 30 of them.
    """
    stem = re.sub(r"\.(csv|parquet|npz|zip|onnx)$", "", name[:200], flags=re.IGNORECASE)
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


def natural_order(name: str) -> tuple:
    """A key for ``sorted`` that counts: "2.png" comes before "10.png", "digit 2" before "digit 10".

    Names that differ only in zeros in front of a number come as text.
    """
    parts = re.split(r"([0-9]+)", name)
    numbers = [(len(digits.lstrip("0")), digits.lstrip("0")) for digits in parts[1::2]]
    texts = parts[::2]
    return tuple(zip(texts, [*numbers, (0, "")], strict=True)), name
