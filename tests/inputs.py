"""Hypothesis strategies for what strangers may send: nearly right, wrong, and made to hurt."""

import bz2
import gzip
import io
import json
import lzma
import struct
import tarfile
import warnings
import zipfile
import zlib
from functools import cache

import numpy as np
import pandas as pd
from hypothesis import strategies as st
from PIL import Image

HUGE = [0, 1, 0x7F, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF]
PIECES = [
    *(
        b"",
        b"\0",
        b"\xff",
        b"\n",
        b"\r",
        b'"',
        b",",
        b";",
        b"=1+1",
        b"PK\5\6",
        b"PK\6\7",
        b"PK\6\6",
    ),
    *(
        b"PK\1\2",
        b"PAR1",
        b"\x93NUMPY",
        b"\xff\xda",
        b"\xff\xd8",
        b"IEND",
        b"IDAT",
        b"\xef\xbb\xbf",
    ),
    *("é".encode(), "😀".encode(), b"\xed\xa0\x80", b"\xff\xfe", b"1e400", b"0" * 5000),
]
WORDS = [
    *(
        "",
        "0",
        "1",
        "7",
        "9",
        "10",
        "-1",
        "7.0",
        "7.5",
        "1e400",
        "nan",
        "inf",
        "9" * 24,
        "seven",
        "٣",
    ),
    *(
        "=1+1",
        "@x",
        "+1",
        "-1",
        "\tx",
        "'",
        '"',
        "\0",
        "a\nb",
        "a,b",
        "<b>",
        "![](http://x/y)",
        "😀",
    ),
    *("\u202e", "any", "true", "None", " 3 ", "0x3", "1_0", "x" * 600, "d"),
]
NAMES = [
    *("index", "file", "files", "predicted", "scores", "label", "class", "split", "data", "mark"),
    *("note", "score 0", "score 9", "a", "b", "c", "d", "p0", "p1", "p2", "p3", "", "Label", "1"),
]
PATHS = [
    *("0/a.png", "1/a.png", "0/b.png", "1/b.png", "train/0/a.png", "test/0/a.png", "train/1/a.png"),
    *("../0/a.png", "/abs/0.png", "C:\\0\\a.png", "0/../../x.png", "a.png", ".DS_Store", "0/.x"),
    *("__MACOSX/0/a.png", "0", "0/", "//", "0//a.png", "é/a.png", "x" * 300 + "/a.png", "0/a.txt"),
    *("train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte"),
    *(
        "t10k-labels-idx1-ubyte",
        "t10k-labels-idx1-ubyte.gz",
        "images.npy",
        "labels.npy",
        "any/a.png",
    ),
    *("x_train.npy", "y_train.npy", "x_test.npy", "y_test.npy", "index.npy", "predicted.npy"),
]
MODES = ["1", "L", "LA", "P", "PA", "RGB", "RGBA", "CMYK", "YCbCr", "LAB", "HSV", "I", "F", "I;16"]
KINDS = [
    "PNG",
    "JPEG",
    "BMP",
    "WEBP",
    "GIF",
    "TIFF",
    "ICO",
    "PPM",
    "TGA",
    "PCX",
    "MPO",
    "DIB",
    "EPS",
]


@st.composite
def mutated(draw, whole: st.SearchStrategy[bytes]) -> bytes:
    """The bytes as they are, or with up to four changes: cut, dropped, repeated, overwritten."""
    content = draw(whole)
    for _ in range(draw(st.sampled_from([0, 0, 0, 1, 1, 2, 4]))):
        at = draw(st.integers(0, len(content)))
        end = min(len(content), at + draw(st.sampled_from([1, 2, 4, 16, 100])))
        how = draw(st.sampled_from(["cut", "drop", "repeat", "number", "piece", "flip"]))
        part = content[at:end]
        if how == "cut":
            content = content[:at]
        elif how == "drop":
            content = content[:at] + content[end:]
        elif how == "repeat":
            content = content[:at] + part * draw(st.sampled_from([2, 50, 3000])) + content[end:]
        elif how == "number":
            order = draw(st.sampled_from(["<I", ">I", "<H"]))
            number = struct.pack(
                order, draw(st.sampled_from(HUGE)) & 0xFFFF * 0x10001 ** (order[1] == "I")
            )
            content = content[:at] + number + content[at + len(number) :]
        elif how == "piece":
            content = content[:at] + draw(st.sampled_from(PIECES)) + content[at:]
        elif part:
            content = (
                content[:at] + bytes([part[0] ^ draw(st.integers(1, 255))]) + content[at + 1 :]
            )
    return content


