"""What a model gives, as a table of scores or as labels; and scores as probabilities."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.runtime.errors import Refused
from engine.runtime.limits import MAX_CLASSES

ABOUT_ONE = 1e-3  # rows of scores that add up to 1 this closely are probabilities
KINDS = PROBABILITIES, LOGITS, LABELS = "probabilities", "logits", "labels"


@dataclass(frozen=True, eq=False)
class Output:
    """``scores`` (n, k) as floats, or None and ``labels`` (n,) as texts.

    ``names`` (k,) are the classes of the scores where the model names them.
    """

    scores: np.ndarray | None = None
    labels: tuple[str, ...] = ()
    names: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.labels if self.scores is None else self.scores)


def read_output(value: object, count: int) -> Output:
    """What onnxruntime gave for ``count`` images. Raises Refused where it is no answer to each.

    A list of dictionaries, as scikit-learn's probabilities come, names its classes.
    """
    if isinstance(value, list) and value and isinstance(value[0], dict):
        names = tuple(value[0])
        table = np.array([[row[name] for name in names] for row in value], dtype=float)
        return Output(_checked(table, count), names=tuple(map(str, names)))
    array = np.asarray(value)
    if array.ndim > 2:  # as (n, k, 1, 1) at the end of a network of convolutions
        array = array.reshape(len(array), -1)
    if array.dtype.kind == "f" and array.ndim == 2 and array.shape[1] > 1:
        return Output(_checked(array.astype(float), count))
    if array.shape not in ((count,), (count, 1)) or array.dtype.kind not in "iufOUS":
        raise Refused(_unfit(array.shape, count))
    return Output(labels=tuple(map(_label, array.ravel().tolist())))


def _checked(scores: np.ndarray, count: int) -> np.ndarray:
    if len(scores) != count or scores.shape[1] > MAX_CLASSES:
        raise Refused(_unfit(scores.shape, count))
    if not np.isfinite(scores).all():
        raise Refused("The model gives scores that are no finite numbers; wanted finite ones.")
    return scores


def _unfit(shape: Sequence[int], count: int) -> str:
    found = " × ".join(map(str, shape)) or "a single number"
    return (
        f"The model gives {found} for {count} images; wanted a row for each, of up to "
        f"{MAX_CLASSES} scores or one label."
    )


def _label(value: object) -> str:
    text = value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
    return text.removesuffix(".0")[:60]


def kind_of(output: Output) -> str:
    """`PROBABILITIES` where every row is shares that add up to 1, else `LOGITS`, or `LABELS`."""
    if output.scores is None:
        return LABELS
    near_one = np.abs(output.scores.sum(axis=1) - 1) <= ABOUT_ONE
    within = (output.scores >= 0).all() and (output.scores <= 1).all()
    return PROBABILITIES if within and near_one.all() else LOGITS


def judge_kind(scores: np.ndarray, kind: str) -> None:
    """Raises Refused for scores (n, k) that are taken as probabilities and cannot be."""
    low, high = scores.min(initial=0), scores.max(initial=1)
    if kind == PROBABILITIES and not -ABOUT_ONE <= low <= high <= 1 + ABOUT_ONE:
        raise Refused(
            f"The model gives scores from {low:.3g} to {high:.3g}; wanted 0 to 1 for probabilities."
        )


def log_probabilities(scores: np.ndarray, kind: str) -> np.ndarray:
    """(n, k): of logits by the softmax, of probabilities their logarithm, at least −104.

    (exp(−104) is less than the smallest number a model computes in.) Shares that do not add up to
    1, as a sigmoid's, are divided by their sum.
    """
    if kind == PROBABILITIES:
        shares = np.maximum(scores, np.exp(-104))
        total = shares.sum(axis=1, keepdims=True)
        return np.log(shares / np.where(np.abs(total - 1) <= ABOUT_ONE, 1, total))
    behind = scores - scores.max(axis=1, keepdims=True)
    return behind - np.log(np.exp(behind).sum(axis=1, keepdims=True))
