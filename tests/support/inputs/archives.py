"""Zip archives of anything, and what is none."""

import bz2
import gzip
import io
import lzma
import struct
import tarfile
import warnings
import zipfile
from functools import cache

from hypothesis import strategies as st

from tests.support.inputs.arrays import arrays, idx_files
from tests.support.inputs.content import PIECES
from tests.support.inputs.pictures import pictures, saved

IDX_SET = [
    "train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
]  # fmt: skip
NPZ_SET, NPZ_PAIR = (
    ["x_train.npy", "y_train.npy", "x_test.npy", "y_test.npy"],
    ["images.npy", "labels.npy"],
)
PATHS = [
    "0/a.png", "1/a.png", "0/b.png", "1/b.png", "train/0/a.png", "test/0/a.png", "train/1/a.png",
    "../0/a.png", "/abs/0.png", "C:\\0\\a.png", "0/../../x.png", "a.png", ".DS_Store", "0/.x",
    "__MACOSX/0/a.png", "0", "0/", "//", "0//a.png", "é/a.png", "x" * 300 + "/a.png", "0/a.txt",
    "t10k-labels-idx1-ubyte.gz", "any/a.png", "index.npy", "predicted.npy",
    *IDX_SET, *NPZ_SET, *NPZ_PAIR,
]  # fmt: skip
PLAIN = [zipfile.ZIP_DEFLATED] * 5 + [zipfile.ZIP_STORED]
PACKINGS = [*PLAIN, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]
SETS = [IDX_SET, [*IDX_SET[:-1], f"{IDX_SET[-1]}.gz"], NPZ_SET, NPZ_PAIR, IDX_SET[:-1]]


@st.composite
def archives(draw) -> bytes:
    """A zip of anything: pictures, arrays, IDX files, links, bombs and other archives."""
    how = draw(st.sampled_from(["tree", "tree", "set", "mixed", "mixed", "many", "other"]))
    if how == "other":
        return draw(st.sampled_from(_other_archives()))
    if how == "many":
        return many(draw(st.sampled_from([300, 3000, 21_000])))
    files = {"tree": _tree, "set": _set, "mixed": _mixed}[how](draw)
    return pack(draw, files)


def _small() -> st.SearchStrategy[bytes]:
    return pictures().filter(lambda content: len(content) < 300_000)


def _tree(draw) -> list[tuple[str, bytes]]:
    """Folders of the same picture, and perhaps one file that does not belong there."""
    names = st.sampled_from(["0", "1", "seven", "é", "any", "train/0", "test/0"])
    split = ["train/0", "train/1", "test/0", "test/1"]
    any_folders = st.lists(names, min_size=1, max_size=4, unique=True)
    folders = draw(st.one_of(st.sampled_from([["0", "1"], ["seven", "é"], split]), any_folders))
    one = saved("L", "PNG", draw(st.sampled_from([(8, 8), (28, 28), (100, 70)])))
    counts = [range(draw(st.integers(3, 8))) for _ in folders]
    files = [
        (f"{folder}/{n}.png", one) for folder, ns in zip(folders, counts, strict=True) for n in ns
    ]
    return files + draw(st.lists(st.tuples(st.sampled_from(PATHS), _small()), max_size=1))


def _set(draw) -> list[tuple[str, bytes]]:
    """The arrays that belong together by their names."""
    names = draw(st.sampled_from(SETS))
    return [(name, draw(arrays() if name.endswith("npy") else idx_files())) for name in names]


def _mixed(draw) -> list[tuple[str, bytes]]:
    scraps = st.sampled_from([*PIECES, bytes(1_000_000)])
    any_file = st.one_of(_small(), arrays(), idx_files(), scraps)
    return draw(st.lists(st.tuples(st.sampled_from(PATHS), any_file), max_size=8))


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
    at = content.rfind(b"PK\1\2")
    if at < 0 or draw(st.sampled_from([False, *[True] * 9])):
        return content
    return content[: at + 8] + bytes([content[at + 8] | 1]) + content[at + 9 :]


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
