"""The nearest template of uint8 images by mean absolute difference, where only the answer counts.

The sum of |x − t| over the pixels is the sum of x, plus the sum of t, minus twice the sum of the
smaller of both. The sum of x is the same for all templates, so half the sum of t minus the sum of
the smaller ones ranks them, with less work and, in single precision, half the memory. Where the
best two are closer than its error can be, the exact distances decide.
"""

import numpy as np

from engine.templates import WHITE, distances

CHUNK = 16  # images at a time: what is computed of them stays in the processor's cache
EPSILON = 2.0**-24  # the largest relative error of one operation in single precision


class Nearest:
    """Templates (k, pixels) in [0, 1], made ready to be asked often."""

    def __init__(self, templates: np.ndarray) -> None:
        levels = templates * WHITE
        self.templates, self.levels = templates, levels.astype(np.float32)
        self.half = (levels.sum(axis=1, keepdims=True).T / 2).astype(np.float32)
        self.ones = np.ones(levels.shape[1], np.float32)
        # A score takes as many additions as there are pixels, and a few more operations. Each errs
        # by EPSILON of at most the template's sum, and two scores are compared.
        operations = 2 * (levels.shape[1] + 8)
        self.error = np.float32(operations * EPSILON * levels.sum(axis=1).max())

    def places(self, images: np.ndarray) -> np.ndarray:
        """The place of the nearest template of each image (n, pixels), (n,); on a tie the first."""
        if len(images) > CHUNK:
            chunks = range(0, len(images), CHUNK)
            return np.concatenate([self.places(images[at : at + CHUNK]) for at in chunks])
        scores = self.half - np.minimum(images[:, None].astype(np.float32), self.levels) @ self.ones
        near = scores <= scores.min(axis=1, keepdims=True) + self.error
        places = near.argmax(axis=1)
        if np.count_nonzero(near) > len(near):
            close = near.sum(axis=1) > 1
            exact = distances(images[close][:, None], self.templates[:, None])
            places[close] = exact.argmin(axis=1)
        return places
