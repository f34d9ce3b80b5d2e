"""Images as arrays: IDX files as the MNIST family is published, NPZ files, and tables of pixels."""

import io
import math
import re
import zlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from pathlib import PurePosixPath

import numpy as np
import pandas as pd

from engine.bring.assemble import assemble, class_labels
from engine.bring.source import Source
from engine.bring.tree import same_size, sizes_said
from engine.digits import Digits
from engine.limits import LONGEST_PIXEL_HEADER, MOST_SIDE, Limits, Refused

IDX_PARTS = {
    ("train", "images"): "train-images-idx3-ubyte",
    ("train", "labels"): "train-labels-idx1-ubyte",
    ("test", "images"): "t10k-images-idx3-ubyte",
    ("test", "labels"): "t10k-labels-idx1-ubyte",
}
IDX_HEADER = 16  # bytes, of three dimensions
NPZ_PAIRS = (("x_train", "y_train"), ("x_test", "y_test"))  # as Keras publishes MNIST
NPZ_ONE = ("images", "labels")
LABELS = ("label", "class")  # of a table; its other columns are pixels, and perhaps the split
SPLIT = "split"
TESTING = {"training": False, "train": False, "testing": True, "test": True}


def idx_part(name: str) -> tuple[str, str] | None:
    """Which of an IDX set's four files one is by its name, as ("train", "images"), or None.

    They are called as the MNIST family's are, as train-images-idx3-ubyte, perhaps with .gz.
    """
    found = re.search(r"(train|t10k|test)[^/]*idx([13]).ubyte[^/]*$", name)
    if found is None:
        return None
    return "train" if found[1] == "train" else "test", "images" if found[2] == "3" else "labels"


def missing_idx(names: Iterable[str]) -> list[str]:
    """What the absent ones of the four files are called."""
    found = {idx_part(name) for name in names}
    return [called for part, called in IDX_PARTS.items() if part not in found]


def read_idx_set(source: Source, name: str, limits: Limits) -> Digits:
    """The four IDX files of a set: images-idx3 and labels-idx1 of train and t10k, or Refused."""
    files: dict[tuple[str, str], str] = {}
    for path in source.files:
        if (part := idx_part(path)) and files.setdefault(part, path) != path:
            raise Refused(f"{files[part][:60]} and {path[:60]} are both {' '.join(part)}.")
    if wanted := missing_idx(source.files):
        found = ", ".join(sorted(files.values())) or "none"
        raise Refused(f"Wanted {' and '.join(wanted)}; found {found}.")
    images, labels, testing, left = [], [], [], limits
    for side in ("train", "test"):
        names = [files[side, kind] for kind in ("images", "labels")]
        pair = []
        for path in names:
            pair.append(read_idx(source.files[path](), left))
            left = replace(left, unpacked=left.unpacked - pair[-1].nbytes)
        _judge_pair(*pair, *(PurePosixPath(path).name for path in names), limits)
        images.append(pair[0])
        labels.append(pair[1])
        testing.append(np.full(len(pair[0]), side == "test"))
    return _joined(name, images, labels, testing)


def read_idx(content: bytes, limits: Limits) -> np.ndarray:
    """The array of an IDX file of bytes, plain or gzipped. Raises Refused for any other.

    Its header must say exactly what follows; a gzipped one is unpacked no further than that.
    """
    if content.startswith(b"\x1f\x8b"):
        content = _unzipped(content, limits)
    start, shape = _idx_header(content)
    if math.prod(shape) != len(content) - start:
        raise Refused(f"{_says(shape)}, and {len(content) - start:,} follow.")
    return np.frombuffer(content, np.uint8, offset=start).reshape(shape)


def _idx_header(content: bytes) -> tuple[int, tuple[int, ...]]:
    """How long the header is, and the shape that it says follows."""
    if len(content) < 4 or content[:3] != b"\0\0\x08" or not 1 <= content[3] <= 3:
        raise Refused(f"An IDX file of bytes begins with 00 00 08; found {content[:4].hex(' ')}.")
    start = 4 + 4 * content[3]
    if len(content) < start:
        raise Refused("The IDX file ends within its header.")
    return start, tuple(int(n) for n in np.frombuffer(content, ">u4", content[3], 4))


def _says(shape: tuple[int, ...]) -> str:
    return f"The IDX header says {'×'.join(map(str, shape))} = {math.prod(shape):,} bytes"


