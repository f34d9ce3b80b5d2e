"""Decodes a viewer's picture safely: known formats, judged by the header, bounded memory."""

import io
import re
import struct
import zlib

import numpy as np
from PIL import Image, ImageOps, PngImagePlugin

from engine.runtime.errors import Refused
from engine.runtime.limits import (
    MAX_ASPECT_RATIO,
    MAX_JPEG_PIXELS,
    MAX_JPEG_SCANS,
    MAX_PICTURE_BYTES,
    MAX_PICTURE_PIXELS,
    MAX_PNG_TEXT_BYTES,
)

PngImagePlugin.MAX_TEXT_MEMORY = PngImagePlugin.MAX_TEXT_CHUNK = MAX_PNG_TEXT_BYTES
START_OF_SCAN = b"\xff\xda"  # of a JPEG; within the coded picture FF is followed by 00
END_OF_IMAGE = b"\xd9"
MARKER = re.compile(rb"\xff([^\x00\x01\xd0-\xd8\xff])", re.DOTALL)  # begins a segment, or the end
KEPT_SIDE = 280  # pixels of the picture handed on
FORMATS = ("PNG", "JPEG", "BMP", "WEBP")
BEGINNINGS = (b"\x89PNG", b"\xff\xd8", b"BM", b"GIF8", b"II*\0", b"MM\0*")  # and RIFF … WEBP


def looks_like_picture(data: bytes) -> bool:
    """Whether the bytes begin as those of a picture do."""
    return data.startswith(BEGINNINGS) or data[8:12] == b"WEBP"


def size_of(data: bytes, formats: tuple[str, ...] = FORMATS) -> tuple[int, int]:
    """Rows and columns that the header speaks of; (0, 0) for what is no picture."""
    try:
        with Image.open(io.BytesIO(data), formats=formats) as image:
            return image.height, image.width
    except Exception:  # judged again, and named, where it is decoded
        return 0, 0


def size_before(data: bytes, picture: np.ndarray) -> tuple[int, int]:
    """Rows and columns of the file whose ``picture`` was decoded, turned upright as that is."""
    rows, columns = size_of(data)
    turned = (rows - columns) * (picture.shape[0] - picture.shape[1]) < 0
    return (columns, rows) if turned else (rows, columns)


def is_coloured(picture: np.ndarray) -> bool:
    """Whether red, green and blue differ anywhere: a palette or an RGB file may hold grey only."""
    return picture.ndim == 3 and bool((picture != picture[..., :1]).any())


def decode(data: bytes, formats: tuple[str, ...] = FORMATS) -> np.ndarray:
    """The picture as ``uint8`` (rows, columns), grey, or (rows, columns, 3), at most 280 a side.

    Transparent pixels become paper, white or black, whichever the rest stands out from. 16-bit
    greys are scaled, not clipped. A photograph is turned upright as its camera says.

    Raises ``Refused`` with one sentence for anything else: not a picture of ``formats``, damaged,
    too large (judged from the header, before decoding), animated.
    """
    if not data:
        raise Refused("The file is empty.")
    if len(data) > MAX_PICTURE_BYTES:
        found = f"The file has {len(data):,} bytes"
        raise Refused(f"{found}; at most {MAX_PICTURE_BYTES:,} are taken.")
    try:
        with Image.open(io.BytesIO(data), formats=formats) as image:
            _judge(image, data)
            _judge_scans(data, image)
            return _pixels(image)
    except Refused:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Refused(_too_large("The picture has far too many pixels")) from None
    except Image.UnidentifiedImageError:
        more = ", TIFF, GIF, PGM" if formats != FORMATS else ""
        raise Refused(f"This is not a picture in PNG, JPEG, BMP{more} or WebP format.") from None
    except (OSError, ValueError, SyntaxError, EOFError, struct.error, zlib.error):
        raise Refused("The picture is damaged or cut short and cannot be read.") from None
    except Exception:  # Pillow's decoders raise whatever a hostile file leads them to
        raise Refused("The picture cannot be read.") from None


