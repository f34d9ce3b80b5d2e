"""A dataset with more images than fit into memory: exact counts of all, some of them to look at."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from engine.cures.recipe import model_named
from engine.datasets.dataset import Dataset, Split
from engine.evaluation.evaluation import Evaluation
from engine.evaluation.metrics import outcomes
from engine.io.file_names import natural_order
from engine.models.class_sums import ClassSums
from engine.models.nearest_template import NearestTemplate
from engine.runtime.limits import MIN_IMAGES_PER_CLASS
from engine.shards.kept import COLUMNS, Kept
from engine.shards.shown.whole import files
from engine.shards.together import Drawn, Joint
from engine.shards.verdict import Verdict, distances


@dataclass(frozen=True, eq=False)
class LargeDataset(Dataset):
    """``training`` are images drawn at random, ``testing`` the worst and some of each cell.

    ``totals`` has the number of all images; ``models`` were fitted on all of them and judged by
    all, and `judged` gives what came of it. ``drawn`` are images of both sides drawn at random, as
    a dataset of its own.
    """

    models: dict[str, NearestTemplate] = field(default_factory=dict)
    verdicts: dict[str, Verdict] = field(default_factory=dict)
    joint: Joint | None = None
    drawn: Dataset | None = None

    def judged(self, name: str) -> Evaluation:
        """The model of that name: its ``counts`` are of all images, its ``table`` of those here.

        Raises KeyError for one that is not among the ``models``.
        """
        classifier, verdict = self.models[name], self.verdicts[name]
        far = distances(classifier, self.testing.images)
        table = outcomes(self.testing, far, classifier.classes_)
        return Evaluation(self, model_named(name), classifier, table, verdict.counts)

    def both(self, first: str, second: str) -> np.ndarray:
        """All images by true class and by the answers of the two models, (k, k, k).

        Raises KeyError for others than the two ``models``.
        """
        names = list(self.models)
        if [first, second] not in (names, names[::-1]):
            raise KeyError(f"{first}, {second}")
        counts = self.joint.counts
        return counts if first == names[0] else counts.transpose(0, 2, 1)


def large_dataset(
    name: str,
    models: dict[str, NearestTemplate],
    sums: ClassSums,
    trained: Drawn,
    judged: tuple[Verdict, Verdict, Joint, Drawn],
    done: Sequence[str],
    skipped: Sequence,
) -> LargeDataset:
    """Of what both readings came to."""
    *verdicts, joint, tested = judged
    classes = sums.classes
    totals = pd.DataFrame(
        {"digit": classes, "training": sums.counts, "testing": verdicts[0].counts.sum(axis=1)}
    )
    training = _split(trained, classes)
    return LargeDataset(
        name,
        training,
        _to_look_at(verdicts, classes),
        tuple(skipped),
        tuple(done),
        totals,
        models,
        {one: _without_images(verdict) for one, verdict in zip(models, verdicts, strict=True)},
        joint,
        _drawn(name, training, _split(tested, classes), totals),
    )


def _split(drawn: Drawn, classes: np.ndarray) -> Split:
    order = _in_order(drawn.shard, drawn.index)
    labels = drawn.labels.astype(classes.dtype)
    named = files(drawn.shard[order], drawn.index[order])
    return Split(drawn.images[order], labels[order], named)


def _to_look_at(verdicts: Sequence[Verdict], classes: np.ndarray) -> Split:
    """Each image that a verdict has kept, once."""
    kept = [one for verdict in verdicts for one in (verdict.worst, verdict.sample)]
    shard, index, cell = (_joined(kept, column) for column in ("shard", "index", "cell"))
    images = _joined(kept, "images")
    places = pd.DataFrame({"shard": shard, "index": index})
    once = np.flatnonzero(~places.duplicated().to_numpy())
    rows = once[_in_order(shard[once], index[once])]
    labels = classes[cell[rows] // len(classes)]
    return Split(images[rows], labels, files(shard[rows], index[rows]))


def _joined(kept: Sequence[Kept], column: str) -> np.ndarray:
    return np.concatenate([getattr(one, column) for one in kept])


def _in_order(shard: np.ndarray, index: np.ndarray) -> np.ndarray:
    """Rows in the natural order of their shards, and then by place."""
    names = sorted(set(shard.tolist()), key=natural_order)
    place_of = {name: place for place, name in enumerate(names)}
    return np.lexsort((index, np.array([place_of[name] for name in shard.tolist()], dtype=int)))


def _without_images(verdict: Verdict) -> Verdict:
    nothing = Kept(0, *(getattr(verdict.worst, name)[:0] for name in COLUMNS))
    return Verdict(
        verdict.classes, verdict.counts, verdict.margins, nothing, nothing, verdict.tally
    )


def _drawn(name: str, training: Split, testing: Split, totals: pd.DataFrame) -> Dataset:
    """The images drawn, of the classes of which there are enough among them."""
    classes, n = np.unique(training.labels, return_counts=True)
    enough = classes[n >= MIN_IMAGES_PER_CLASS]
    parts = [one.part(np.flatnonzero(np.isin(one.labels, enough))) for one in (training, testing)]
    every = f"{totals['training'].sum():,} and {totals['testing'].sum():,}"
    done = [
        f"{len(parts[0]):,} training and {len(parts[1]):,} test images drawn at random from "
        f"{every}; every figure here is of these."
    ]
    if len(enough) < len(totals):
        done.append(
            f"{len(totals) - len(enough):,} of {len(totals):,} classes are too rare to be "
            "among them."
        )
    return Dataset(f"{name}, drawn at random", *parts, done=tuple(done))
