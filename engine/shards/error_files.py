"""All errors of a shard as a Parquet file, written while the shard is judged."""

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pandas as pd

from engine.datasets.cache_file import replacing
from engine.models.base import Classifier
from engine.shards.sources.shard import Shard
from engine.shards.verdict import ERRORS, Found

ROWS = 100_000  # of a row group


def error_file(folder: Path, shard: Shard) -> Path:
    """Where the errors of a shard are: part- and its name, as far as a file can be called so."""
    name = re.sub(r"[^\w.-]+", "-", str(shard))[-80:]
    digest = hashlib.sha256(str(shard).encode()).hexdigest()[:8]
    return folder / f"part-{name}-{digest}.parquet"


@contextmanager
def errors_written(path: Path, model: Classifier) -> Iterator[Found]:
    """Gives what takes the tables of errors: shard, index, true, predicted, margin, gap.

    The file is there at the end, whole, or not at all. Raises OSError.
    """
    from pyarrow import parquet

    waiting: list[pd.DataFrame] = []
    schema = _schema(model)
    with replacing(path) as file, parquet.ParquetWriter(file, schema) as writer:

        def take(errors: pd.DataFrame) -> None:
            waiting.append(errors)
            if sum(map(len, waiting)) >= ROWS:
                _write(writer, schema, waiting)

        yield take
        _write(writer, schema, waiting)


def _write(writer, schema, waiting: list[pd.DataFrame]) -> None:
    import pyarrow as pa

    if waiting:
        table = pd.concat(waiting, ignore_index=True)
        writer.write_table(pa.Table.from_pandas(table, schema, preserve_index=False))
        waiting.clear()


def _schema(model: Classifier):
    import pyarrow as pa

    kind = pa.string() if model.classes_.dtype.kind == "U" else pa.int64()
    kinds = [pa.string(), pa.int64(), kind, kind, pa.float64(), pa.float64()]
    return pa.schema(list(zip(ERRORS, kinds, strict=True)))
