"""Shards of Parquet: encoded pictures, bytes or lists of pixels, or a column a pixel."""

import math
from collections.abc import Iterator
from itertools import accumulate, pairwise

import numpy as np

from engine.importers.build import TESTING
from engine.importers.image_column import class_names, columns_of
from engine.importers.pixel_table import pixel_columns
from engine.io.text_tables import LABELS, SPLIT
from engine.runtime.errors import Refused
from engine.shards.sources.arrays import as_levels, block_of
from engine.shards.sources.pictures import picture_block
from engine.shards.sources.shard import Block, Shard, rows_of_block

BUFFER = 1 << 16  # bytes read ahead of each column: there may be 784
PICTURES = 1_000  # encoded pictures in a block


def parquet_blocks(shard: Shard, size: tuple[int, int] | None = None) -> Iterator[Block]:
    """The blocks of a Parquet file, read by row group. Raises Refused."""
    import pyarrow as pa

    try:
        yield from _blocks(shard, size)
    except Refused:
        raise
    except FileNotFoundError:
        raise
    except (pa.ArrowException, OSError, ValueError, TypeError, LookupError):
        raise Refused("The Parquet file is damaged or cut short.") from None


def row_group_bounds(path) -> list[tuple[int, int]]:
    """The first row of each row group and of what follows, and the group's bytes unpacked."""
    from pyarrow import parquet

    about = parquet.read_metadata(path)
    groups = [about.row_group(place) for place in range(about.num_row_groups)]
    firsts = accumulate((group.num_rows for group in groups), initial=0)
    sizes = [group.total_byte_size for group in groups]
    return list(zip(firsts, [*sizes, 0], strict=True))


def _blocks(shard: Shard, size: tuple[int, int] | None) -> Iterator[Block]:
    from pyarrow import parquet

    # Without reading ahead: a row group may be larger than the memory.
    with parquet.ParquetFile(shard.path, pre_buffer=False, buffer_size=BUFFER) as file:
        columns, rows, read = _reader(file.schema_arrow, size)
        at = shard.first
        for batch in file.iter_batches(rows, row_groups=_groups(file, shard), columns=columns):
            yield read(shard, at, batch)
            at += batch.num_rows


def _groups(file, shard: Shard) -> list[int]:
    """The row groups that lie in the shard, whose ends are ends of row groups."""
    about = file.metadata
    counts = [about.row_group(place).num_rows for place in range(about.num_row_groups)]
    bounds = pairwise(accumulate(counts, initial=0))
    last = math.inf if shard.last is None else shard.last
    return [place for place, (a, b) in enumerate(bounds) if shard.first <= a and b <= last]


def _reader(schema, size: tuple[int, int] | None):
    """The columns that are read, how many rows at a time, and what makes a block of a batch."""
    import pyarrow as pa

    image, label = columns_of(schema)
    if image is not None:
        given = image, label, class_names(schema, label), size
        return _named(image, label), PICTURES, lambda *batch: _pictures(*batch, *given)
    label = label or next((name for name in schema.names if name.lower() in LABELS), None)
    packed = [field for field in schema if _is_pixels(field.type)]
    if label is None:
        raise Refused(f"Found {len(schema):,} columns and no label among them; wanted 1.")
    split = SPLIT if SPLIT in schema.names else None
    if packed:
        side = _side(packed[0].type, packed[0].name)
        pixels = [packed[0].name]
        take = _bytes if pa.types.is_fixed_size_binary(packed[0].type) else _lists
    else:
        pixels, take = pixel_columns(schema.names, label, []), _columns
        side = math.isqrt(len(pixels))

    def read(shard: Shard, at: int, batch) -> Block:
        images = as_levels(take(batch, pixels)).reshape(-1, side, side)
        return block_of(shard, at, images, _values(batch, label), _sides(batch, split))

    return _named(*pixels, label, split), rows_of_block(side**2), read


def _named(*names: str | None) -> list[str]:
    return [name for name in names if name]


def _is_pixels(kind) -> bool:
    import pyarrow as pa

    return pa.types.is_fixed_size_binary(kind) or pa.types.is_fixed_size_list(kind)


def _side(kind, name: str) -> int:
    import pyarrow as pa

    length = kind.byte_width if pa.types.is_fixed_size_binary(kind) else kind.list_size
    side = math.isqrt(length)
    if side**2 != length or side < 2:
        raise Refused(f"{name[:40]!r} holds {length:,} pixels; wanted a square of them.")
    return side


def _bytes(batch, pixels: list[str]) -> np.ndarray:
    column = batch.column(pixels[0])
    _judge_whole(column, pixels[0])
    width = column.type.byte_width
    content = np.frombuffer(column.buffers()[1], np.uint8)
    return content[column.offset * width :][: len(column) * width].reshape(len(column), width)


def _lists(batch, pixels: list[str]) -> np.ndarray:
    column = batch.column(pixels[0])
    _judge_whole(column, pixels[0])
    return column.flatten().to_numpy(zero_copy_only=False).reshape(len(column), -1)


def _columns(batch, pixels: list[str]) -> np.ndarray:
    kind = np.result_type(*{batch.schema.field(name).type.to_pandas_dtype() for name in pixels})
    levels = np.empty((batch.num_rows, len(pixels)), kind)
    for place, name in enumerate(pixels):
        _judge_whole(batch.column(name), name)
        levels[:, place] = batch.column(name).to_numpy(zero_copy_only=False)
    return levels


def _judge_whole(column, name: str) -> None:
    if column.null_count:
        raise Refused(f"{name[:40]!r} lacks {column.null_count:,} values; wanted all pixels.")


def _values(batch, label: str) -> np.ndarray:
    import pyarrow as pa

    column = batch.column(label)
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    return column.to_numpy(zero_copy_only=False)


def _sides(batch, split: str | None) -> np.ndarray | None:
    """What the column of sides says of each image."""
    if split is None:
        return None
    words = batch.column(split).to_pylist()
    if not set(words) <= TESTING.keys():
        raise Refused("The column 'split' holds other words than training and testing.")
    return np.array([TESTING[word] for word in words], dtype=np.int8)


def _pictures(
    shard: Shard, at: int, batch, image: str, label: str | None, names: dict, size: tuple | None
) -> Block:
    rows = batch.column(image).to_pylist()
    kinds = batch.column(label).to_pylist() if label else [None] * len(rows)
    contents = [row.get("bytes") if isinstance(row, dict) else row for row in rows]
    called = [names.get(kind, "" if kind is None else str(kind)) for kind in kinds]
    return picture_block(shard, at, contents, called, size=size)
