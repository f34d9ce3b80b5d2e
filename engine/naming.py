"""Names from outside, made fit for every place where a name is shown."""

import re

LONGEST = 30  # characters


def safe_name(name: str) -> str:
    """A file's name without its ending and without anything that could be taken for markup.

    Letters, digits, spaces, points and hyphens stay, at most 30 of them.
    """
    stem = re.sub(r"\.(csv|parquet|npz|zip)$", "", name[:200], flags=re.IGNORECASE)
    plain = " ".join(re.sub(r"[^\w .-]|_", " ", stem).split())
    return plain[:LONGEST].strip() or "without a name"
