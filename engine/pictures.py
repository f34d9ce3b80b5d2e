"""Grey images as PNG data URIs, for whatever shows HTML."""

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
    buffer = io.BytesIO()
    Image.fromarray(ink if dark else 255 - ink).save(buffer, "PNG")
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode()
