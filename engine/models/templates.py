"""The template of each digit, and how far an image is from it."""

import numpy as np

from engine.models.class_sums import WHITE, ClassSums

CHUNK = 64  # images at a time: their differences from one template then stay in the cache
METRICS = ("l1", "l2")
CENTERS = ("mean", "median")


def mean_templates(images: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """The average image of each digit, in the order of the sorted labels: (k, h, w), float64.

    uint8 images are read as ink from 0 to 255 and give templates in [0, 1], from exact integer
    sums; floats are averaged as they are. Source: notebook, "Pixel Similarity" 1-3.
    """
    return ClassSums(images, labels).means()


def median_templates(images: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """The median of each pixel over the images of each digit: (k, h, w), float64.

    With an even count the median is the mean of the two middle values, as numpy has it
    (torch.median takes the lower one, which moves a handful of answers on MNIST).
    """
    scale = WHITE if images.dtype == np.uint8 else 1
    chosen = (images[labels == digit] for digit in np.unique(labels))
    return np.stack([np.median(some, axis=0) / scale for some in chosen])


def mnist_distance(image: np.ndarray, template: np.ndarray) -> np.ndarray:
    """Mean absolute difference over the last two axes, per pixel, in the unit of the arguments.

    Either may be one image (h, w) or a batch (n, h, w); they broadcast.
    Source: notebook, "Pixel Similarity" 5.
    """
    return np.abs(template - image).mean(axis=(-1, -2))


def as_shares(image: np.ndarray) -> np.ndarray:
    """An image as float64 ink in [0, 1]; uint8 is read as level / 255, floats are kept."""
    return image / WHITE if image.dtype == np.uint8 else image.astype(np.float64)


def distances(images: np.ndarray, templates: np.ndarray, metric: str = "l1") -> np.ndarray:
    """How far each image is from each template: (n, k), the mean over pixels.

    ``l1`` is the mean absolute difference, ``l2`` the mean squared one. ``images`` (n, h, w) are
    uint8, read as ink / 255, or floats on the scale of ``templates`` (k, h, w). No images give an
    empty (0, k). uint8 images are compared in whole grey levels, so that median templates (whole
    or half levels) give exact sums and a tie is a tie. Raises ValueError for another metric, or
    when the sizes differ.
    """
    if metric not in METRICS:
        raise ValueError(f"metric must be one of {METRICS}, got {metric!r}")
    if images.shape[1:] != templates.shape[1:]:
        raise ValueError(f"images are {images.shape[1:]}, templates {templates.shape[1:]} pixels")
    scale = WHITE if images.dtype == np.uint8 else 1
    pixels = int(np.prod(templates.shape[1:]))
    flat = images.reshape(len(images), pixels)
    levels = (templates * scale).reshape(len(templates), pixels)
    sums = np.empty((len(images), len(templates)))
    for start in range(0, len(images), CHUNK):
        sums[start : start + CHUNK] = _sums(flat[start : start + CHUNK], levels, metric)
    return sums / (pixels * (scale if metric == "l1" else scale**2))


def _sums(images: np.ndarray, levels: np.ndarray, metric: str) -> np.ndarray:
    """Sum over pixels of |difference| or difference²; a dot with ones is the fastest sum."""
    images = images.astype(np.float64)
    ones = np.ones(images.shape[1])
    scratch = np.empty_like(images)
    columns = []
    for level in levels:
        np.subtract(images, level, out=scratch)
        (np.abs if metric == "l1" else np.square)(scratch, out=scratch)
        columns.append(scratch @ ones)
    return np.stack(columns, axis=1)


def nearest(distance: np.ndarray) -> np.ndarray:
    """The place of the smallest in each row of (n, k); on a tie the first, the smaller digit."""
    return distance.argmin(axis=-1)


def is_digit(images: np.ndarray, digit: int, templates: np.ndarray) -> np.ndarray | bool:
    """Whether ``digit``'s template is the nearest by mean absolute difference.

    For one image (h, w) a bool, for a batch (n, h, w) an array of n. ``digit`` counts templates
    from 0. Source: notebook, "Pixel Similarity" 6, ``is_zero`` … ``is_nine``.
    """
    if not 0 <= digit < len(templates):
        raise ValueError(f"digit must be from 0 to {len(templates) - 1}, got {digit}")
    batch = images[None] if images.ndim == 2 else images
    answers = nearest(distances(batch, templates)) == digit
    return bool(answers[0]) if images.ndim == 2 else answers
