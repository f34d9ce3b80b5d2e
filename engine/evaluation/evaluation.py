"""One model judged on one dataset: what every page looks at."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from engine.cures.recipe import model_named
from engine.datasets.dataset import Dataset
from engine.evaluation import metrics
from engine.models.base import Classifier
from engine.models.nearest_template import NearestTemplate
from engine.models.registry import Model
from engine.runtime.limits import MAX_CACHED_PER_EVALUATION
from engine.runtime.lru_cache import LruCache
from engine.runtime.progress import Progress, no_progress

PROBABILITY = "probability"  # the commonest of such shares
ONE_MINUS = "1 − "  # begins the unit of a distance that is a share taken from 1
BEHIND_HIGHEST = "score behind the highest"  # the unit of scores that are no shares


@dataclass(frozen=True, eq=False)
class Evaluation:
    """The fitted classifier and its answers to the test images of ``dataset``.

    Predictions may be of some test images only: ``table`` then has a row for each of these, and
    everything that follows from it is about them.
    Models without templates are judged by what `Model` calls their distances; ``has_templates``
    tells them apart. ``table`` is `evaluation.outcomes`; ``counts`` (k, k) has the true digit as
    its row.
    Shared by all viewers: take copies before changing anything.
    """

    dataset: Dataset
    model: Model
    classifier: Classifier
    table: pd.DataFrame
    counts: np.ndarray

    @property
    def classes(self) -> np.ndarray:
        """The digits the classifier knows, sorted."""
        return self.classifier.classes_

    @property
    def explains(self) -> bool:
        """Whether each answer has an exact reason in pixels: those that ``compared`` names."""
        return hasattr(self.classifier, "compared")

    @property
    def has_templates(self) -> bool:
        """Whether it compares the dataset's images as they are with one template a class."""
        return isinstance(self.classifier, NearestTemplate)

    @property
    def scored(self) -> bool:
        """Whether each answer comes with distances or scores; labels alone have no margins."""
        return getattr(self.classifier, "has_scores", True)

    @property
    def attributes(self) -> pd.DataFrame | None:
        """What a brought table says of the images beside the answers, by their index."""
        return getattr(self.classifier, "attributes", None)

    @property
    def answers_others(self) -> bool:
        """Whether it can answer images outside the test set; uploaded predictions cannot."""
        return hasattr(self.classifier, "distances")

    @property
    def metric(self) -> str:
        """How images are compared with images here: "l1" or "l2", "l1" without templates."""
        return self.classifier.metric if self.has_templates else "l1"

    @property
    def unit(self) -> str:
        """What a distance of this model counts, for an axis."""
        return self.classifier.unit

    @property
    def share(self) -> str:
        """`share_of` its unit."""
        return share_of(self.unit)

    @property
    def templates(self) -> np.ndarray:
        """(k, h, w) in [0, 1], in the order of ``classes``; ask ``has_templates`` first."""
        return self.classifier.templates_.reshape(len(self.classes), *self.dataset.size)

    @property
    def n_right(self) -> int:
        return int(self.counts.trace())

    @property
    def n_images(self) -> int:
        return int(self.counts.sum())

    @property
    def is_partial(self) -> bool:
        """Whether test images are left out of it, because nobody predicted them."""
        return self.n_images < len(self.dataset.testing)

    @property
    def is_sample(self) -> bool:
        """Whether ``counts`` are of more images than ``table`` has, which are too many to hold."""
        return self.dataset.is_sample

    @cached_property
    def counted(self) -> pd.DataFrame:
        """What counts are made from: ``table``, or of a sample a row for each cell of ``counts``.

        The ``images`` of a cell are in a column of this name; its images have no margin or rank.
        """
        if not self.is_sample:
            return self.table
        true, predicted = np.nonzero(self.counts)
        return pd.DataFrame(
            {
                "true": self.classes[true],
                "predicted": self.classes[predicted],
                "right": true == predicted,
                "margin": np.nan,
                "rank": pd.array([pd.NA] * len(true), dtype="Int64"),
                metrics.IMAGES: self.counts[true, predicted],
            }
        )

    @property
    def nbytes(self) -> int:
        """Bytes of its answers in memory, and of what a brought table says beside them."""
        held = [one for one in (self.table, self.attributes) if one is not None]
        return int(sum(one.memory_usage(deep=True).sum() for one in held))

    def on(self, index: np.ndarray) -> "Evaluation":
        """The same answers judged on these test images only, as far as it has judged them."""
        table = self.table[self.table["index"].isin(index)].reset_index(drop=True)
        counts = metrics.matrix(table["true"], table["predicted"], self.classes)
        return replace(self, table=table, counts=counts)

    @cached_property
    def scores(self) -> pd.DataFrame:
        """`evaluation.per_digit` of this evaluation."""
        return metrics.per_digit(self.counts, self.classes)

    @cached_property
    def kept(self) -> LruCache:
        """What is computed from this evaluation alone; freed with it."""
        return LruCache(MAX_CACHED_PER_EVALUATION)


def share_of(unit: str) -> str:
    """What 1 − distance is in that unit: "probability", "share of the votes"; '' of others."""
    return unit.removeprefix(ONE_MINUS) if unit.startswith(ONE_MINUS) else ""


def evaluate(dataset: Dataset, model: str | Model, progress: Progress = no_progress) -> Evaluation:
    """Fits a model, or that of the name, on the training images; the test ones judge it.

    Raises KeyError for a name that no model has (`model_named`).
    """
    chosen = model if isinstance(model, Model) else model_named(model)
    watched = {"progress": progress} if chosen.slow else {}
    training = dataset.training
    classifier = chosen.make().fit(training.images, training.labels, **watched)
    distance, nearest = classifier.distances_and_nearest(dataset.testing.images, **watched)
    return judge(dataset, chosen, classifier, distance, nearest=nearest)


def n_right(dataset: Dataset, model: str) -> int:
    """How many test images that model gets right; less time and memory than its whole evaluation.

    Raises KeyError for a name that no model has.
    """
    classifier = model_named(model).make().fit(dataset.training.images, dataset.training.labels)
    answers = classifier.predict(dataset.testing.images)
    return int((answers == dataset.testing.labels).sum())


def judge(
    dataset: Dataset,
    model: Model,
    classifier: Classifier,
    distance: np.ndarray | None = None,
    answers: np.ndarray | None = None,
    index: np.ndarray | None = None,
    nearest: np.ndarray | None = None,
) -> Evaluation:
    """The evaluation of a fitted classifier; ``distance`` (n, k) of the test images, if known.

    ``answers`` (n,) are places in its classes, for a model that breaks ties in a way of its own.
    ``index`` (n,) says which test images these are, by default all of them; ``nearest`` (n,) how
    far the nearest training image is, for a model that compares with them.
    """
    if distance is None:
        distance = classifier.distances(dataset.testing.images)
    split = dataset.testing if index is None else dataset.testing.part(index)
    scored = getattr(classifier, "has_scores", True)
    table = metrics.outcomes(split, distance, classifier.classes_, answers, scored)
    if index is not None:
        table["index"] = index
    if nearest is not None:
        table[metrics.NEAREST] = nearest
    counts = metrics.matrix(table["true"], table["predicted"], classifier.classes_)
    return Evaluation(dataset, model, classifier, table, counts)
