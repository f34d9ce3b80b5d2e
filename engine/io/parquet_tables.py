"""Parquet tables from strangers: read in batches, and no further than allowed.

What the end of a file says of its rows and bytes may be wrong, and is believed of neither.
"""

import io

import numpy as np

from engine.runtime.errors import Refused
from engine.runtime.limits import MAX_CELL_CHARACTERS

BATCH_BYTES = 10_000_000  # bytes of a batch in memory
TEXT_BYTES = 64  # bytes that a cell of text is taken for: it is read as a place in a dictionary


def n_rows(about) -> int:
    """The rows that the row groups of a file's metadata say they have, or the file says, if more.

    Raises Refused where a row group and its columns differ.
    """
    groups = [about.row_group(place) for place in range(about.num_row_groups)]
    for group in groups:
        values = {group.column(place).num_values for place in range(group.num_columns)}
        if values and values != {group.num_rows} and _is_flat(about):
            found = f"A row group says it has {group.num_rows:,} rows, and a column {max(values):,}"
            raise Refused(f"The Parquet file contradicts itself: {found}.")
    return max(about.num_rows, sum(group.num_rows for group in groups))


def _is_flat(about) -> bool:
    """Whether every column has one value a row: none is a list."""
    return all(
        about.schema.column(place).max_repetition_level == 0 for place in range(about.num_columns)
    )


def read_columns(
    content: bytes, names: list[str], most_rows: int, most_bytes: int
) -> dict[str, np.ndarray]:
    """Columns of numbers and text; missing values become nan, or '' in text.

    Raises Refused for more rows or bytes, however many the file says it has, and what pyarrow
    raises for a file that is damaged.
    """
    import pyarrow as pa
    from pyarrow import parquet

    schema = parquet.read_schema(io.BytesIO(content))
    texts = [name for name in names if not is_number(schema.field(name).type)]
    file = parquet.ParquetFile(io.BytesIO(content), read_dictionary=texts)
    if (rows := n_rows(file.metadata)) > most_rows:
        raise Refused(f"The file has {rows:,} rows; wanted {most_rows:,}.")
    width = sum(width_of(schema.field(name).type) for name in names)
    batches, rows = [], 0
    for batch in file.iter_batches(max(BATCH_BYTES // max(width, 1), 1), columns=names):
        rows += batch.num_rows
        if rows > most_rows or rows * width > most_bytes:
            raise Refused(
                f"The file has more than {most_rows:,} rows or {most_bytes:,} bytes unpacked."
            )
        batches.append(batch)
    if not batches:
        return {name: np.array([], object if name in texts else float) for name in names}
    table = pa.Table.from_batches(batches)
    return {name: unpacked(table[name], name in texts) for name in names}


def width_of(kind) -> int:
    """Bytes of one cell in memory; of text, what a short one takes. Raises Refused for others."""
    if is_number(kind):
        return of_category(kind).bit_width // 8
    if is_text(kind):
        return TEXT_BYTES
    raise Refused(
        f"A column holds {str(kind)[:40]}; wanted numbers, and a label of numbers or text."
    )


def of_category(kind):
    """What a Parquet column of categories holds, as pandas writes them; or the type itself."""
    import pyarrow as pa

    return kind.value_type if pa.types.is_dictionary(kind) else kind


def is_text(kind) -> bool:
    """Whether a Parquet column of this type holds text, be it as categories."""
    import pyarrow as pa

    kind = of_category(kind)
    return pa.types.is_string(kind) or pa.types.is_large_string(kind)


def is_number(kind) -> bool:
    """Whether a Parquet column of this type holds numbers, be it as categories."""
    import pyarrow as pa

    kind = of_category(kind)
    return pa.types.is_integer(kind) or pa.types.is_floating(kind)


def unpacked(column, text: bool) -> np.ndarray:
    """A Parquet column as an array; missing values become nan, or '' in text.

    ``text`` must have been read as a dictionary. Raises Refused for a cell that is too long.
    """
    if not text:
        return column.cast(of_category(column.type)).to_numpy()
    cells: list[str] = []
    for chunk in column.chunks:
        words = [word or "" for word in chunk.dictionary.to_pylist()]
        longest = max(map(len, words), default=0)
        if longest > MAX_CELL_CHARACTERS:
            raise Refused(
                f"A cell has {longest:,} characters; at most {MAX_CELL_CHARACTERS} are taken."
            )
        # By index, so that equal cells are one text in memory.
        cells += ["" if place is None else words[place] for place in chunk.indices.to_pylist()]
    return np.array(cells, dtype=object)
