"""Names of classes, and other text from outside, as parts of sentences in Markdown."""

import re
from collections.abc import Sequence

from engine.datasets.dataset import is_digits
from engine.report.words import is_number, one, several, trues

__all__ = [
    "a_blank",
    "as_text",
    "is_number",
    "marked",
    "one",
    "plain",
    "several",
    "thing",
    "trues",
]

MARKS = r"\\`*_{}\[\]()<>#+\-.!|~:$&"
JOINER = "\u2060"  # of no width; it parts what Streamlit turns into icons and arrows all the same
SIGNS = re.compile(r":(?=material/)|(?<!\S)[<>~-](?=[->=]>?(?!\S))")
LIVE = re.compile(r"[\\`*\[\]<>$:~^@]|(?<![^\W_])_|_(?![^\W_])|&[#\w]|--|->|www\.", re.IGNORECASE)


def plain(text: str) -> str:
    """``text`` with every mark of Markdown escaped, so that it shows as it is written."""
    return re.sub(f"([{MARKS}])", r"\\\1", SIGNS.sub(rf"\g<0>{JOINER}", str(text)))


def marked(name: str) -> bool:
    """Whether Streamlit may show the name otherwise than it is written, or fetch what it names."""
    return LIVE.search(name) is not None


def as_text(sentence: str) -> str:
    """A sentence in Markdown as text, for places that know no Markdown; undoes `plain`."""
    marks = rf"\\([{MARKS}])|\*\*|{JOINER}"
    return re.sub(marks, lambda mark: mark[1] or "", sentence)


def a_blank(classes: Sequence) -> str:
    """'a …' or '…': where the name of one of the classes will stand."""
    return "a …" if all(map(is_number, classes)) else "…"


def thing(classes: Sequence) -> str:
    """What a picture to classify is of: a "digit", or a "thing" where the classes are others."""
    return "digit" if is_digits(classes) else "thing"
