"""Turns any picture into ink on nothing: paper 0, ink up to 255, whatever light it was taken in."""

import numpy as np
from PIL import Image, ImageFilter

CLEAN_SHARE = 0.25  # paper counts as clean when this share of the pixels has exactly one value
EVEN_WINDOW = 5  # uneven paper is looked at through a window of 1/5 of the picture's longer side
INK_WINDOW = 3  # ink fills less than half of a window of 1/3 of the longer side
SMALL_SIDE = 70  # pixels of the copy on which paper and specks are looked for
INK_FROM, INK_FULL = 0.25, 0.6  # of the strongest ink: below is paper, above is full ink
FAINT_PEAK = 32  # of 255: ink less than this above its paper cannot be told from the paper
FAINT_NOISE = 9.0  # and on grainy paper it must stand out this many times the grain
SPECKS = 16  # of 255: grain of this spread is no paper's any more but specks, as in noise
PALE_PEAK = 190  # clean ink paler than this is darkened to full strength
NEAR, GRAINY = 8, 0.15  # levels from the paper's, and how many such pixels there are in a drawing
LIT_BORDER = 0.6  # of a large drawing's border is in no shadow
NO_SHADOW = 200  # levels apart are black and white, not paper in the light and in a shadow
DULL, VIVID = (
    64,
    2.0,
)  # brightness of less contrast than this gives way to a colour of twice that
SPECK = 0.04  # pieces smaller than this share of the largest one are dust


def luminance(picture: np.ndarray) -> np.ndarray:
    """The picture's brightness by the ITU-R 601 weights, ``uint8`` (rows, columns)."""
    return picture if picture.ndim == 2 else np.asarray(Image.fromarray(picture).convert("L"))


def to_grey(picture: np.ndarray) -> tuple[np.ndarray, str]:
    """The picture's brightness, ``uint8`` (rows, columns), and which of its colours that is.

    The ITU-R 601 weights; where that hardly shows a contrast, the one of red, green and blue that
    shows twice as much: yellow on white is as bright as the paper, but has no blue.
    """
    if picture.ndim == 2:
        return picture, "grey"
    grey = luminance(picture)
    contrasts = [_contrast(picture[..., channel]) for channel in range(3)]
    best = int(np.argmax(contrasts))
    if _contrast(grey) < DULL and contrasts[best] >= max(VIVID * _contrast(grey), FAINT_PEAK):
        return picture[..., best].copy(), ("red", "green", "blue")[best]
    return grey, "brightness"


def _contrast(grey: np.ndarray) -> float:
    """How far the strongest 1 % of the pixels stand out from the middle one, after smoothing."""
    smooth = np.asarray(Image.fromarray(np.ascontiguousarray(grey)).filter(ImageFilter.BoxBlur(1)))
    low, middle, high = np.quantile(smooth, (0.01, 0.5, 0.99))
    return float(max(middle - low, high - middle))


def is_clean(grey: np.ndarray) -> bool:
    """Whether the paper is exactly one value, as in a drawing; never so in a photograph.

    A photograph of smooth paper may have a commonest value, too, but then its neighbours on the
    scale are common as well, or a shadow lies on most of its border.
    """
    counts = np.bincount(grey.ravel(), minlength=256)
    paper = int(counts.argmax())
    near = counts[max(0, paper - NEAR) : paper + NEAR + 1].sum() - counts[paper]
    if counts[paper] < CLEAN_SHARE * grey.size or near > GRAINY * counts[paper]:
        return False
    border = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]]).astype(int)
    apart = np.abs(border - paper)
    lit = np.mean((apart <= NEAR) | (apart >= NO_SHADOW))
    return bool(max(grey.shape) <= SMALL_SIDE or lit >= LIT_BORDER)


