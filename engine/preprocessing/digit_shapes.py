"""Whether images are the digits that their labels say, and whether these lie on their side.

The mean image of each class is compared with those of scikit-learn's digits, by their correlation.
"""

import numpy as np
from PIL import Image

CLEAR = 0.1  # how much better another orientation must fit than the upright one, of a correlation
FITS = 0.45  # correlation from which mean images look like digits at all
CHANCE = 0.02  # share of the other assignments of digits that may fit as well as the labels do
DRAWS = 2_000  # of such assignments
TURNS = {
    "exchanging rows and columns": lambda images: images.swapaxes(1, 2),
    "a quarter turn to the left": lambda images: np.rot90(images, 1, (1, 2)),
    "a quarter turn to the right": lambda images: np.rot90(images, -1, (1, 2)),
    "half a turn": lambda images: np.rot90(images, 2, (1, 2)),
    "mirroring left and right": lambda images: images[:, :, ::-1],
}


def orientation(images: np.ndarray, labels: np.ndarray) -> str | None:
    """How the images would have to be turned to look like upright digits, a key of `TURNS`.

    None where they are upright, are no digits 0 to 9, or it is not clear.
    """
    digits = [digit for digit in range(10) if (labels == digit).any()]
    if labels.dtype.kind not in "iu" or len(digits) < 5 or len(np.unique(labels)) > len(digits):
        return None
    means = _means(images, labels, digits)
    fits = {name: _fit(turn(means), digits) for name, turn in TURNS.items()}
    best = max(fits, key=fits.get)
    clear = fits[best] >= FITS and fits[best] - _fit(means, digits) >= CLEAR
    return best if clear else None


def look_like_digits(images: np.ndarray, labels: np.ndarray) -> bool:
    """Whether the images (n, h, w) look like the digits, 0 to 9, that their labels (n,) name.

    A test by permutation: the labels must fit the mean digits better than `CHANCE` of other
    assignments of digits to the classes do. Of two classes too few others exist; they pass where
    none fits better.
    """
    digits = np.unique(labels)
    fits = _correlations(_means(images, labels, digits))
    random = np.random.default_rng(0)
    others = random.permuted(np.tile(np.arange(10), (DRAWS, 1)), axis=1)[:, : len(digits)]
    rows = np.arange(len(digits))
    own, drawn = fits[rows, digits].sum(), fits[rows, others].sum(axis=1)
    return bool((drawn > own + 1e-9).mean() <= CHANCE)


def _means(images: np.ndarray, labels: np.ndarray, digits: object) -> np.ndarray:
    return np.stack([images[labels == digit].mean(axis=0) for digit in digits])


def _references() -> np.ndarray:
    """The mean of each of scikit-learn's digits, (10, 8, 8)."""
    from sklearn.datasets import load_digits

    source = load_digits()
    return np.stack([source.images[source.target == digit].mean(axis=0) for digit in range(10)])


def _fit(means: np.ndarray, digits: list[int]) -> float:
    """The mean correlation of the mean images with those of ``digits``."""
    return float(np.mean(_correlations(means)[np.arange(len(digits)), digits]))


def _correlations(means: np.ndarray) -> np.ndarray:
    """Each mean image, cut to its ink and made as small, with each of the ten digits, (k, 10)."""
    small = _unit(np.stack([_small(mean) for mean in means]))
    return small @ _unit(_references()).T


def _unit(images: np.ndarray) -> np.ndarray:
    """Each image as a row of mean 0 and length 1; of zeros where it is of one grey."""
    rows = images.reshape(len(images), -1).astype(float)
    rows = rows - rows.mean(axis=1, keepdims=True)
    length = np.sqrt((rows**2).sum(axis=1, keepdims=True))
    return np.divide(rows, length, out=np.zeros_like(rows), where=length > 1e-12)


def _small(mean: np.ndarray) -> np.ndarray:
    ink = mean > mean.min() + 0.2 * np.ptp(mean)
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    if not len(rows):
        return np.zeros((8, 8))
    cut = mean[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1].astype(np.float32)
    return np.asarray(Image.fromarray(cut).resize((8, 8), Image.Resampling.BOX))