def text_tables(names: list[str], words: list[str]) -> st.SearchStrategy[bytes]:
    """A CSV of any words under any names."""

    @st.composite
    def table(draw) -> bytes:
        header = draw(st.lists(st.sampled_from(names), max_size=12))
        width = max(len(header), 1) + draw(st.sampled_from([0, 0, 0, 0, -1, 1]))
        row = st.lists(st.sampled_from(words), min_size=width, max_size=width)
        rows = draw(st.lists(row, max_size=6)) * draw(st.sampled_from([1, 1, 1, 50, 20_000]))
        comma, line = (
            draw(st.sampled_from([",", ",", ",", ";", "\t"])),
            draw(st.sampled_from(["\n", "\r\n", "\r"])),
        )
        quoted = draw(st.booleans())
        lines = [comma.join(f'"{c}"' if quoted else c for c in cells) for cells in [header, *rows]]
        text = line.join(lines)[:3_000_000]
        code = draw(st.sampled_from(["utf-8", "utf-8", "utf-8-sig", "utf-16", "latin-1"]))
        return text.encode(code, "replace")

    return table()


@st.composite
def nearly(draw, whole: bytes, words: list[str]) -> bytes:
    """A right CSV in which a few cells hold other words."""
    lines = whole.decode().split("\n")
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(lines) - 1))
        cells = lines[at].split(",")
        cells[draw(st.integers(0, len(cells) - 1))] = draw(st.sampled_from(words))
        lines[at] = ",".join(cells)
    return "\n".join(lines).encode()


COLUMNS = [
    lambda n: np.arange(n),
    lambda n: np.arange(n) % 10,
    lambda n: np.zeros(n, np.uint8),
    lambda n: np.full(n, 255, np.int64),
    lambda n: np.linspace(0, 1, n),
    lambda n: np.full(n, np.nan),
    lambda n: np.full(n, np.inf, np.float16),
    lambda n: np.full(n, "x"),
    lambda n: np.full(n, "long" * 300),
    lambda n: [b"\xff"] * n,
    lambda n: [[1, 2]] * n,
    lambda n: [{"a": 1}] * n,
    lambda n: [None] * n,
    lambda n: pd.date_range("2000", periods=n, freq="s"),
    lambda n: pd.Categorical(["a"] * n),
    lambda n: np.arange(n) % 2 == 0,
    lambda n: np.arange(n) % 10 + 0.5,
    lambda n: np.array([str(i % 10) for i in range(n)]),
]


@st.composite
def parquets(draw, n_images: int) -> bytes:
    """A Parquet file of columns of any kind; sometimes its rows fit."""
    n = draw(st.sampled_from([0, 1, 2, 20, n_images, n_images, 20_000]))
    names = draw(st.lists(st.sampled_from(NAMES), max_size=6, unique=True))
    kinds = [draw(st.sampled_from(COLUMNS)) for _ in names]
    file = io.BytesIO()
    table = pd.DataFrame({name: kind(n) for name, kind in zip(names, kinds, strict=True)})
    whole = draw(st.sampled_from(["", "", "predictions", "pixels"]))
    if whole == "predictions":
        table = pd.DataFrame({"index": range(n_images), "predicted": 1})
    elif whole == "pixels":
        table = pd.DataFrame({name: np.arange(n) % 2 for name in ("label", "a", "b", "c", "d")})
    table.to_parquet(
        file,
        index=draw(st.booleans()),
        compression=draw(st.sampled_from(["snappy", "zstd", None, "gzip"])),
    )
    return file.getvalue()


