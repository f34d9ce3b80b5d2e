"""What a model answers under each kind of corruption, and what that comes to."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from engine.corruption.corrupt import corrupted
from engine.corruption.kinds import KINDS, SEVERITIES
from engine.datasets.dataset import Dataset
from engine.evaluation.comparison import Change, Paired, changes_by_digit
from engine.evaluation.evaluation import Evaluation
from engine.evaluation.metrics import places, wilson
from engine.models.base import Classifier
from engine.runtime.progress import Progress, no_progress

CLEAN = 0  # the severity of the images as they are
NEVER = 6  # where an image stays right at every severity
CHUNK_PIXELS = 8_000_000  # pixels of the images corrupted at a time
Step = tuple[str, int]  # one of `KINDS`, one of `SEVERITIES`
PUBLISHED = tuple((name, kind.published) for name, kind in KINDS.items())
STEPS = PUBLISHED + tuple(
    (name, severity)
    for name in KINDS
    for severity in SEVERITIES
    if (name, severity) not in PUBLISHED
)  # the fifteen of MNIST-C first


def answered(
    dataset: Dataset,
    classifiers: Mapping[str, Classifier],
    steps: Sequence[Step] = STEPS,
    progress: Progress = no_progress,
    seed: int = 0,
    index: np.ndarray | None = None,
) -> Iterator[tuple[Step, dict[str, np.ndarray]]]:
    """Each step with what each fitted classifier answers to the test images: (n,) labels.

    Of the images at ``index`` (n,) only, by default of all.

    ``progress`` is told the kind and how many images are answered; if it raises, no more are.
    """
    images = dataset.testing.images
    index = np.arange(len(images)) if index is None else index
    chunk = max(CHUNK_PIXELS // int(np.prod(images.shape[1:])), 1)
    parts = [index[at : at + chunk] for at in range(0, len(index), chunk)]
    for done, (kind, severity) in enumerate(steps):
        said: dict[str, list[np.ndarray]] = {name: [] for name in classifiers}
        for place, part in enumerate(parts):
            step = f"{KINDS[kind].label}, severity {severity}"
            progress(step, done * len(index) + place * chunk, len(steps) * len(index))
            changed = corrupted(images[part], kind, severity, seed, part)
            for name, classifier in classifiers.items():
                said[name].append(classifier.predict(changed))
        yield (kind, severity), {n: np.concatenate(a) for n, a in said.items() if a}


@dataclass(frozen=True, eq=False)
class Curves:
    """One model's answers so far, as places in ``classes`` (k,), uint8: at most 256 classes.

    ``true`` and ``clean`` are (n,), ``answers`` (n,) by step; ``index`` (n,) are the places of the
    images among the test images.
    """

    classes: np.ndarray
    true: np.ndarray
    clean: np.ndarray
    index: np.ndarray
    answers: Mapping[Step, np.ndarray]

    @classmethod
    def of(cls, evaluation: Evaluation) -> "Curves":
        """Those of a model that has answered the clean images only."""
        classes, table = evaluation.classes, evaluation.table
        true, clean = (_places(table[name], classes) for name in ("true", "predicted"))
        return cls(classes, true, clean, table["index"].to_numpy(), {})

    def plus(self, step: Step, answers: np.ndarray) -> "Curves":
        """With one step more: the labels answered, (n,)."""
        return replace(self, answers={**self.answers, step: _places(answers, self.classes)})

    def right(self, kind: str, severity: int) -> np.ndarray:
        """Which images are right, (n,) bool; at severity `CLEAN` as they are. Raises KeyError."""
        answers = self.clean if severity == CLEAN else self.answers[kind, severity]
        return answers == self.true

    def paired(self, kind: str, severity: int) -> Paired:
        """Against the clean images: how many the corruption makes right, and wrong."""
        counts = pd.DataFrame({"change": self._changes(kind, severity)})
        return Paired.of(counts)

    def by_digit(self, kind: str, severity: int) -> pd.DataFrame:
        """`changes_by_digit` against the clean images."""
        change = self._changes(kind, severity)
        return changes_by_digit(pd.DataFrame({"true": self.classes[self.true], "change": change}))

    def breaks_at(self, kind: str) -> np.ndarray:
        """The lowest severity done at which a right answer is wrong, (n,): 0 where it was wrong
        from the first, `NEVER` where it stays right."""
        breaks = np.where(self.right(kind, CLEAN), NEVER, CLEAN)
        for severity in reversed(SEVERITIES):
            if (kind, severity) in self.answers:
                wrong = self.right(kind, CLEAN) & ~self.right(kind, severity)
                breaks[wrong] = severity
        return breaks

    @cached_property
    def table(self) -> pd.DataFrame:
        """A row for each step done, in the order of `KINDS`: rates with their intervals.

        ``low`` to ``high`` is Wilson's 95 % interval of ``accuracy``; ``made right`` and ``made
        wrong`` count against the clean images, ``p`` is McNemar's of these two.
        """
        rows = [self._row(k, s) for k in KINDS for s in SEVERITIES if (k, s) in self.answers]
        columns = ["kind", "severity", "published", "right", "images", "accuracy", "low", "high"]
        return pd.DataFrame(rows, columns=[*columns, "made right", "made wrong", "p"])

    @property
    def has_published(self) -> bool:
        """Whether all that MNIST-C has are answered."""
        return all(step in self.answers for step in PUBLISHED)

    def has_all(self, kind: str) -> bool:
        """Whether every severity of the kind is answered."""
        return all((kind, severity) in self.answers for severity in SEVERITIES)

    @property
    def clean_accuracy(self) -> float:
        """From 0 to 1; nan without images."""
        return float(np.mean(self.clean == self.true)) if len(self.true) else float("nan")

    @property
    def mean_accuracy(self) -> float:
        """Of the fifteen kinds at their published severity, those that are done; nan for none."""
        rates = [self.right(*step).mean() for step in PUBLISHED if step in self.answers]
        return float(np.mean(rates)) if rates and len(self.true) else float("nan")

    def _changes(self, kind: str, severity: int) -> np.ndarray:
        before, after = self.right(kind, CLEAN), self.right(kind, severity)
        choices = [Change.FIXED.value, Change.BROKEN.value, Change.BOTH_RIGHT.value]
        cases = [~before & after, before & ~after, before & after]
        return np.select(cases, choices, Change.BOTH_WRONG.value)

    def _row(self, kind: str, severity: int) -> dict[str, object]:
        paired = self.paired(kind, severity)
        low, high = wilson(paired.after, paired.images)
        return {
            "kind": kind,
            "severity": severity,
            "published": severity == KINDS[kind].published,
            "right": paired.after,
            "images": paired.images,
            "accuracy": paired.after / paired.images if paired.images else float("nan"),
            "low": float(low),
            "high": float(high),
            "made right": paired.fixed,
            "made wrong": paired.broken,
            "p": paired.mcnemar.p,
        }


def curves_of(
    evaluation: Evaluation, steps: Sequence[Step] = STEPS, progress: Progress = no_progress
) -> Curves:
    """One model's answers to all ``steps``."""
    curves = Curves.of(evaluation)
    of, index = {"model": evaluation.classifier}, curves.index
    for step, said in answered(evaluation.dataset, of, steps, progress, index=index):
        curves = curves.plus(step, said["model"])
    return curves


def corrupted_dataset(dataset: Dataset, kind: str, severity: int) -> Dataset:
    """The same training images, and the test images corrupted; its name says how."""
    images = corrupted(dataset.testing.images, kind, severity)
    how = f"{kind.replace('_', ' ')} {severity}"
    said = f"The test images are corrupted: {KINDS[kind].label}, severity {severity} of 5."
    testing = replace(dataset.testing, images=images)
    return Dataset(
        f"{dataset.name}, {how}", dataset.training, testing, dataset.skipped, (*dataset.done, said)
    )


def _places(labels: Sequence, classes: np.ndarray) -> np.ndarray:
    return places(labels, classes).astype(np.uint8)
