"""Synthetic photographs: a digit of MNIST written with a pen on paper, and what lies round it."""

import io

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

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


def touching(digit: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """In a printed box whose lower line the digit touches."""
    share = cover(digit, random)
    inked = share > 0.5
    rows, columns = np.flatnonzero(inked.any(axis=1)), np.flatnonzero(inked.any(axis=0))
    top, bottom, left, right = rows[0] - 30, rows[-1] + 1, columns[0] - 30, columns[-1] + 30
    paper = even(random)
    for row in (top, bottom):
        paper[row - 1 : row + 2, left:right] = 60
    for column in (left, right):
        paper[top:bottom, column - 1 : column + 2] = 60
    share = share[..., None]
    return paper * (1 - share) + paper / 255 * np.array(INK) * share


def red_pen(digit: np.ndarray, random: np.random.Generator) -> np.ndarray:
    return written(digit, even(random), random, (200, 40, 40))


def blurred(digit: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Out of focus."""
    sharp = Image.fromarray(np.clip(plain(digit, random), 0, 255).astype(np.uint8))
    return np.asarray(sharp.filter(ImageFilter.GaussianBlur(4)), float)


def tilted_ruled(digit: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """On ruled paper that lies a few degrees askew."""
    paper, (down, across) = even(random), np.mgrid[:SIDE, :SIDE]
    slope, first = np.tan(np.radians(random.uniform(3, 8))), random.uniform(0, 32)
    paper[(down + slope * across + first) % 32 < 1.6] = (176, 190, 226)
    return written(digit, paper, random)


def plotted(digit: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """A picture of matplotlib's imshow, with its axes and their ticks."""
    picture = np.full((480, 640, 3), 255, np.uint8)
    large = Image.fromarray(digit).resize((370, 370), Image.Resampling.NEAREST)
    picture[55:425, 135:505] = np.asarray(large)[..., None]
    image = Image.fromarray(picture)
    pen = ImageDraw.Draw(image)
    pen.rectangle((135, 55, 505, 425), outline=0)
    for place in range(6):
        pen.line((131, 60 + 66 * place, 135, 60 + 66 * place), fill=0)
        pen.text((112, 55 + 66 * place), str(5 * place), fill=0)
        pen.line((141 + 66 * place, 425, 141 + 66 * place, 429), fill=0)
        pen.text((137 + 66 * place, 432), str(5 * place), fill=0)
    return np.asarray(image, float)


def two(digit: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """The digit twice, side by side."""
    picture = plain(digit, random)[:, 60:260]
    return np.concatenate([picture, picture], axis=1)


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