HEADS = [
    "{'descr': '<i8', 'fortran_order': False, 'shape': (3,), }",
    "{'descr': '|u1', 'fortran_order': True, 'shape': (4, 2, 2), }",
    "{'descr': '|u1', 'fortran_order': False, 'shape': (999999999999, 28, 28), }",
    "{'descr': '|u1', 'fortran_order': False, 'shape': (0, 9223372036854775807, 9), }",
    "{'descr': '|u1', 'fortran_order': False, 'shape': (-4, -2), }",
    "{'descr': '<U1', 'fortran_order': False, 'shape': (6,), }",
    "{'descr': '<U0', 'fortran_order': False, 'shape': (6,), }",
    "{'descr': '|O', 'fortran_order': False, 'shape': (1,), }",
    "{'descr': [('a', '<i8')], 'fortran_order': False, 'shape': (1,), }",
    "{'descr': '<f16', 'fortran_order': False, 'shape': (2,), }",
    "{'descr': '>f8', 'fortran_order': False, 'shape': (True,), }",
    "{'descr': 7, 'shape': None}",
    "(" * 5000,
    "__import__('os').system('true')",
    "{'descr': '|u1', 'fortran_order': False, 'shape': (" + "1, " * 70 + "), }",
]


@st.composite
def arrays(draw) -> bytes:
    """A .npy file: of any array, with any header, or pickled."""
    how = draw(st.sampled_from(["array", "array", "array", "head", "pickle"]))
    file = io.BytesIO()
    if how == "head":
        head = draw(st.sampled_from(HEADS)).encode()
        version = draw(st.sampled_from([1, 1, 2, 3]))
        size = struct.pack("<H" if version == 1 else "<I", len(head))
        body = draw(st.sampled_from([b"", b"\0" * 24, b"\xff" * 24, b"x" * 16]))
        return b"\x93NUMPY" + bytes([version, 0]) + size + head + body
    if how == "pickle":
        np.save(file, np.array([{"a": 1}, None]), allow_pickle=True)
        return file.getvalue()
    kind = draw(st.sampled_from(["u1", "i8", "f8", "f4", "U3", "S3", "?", "f2", "c8", "M8[s]"]))
    shape = draw(
        st.sampled_from(
            [
                (),
                (0,),
                (1,),
                (10,),
                (20,),
                (599,),
                (599, 10),
                (20, 4, 4),
                (20, 4, 4, 3),
                (0, 4, 4),
                (20, 0, 4),
                (2, 3000, 3000),
                (300_000,),
                (300_000, 1, 1),
                (20, 1, 300),
            ]
        )
    )
    values = np.arange(int(np.prod(shape))) % draw(st.sampled_from([2, 10, 300]))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        np.save(file, values.astype(kind).reshape(shape))
    return file.getvalue()


@st.composite
def idx_files(draw) -> bytes:
    """An IDX file, plain or gzipped, with a header that may lie."""
    shape = draw(
        st.sampled_from(
            [(20,), (20, 4, 4), (4, 4), (0, 4, 4), (300_000,), (300_000, 1, 1), (2, 3000, 3000)]
        )
    )
    said = draw(st.sampled_from([shape, shape, shape, (0xFFFFFFFF,) * len(shape), shape[::-1]]))
    kind = draw(st.sampled_from([8, 8, 8, 9, 13]))
    body = (np.arange(int(np.prod(shape))) % 10).astype(np.uint8).tobytes()
    content = bytes([0, 0, kind, len(said)]) + struct.pack(f">{len(said)}I", *said) + body
    return gzip.compress(content, 1, mtime=0) if draw(st.booleans()) else content


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
    start = chunk(
        b"IHDR",
        struct.pack(">IIBBBBB", columns, rows, depth, colour, 0, 0, draw(st.integers(0, 1))),
    )
    bomb = _bomb()
    others = [
        chunk(b"IDAT", zlib.compress(bytes(min((columns * 8 + 1) * rows, 100_000)))),
        *(chunk(b"IDAT", bomb), chunk(b"zTXt", b"k\0\0" + bomb), chunk(b"iCCP", b"k\0\0" + bomb)),
        *(
            chunk(b"iTXt", b"k\0\1\0\0\0" + bomb),
            chunk(b"PLTE", bytes(30)),
            chunk(b"tRNS", bytes(9)),
        ),
        *(chunk(b"eXIf", b"II*\0\xff\xff\xff\xff"), chunk(b"acTL", struct.pack(">II", 2**31, 0))),
        *(chunk(b"fcTL", bytes(26)), chunk(b"tEXt", b"k\0" + b"x" * 100_000), chunk(b"IEND", b"")),
    ]
    body = b"".join(draw(st.lists(st.sampled_from(others), max_size=5)))
    return b"\x89PNG\r\n\x1a\n" + start + body + chunk(b"IEND", b"")


