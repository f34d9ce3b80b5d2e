"""Pictures in any mode and format, and files put together to hurt who decodes them."""

import io
import struct
import zlib
from functools import cache

import numpy as np
from hypothesis import strategies as st
from PIL import Image

from tests.support.inputs.content import PIECES

MODES = ["1", "L", "LA", "P", "PA", "RGB", "RGBA", "CMYK", "YCbCr", "LAB", "HSV", "I", "F", "I;16"]
KINDS = [
    "PNG", "JPEG", "BMP", "WEBP", "GIF", "TIFF", "ICO", "PPM", "TGA", "PCX", "MPO", "DIB", "EPS",
]  # fmt: skip


@cache
def saved(mode: str, kind: str, size: tuple[int, int], options: tuple = ()) -> bytes:
    """A picture of a 7 in a file, or what Pillow cannot write: nothing."""
    image = Image.new("L", size, 250)
    image.paste(
        20, (size[0] // 4, size[1] // 4, size[0] * 3 // 4, size[1] // 4 + max(1, size[1] // 10))
    )
    file = io.BytesIO()
    try:
        image = (
            Image.fromarray(np.asarray(image).astype("<u2") * 257)
            if mode == "I;16"
            else _in_mode(image, mode)
        )
        image.save(file, kind, **dict(options))
    except (OSError, ValueError, KeyError):
        return b""
    return file.getvalue()


def _in_mode(image: Image.Image, mode: str) -> Image.Image:
    if mode in ("LAB", "HSV", "PA"):
        image = image.convert("RGB" if mode != "PA" else "P")
    return image.convert(mode)


def chunk(name: bytes, data: bytes) -> bytes:
    """A chunk of a PNG file."""
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


@st.composite
def chunked(draw) -> bytes:
    """A PNG put together from any header and chunks in any order."""
    sides = [0, 1, 28, 300, 2000, 13_000, 20_000, 2**31 - 1]
    columns, rows = draw(st.sampled_from(sides)), draw(st.sampled_from(sides))
    depth, colour = (
        draw(st.sampled_from([1, 2, 4, 8, 16])),
        draw(st.sampled_from([0, 2, 3, 4, 6, 9])),
    )
    kind = depth, colour, 0, 0, draw(st.integers(0, 1))
    start = chunk(b"IHDR", struct.pack(">IIBBBBB", columns, rows, *kind))
    full = bomb()
    others = [
        chunk(b"IDAT", zlib.compress(bytes(min((columns * 8 + 1) * rows, 100_000)))),
        *(chunk(b"IDAT", full), chunk(b"zTXt", b"k\0\0" + full), chunk(b"iCCP", b"k\0\0" + full)),
        *(chunk(b"iTXt", b"k\0\1\0\0\0" + full), chunk(b"PLTE", bytes(30))),
        *(chunk(b"tRNS", bytes(9)), chunk(b"eXIf", b"II*\0\xff\xff\xff\xff")),
        *(chunk(b"acTL", struct.pack(">II", 2**31, 0)), chunk(b"fcTL", bytes(26))),
        *(chunk(b"tEXt", b"k\0" + b"x" * 100_000), chunk(b"IEND", b"")),
    ]
    body = b"".join(draw(st.lists(st.sampled_from(others), max_size=5)))
    return b"\x89PNG\r\n\x1a\n" + start + body + chunk(b"IEND", b"")


@cache
def bomb() -> bytes:
    """Sixty megabytes, packed."""
    return zlib.compress(b"a" * 60_000_000, 9)


@st.composite
def scanned(draw) -> bytes:
    """A progressive JPEG whose last scan comes again and again."""
    content = saved(
        "L", "JPEG", draw(st.sampled_from([(28, 28), (1500, 1500)])), (("progressive", True),)
    )
    at = content.rfind(b"\xff\xda")
    return content[:at] + content[at:-2] * draw(st.sampled_from([1, 3, 90, 3000])) + content[-2:]


def pictures() -> st.SearchStrategy[bytes]:
    """A picture in any mode and format, or one that is put together by hand."""
    sizes = st.sampled_from([(1, 1), (28, 28), (30, 200), (1, 400), (700, 500), (2100, 2000)])
    plain = st.builds(saved, st.sampled_from(MODES), st.sampled_from(KINDS), sizes)
    return st.one_of(
        plain, plain, plain, chunked(), scanned(), st.sampled_from(PIECES), st.binary(max_size=200)
    )
