"""Which labels look wrong: ranked by what a model's probabilities or near images say of them."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from engine.evaluation.evaluation import PROBABILITY, Evaluation
from engine.evaluation.metrics import places

FEW_VOTES = 20  # fewer near images than these are no agreement, however they vote
NO_DOUBT = 0.01  # of all shares is the most that other classes have where all but agree


@dataclass(frozen=True, eq=False)
class Shares:
    """What speaks for each class of some images of one split.

    ``index`` (n,) says which images; ``share`` (n, k) is in [0, 1], its rows add up to 1, its
    columns follow ``classes``. ``nearest`` (n, m) are the nearest images, as places in training
    and test images put one after the other, and ``distance`` (n, m) how far they are; both are
    empty, with m = 0, where probabilities were given.
    """

    classes: np.ndarray
    index: np.ndarray
    share: np.ndarray
    nearest: np.ndarray
    distance: np.ndarray


def probability_shares(evaluation: Evaluation) -> Shares:
    """The model's probabilities for the test images it judged.

    Raises ValueError for a model whose answers are no probabilities (`Evaluation.share`).
    """
    if evaluation.share != PROBABILITY:
        raise ValueError(f"wanted a model with probabilities, got one with {evaluation.unit!r}")
    names = [f"distance to {name}" for name in evaluation.classes]
    share = 1 - evaluation.table[names].to_numpy(float)
    none = np.empty((len(share), 0))
    index = evaluation.table["index"].to_numpy(int)
    return Shares(evaluation.classes, index, share, none.astype(int), none)


def suspects(found: Shares, labels: np.ndarray) -> pd.DataFrame:
    """The images of which another class is likelier than the given one, the surest first.

    ``labels`` are those of the whole split. ``index``, ``given``, ``proposed`` (on a tie the
    first class); ``normalized margin``: the proposed class's share less the given one's, in (0, 1];
    ``self confidence``: the given one's share; ``nearest``: the distance of the nearest image, 0
    without any; ``agreed``: the proposed class has 99 % or more, so that of near images all vote
    for it, and there are 20 of them. Equal margins are ordered by self-confidence, then by the
    nearest image, then by index.

    Source: Northcutt, Jiang, Chuang, "Confident Learning", JAIR 70 (2021), for both scores.
    """
    given, each = places(labels[found.index], found.classes), np.arange(len(found.index))
    own = found.share[each, given]
    others = found.share.copy()
    others[each, given] = -1
    proposed = others.argmax(axis=1)
    best = others[each, proposed]
    table = pd.DataFrame(
        {
            "index": found.index,
            "given": found.classes[given],
            "proposed": found.classes[proposed],
            "normalized margin": best - own,
            "self confidence": own,
            "nearest": found.distance[:, 0] if found.distance.shape[1] else 0.0,
            "agreed": (best >= 1 - NO_DOUBT) & (not 0 < found.distance.shape[1] < FEW_VOTES),
        }
    )
    table = table[table["normalized margin"] > 0]
    by = ["normalized margin", "self confidence", "nearest", "index"]
    return table.sort_values(by, ascending=[False, True, True, True], ignore_index=True)
