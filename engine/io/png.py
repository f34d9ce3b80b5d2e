"""Grey images as PNG files, and as data URIs for whatever shows HTML."""

import base64
import io

import numpy as np
from PIL import Image


def levels(image: np.ndarray) -> np.ndarray:
    """(h, w) as uint8 ink from 0 to 255; floats are taken to be in [0, 1]."""
    if image.dtype == np.uint8:
        return image
    return np.round(np.clip(image, 0, 1) * 255).astype(np.uint8)


def data_uri(image: np.ndarray, dark: bool = False) -> str:
    """The image as a PNG data URI at its own size: dark ink on white, or reversed for ``dark``."""
    ink = levels(image)
    content = encoded(ink if dark else 255 - ink)
    return "data:image/png;base64," + base64.b64encode(content).decode()


def encoded(image: np.ndarray) -> bytes:
    """The bytes of a PNG file of these grey levels, ``uint8`` (h, w)."""
    buffer = io.BytesIO()
    Image.fromarray(image).save(buffer, "PNG")
    return buffer.getvalue()


def sheet(images: np.ndarray, columns: int, gap: int = 1) -> np.ndarray:
    """All ``images`` (n, h, w) of one kind in one picture, row after row, as uint8 ink.

    Each lies in the middle of a cell with ``gap`` pixels of paper around it; empty for none.
    """
    ink = levels(np.pad(images, ((0, -len(images) % columns), (gap, gap), (gap, gap))))
    n, height, width = ink.shape
    rows = ink.reshape(n // columns, columns, height, width)
    return rows.swapaxes(1, 2).reshape(n // columns * height, columns * width)