def is_dark_ink(grey: np.ndarray) -> bool:
    """Whether the ink is darker than its paper.

    In a drawing: whichever extreme lies further from the commonest value. In a photograph: ink is
    the rare side, so brightness less the median around it is skewed towards it, while the edge of
    a shadow, which a median keeps, is not skewed.
    """
    from scipy import ndimage

    if is_clean(grey):
        paper = int(np.bincount(grey.ravel()).argmax())
        return paper - int(grey.min()) > int(grey.max()) - paper
    small = small_copy(grey)
    around = ndimage.median_filter(small, max(small.shape) // INK_WINDOW + 1, mode="nearest")
    return bool(((small - around.astype(float)) ** 3).sum() < 0)


def small_copy(grey: np.ndarray) -> np.ndarray:
    """The picture at 70 pixels a side at most, each the mean of those it stands for."""
    scale = min(1.0, SMALL_SIDE / max(grey.shape))
    size = [max(1, round(side * scale)) for side in grey.shape[::-1]]
    return np.asarray(Image.fromarray(grey).resize(size, Image.Resampling.BOX))


def subtract_paper(grey: np.ndarray, clean: bool) -> np.ndarray:
    """Bright ink as a share of the brightness its dark paper leaves room for, times 255.

    The paper under a stroke is found by morphological opening: what is left when everything
    narrower than the window is rubbed out. Looked at twice: in a small smooth copy, which knows
    no grain, and at full size, which keeps the edges of shadows; the brighter of the two holds.
    """
    if clean:
        paper = np.full(grey.shape, float(np.bincount(grey.ravel()).argmax()))
    else:
        slope = light_slope(grey)
        level = grey - slope
        paper = np.clip(slope + np.maximum(_opened(level), _opened_small(level)), 0, 254)
    ink = np.clip(grey - paper, 0, None)
    return np.round(255 * ink / (255 - paper).clip(1)).astype(np.uint8)


def light_slope(grey: np.ndarray) -> np.ndarray:
    """The smooth fall of light: the quadratic surface nearest to the picture (least squares).

    Taken away first, because an opening loses a slope along the border of the picture.
    """
    step = -(-max(grey.shape) // SMALL_SIDE)
    down, right = (np.linspace(-1, 1, size, dtype=np.float32) for size in grey.shape)
    terms = np.stack(
        np.broadcast_arrays(
            np.float32(1),
            *np.meshgrid(down, right, indexing="ij"),
            np.outer(down, right),
            (down**2)[:, None],
            (right**2)[None, :],
        )
    )
    few = terms[:, ::step, ::step].reshape(len(terms), -1)
    weights = np.linalg.lstsq(few.T, grey[::step, ::step].ravel().astype(np.float32))[0]
    return np.tensordot(weights, terms, axes=1)


def _opened_small(level: np.ndarray) -> np.ndarray:
    """The opening of a copy of at most 70 pixels a side, enlarged again."""
    opened = Image.fromarray(_opened(small_copy(level.astype(np.float32))))
    return np.asarray(opened.resize(level.shape[::-1], Image.Resampling.BILINEAR))


def _opened(level: np.ndarray) -> np.ndarray:
    """The picture without anything bright that is narrower than a fifth of its longer side."""
    from scipy import ndimage  # 30 MB that a start without pictures does not need

    window = 2 * (max(level.shape) // EVEN_WINDOW // 2) + 1
    return ndimage.grey_opening(level, size=(window, window), mode="nearest")


def peak(ink: np.ndarray, clean: bool) -> tuple[float, float]:
    """The strongest ink and the grain of the paper under it, both 0..255, in a smoothed copy.

    The grain is the robust spread (1.48 × median absolute deviation) of all pixels; a drawing
    (``clean``) is not smoothed and has none.
    """
    if clean:
        return float(ink.max()), 0.0
    smooth = np.asarray(Image.fromarray(ink).filter(ImageFilter.BoxBlur(1)), float)
    middle = np.median(smooth)
    return float(smooth.max() - middle), float(1.48 * np.median(np.abs(smooth - middle)))


def stretch(ink: np.ndarray, clean: bool) -> np.ndarray:
    """The ink at full strength and the paper at exactly 0, without grain and without specks.

    Clean and strong ink, as in a drawing or in MNIST itself, comes back untouched.
    """
    strongest, _ = peak(ink, clean)
    if not strongest or (clean and strongest >= PALE_PEAK):
        return ink
    if clean:
        return np.round(ink * (255 / strongest)).astype(np.uint8)
    share = ((ink - np.median(ink)) / strongest - INK_FROM) / (INK_FULL - INK_FROM)
    return without_specks(np.round(255 * np.clip(share, 0, 1)).astype(np.uint8))


def without_specks(ink: np.ndarray) -> np.ndarray:
    """The ink with every piece rubbed out that is tiny beside the largest one."""
    from scipy import ndimage

    labels, sizes = pieces(small_mask(ink))
    if not len(sizes):
        return ink
    large = np.isin(labels, 1 + np.flatnonzero(sizes >= SPECK * sizes.max()))
    near = ndimage.binary_dilation(large, np.ones((3, 3)))  # soft edges belong to their piece
    return masked(ink, near)


def masked(ink: np.ndarray, keep: np.ndarray) -> np.ndarray:
    """The ink where ``keep`` is True, a mask of the size of `small_mask`."""
    step = -(-max(ink.shape) // SMALL_SIDE)
    large = keep.repeat(step, axis=0).repeat(step, axis=1)
    return ink * large[: ink.shape[0], : ink.shape[1]]


def small_mask(ink: np.ndarray) -> np.ndarray:
    """Where there is ink, in a copy of at most 70 pixels a side; no inked pixel is lost."""
    step = -(-max(ink.shape) // SMALL_SIDE)
    pad = [(0, -size % step) for size in ink.shape]
    padded = np.pad(ink, pad)
    rows, columns = padded.shape[0] // step, padded.shape[1] // step
    return padded.reshape(rows, step, columns, step).max(axis=(1, 3)) > 127


def pieces(mask: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Connected pieces of a mask (neighbours include diagonals): labels 1, 2, … and their areas.

    The labels follow the rows; paper has label 0. No ink gives no areas.
    """
    from scipy import ndimage

    labels, count = ndimage.label(mask, np.ones((3, 3)))
    return labels, np.bincount(labels.ravel(), minlength=count + 1)[1:]
