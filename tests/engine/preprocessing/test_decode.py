"""Pictures from viewers: what is taken, what is refused, and at what price in memory."""

import io
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine.io.file_names import short_name
from engine.preprocessing.decode import KEPT_SIDE, Refused, decode

ROOT = Path(__file__).resolve().parents[3]


def saved(image: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def png_header(
    columns: int, rows: int, depth: int = 8, colour: int = 2, body: bytes = b""
) -> bytes:
    """A PNG with any header over any compressed body."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        )

    header = struct.pack(">IIBBBBB", columns, rows, depth, colour, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")
    )


SEVEN = np.full((40, 30, 3), 250, np.uint8)
SEVEN[5:10, 5:25] = SEVEN[5:35, 20:25] = (20, 30, 60)
DRAWN = Image.fromarray(SEVEN)
FRAMES = [Image.new("RGB", (20, 20), (shade, 0, 0)) for shade in (0, 90, 200)]


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "BMP", "WEBP"])
def test_each_listed_format_arrives_in_its_size_and_colours(kind):
    arrived = decode(saved(DRAWN, kind))
    assert arrived.shape == SEVEN.shape
    assert np.abs(arrived.astype(int) - SEVEN).mean() < 12


@pytest.mark.case(7, 8, 9, 11)
@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"not a picture at all", "not a picture"),
        (
            b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
            "not a picture",
        ),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "not a picture"),
        (saved(DRAWN, "TIFF"), "not a picture"),
        (saved(DRAWN, "GIF"), "not a picture"),
        (saved(DRAWN)[:-40], "damaged"),
        (saved(DRAWN, "JPEG")[:300], "damaged"),
        (saved(DRAWN, "WEBP")[:60], "damaged"),
        (saved(FRAMES[0], save_all=True, append_images=FRAMES[1:]), "animated"),
        (saved(FRAMES[0], "WEBP", save_all=True, append_images=FRAMES[1:]), "animated"),
        (png_header(13000, 13000), "pixels"),
        (png_header(6000, 13000, depth=16, colour=6), "pixels"),
        (png_header(20000, 20000), "pixels"),
        (png_header(2_000_000_000, 2_000_000_000), "pixels"),
        (saved(Image.new("L", (4000, 20))), "a line"),
        (b"\x00" * 10_000_001, "10,000,000"),
    ],
)
def test_anything_else_is_refused_in_one_sentence(data, words):
    with pytest.raises(Refused, match=words) as refusal:
        decode(data)
    assert str(refusal.value).endswith(".") and "\n" not in str(refusal.value)


@pytest.mark.case(10)
def test_a_text_chunk_that_unpacks_to_a_hundred_megabytes_is_refused():
    plain = saved(DRAWN)
    text = b"k\x00\x00" + zlib.compress(b"a" * 100_000_000, 9)
    chunk = (
        struct.pack(">I", len(text))
        + b"zTXt"
        + text
        + struct.pack(">I", zlib.crc32(b"zTXt" + text))
    )
    with pytest.raises(Refused):
        decode(plain[:33] + chunk + plain[33:])


def test_sixteen_bit_greys_are_scaled_not_clipped():
    values = np.linspace(0, 65535, 40, dtype=np.uint16).reshape(1, 40).repeat(30, axis=0)
    assert np.array_equal(decode(saved(Image.fromarray(values))), (values // 256).astype(np.uint8))


def test_cmyk_arrives_as_the_colours_it_stands_for():
    arrived = decode(saved(DRAWN.convert("CMYK"), "JPEG", quality=95))
    assert arrived.shape == SEVEN.shape
    assert np.abs(arrived.astype(int) - SEVEN).mean() < 12


@pytest.mark.parametrize("ink", [0, 255])
def test_transparent_paper_is_the_opposite_of_its_ink(ink):
    picture = Image.new("LA", (20, 20), (0, 0))
    picture.paste((ink, 255), (8, 4, 12, 16))
    arrived = decode(saved(picture))
    assert arrived[10, 10, 0] == ink and arrived[0, 0, 0] == 255 - ink


def test_a_palette_with_transparency_is_put_on_paper():
    picture = Image.new("P", (20, 20), 0)
    picture.putpalette([9, 9, 9, 10, 20, 200] + [0] * 762)
    picture.paste(1, (8, 4, 12, 16))
    arrived = decode(saved(picture, transparency=0))
    assert arrived[0, 0].tolist() == [255, 255, 255] and arrived[10, 10].tolist() == [10, 20, 200]


def test_a_photograph_is_turned_as_its_camera_says():
    exif = Image.Exif()
    exif[0x0112] = 6
    lying = DRAWN.transpose(Image.Transpose.ROTATE_90)
    arrived = decode(saved(lying, "JPEG", quality=95, exif=exif))
    assert arrived.shape == SEVEN.shape and np.abs(arrived.astype(int) - SEVEN).mean() < 12


@pytest.mark.filterwarnings("ignore:Corrupt EXIF")
def test_a_broken_camera_note_does_not_cost_the_photograph():
    arrived = decode(saved(DRAWN, "JPEG", exif=b"Exif\x00\x00II*\x00\xff\xff\xff\xff"))
    assert arrived.shape == SEVEN.shape


def test_a_telephones_photograph_arrives_small():
    arrived = decode(saved(Image.new("RGB", (4000, 3000), "white"), "JPEG"))
    assert max(arrived.shape) == KEPT_SIDE


def test_of_a_telephones_several_views_the_first_is_taken():
    views = [Image.new("RGB", (600, 400), colour) for colour in ("red", "blue")]
    arrived = decode(saved(views[0], "MPO", save_all=True, append_images=views[1:]))
    assert arrived[0, 0, 0] > 200 > 60 > arrived[0, 0, 2]


def test_a_progressive_photograph_is_held_whole_and_so_may_not_be_as_large():
    white = Image.new("RGB", (2500, 2000), "white")
    with pytest.raises(Refused, match="2500 × 2000"):
        decode(saved(white, "JPEG", progressive=True))


def test_a_photograph_in_several_scans_is_held_whole_whether_it_calls_itself_progressive_or_not():
    content = saved(Image.new("RGB", (2500, 2000), "white"), "JPEG", progressive=True)
    sequential = content.replace(b"\xff\xc2", b"\xff\xc0", 1)
    with pytest.raises(Refused, match="2500 × 2000"):
        decode(sequential)


def test_a_photograph_with_a_thumbnail_of_its_own_is_in_one_scan():
    small = saved(Image.new("RGB", (160, 120), "white"), "JPEG")
    exif = b"Exif\0\0II*\0\x08\0\0\0\0\0\0\0\0\0" + small
    content = saved(Image.new("RGB", (3000, 2000), "white"), "JPEG", exif=exif)
    assert content.count(b"\xff\xda") == 2
    assert max(decode(content).shape) == KEPT_SIDE


def test_one_pixel_is_a_picture():
    assert decode(saved(Image.new("1", (1, 1)))).shape == (1, 1)


BOMBS = {
    "png": png_header(13000, 13000, body=zlib.compress(bytes(3 * 13000 * 13000 // 100), 9)),
    "deep": png_header(6000, 13000, 16, 6, zlib.compress(bytes(10_000_000), 9)),
    "photo": saved(Image.new("RGB", (7000, 7000), "white"), "JPEG"),
    "largest png": saved(Image.new("RGBA", (2000, 2000), "white")),
}


@pytest.mark.case(7, 8)
@pytest.mark.skipif(sys.platform != "linux", reason="ru_maxrss is in kilobytes on Linux only")
@pytest.mark.parametrize("name", BOMBS)
def test_no_picture_costs_fifty_megabytes(name, tmp_path):
    (tmp_path / "picture").write_bytes(BOMBS[name])
    program = (
        "import resource, sys\n"
        "from engine.preprocessing import decode as intake\n"
        "import PIL.PngImagePlugin, PIL.JpegImagePlugin\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "try:\n    intake.decode(open(sys.argv[1], 'rb').read())\n"
        "except intake.Refused:\n    pass\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", program, tmp_path / "picture"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert int(run.stdout) < 50_000


def test_names_are_shown_short_and_on_one_line():
    assert short_name("a\nb\u202e.png") == "a b .png"
    assert len(short_name("x" * 3000)) == 60
