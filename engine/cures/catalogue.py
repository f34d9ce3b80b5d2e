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
            "Makes every image upright, so that slant no longer counts as a difference.",
            "if deskewed",
            Deskew,
        ),
        "one size": Cure(
            "Gives the ink of every image the same spread in height and width, so that size and "
            "proportions no longer count as differences.",
            "if of one size",
            MomentSize,
        ),
        "centered": Cure(
            "Moves the center of mass to the middle, so that position no longer counts as a "
            "difference.",
            "if centered by mass",
            CenterByMass,
        ),
        "blur": Cure(
            "Blurs every image by a Gaussian of one pixel, so that a stroke a little beside the "
            "template's still meets it.",
            "if blurred",
            GaussianBlur,
        ),
        "same ink": Cure(
            "Divides every image by its mean pixel, so that thin strokes count like thick ones.",
            "if ink were equal",
            InkNormalise,
        ),
        "unit length": Cure(
            "Divides every image by its Euclidean length, so that contrast and ink matter less.",
            "if of unit length",
            UnitNorm,
        ),
        "L2": _setting(
            "Compares by the mean squared difference, so that large differences count more than "
            "many small ones.",
            "under L2",
            "metric",
            metric="l2",
        ),
        "cosine": _setting(
            "Compares by the angle between image and template, in which the amount of ink does not "
            "count.",
            "by the cosine",
            "metric prototypes",
            metric="cosine",
        ),
        "tangent distance": _setting(
            "Lets every template be moved, turned, scaled and thickened a little before it is "
            "compared.",
            "by the tangent distance",
            "metric prototypes",
            tangents=True,
        ),
        "ten prototypes": _setting(
            "Has ten templates for each class, the centers of its clusters, so that each way of "
            "writing it can have its own.",
            "with ten prototypes",
            "prototypes",
            prototypes=10,
        ),
        "one offset": _setting(
            "Adds one number to the distance to one class, chosen on the training images, so that "
            "this class no longer wins too often.",
            "with one offset",
            "offsets",
            offsets="one",
        ),
        "all offsets": _setting(
            "Adds a number of its own to the distance to each class, fitted on the training "
            "images, so that none wins too often.",
            "with an offset for each class",
            "offsets",
            offsets="each",
        ),
    }
)
