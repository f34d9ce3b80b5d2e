"""CSV and Parquet tables."""

import io

import numpy as np
import pandas as pd
from hypothesis import strategies as st

WORDS = [
    "", "0", "1", "7", "9", "10", "-1", "7.0", "7.5", "1e400", "nan", "inf", "9" * 24, "seven", "٣",
    "=1+1", "@x", "+1", "-1", "\tx", "'", '"', "\0", "a\nb", "a,b", "<b>", "![](http://x/y)", "😀",
    "\u202e", "any", "true", "None", " 3 ", "0x3", "1_0", "x" * 600, "d",
]  # fmt: skip
NAMES = [
    "index", "file", "files", "predicted", "scores", "label", "class", "split", "data", "mark",
    "note", "score 0", "score 9", "a", "b", "c", "d", "p0", "p1", "p2", "p3", "", "Label", "1",
]  # fmt: skip


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
