"""The models one can choose: one entry each, its name on screen and in the link, and a maker."""

from collections.abc import Callable
from dataclasses import dataclass
from types import MappingProxyType

from engine.models.base import Classifier
from engine.models.learned_templates import LearnedTemplates
from engine.models.logistic_regression import LogisticRegression
from engine.models.nearest_neighbors import NearestNeighbors
from engine.models.nearest_template import NearestTemplate


@dataclass(frozen=True)
class Model:
    """``make()`` gives an estimator with ``fit`` and ``distances``, not yet fitted.

    ``distances(X)`` is (n, k), columns as ``classes_``, and the smallest wins: for templates how
    far the image is from each, for all other models 1 − probability (or share of the votes). The
    margin, second minus smallest, then is a difference of distances or of probabilities. Only a
    `NearestTemplate` can show its reasons pixel by pixel; others say in ``unit`` what they count.

    ``rule`` completes the sentence "The answer is the digit …". A ``slow`` model is fitted in the
    background: its ``fit`` and ``distances`` also take a `dataset.Progress`, and its fitted
    attributes named in ``keeps`` are kept in the local store; with none, it is fitted each time.
    """

    label: str
    rule: str
    make: Callable[[], Classifier]
    slow: bool = False
    keeps: tuple[str, ...] = ()


MODELS = MappingProxyType(
    {
        "L1 mean": Model(
            "Nearest mean, L1",
            "whose template has the smallest mean absolute difference from the image",
            lambda: NearestTemplate("l1", "mean"),
        ),
        "L2 mean": Model(
            "Nearest mean, L2",
            "whose template has the smallest mean squared difference from the image",
            lambda: NearestTemplate("l2", "mean"),
        ),
        "L1 median": Model(
            "Nearest median, L1",
            "whose template (the median of each pixel) has the smallest mean absolute difference "
            "from the image",
            lambda: NearestTemplate("l1", "median"),
        ),
        "L1 learned": Model(
            "Nearest learned template, L1",
            "whose template (learned by mini-batch SGD) has the smallest mean absolute difference "
            "from the image",
            LearnedTemplates,
            slow=True,
            keeps=("templates_",),
        ),
        "Logistic": Model(
            "Logistic regression",
            "to which a linear softmax of the pixels gives the highest probability",
            LogisticRegression,
            slow=True,
            keeps=("coef_", "intercept_", "n_iter_"),
        ),
        "5 neighbours": Model(
            "5 nearest neighbours",
            "that most of the five nearest training images carry, nearer ones counting more",
            NearestNeighbors,
            slow=True,
        ),
    }
)


def listed_name(model: Model) -> str:
    """The name by which it is chosen, "L1 mean"; its label where it is none of `MODELS`."""
    return next((name for name, one in MODELS.items() if one is model), model.label)
