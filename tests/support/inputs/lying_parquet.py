"""Parquet files whose end says other than what is in them."""

import io
import struct

import numpy as np


def lying_parquet(names: list[str], rows: int, said: int, groups_too: bool = False) -> bytes:
    """A table of zeros of ``rows`` rows, in one row group, that says it has ``said``.

    With ``groups_too`` its row group says so as well, and only its columns do not.
    """
    import pyarrow as pa
    from pyarrow import parquet

    file = io.BytesIO()
    column = pa.array(np.zeros(rows, np.int64))
    parquet.write_table(pa.table([column] * len(names), names), file, row_group_size=rows)
    content = file.getvalue()
    length = struct.unpack("<I", content[-8:-4])[0]
    end = content[-8 - length : -8]
    places = _places(end, _number(rows))
    for at in [places[0], *([places[-1]] if groups_too else [])]:
        there = _number(rows)
        end = end[:at] + _number(said, len(there)) + end[at + len(there) :]
    return content[: -8 - length] + end + content[-8:]


def _places(end: bytes, number: bytes) -> list[int]:
    return [at for at in range(len(end)) if end.startswith(number, at)]


def _number(value: int, length: int = 0) -> bytes:
    """A number as Thrift's compact protocol writes it, made ``length`` bytes long."""
    rest, found = value << 1, []
    while rest or not found or len(found) < length:
        found.append(rest & 0x7F | 0x80)
        rest >>= 7
    return bytes([*found[:-1], found[-1] & 0x7F])
