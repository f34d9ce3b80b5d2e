"""The class of images that lie flat: by a file beside each, a table, or their own names."""

import csv
import io
import itertools
import re
from collections import Counter
from typing import NamedTuple

from engine.importers.files import Source
from engine.importers.readings import choose
from engine.io.text_tables import LABELS
from engine.runtime.limits import MAX_CLASSES

LABEL_TABLE_BYTES = 10_000_000  # of a table of labels: 100,000 lines of 100 bytes
FILE_COLUMNS = {"file", "filename", "file_name", "image", "img", "path", "name", "id", "image_id"}


class Labels(NamedTuple):
    """The label of each image that has one, a sentence that says from where, and which files."""

    told: dict[str, str]
    how: str
    files: frozenset[str] = frozenset()


def flat_labels(source: Source, images: list[str]) -> Labels:
    """The labels of images that no folders tell apart; empty where nothing tells them."""
    stems = {re.sub(r"\.[^./]*$", "", path): path for path in images}
    beside = [path for path in source.files if path.endswith(".cls")]
    told = {
        stems[path[:-4]]: source.read(path)[:200].decode("utf-8", "replace").strip()
        for path in beside
        if path[:-4] in stems
    }
    if told:
        how = "The class of each image is in the .cls file beside it."
        return Labels(told, how, frozenset(beside))
    for path in source.files:
        if path.lower().endswith((".csv", ".tsv", ".txt")):
            told = _from_table(source.read(path)[:LABEL_TABLE_BYTES], images)
            if len(told) >= len(images) / 2 or len(set(told.values())) > 1:
                how = f"The classes of the images are those in {path[-80:]!r}."
                return Labels(told, how, frozenset([path]))
    return _from_names(images)


def _from_table(content: bytes, images: list[str]) -> dict[str, str]:
    """The label of each image that a table names, with or without its folders and its ending."""
    text = content.decode("utf-8-sig", "replace")
    line = text.split("\n", 1)[0][:1000]
    mark = max(",;\t", key=line.count)
    mark = mark if line.count(mark) else " "
    try:
        rows = [row for row in csv.reader(io.StringIO(text), delimiter=mark) if len(row) > 1]
    except csv.Error:
        return {}
    if not rows:
        return {}
    names = [name.strip().lower() for name in rows[0]]
    known = [place for place, name in enumerate(names) if name in LABELS]
    files = [place for place, name in enumerate(names) if name in FILE_COLUMNS]
    file, label = (files[0], known[0]) if files and known else (0, 1)
    found = {
        key: row[label].strip()
        for row in rows[bool(files and known) :]
        if len(row) > max(file, label)
        for key in _keys(row[file].strip().replace("\\", "/"))
    }
    twice = Counter(key for path in images for key in _keys(path))
    told = {}
    for path in images:
        keys = [key for key in _keys(path) if (key in found and twice[key] == 1) or key == path]
        if label_of := next((found[key] for key in keys if found.get(key)), ""):
            told[path] = label_of
    return told


def _keys(path: str) -> list[str]:
    """A path, its file's name, and that without its ending: what a table may call it."""
    name = path.rsplit("/", 1)[-1]
    return list(dict.fromkeys([path, name, re.sub(r"\.[A-Za-z]{2,4}$", "", name)]))


def _from_names(images: list[str]) -> Labels:
    """The number in the files' names that is a label: the first or the last of each, of few
    different ones. Raises SeveralReadings where both could be."""
    words = [
        re.findall(r"[A-Za-z]+|\d+", re.sub(r"\.[^.]*$", "", p.rsplit("/", 1)[-1])) for p in images
    ]
    marked = [_marked(some) for some in words]
    candidates = {"the number after its word label, class or digit": marked} if all(marked) else {}
    if not candidates:
        numbers = [[word for word in some if word.isdigit()] for some in words]
        if not all(numbers):
            return Labels({}, "")
        for where, place in (("the first number", 0), ("the last number", -1)):
            found = [some[place] for some in numbers]
            if found not in candidates.values() and _look_like_labels(found):
                candidates[where] = found
    if not candidates:
        return Labels({}, "")
    question = f"Which number of names as {images[0][-60:]!r} is the label?"
    ways = {where: (where, found) for where, found in candidates.items()}
    where, found = choose(question, ways) if len(ways) > 1 else next(iter(ways.values()))
    example = f"{found[0]} of {images[0][-60:]!r}"
    how = f"The class is in each file's name: {where}, as {example}."
    return Labels(dict(zip(images, found, strict=True)), how)


def _marked(words: list[str]) -> str | None:
    for word, after in itertools.pairwise(words):
        if word.lower() in ("label", "class", "digit", "lbl", "cls") and after.isdigit():
            return after
    return None


def _look_like_labels(found: list[str]) -> bool:
    counts = Counter(found)
    return (
        2 <= len(counts) <= MAX_CLASSES and min(counts.values()) > 1 and max(map(len, counts)) <= 2
    )
