"""Names of classes, and other text from outside, as parts of sentences in Markdown."""

import re
from collections.abc import Sequence

from engine.datasets.dataset import class_noun

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


def is_number(name: object) -> bool:
    """Whether the class is a whole number, which reads as a noun: "a 2", "true 2s"."""
    return str(name).isascii() and str(name).isdigit()


def one(name: object, article: str = "a") -> str:
    """'a 2', or the name alone: one image of the class."""
    return f"{article} {name}" if is_number(name) else str(name)


def several(name: object) -> str:
    """'2s', or the name alone: images of the class."""
    return f"{name}s" if is_number(name) else str(name)


def trues(name: object) -> str:
    """'true 2s' or 'images of cat': those that really are of the class."""
    return f"true {name}s" if is_number(name) else f"images of {name}"


def a_blank(classes: Sequence) -> str:
    """'a …' or '…': where the name of one of the classes will stand."""
    return "a …" if all(map(is_number, classes)) else "…"


def thing(classes: Sequence) -> str:
    """What a picture to classify is of: a "digit", or a "thing" where the classes are others."""
    return "digit" if class_noun(classes) == "digit" else "thing"
