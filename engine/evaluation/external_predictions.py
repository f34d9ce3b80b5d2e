"""Predictions of a model that is not ours: checked row by row, then judged like any other."""

import hashlib
import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from engine.datasets.dataset import Dataset, Split
from engine.evaluation.evaluation import BEHIND_HIGHEST, Evaluation, judge
from engine.evaluation.image_order import judge_true, warnings
from engine.evaluation.prediction_scores import ABOUT_ONE, faults, read_scores, refuse_all
from engine.evaluation.prediction_tables import (
    IDS,
    PREDICTED,
    SCORES,
    TRUE,
    read_prediction_table,
)
from engine.io.csv_export import csv_bytes, without_guard
from engine.io.file_names import safe_name
from engine.io.tables import Table
from engine.models.registry import Model
from engine.runtime.errors import Refused
from engine.shapes.brought_columns import attributes, may_be_attribute

NAME_PREFIX = "Predictions "  # of what a file of predictions is called on the screen


class ExternalPredictions:
    """Stands for a model of which only the answers are here; it cannot answer another image."""

    def __init__(self, classes: np.ndarray, predictions: "Predictions") -> None:
        self.classes_, self.unit = classes, predictions.unit
        self.has_scores = predictions.scores is not None
        self.done, self.warnings = predictions.done, predictions.warnings
        self.attributes = predictions.attributes


@dataclass(frozen=True, eq=False)
class Predictions:
    """One answer for each of some test images, or all, in the order of the test set.

    ``index`` (n,) says which they are; ``places`` (n,) are places in ``classes``; ``scores``
    (n, k), the larger the surer, or None.
    ``key`` is the sha256 of the file's bytes; ``done`` says, a sentence each, how the table was
    read, and ``warnings`` what is odd about its answers.
    """

    classes: np.ndarray
    index: np.ndarray
    places: np.ndarray
    scores: np.ndarray | None
    key: str
    done: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    attributes: pd.DataFrame | None = None  # of the images, by their index

    @property
    def unit(self) -> str:
        """What `distances` count."""
        if self.scores is None:
            return "0 for the answer, 1 for all others"
        return "1 − probability" if self._are_probabilities() else BEHIND_HIGHEST

    def distances(self) -> np.ndarray:
        """(n, k), the smallest wins: 1 − probability, or how far a score is behind the highest.

        Without scores the answer has 0 and every other class 1.
        """
        if self.scores is None:
            return 1.0 - np.eye(len(self.classes))[self.places]
        highest = 1 if self._are_probabilities() else self.scores.max(axis=1, keepdims=True)
        return highest - self.scores

    def _are_probabilities(self) -> bool:
        within = (self.scores >= 0).all() and (self.scores <= 1).all()
        return bool(within and (np.abs(self.scores.sum(axis=1) - 1) <= ABOUT_ONE).all())


def columns_wanted(classes: Sequence) -> str:
    """Which columns a file needs, in a sentence's part."""
    scores = f"'score {classes[0]}' … 'score {classes[-1]}'"
    return f"'index' or 'file' ('files' in NPZ), '{PREDICTED}', and, if there are scores, {scores}"


def sample_csv(evaluation: Evaluation) -> bytes:
    """A complete file for these data: the answers and scores of ``evaluation``, to be uploaded."""
    scores = {
        f"score {name}": -evaluation.table[f"distance to {name}"] for name in evaluation.classes
    }
    return csv_bytes(evaluation.table[["index", PREDICTED]].assign(**scores))


def read_predictions(content: bytes, dataset: Dataset) -> Predictions:
    """The predictions in a CSV, Parquet, NPZ or .npy file for the test images of ``dataset``.

    Rows may come in any order; they are matched by "index" (from 0) or "file". Test images without
    a row are left out. Other columns are attributes of the images. What was done to the table is
    said. Raises Refused, with a sentence for each kind of fault and the first faulty lines, when a
    column is missing, a column or an image comes twice or is not known, or a value is no class, no
    finite number or not the highest score, or where true classes beside them are not those of the
    images.
    """
    testing, classes = dataset.testing, np.unique(dataset.training.labels)
    table, done = read_prediction_table(content, testing, classes)
    by, others = _judge_columns(table, classes)
    rows, found = _rows(table, by, testing)
    names = {str(name): place for place, name in enumerate(classes)}
    texts = [_class_text(value, names) for value in table.columns[PREDICTED]]
    wrong = [
        f"{table.where(row)}: {text[:40]!r} is not a class"
        for row, text in enumerate(texts)
        if text not in names
    ]
    found += faults(wrong, "prediction is", "predictions are", f"one of {', '.join(names)}")
    refuse_all(found)
    if (rows < 0).all():
        raise Refused("The table has no row; wanted one for each image that is to be judged.")
    index = np.flatnonzero(rows >= 0)
    order = rows[index]
    places = np.array([names[text] for text in texts], dtype=int)
    scores = read_scores(table, classes, places, done)
    scores = scores if scores is None else scores[order]
    if TRUE in table.columns:
        given = [_class_text(table.columns[TRUE][row], names) for row in order]
        judge_true(given, testing, index)
        done.append("Its true classes are those of the images.")
    odd = tuple(warnings(classes[places[order]], testing, index, classes))
    key = hashlib.sha256(content).hexdigest()
    beside = attributes(table, others, order, index, done)
    return Predictions(classes, index, places[order], scores, key, tuple(done), odd, beside)


