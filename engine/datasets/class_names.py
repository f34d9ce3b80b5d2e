"""Names for classes that came as numbers: a line each, as "0 T-shirt"."""

import re
from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from engine.datasets.dataset import Dataset, Split
from engine.datasets.labels import class_labels
from engine.runtime.errors import Refused

LINE = re.compile(r"(\S+?)\s*[,;:=\t ]\s*(.+)")


def read_names(text: str, dataset: Dataset) -> dict[str, str]:
    """The name of each class, by the class as text; classes without a line keep theirs.

    A line is the class, a space (or ``, ; : =`` or a tab) and the name, or the name alone, where
    there are as many lines as classes, in their order. Empty lines and those that begin with # are
    passed over. Raises Refused for no line, a class that is not there or comes twice, and for
    names that are no class names or the same for two classes.
    """
    lines = [line.strip() for line in text.lstrip("\ufeff").splitlines()]
    lines = [line for line in lines if line and not line.startswith("#")]
    classes = [str(name) for name in np.unique(dataset.training.labels)]
    if not lines:
        raise Refused("There is no name; wanted a line for each class, as '0 T-shirt'.")
    found = [match.groups() if (match := LINE.fullmatch(line)) else (line, "") for line in lines]
    if not any(key in classes for key, _ in found) and len(lines) == len(classes):
        return dict(zip(classes, lines, strict=True))
    names: dict[str, str] = {}
    for number, (key, name) in enumerate(found, 1):
        if key not in classes or not name:
            wanted = f"a class ({', '.join(classes[:12])}), a space and its name"
            raise Refused(f"Line {number} is {lines[number - 1][:60]!r}; wanted {wanted}.")
        if key in names:
            raise Refused(f"Line {number} names {key!r} a second time; wanted one line a class.")
        names[key] = name.strip("\"' ")
    return {key: names.get(key, key) for key in classes}


def renamed(dataset: Dataset, names: Mapping[str, str]) -> Dataset:
    """The same images whose classes are called so; ``names`` is `read_names`.

    Raises Refused for names that cannot be told apart or shown.
    """
    if len(set(names.values())) < len(names):
        twice = next(n for n in names.values() if list(names.values()).count(n) > 1)
        raise Refused(f"Two classes are called {twice!r}; wanted a name of its own for each.")
    keys = list(names)
    called = class_labels([names[key] for key in keys])
    places = {key: place for place, key in enumerate(keys)}

    def part(split: Split) -> Split:
        own = np.array([places[str(label)] for label in split.labels], dtype=int)
        return Split(split.images, called[own], split.files)

    return replace(dataset, training=part(dataset.training), testing=part(dataset.testing))
