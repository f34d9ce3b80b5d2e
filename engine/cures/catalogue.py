"""The changes one can make to a template classifier: one entry each, its name on screen and in
the link, why it can help, and what it changes.
"""

from collections.abc import Callable
from dataclasses import dataclass
from types import MappingProxyType

from engine.transforms.base import Transformer
from engine.transforms.grey_levels import GaussianBlur, InkNormalise, UnitNorm
from engine.transforms.moments import CenterByMass, Deskew, MomentSize


@dataclass(frozen=True)
class Cure:
    """Either a ``step`` that prepares every image, or a setting of the classifier.

    ``why`` is one sentence: what it does and what that takes away. ``short`` completes "right …".
    ``sets`` are parameters of `recipe.Settings` and their values. Of the cures that share a
    ``kind`` a model has at most one.
    """

    why: str
    short: str
    step: Callable[[], Transformer] | None = None
    sets: tuple[tuple[str, object], ...] = ()
    kind: frozenset[str] = frozenset()


def _setting(why: str, short: str, kind: str, **sets: object) -> Cure:
    return Cure(why, short, sets=tuple(sets.items()), kind=frozenset(kind.split()))


CURES = MappingProxyType(  # steps in the order in which they are taken, then settings
    {
        "deskew": Cure(
            "Makes every image upright, so that slant does not count.",
            "if deskewed",
            Deskew,
        ),
        "one size": Cure(
            "Gives all ink the same height and width, so that size does not count.",
            "at one size",
            MomentSize,
        ),
        "centered": Cure(
            "Centers every image by its mass, so that position does not count.",
            "if centered by mass",
            CenterByMass,
        ),
        "blur": Cure(
            "Blurs images (σ 1 pixel), so that strokes that just miss still meet.",
            "if blurred",
            GaussianBlur,
        ),
        "same ink": Cure(
            "Divides images by their mean pixel: thin strokes count like thick ones.",
            "if ink were equal",
            InkNormalise,
        ),
        "unit length": Cure(
            "Divides images by their Euclidean length: contrast counts less.",
            "at unit length",
            UnitNorm,
        ),
        "L2": _setting(
            "Squares the differences, so that large ones count most.",
            "under L2",
            "metric",
            metric="l2",
        ),
        "cosine": _setting(
            "Compares by the angle, in which the amount of ink does not count.",
            "by the cosine",
            "metric prototypes",
            metric="cosine",
        ),
        "tangent distance": _setting(
            "Lets templates shift, turn, scale and thicken a little to fit.",
            "by the tangent distance",
            "metric prototypes",
            tangents=True,
        ),
        "ten prototypes": _setting(
            "Has ten k-means centers a class: each way of writing can have one.",
            "with ten prototypes",
            "prototypes",
            prototypes=10,
        ),
        "one offset": _setting(
            "Shifts the distance to one class that wins too often or too seldom.",
            "with one offset",
            "offsets",
            offsets="one",
        ),
        "all offsets": _setting(
            "Shifts the distance to each class, so that none wins too often.",
            "with an offset for each class",
            "offsets",
            offsets="each",
        ),
    }
)
