"""Labels as they come become class names: 5.0 is 5, one-hot is its place, −1 is none."""

import re
import unicodedata
from collections.abc import Sequence

import numpy as np

from engine.runtime.errors import Refused
from engine.runtime.limits import MAX_CLASS_NAME_CHARACTERS, MAX_CLASSES, MIN_CLASSES

NONE = {"", "-1", "-1.0", "?", "nan", "NaN", "NA", "null", "None"}  # beside whole numbers only
WHOLE = re.compile(r"(-?(?:0|[1-9]\d{0,8}))(\.0{1,9})?", re.ASCII)
CYRILLIC, LATIN = "АВЕЅІЈКМНОРСТУХЬаеѕіјорсухһԁԛԝ", "ABESIJKMHOPCTYXbaesijopcyxhdqw"
GREEK, ALIKE = "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧονυ", "ABEZHIKMNOPTYXovu"
RESERVED = "any"  # the filters' word for all classes
SPACES = " \u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
JOINERS = "\u200c\u200d"  # without width; Persian and Indic scripts and emoji are written with them
AS_LATIN = str.maketrans(CYRILLIC + GREEK, LATIN + ALIKE)
NUMBERED = re.compile(r"(\D*?)0*(\d{1,8})(\D*)", re.ASCII)


def one_a_image(labels: np.ndarray, name: str) -> np.ndarray:
    """The labels as (n,): a column (n, 1), or one-hot rows (n, k) by the place of their 1."""
    if labels.ndim == 2 and labels.shape[1] == 1:
        return labels[:, 0]
    if labels.ndim != 2 or labels.dtype.kind not in "buif" or not labels.size:
        return labels
    if ((labels == 0) | (labels == 1)).all() and (labels.sum(axis=1) == 1).all():
        return labels.argmax(axis=1)
    raise Refused(f"{name!r} is {labels.shape}; wanted one label an image, or rows with one 1.")


def as_names(labels: np.ndarray) -> list[str]:
    """Each label as text; whole floats as whole numbers, nan as ''. Fractions are Refused."""
    try:
        return [_name(label) for label in labels.tolist()]
    except Refused:
        raise
    except ValueError:  # numpy holds texts that no text can be
        raise Refused("A label is no text.") from None


def _name(label: object) -> str:
    if isinstance(label, float):
        if label != label:
            return ""
        if not label.is_integer():
            raise Refused(f"A label is {label}; wanted a whole number or a name.")
        return str(int(label))
    if isinstance(label, bytes):
        return label.decode("utf-8", "replace")
    return str(label)


def settled(names: list[str]) -> tuple[list[str], np.ndarray, list[str]]:
    """The class names, which images have one, (n,) bool, and a sentence for what was changed.

    Where all are whole numbers, 5.0 is 5, and −1 or nothing is no label unless others are below
    −1; where all differ by a number only, as "digit 2" and "digit 10" do, they are called by the
    number.
    """
    different, said = set(names), []
    keep = np.ones(len(names), dtype=bool)
    below = [name for name in different if re.fullmatch(r"-\d{1,9}(\.0+)?", name, re.ASCII)]
    without = different & (NONE - set(below) if any(float(n) < -1 for n in below) else NONE)
    if len(different) > len(without) and all(WHOLE.fullmatch(n) for n in different - without):
        keep = np.array([name not in without for name in names])
        if pointed := next((name for name in names if "." in name and name not in NONE), None):
            said.append(
                f"Labels written as {pointed[:40]} are read as {WHOLE.fullmatch(pointed)[1]}."
            )
        names = [
            WHOLE.fullmatch(name)[1] if kept else name
            for name, kept in zip(names, keep, strict=True)
        ]
        if without:
            what = " or ".join(sorted(repr(one) if one else "nothing" for one in without))
            said.append(f"{(~keep).sum():,} of {len(names):,} have no label ({what}); left out.")
    elif numbered := _numbered(different):
        first, last = sorted(numbered, key=lambda name: int(numbered[name]))[:: len(numbered) - 1]
        names = [numbered[name] for name in names]
        said.append(f"The classes {first[:40]!r} to {last[:40]!r} are called by their number.")
    if {name for name, kept in zip(names, keep, strict=True) if kept} == set(
        map(str, range(1, 11))
    ):
        said.append(
            "The classes are 1 to 10 and none is 0: in some sets, as in SVHN, 10 stands for the "
            "digit zero."
        )
    return names, keep, said