def _unzipped(content: bytes, limits: Limits) -> bytes:
    try:
        unzip = zlib.decompressobj(wbits=31)
        begin = unzip.decompress(content, IDX_HEADER)
        start, shape = _idx_header(begin)
        wanted = start + math.prod(shape)
        if wanted > limits.unpacked:
            raise Refused(f"{_says(shape)}; at most {limits.unpacked:,} more are taken.")
        rest = unzip.decompress(unzip.unconsumed_tail, max(wanted - len(begin), 0) + 1)
    except zlib.error:
        raise Refused("The gzipped file is damaged.") from None
    if len(begin) + len(rest) > wanted:
        raise Refused(f"{_says(shape)}, and more follow.")
    if not unzip.eof:
        raise Refused("The gzipped file is cut short.")
    return begin + rest


def from_npz(arrays: dict[str, np.ndarray], name: str, limits: Limits) -> Digits:
    """x_train, y_train, x_test and y_test, or images and labels. Raises Refused.

    Images are (n, h, w) uint8, or (n, h, w, 3) in colour; labels whole numbers or text.
    """
    names = set(arrays)
    pairs = [NPZ_ONE] if names == set(NPZ_ONE) else list(NPZ_PAIRS)
    if names != {part for pair in pairs for part in pair}:
        wanted = "x_train, y_train, x_test and y_test, or images and labels"
        raise Refused(f"The file holds {', '.join(sorted(names))[:200]}; wanted {wanted}.")
    images, labels, testing = [], [], []
    for place, (one, other) in enumerate(pairs):
        images.append(_grey_array(arrays[one], one))
        labels.append(arrays[other])
        _judge_pair(images[-1], labels[-1], one, other, limits)
        testing.append(np.full(len(images[-1]), place == 1))
    return _joined(name, images, labels, testing if len(pairs) == 2 else None)


def _grey_array(images: np.ndarray, name: str) -> np.ndarray:
    if images.dtype != np.uint8 or images.ndim not in (3, 4) or images.shape[3:] not in ((), (3,)):
        found = f"{images.dtype} {images.shape}"
        raise Refused(f"{name!r} is {found}; wanted uint8 (n, h, w) or (n, h, w, 3).")
    if images.ndim == 3:
        return images
    weights = np.array([19595, 38470, 7471])  # ITU-R 601 in 16 bits, rounded as Pillow does
    parts = [(some @ weights + 0x8000 >> 16).astype(np.uint8) for some in images]
    return np.stack(parts) if parts else images[..., 0]


def read_pixel_table(content: bytes, name: str, limits: Limits) -> Digits:
    """A CSV or Parquet table: label, one column a pixel, row by row, and perhaps split.

    Pixels are whole numbers from 0 to 255 and as many as a square has. Raises Refused.
    """
    table = _parquet(content, limits) if content.startswith(b"PAR1") else _csv(content, limits)
    labels = [column for column in table if str(column).lower() in LABELS]
    pixels = [column for column in table if column not in (*labels, SPLIT)]
    side = math.isqrt(len(pixels))
    if len(labels) != 1 or side**2 != len(pixels) or side > MOST_SIDE or side < 2:
        found = f"{len(labels)} label columns and {len(pixels):,} others"
        raise Refused(f"Found {found}; wanted 1, and a square of pixels, at most {MOST_SIDE} wide.")
    images = np.empty((len(table), len(pixels)), np.uint8)
    for place, column in enumerate(pixels):  # one by one: together they take eight times as much
        images[:, place] = _grey_levels(table[column].to_numpy(), str(column))
    testing = None
    if SPLIT in table:
        if not table[SPLIT].isin(TESTING).all():
            raise Refused("The column 'split' holds other words than training and testing.")
        testing = [table[SPLIT].map(TESTING).to_numpy(dtype=bool)]
    images = images.reshape(-1, side, side)
    label = table[labels[0]].to_numpy()
    _judge_pair(images, label, "The pixels", labels[0], limits)
    return _joined(name, [images], [label], testing)


def _grey_levels(values: np.ndarray, column: str) -> np.ndarray:
    if values.dtype.kind not in "uif" or not ((values >= 0) & (values <= 255)).all():
        raise Refused(f"A pixel in {column[:40]!r} is no number from 0 to 255.")
    if values.dtype.kind == "f" and not (values == np.floor(values)).all():
        raise Refused(f"A pixel in {column[:40]!r} is a fraction; wanted a whole number.")
    return values