@cache
def _bomb() -> bytes:
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


PLAIN = [zipfile.ZIP_DEFLATED] * 5 + [zipfile.ZIP_STORED]
PACKINGS = [*PLAIN, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]


@st.composite
def archives(draw) -> bytes:
    """A zip of anything: pictures, arrays, IDX files, links, bombs and other archives."""
    how = draw(st.sampled_from(["tree", "tree", "set", "mixed", "mixed", "many", "other"]))
    if how == "other":
        return draw(st.sampled_from(_other_archives()))
    if how == "many":
        return many(draw(st.sampled_from([300, 3000, 21_000])))
    small = pictures().filter(lambda content: len(content) < 300_000)
    files: list[tuple[str, bytes]] = []
    if how == "tree":
        names = st.sampled_from(["0", "1", "seven", "é", "any", "train/0", "test/0"])
        split = ["train/0", "train/1", "test/0", "test/1"]
        any_folders = st.lists(names, min_size=1, max_size=4, unique=True)
        folders = draw(st.one_of(st.sampled_from([["0", "1"], ["seven", "é"], split]), any_folders))
        one = saved("L", "PNG", draw(st.sampled_from([(8, 8), (28, 28), (100, 70)])))
        files = [
            (f"{folder}/{n}.png", one) for folder in folders for n in range(draw(st.integers(3, 8)))
        ]
        files += draw(st.lists(st.tuples(st.sampled_from(PATHS), small), max_size=1))
    elif how == "set":
        names = draw(
            st.sampled_from(
                [PATHS[-6:-2], PATHS[21:25], PATHS[26:28], ["images.npy", "labels.npy"]]
            )
        )
        files = [(name, draw(arrays() if name.endswith("npy") else idx_files())) for name in names]
    else:
        any_file = st.one_of(
            small, arrays(), idx_files(), st.sampled_from([*PIECES, bytes(1_000_000)])
        )
        files = draw(st.lists(st.tuples(st.sampled_from(PATHS), any_file), max_size=8))
    return pack(draw, files)


def pack(draw, files: list[tuple[str, bytes]]) -> bytes:
    """The files as a zip, sometimes encrypted by its flags, with links, or in an odd packing."""
    packed = io.BytesIO()
    with (
        warnings.catch_warnings(),
        zipfile.ZipFile(packed, "w", draw(st.sampled_from(PACKINGS))) as archive,
    ):
        warnings.simplefilter("ignore")  # second files of one name
        archive.comment = draw(st.sampled_from([b"", b"", b"PK\5\6" + bytes(18), b"x" * 65_000]))
        linked = draw(st.sampled_from([[], [], [], PATHS]))
        for name, content in files:
            entry = zipfile.ZipInfo(name)
            entry.compress_type = archive.compression
            entry.external_attr = 0o120777 << 16 if name in linked else 0
            archive.writestr(entry, content)
    content = packed.getvalue()
    if draw(st.sampled_from([False] * 9 + [True])):
        at = content.rfind(b"PK\1\2")
        content = (
            content[: at + 8] + bytes([content[at + 8] | 1]) + content[at + 9 :]
            if at >= 0
            else content
        )
    return content