def lookalikes(names: Sequence[str]) -> list[str]:
    """A sentence for each two names that differ only in Cyrillic or Greek letters like Latin ones.

    'A' and 'А' look the same on the screen; what is not told apart there is said once, here.
    """
    first: dict[str, str] = {}
    pairs = [(first.setdefault(name.translate(AS_LATIN), name), name) for name in names]
    return [
        f"The classes {one!r} and {other!r} look alike but are written with other letters: "
        f"{_letter(one, other)} and {_letter(other, one)}."
        for one, other in pairs
        if one != other
    ]


def _letter(name: str, other: str) -> str:
    """'LATIN CAPITAL LETTER A': the first letter in which the name differs."""
    letter = next(ours for ours, theirs in zip(name, other, strict=True) if ours != theirs)
    return unicodedata.name(letter)


def _numbered(names: set[str]) -> dict[str, str] | None:
    """Each name's number, where text order is not number order and nothing but it differs."""
    found = {name: NUMBERED.fullmatch(name) for name in names}
    if len(names) < 2 or not all(found.values()):
        return None
    if len({(match[1], match[3]) for match in found.values()}) > 1:
        return None
    numbers = {name: match[2] for name, match in found.items()}
    if all(not match[1] and not match[3] for match in found.values()):
        return None  # written as numbers already, perhaps 01
    in_order = sorted(names) == sorted(names, key=lambda name: int(numbers[name]))
    return None if in_order or len(set(numbers.values())) < len(names) else numbers


def class_labels(names: Sequence[str]) -> np.ndarray:
    """The class of each image, (n,): whole numbers if all names are such, else the names as text.

    Any printable name of up to 40 characters is taken, with each run of spaces as one. Raises
    Refused for fewer than 2 or more than 100 classes, for names that are empty, too long, or hold
    what cannot be seen, for "any", and for two that would look alike.
    """
    different = sorted(set(names))
    if not MIN_CLASSES <= len(different) <= MAX_CLASSES:
        wanted = f"from {MIN_CLASSES} to {MAX_CLASSES}"
        found = "1 class" if len(different) == 1 else f"{len(different):,} classes"
        raise Refused(f"The data have {found}; wanted {wanted}.")
    plain = {name: _as_shown(name) for name in different}
    alike: dict[str, str] = {}
    for name, shown in plain.items():
        other = alike.setdefault(shown.translate(dict.fromkeys(map(ord, JOINERS))), name)
        if other != name:
            found = f"Two classes are called {other[:60]!r} and {name[:60]!r}"
            raise Refused(f"{found}; wanted names that differ in more than spaces and encoding.")
    if all(re.fullmatch(r"0|-?[1-9]\d{0,8}", name, flags=re.ASCII) for name in different):
        return np.array([int(name) for name in names], dtype=np.int64)
    return np.array([plain[name] for name in names], dtype=str)


def _as_shown(name: str) -> str:
    """The name as it can be shown, its accents encoded in the one usual way; or Refused."""
    shown = unicodedata.normalize("NFC", re.sub(f"[{SPACES}]+", " ", name)).strip(" \r\n\t")
    found = f"A class is called {name[:60]!r}"
    if not shown.strip(JOINERS):
        raise Refused(f"{found}; wanted a name that can be seen.")
    unseen = next((c for c in shown if not c.isprintable() and c not in JOINERS), None)
    if unseen:
        raise Refused(f"{found}, with the character U+{ord(unseen):04X}; wanted printable ones.")
    if len(shown) > MAX_CLASS_NAME_CHARACTERS:
        raise Refused(
            f"{found}…, {len(shown):,} characters; wanted at most {MAX_CLASS_NAME_CHARACTERS}."
        )
    if shown.lower() == RESERVED:
        raise Refused(f"{found}, which stands for all classes here; wanted another name.")
    return shown
