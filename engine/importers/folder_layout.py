"""The class and the side of each image file: by its folders, a table beside it, or its name."""

import re
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from typing import NamedTuple

from engine.importers.files import Source
from engine.importers.flat_labels import flat_labels
from engine.importers.readings import choose
from engine.io.file_names import natural_order
from engine.io.side_names import TEST, TRAIN, by_side, side_of
from engine.runtime.errors import Refused

LAST = "the folder that holds the image"
FOLDERS = {LAST: -1, "the first folder": 0}
NAMED_FILES = 3  # files named in a sentence that speaks of more


class Row(NamedTuple):
    """An image of the tree; ``side`` is the word for its part of the data, None without one."""

    path: str
    side: str | None
    name: str


@dataclass
class Layout:
    """``paths`` of the images in the order of their numbers, with the class of each, and whether
    it is for testing, None where nothing tells; ``done`` says what was left out, and why.

    ``label_files`` are the files that told the classes.
    """

    paths: list[str]
    classes: list[str]
    testing: list[bool] | None
    done: list[str] = field(default_factory=list)
    label_files: frozenset[str] = frozenset()


def layout(source: Source, images: list[str]) -> Layout:
    """How the image files of a tree are classed. Raises Refused where nothing tells the classes.

    A folder names the side, as training, valid or testSet; the one below it, or else the one that
    holds the files, the class. Flat files take theirs from a .cls file beside each, a table of
    names and labels, or a number in their names.
    """
    images = sorted(images, key=natural_order)
    sides, below = zip(*(_side_and_rest(path) for path in _without_root(images)), strict=True)
    flat = [not rest for rest in below]
    if len({rest for rest in below if rest}) < 2:
        return _flat(source, images, list(sides))
    level, done = _level([rest for rest in below if rest])
    classes = [
        "" if not rest else rest[min(level, len(rest) - 1) if level >= 0 else -1] for rest in below
    ]
    rows = list(map(Row, images, sides, classes))
    left = [path for path, no_class in zip(images, flat, strict=True) if no_class]
    if left:
        done.append(_left_out(left, "are in no folder of a class"))
    return _by_side([row for row in rows if row.name], done)


def _without_root(paths: list[str]) -> list[tuple[str, ...]]:
    """The folders of each path, without those that all are in and that name no side."""
    folders = [PurePosixPath(path).parts[:-1] for path in paths]
    while all(folders) and len({parts[0] for parts in folders}) == 1:
        if _side_name(folders[0][0]):
            break
        folders = [parts[1:] for parts in folders]
    return folders


def _side_name(folder: str) -> str | None:
    side, rest = side_of(folder)
    plain = re.sub("[^a-z]", "", rest)
    if plain in ("", "set", "images", "data", "digits", "mnist", "sample"):
        return f"{side} sample" if side and plain == "sample" else side
    return None


def _side_and_rest(folders: tuple[str, ...]) -> tuple[str | None, tuple[str, ...]]:
    """The side that the folders name, and the folders below the last that does."""
    if len(folders) > 1 and _nist(folders):
        return TRAIN if folders[1].startswith("train") else folders[1], folders[:1]
    names = [_side_name(folder) for folder in folders]
    named = [place for place, side in enumerate(names) if side]
    if not named:
        return None, folders
    return names[named[-1]], folders[named[-1] + 1 :] or ()


def _nist(folders: tuple[str, ...]) -> bool:
    """Whether these are of NIST's by_class: the letter's code, and its writers or training."""
    return bool(
        re.fullmatch("[3-7][0-9a-fA-F]", folders[0])
        and re.fullmatch("hsf_[0-9]|train_[0-9a-fA-F]{2}", folders[1])
    )


def _level(below: list[tuple[str, ...]]) -> tuple[int, list[str]]:
    """Which of the folders is the class: the first (0) or the last (-1)."""
    if max(map(len, below)) == 1:
        return 0, []
    first, last = {rest[0] for rest in below}, {rest[-1] for rest in below}
    digits = set("0123456789")
    level = -1 if last <= digits or not first <= digits else 0
    if last == first:
        return 0, []
    if last <= digits and first <= digits:
        level = choose("Which folder of each image is its class?", FOLDERS, LAST)
    name = (below[0][0] if level else below[0][-1])[:40]
    return level, [
        f"The class is the {'last' if level else 'first'} of each image's folders; the others, as "
        f"{name!r}, were not used."
    ]


def _by_side(rows: list[Row], done: list[str]) -> Layout:
    """The layout of these rows: sides that are not used are left out, and said."""
    sides = {row.side for row in rows}
    if any(side and side.startswith("hsf_") for side in sides):
        rows, sides = _nist_sides(rows, done)
    for sample in [side for side in sides if side and side.endswith(" sample")]:
        gone = [row.path for row in rows if row.side == sample]
        done.append(_left_out(gone, "are a sample of the others"))
        rows = [row for row in rows if row.side != sample]
        sides = sides - {sample}
    if None in sides and len(sides) > 1:
        at = next(row.path for row in rows if row.side is None)
        raise Refused(f"{at[:120]!r} is neither in training nor in testing.")
    used, said = by_side(sides)
    rows = [row for row in rows if row.side in used]
    testing = [used[row.side] for row in rows] if len(used) == 2 else None
    return Layout([r.path for r in rows], [r.name for r in rows], testing, [*done, *said])


def _nist_sides(rows: list[Row], done: list[str]) -> tuple[list[Row], set[str | None]]:
    """NIST's own sides: train_… for training, and hsf_4, which it does not hold, for testing."""
    sides = {row.side for row in rows}
    whole = {TRAIN, "hsf_4"} <= sides
    names = {TRAIN: TRAIN, "hsf_4": TEST} if whole else {}
    kept = [
        Row(row.path, names.get(row.side), chr(int(row.name, 16)))
        for row in rows
        if not whole or row.side in names
    ]
    done.append("Classes are the characters that the folders' names are the codes of, 30 being 0.")
    if whole:
        done.append(
            f"As NIST recommends, train_… are the training and hsf_4 the test images; "
            f"{len(rows) - len(kept):,} others, which train_… holds already, were left out."
        )
    return kept, {row.side for row in kept}


def _flat(source: Source, images: list[str], sides: list[str | None]) -> Layout:
    """Images that no folders tell apart: by .cls files, a table of labels, or their names."""
    told, how, files = flat_labels(source, images)
    if not told:
        raise Refused(
            f"Nothing tells the {len(images):,} images apart, so they are 1 class; wanted one "
            "folder a class, a table with columns filename and label, or labels in file names."
        )
    rows = [Row(p, side, told[p]) for p, side in zip(images, sides, strict=True) if p in told]
    left = [path for path in images if path not in told]
    done = [how] + ([_left_out(left, "have no label there")] if left else [])
    found = {row.side for row in rows}
    if None in found and len(found) < 3:  # the one side that some names speak of is none
        rows = [row._replace(side=None) for row in rows]
    return replace(_by_side(rows, done), label_files=files)


def _left_out(paths: list[str], why: str) -> str:
    named = ", ".join(repr(path[-60:]) for path in paths[:NAMED_FILES])
    more = ", …" if len(paths) > NAMED_FILES else ""
    return f"{len(paths):,} images {why}, and were left out: {named}{more}."