def _csv(content: bytes, limits: Limits) -> pd.DataFrame:
    if len(content) > limits.packed:
        raise Refused(f"The file has {len(content):,} bytes; at most {limits.packed:,}.")
    most = MOST_SIDE**2 + 2
    header = content[:LONGEST_PIXEL_HEADER].split(b"\n", 1)[0]
    if len(header) >= LONGEST_PIXEL_HEADER or header.count(b",") >= most:
        raise Refused(f"The first line is too long; wanted a label and up to {most - 2:,} pixels.")
    columns = header.count(b",") + 1
    cells = (content.count(b"\n") + 1) * columns
    if 8 * cells > limits.unpacked:
        raise Refused(f"The table has {cells:,} cells; at most {limits.unpacked // 8:,} are taken.")
    try:
        texts = dict.fromkeys((*LABELS, SPLIT), str)
        table = pd.read_csv(io.BytesIO(content), dtype=texts, na_filter=False)  # NA may be a class
    except (ValueError, OverflowError, pd.errors.ParserError) as error:
        raise Refused(f"The file is not a CSV table ({type(error).__name__}).") from None
    if not isinstance(table.index, pd.RangeIndex):  # pandas would take the first cells for names
        raise Refused(f"A row has more cells than the first line, which has {columns:,}.")
    return table


def _parquet(content: bytes, limits: Limits) -> pd.DataFrame:
    import pyarrow as pa
    from pyarrow import parquet

    try:
        about = parquet.read_metadata(io.BytesIO(content))
        if about.num_columns > MOST_SIDE**2 + 2:
            raise Refused(
                f"Found {about.num_columns:,} columns; at most {MOST_SIDE**2 + 2:,} are taken."
            )
        if len(set(about.schema.names)) < about.num_columns:
            raise Refused("Two columns of the table have the same name.")
        widths = [_width(column.type) for column in about.schema.to_arrow_schema()]
        if about.num_rows * sum(widths) > limits.unpacked:
            found = f"Unpacked it has {about.num_rows * sum(widths):,} bytes"
            raise Refused(f"{found}; at most {limits.unpacked:,} are taken.")
        # pandas' own notes may lie, so its row numbers are told by their name alone.
        wanted = [name for name in about.schema.names if not name.startswith("__index_level_")]
        table = parquet.read_table(io.BytesIO(content), columns=wanted)
        return table.to_pandas(ignore_metadata=True)
    except Refused:
        raise
    except (pa.ArrowException, OSError, ValueError, TypeError):
        raise Refused("The Parquet file is damaged or cut short.") from None


def _width(kind) -> int:
    """Bytes of one cell in memory; of text, what a short one takes. Raises Refused for others."""
    import pyarrow as pa

    if pa.types.is_integer(kind) or pa.types.is_floating(kind):
        return kind.bit_width // 8
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return 64
    raise Refused(
        f"A column holds {str(kind)[:40]}; wanted numbers, and a label of numbers or text."
    )


def _judge_pair(
    images: np.ndarray, labels: np.ndarray, one: str, other: str, limits: Limits
) -> None:
    if len(images) > limits.images:
        raise Refused(f"{one!r} holds {len(images):,} images; at most {limits.images:,} are taken.")
    if labels.ndim != 1 or len(images) != len(labels):
        found = f"{len(images):,} images and labels {labels.shape}"
        raise Refused(f"{one!r} and {other!r} hold {found}; wanted as many labels as images.")
    if images.ndim != 3 or min(images.shape[1:]) < 1 or not len(images):
        raise Refused(f"{one!r} is {images.shape}; wanted images (n, h, w), at least one.")


def _joined(
    name: str, images: list[np.ndarray], labels: list[np.ndarray], testing: list | None
) -> Digits:
    sizes = {part.shape[1:] for part in images}
    if len(sizes) > 1:
        raise Refused(f"Training and test images differ in size: {sizes}.")
    together = np.concatenate(images)
    came = Counter({together.shape[1:]: len(together)})
    if max(together.shape[1:]) > MOST_SIDE:
        together = same_size(list(together))
    try:
        names = [_name(label) for part in labels for label in part.tolist()]
    except ValueError as error:  # numpy holds texts that no text can be
        raise error if isinstance(error, Refused) else Refused("A label is no text.") from None
    files = np.array([f"image {place}" for place in range(len(names))])
    where = None if testing is None else np.concatenate(testing)
    done = sizes_said(came, together.shape[1:])
    return assemble(name, together, class_labels(names), files, where, done=done)


def _name(label: object) -> str:
    if isinstance(label, float) and not label.is_integer():
        raise Refused(f"A label is {label}; wanted a whole number or a name.")
    if isinstance(label, bytes):
        return label.decode("utf-8", "replace")
    return str(int(label) if isinstance(label, float) else label)