def _judge(image: Image.Image, data: bytes) -> None:
    """Refuses by what the header says; nothing has been decoded yet."""
    columns, rows = image.size
    jpeg = image.format in ("JPEG", "MPO")
    whole = not jpeg or _in_several_scans(data)  # such a JPEG is held whole while decoding
    most = MAX_PICTURE_PIXELS if whole else MAX_JPEG_PIXELS
    if columns * rows > most:
        raise Refused(_too_large(f"The picture has {columns} × {rows} pixels", most))
    if max(columns, rows) > MAX_ASPECT_RATIO * min(columns, rows):
        found = f"A picture of {columns} × {rows} pixels is a line, not a digit"
        raise Refused(f"{found}; wanted at most {MAX_ASPECT_RATIO} times as long as wide.")
    if not jpeg and getattr(image, "is_animated", False):
        raise Refused("The picture is animated; one still picture is wanted.")


def _in_several_scans(data: bytes) -> bool:
    """Whether a JPEG comes in more than one scan, be it progressive or not.

    Its segments are walked through: a thumbnail within one of them has a scan of its own.
    """
    at, scans = 2, 0
    while (found := MARKER.search(data, at)) is not None and found[1] != END_OF_IMAGE:
        scans += found[1] == START_OF_SCAN[1:]
        if scans > 1:
            return True
        length = data[found.end() : found.end() + 2]
        at = found.end() + max(int.from_bytes(length), 2)
    return False


def _judge_scans(data: bytes, image: Image.Image) -> None:
    """Ten thousand passes over a photograph fit into a small file and take minutes to decode."""
    scans = data.count(START_OF_SCAN) if image.format in ("JPEG", "MPO") else 0
    if scans > MAX_JPEG_SCANS:
        raise Refused(f"The photograph has {scans:,} scans; at most {MAX_JPEG_SCANS} are taken.")


def _too_large(found: str, most: int = MAX_PICTURE_PIXELS) -> str:
    return f"{found}; at most {most / 1e6:.0f} million are taken."


def _pixels(image: Image.Image) -> np.ndarray:
    """The decoded picture, small, upright, grey or in colour."""
    image.draft(None, (KEPT_SIDE, KEPT_SIDE))  # JPEG only: decode at 1/2, 1/4 or 1/8
    if image.mode.startswith("I") or image.mode == "F":
        return _sixteen_bit(image)
    small = _small(image)
    if "A" in small.getbands() or "transparency" in image.info:
        return _on_paper(small.convert("RGBA"))
    upright = _upright(small)
    return np.array(upright.convert("L" if upright.mode in ("1", "L") else "RGB"))


def _small(image: Image.Image) -> Image.Image:
    """The picture at 280 pixels a side at most; modes that cannot be averaged are converted."""
    if image.mode in ("1", "P", "PA"):
        see_through = image.mode == "PA" or "transparency" in image.info
        image = image.convert("L" if image.mode == "1" else "RGBA" if see_through else "RGB")
    scale = KEPT_SIDE / max(image.size)
    if scale >= 1:
        image.load()
        return image
    size = [max(1, round(side * scale)) for side in image.size]
    return image.resize(size, Image.Resampling.BOX)


def _sixteen_bit(image: Image.Image) -> np.ndarray:
    """16-bit grey as 8-bit, by its high byte, or its low one where only that is used."""
    values = np.clip(np.asarray(image), 0, 65535)
    values = values if values.max() < 256 else values // 256  # 16 bits of which 8 are used
    return np.array(_small(Image.fromarray(values.astype(np.uint8))))


def _on_paper(image: Image.Image) -> np.ndarray:
    """Transparent pixels filled with white, or with black when what can be seen is bright."""
    values = np.asarray(image, float)
    cover = values[..., 3:] / 255
    seen = (values[..., :3] * cover).sum() / max(3 * cover.sum(), 1e-9)
    paper = 0.0 if seen > 127 and cover.min() < 1 else 255.0
    return np.round(values[..., :3] * cover + paper * (1 - cover)).astype(np.uint8)


def _upright(image: Image.Image) -> Image.Image:
    """Turned as the photograph's EXIF data ask; unreadable data ask nothing."""
    try:
        return ImageOps.exif_transpose(image)
    except Exception:  # EXIF is a second file format inside the first
        return image
