"""The distance to a template that may be moved, turned, scaled, stretched and thickened a little.

P. Simard, Y. LeCun, J. Denker and B. Victorri, "Transformation invariance in pattern recognition:
tangent distance and tangent propagation", Neural Networks: Tricks of the Trade (1998); here the
template alone is changed, not the image.
"""

import math
from collections.abc import Iterable

import numpy as np

from engine.models.by_class import Compared, FittedByClass, as_ink
from engine.transforms.grey_levels import blur_matrix

CHUNK = 4096  # images at a time
NEGLIGIBLE = 1e-9  # a tangent's share that the others do not have, below which it is theirs


class TangentDistance(FittedByClass):
    """Answers the class whose mean image is nearest once it is changed along its tangents.

    The distance is the mean square per pixel of what is left of the difference after the seven
    tangents are projected out: two shifts, rotation, scale, two hyperbolic ones, and thickness,
    of the mean blurred by ``sigma`` pixels. ``size`` is (h, w); None: square images. Fitting sets
    ``templates_`` (k, pixels) and ``tangents_``, k times (pixels, up to 7), orthonormal.
    """

    unit = "mean squared difference left per pixel"

    def __init__(
        self,
        sigma: float = 0.5,
        offsets: str | None = None,
        size: tuple[int, int] | None = None,
    ) -> None:
        self.sigma = sigma
        self.offsets = offsets
        self.size = size

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.classifier_tags.poor_score = True  # of a few pixels the tangents span everything
        return tags

    def learn(self, images_of_each: Iterable[np.ndarray]) -> None:
        means = [as_ink(images).mean(axis=0, dtype=np.float64) for images in images_of_each]
        size = self.size or _square(self.n_features_in_)
        self.templates_ = np.stack(means)
        self.tangents_ = [orthonormal(tangents(m.reshape(size), self.sigma)) for m in means]

    def apart(self, X: np.ndarray) -> np.ndarray:
        parts = [self._few(as_ink(X[at : at + CHUNK])) for at in range(0, len(X), CHUNK)]
        return np.concatenate(parts or [np.empty((0, len(self.templates_)))])

    def _few(self, images: np.ndarray) -> np.ndarray:
        left = np.empty((len(images), len(self.templates_)))
        for place, (mean, tangent) in enumerate(zip(self.templates_, self.tangents_, strict=True)):
            apart = images - mean
            along = apart @ tangent
            left[:, place] = np.square(apart).sum(axis=1) - np.square(along).sum(axis=1)
        return np.clip(left, 0, None) / images.shape[1]

    def compared(self, image: np.ndarray) -> Compared:
        """See `FittedByClass`: with each template changed along its tangents to meet the image."""
        ink = as_ink(image.ravel()).astype(np.float64)
        pairs = zip(self.templates_, self.tangents_, strict=True)
        met = np.stack([mean + tangent @ (tangent.T @ (ink - mean)) for mean, tangent in pairs])
        templates = met.reshape(-1, *image.shape)
        one = ink.reshape(image.shape)
        return Compared(one, templates, self.each_offset(), "l2", fixed=False)


def tangents(image: np.ndarray, sigma: float) -> np.ndarray:
    """How an image (h, w) changes, to first order, in seven ways: (h·w, 7)."""
    if not sigma > 0:
        raise ValueError(f"sigma must be above 0, got {sigma!r}")
    height, width = image.shape
    soft = blur_matrix(height, sigma) @ image @ blur_matrix(width, sigma)
    down = np.gradient(soft, axis=0) if height > 1 else np.zeros_like(soft)
    along = np.gradient(soft, axis=1) if width > 1 else np.zeros_like(soft)
    i = np.arange(height)[:, None] - (height - 1) / 2
    j = np.arange(width) - (width - 1) / 2
    shifts = down, along
    turns = j * down - i * along, i * down + j * along
    hyperbolic = j * down + i * along, i * down - j * along
    every = (*shifts, *turns, *hyperbolic, down**2 + along**2)
    return np.stack([one.ravel() for one in every], axis=1)


def orthonormal(vectors: np.ndarray) -> np.ndarray:
    """A basis of what the columns span, (n, rank)."""
    left, size, _ = np.linalg.svd(vectors, full_matrices=False)
    return left[:, size > NEGLIGIBLE * max(size.max(initial=0), NEGLIGIBLE)]


def _square(pixels: int) -> tuple[int, int]:
    side = math.isqrt(pixels)
    return (side, side) if side * side == pixels else (1, pixels)
