"""The models one can choose: one entry each, its name on screen and in the link, and a maker."""

from collections.abc import Callable
from dataclasses import dataclass
from types import MappingProxyType

from engine.classifier import NearestTemplate
from engine.learned import LearnedTemplates


@dataclass(frozen=True)
class Model:
    """``make()`` gives an estimator with ``fit``, ``distances`` and ``templates_``, not yet fitted.

    ``rule`` completes the sentence "The answer is the digit whose template …".
    """

    label: str
    rule: str
    make: Callable[[], NearestTemplate]


MODELS = MappingProxyType(
    {
        "L1 mean": Model(
            "Nearest mean, L1",
            "has the smallest mean absolute difference from the image",
            lambda: NearestTemplate("l1", "mean"),
        ),
        "L2 mean": Model(
            "Nearest mean, L2",
            "has the smallest mean squared difference from the image",
            lambda: NearestTemplate("l2", "mean"),
        ),
        "L1 median": Model(
            "Nearest median, L1",
            "(the median of each pixel) has the smallest mean absolute difference from the image",
            lambda: NearestTemplate("l1", "median"),
        ),
        "L1 learned": Model(
            "Nearest learned template, L1",
            "(learned by mini-batch SGD) has the smallest mean absolute difference from the image",
            LearnedTemplates,
        ),
    }
)