@cache
def many(count: int) -> bytes:
    """An archive of so many empty files."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for number in range(count):
            archive.writestr(f"{number % 2}/{number}", b"")
    return file.getvalue()


@cache
def _other_archives() -> list[bytes]:
    """Archives that are no zip, lie about their size, or hold a second archive."""
    tar, inner, bomb = io.BytesIO(), io.BytesIO(), io.BytesIO()
    with tarfile.open(fileobj=tar, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("0/a.png"))
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("0/a.png", b"x")
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("0/a.png", bytes(200_000_000))
        archive.writestr("1/inner.zip", inner.getvalue())
    few = many(70_000)
    at = few.rfind(b"PK\5\6")
    hidden = few[:at] + b"PK\5\6" + struct.pack("<HHHHIIH", 0, 0, 5, 5, 500, 0xFFFFFFFF, 0)
    claims = bomb.getvalue().replace(struct.pack("<I", 200_000_000), struct.pack("<I", 1000))
    others = [tar.getvalue(), inner.getvalue(), bomb.getvalue(), few, hidden, claims]
    return [
        *others,
        bz2.compress(b"x"),
        lzma.compress(b"x"),
        gzip.compress(b"index,predicted\n", mtime=0),
    ]


def pixel_tables() -> st.SearchStrategy[bytes]:
    """A CSV of a label and pixels, right, nearly right or wrong, narrow or wide."""
    rows = "".join(f"{n % 2},{n},0,255,{n % 9}\n" for n in range(12))
    right = nearly(f"label,p0,p1,p2,p3\n{rows}".encode(), WORDS)
    return st.one_of(
        right,
        right,
        text_tables(NAMES, WORDS),
        text_tables(["label", "p0"], ["0", ""]),
        wide_tables(),
    )


@st.composite
def wide_tables(draw) -> bytes:
    side = draw(st.sampled_from([2, 28, 64, 65]))
    cell = draw(st.sampled_from(["0", "255", "", "x", "0.5", "1e5", "nan"]))
    names = ["label", *(f"p{n}" for n in range(side**2))]
    row = ",".join(["1", *[cell] * side**2])
    return "\n".join([",".join(names), *[row] * draw(st.sampled_from([1, 4, 200]))]).encode()


SCRAPS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5),
    st.sampled_from(WORDS),
    st.sampled_from([10**400, -(10**400), 1e308, float("nan"), float("inf"), 2**63]),
)  # fmt: skip
POINTS = st.one_of(
    st.tuples(st.floats(-2, 2), st.floats(-2, 2)).map(list), SCRAPS, st.lists(SCRAPS, max_size=3)
)
STROKES = st.fixed_dictionaries(
    {}, optional={"pen": SCRAPS, "points": st.one_of(st.lists(POINTS, max_size=40), SCRAPS)}
)
ANYTHING = st.recursive(
    SCRAPS,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4)
    ),
)


@st.composite
def drawings(draw) -> object:
    """What a pad may send: strokes, nearly strokes, thousands of them, or anything."""
    few = draw(st.one_of(st.lists(st.one_of(STROKES, SCRAPS), max_size=5), ANYTHING))
    return few * draw(st.sampled_from([1, 1, 1, 100, 3000])) if isinstance(few, list) else few


@st.composite
def retouches(draw) -> object:
    """What the editor may send: pairs of an index and a level, or anything."""
    pair = st.one_of(
        st.tuples(st.integers(-2, 800), st.integers(-2, 300)).map(list),
        SCRAPS,
        st.lists(SCRAPS, max_size=3),
    )
    few = draw(st.one_of(st.lists(pair, max_size=30), ANYTHING))
    return few * draw(st.sampled_from([1, 1, 100, 3000])) if isinstance(few, list) else few


def as_json(value: object) -> str:
    """As a browser would send it; what JSON cannot hold is text."""
    return json.dumps(value, default=str)
