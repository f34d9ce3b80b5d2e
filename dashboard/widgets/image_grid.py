"""Digits as pictures: several grey images with their captions as one light grid."""

import html
from collections.abc import Sequence

import numpy as np

from dashboard.charting.palette import DARK, Palette
from engine.evaluation.evaluation import Evaluation
from engine.io import png

GAP_PX = 10
IN_SIGHT = 30  # more pictures or strips than these scroll in a frame of their own


def data_uri(image: np.ndarray, palette: Palette) -> str:
    """The image as a PNG data URI at its own size: dark ink on white, in dark mode reversed."""
    return png.data_uri(image, dark=palette is DARK)


def templates(evaluation: Evaluation, palette: Palette, most_in_row: int = 0) -> str:
    """`framed` grid of the templates, each over its class; ten fill two rows by default."""
    names = [str(name) for name in evaluation.classes]
    alts = [f"template of {name}" for name in names]
    in_row = most_in_row or (5 if len(names) <= 10 else 10)
    pictures = grid(evaluation.templates, names, alts, palette, in_row)
    return framed(pictures, len(names), "The templates")


def framed(pictures: str, count: int, label: str) -> str:
    """HTML of so many pictures; more than `IN_SIGHT` of them scroll, also by keyboard."""
    if count <= IN_SIGHT:
        return pictures
    name = html.escape(label, quote=True)
    style = "max-height:26rem;overflow-y:auto"
    return f'<div tabindex="0" role="group" aria-label="{name}" style="{style}">{pictures}</div>'


def beside(*images: np.ndarray) -> np.ndarray:
    """Images of one height side by side with a pixel of mid-grey between them, (h, w)."""
    line = np.full((len(images[0]), 1), 128, np.uint8)
    parts = [part for image in images for part in (line, image)]
    return np.concatenate(parts[1:], axis=1)


def strips(
    rows: Sequence[Sequence[np.ndarray]],
    names: Sequence[str],
    alts: Sequence[str],
    palette: Palette,
) -> str:
    """HTML for `st.html`: a row for each of ``names`` with its images side by side after it.

    In two columns where there is room; on a narrow screen the images stand under a long name. Names
    are escaped.
    """
    name_rem = min(9, max(1, *(0.7 * len(name) for name in names)))
    wrap = "nowrap" if name_rem < 3 else "wrap"  # short names leave room beside them
    lines = "".join(
        f'<div style="display:flex;flex-wrap:{wrap};gap:2px 12px;align-items:center">'
        f'<div style="flex:none;width:{name_rem:.1f}rem;overflow-wrap:anywhere">'
        f"{html.escape(name)}</div>{_strip(beside(*images), alt, palette)}</div>"
        for images, name, alt in zip(rows, names, alts, strict=True)
    )
    width = name_rem + 1 + 2.7 * max(map(len, rows), default=0)
    columns = f"grid-template-columns:repeat(auto-fit,minmax(min(100%,{width:.0f}rem),1fr))"
    return f'<div style="display:grid;gap:6px 24px;{columns}">{lines}</div>'


def _strip(image: np.ndarray, alt: str, palette: Palette) -> str:
    """One wide image, 2.6 rem high where there is room for its whole width, else as wide as can."""
    height, width = image.shape
    return (
        f'<img src="{data_uri(image, palette)}" alt="{html.escape(alt, quote=True)}" '
        f'style="width:{2.6 * width / height:.2f}rem;min-width:0;max-width:100%;height:auto;'
        f'image-rendering:pixelated;border:1px solid {palette.faint}55">'
    )


def grid(
    images: Sequence[np.ndarray],
    captions: Sequence[str],
    alts: Sequence[str],
    palette: Palette,
    most_in_row: int = 10,
    least_px: int = 58,
) -> str:
    """HTML for `st.html`: the images, each over its caption, in rows of ``most_in_row`` or fewer.

    On a narrow screen no image becomes narrower than ``least_px``; the rows get shorter instead.
    Captions and alternative texts are escaped. Pixels stay sharp.
    """
    tiles = "".join(
        f'<figure style="margin:0">'
        f'<img src="{data_uri(image, palette)}" alt="{html.escape(alt, quote=True)}" '
        f'style="width:100%;aspect-ratio:1;object-fit:contain;image-rendering:pixelated;'
        f'border:1px solid {palette.faint}55;display:block">'
        f'<figcaption style="text-align:center;font-size:0.85rem;padding-top:2px">'
        f"{html.escape(caption)}</figcaption></figure>"
        for image, caption, alt in zip(images, captions, alts, strict=True)
    )
    share = f"(100% - {GAP_PX * (most_in_row - 1)}px) / {most_in_row}"
    columns = f"repeat(auto-fill,minmax(max({least_px}px,{share}),1fr))"
    style = f"display:grid;gap:{GAP_PX}px;grid-template-columns:{columns}"
    return f'<div style="{style}">{tiles}</div>'
