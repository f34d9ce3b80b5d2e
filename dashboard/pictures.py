"""Digits as pictures: several grey images with their captions as one light grid."""

import html
from collections.abc import Sequence

import numpy as np

from dashboard.style import DARK, Palette
from engine import pictures

GAP_PX = 10


def data_uri(image: np.ndarray, palette: Palette) -> str:
    """The image as a PNG data URI at its own size: dark ink on white, in dark mode reversed."""
    return pictures.data_uri(image, dark=palette is DARK)


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