def evaluate_predictions(dataset: Dataset, predictions: Predictions, name: str) -> Evaluation:
    """The predictions as a model that every page can look at."""
    model = Model(name, "that the uploaded file gives", lambda: None)
    stand_in = ExternalPredictions(predictions.classes, predictions)
    of = None if len(predictions.index) == len(dataset.testing) else predictions.index
    return judge(dataset, model, stand_in, predictions.distances(), predictions.places, of)


def model_name(file_name: str) -> str:
    """What predictions from a file of that name are called on screen."""
    return f"{NAME_PREFIX}{safe_name(file_name)}"


def _judge_columns(table: Table, classes: np.ndarray) -> tuple[str, list[str]]:
    """Which id the rows are matched by, once none is missing; and what columns are no answers."""
    found = list(table.columns)
    scores = [f"score {name}" for name in classes]
    known = {*IDS, PREDICTED, SCORES, TRUE, *scores}
    said = f"found {', '.join(repr(n[:40]) for n in found[:12])}; wanted {columns_wanted(classes)}"
    others = [name for name in found if name not in known]
    unknown = [name for name in others if not may_be_attribute(name)]
    if unknown:
        raise Refused(f"The column {unknown[0][:40]!r} is not known: {said}.")
    ids = [name for name in IDS if name in found]
    some = [name for name in scores if name in found]
    if PREDICTED not in found or len(ids) != 1 or (some and (some != scores or SCORES in found)):
        raise Refused(f"The columns do not fit: {said}.")
    flat = [name for name in found if name != SCORES and table.columns[name].ndim != 1]
    if flat:
        raise Refused(f"{flat[0]!r} has {table.columns[flat[0]].ndim} dimensions; wanted 1.")
    return ids[0], others


def _rows(table: Table, by: str, split: Split) -> tuple[np.ndarray, list[Refused]]:
    """The row of each test image, (n,), -1 where it has none; and what is wrong with the rows."""
    wanted = map(str, range(len(split))) if by == "index" else split.files.tolist()
    places = {name: place for place, name in enumerate(wanted)}
    rows = np.full(len(split), -1)
    unknown, twice = [], []
    for row, value in enumerate(table.columns[by]):
        text = _text(value) if by == "index" else _as_written(value)
        place = places.get(text, places.get(without_guard(text)))
        if place is None:
            unknown.append(f"{table.where(row)}: {text[:60]!r} is not known")
        elif rows[place] >= 0:
            twice.append(f"{table.where(row)}: {text[:60]!r} was in {table.where(rows[place])}")
        else:
            rows[place] = row
    what = f"from 0 to {len(split) - 1:,}" if by == "index" else "the test images' file names"
    found = faults(unknown, f"{by} is", f"{by} values are", what)
    found += faults(twice, f"{by} comes", f"{by} values come", "each image once", "again")
    return rows, found


def _as_written(value: object) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def _text(value: object) -> str:
    """A cell as text; a whole number without its point, so that 7.0 is 7 and 7.5 stays 7.5."""
    if isinstance(value, bytes):
        return _as_written(value)
    text = str(value).strip()
    return re.sub(r"^(\d+)\.0+$", r"\1", text) if len(text) < 40 else text


def _class_text(value: object, names: Collection[str]) -> str:
    """A cell as the name of a class, in any way that spreadsheets and our own files write it."""
    read = unicodedata.normalize("NFC", _as_written(value).strip())
    ways = (read, without_guard(read), " ".join(read.split()), _text(value))
    return next((way for way in ways if way in names), ways[-1])
