"""Synthetic photographs: a digit of MNIST written with a pen on paper, and what lies round it."""

import io

import numpy as np
from PIL import Image

SIDE = 320  # pixels of the picture
DIGIT = 150  # pixels of the digit's 28 × 28 frame, enlarged
INK = (30, 30, 45)


def cover(digit: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """How much of each pixel is ink, 0 to 1: the digit with a pen's sharp edges, near the middle.

    ``digit`` is (28, 28) ``uint8``, ink bright.
    """
    large = Image.fromarray(digit).resize((DIGIT, DIGIT), Image.Resampling.BICUBIC)
    sharp = np.clip((np.asarray(large, float) - 95) / 60, 0, 1)
    whole = np.zeros((SIDE, SIDE))
    top, left = random.integers(75, 95, 2)
    whole[top : top + DIGIT, left : left + DIGIT] = sharp
    return whole


def written(
    digit: np.ndarray, paper: np.ndarray, random: np.random.Generator, ink: tuple = INK
) -> np.ndarray:
    """``uint8`` (rows, columns, 3): the digit in ``ink`` on ``paper`` (rows, columns, 3)."""
    share = cover(digit, random)[..., None]
    return paper * (1 - share) + paper / 255 * np.array(ink) * share


def even(random: np.random.Generator, shade: float = 238) -> np.ndarray:
    return np.full((SIDE, SIDE, 3), shade) + random.normal(0, 1.0, (SIDE, SIDE, 1))


def plain(digit: np.ndarray, random: np.random.Generator) -> np.ndarray:
    return written(digit, even(random), random)


def shadow(digit: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """A hand's hard shadow over the lower right."""
    across, down = np.meshgrid(np.arange(SIDE), np.arange(SIDE))
    dark = np.clip((across + 0.6 * down - random.integers(200, 330)) / 12, 0, 1)
    return written(digit, even(random), random) * (1 - 0.5 * dark[..., None])


def squared(digit: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Pencil on squared paper with fine blue lines."""
    paper = even(random)
    step, first = 18, int(random.integers(0, 18))
    paper[first::step] = paper[:, first::step] = (190, 196, 224)
    return written(digit, paper, random, (105, 105, 110))


def boxed(digit: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """In the printed box of a form."""
    paper = even(random)
    for edge in (25, SIDE - 27):
        paper[25 : SIDE - 25, edge : edge + 2] = paper[edge : edge + 2, 25 : SIDE - 25] = 60
    return written(digit, paper, random)


def on_desk(digit: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """A white sheet on a dark desk."""
    picture = np.full((SIDE, SIDE, 3), 70.0) + random.normal(0, 4, (SIDE, SIDE, 1))
    sheet = written(digit, even(random), random)
    picture[40:, 45:275] = sheet[40:, 45:275]
    return picture


def dark_screen(digit: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """A screenshot in dark mode with a lighter bar along the top."""
    share = cover(digit, random)[..., None]
    picture = 30 * (1 - share) + 230 * share * np.ones(3)
    picture[:34] = 75
    return picture


def yellow(digit: np.ndarray, random: np.random.Generator) -> np.ndarray:
    return written(digit, even(random), random, (255, 242, 55))


def jpeg(picture: np.ndarray, quality: int = 88) -> bytes:
    return _packed(picture, "JPEG", quality=quality)


def png(picture: np.ndarray) -> bytes:
    return _packed(picture, "PNG")


def webp(picture: np.ndarray) -> bytes:
    return _packed(picture, "WEBP")


def _packed(picture: np.ndarray, kind: str, **options: int) -> bytes:
    file = io.BytesIO()
    Image.fromarray(np.clip(picture, 0, 255).astype(np.uint8)).save(file, kind, **options)
    return file.getvalue()
