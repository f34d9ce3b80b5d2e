"""A Parquet table with a column of encoded pictures, as Hugging Face publishes data."""

import io
import json
import time

import numpy as np

from engine.datasets.dataset import Reason, Skipped
from engine.importers.pixel_table import Read
from engine.importers.resize import at_most, fitted
from engine.io.parquet_tables import n_rows
from engine.preprocessing import decode
from engine.preprocessing.foreground import luminance
from engine.runtime.errors import Refused
from engine.runtime.limits import Limits

BATCH = 1_000  # rows read at a time


def columns_of(schema) -> tuple[str | None, str | None]:
    """The names of the column of pictures and of the one of labels, where there are such."""
    import pyarrow as pa

    def encoded(kind) -> bool:
        if pa.types.is_struct(kind):
            return any(kind.field(n).name == "bytes" for n in range(kind.num_fields))
        return pa.types.is_binary(kind) or pa.types.is_large_binary(kind)

    images = [field.name for field in schema if encoded(field.type)]
    names = ("label", "labels", "class", "target", "digit", "y", "fine_label")
    labels = [field.name for field in schema if field.name.lower() in names]
    return (images or [None])[0], (labels or [None])[0]


def has_images(content: bytes) -> bool:
    """Whether a Parquet file has a column of encoded pictures; False too where it is damaged."""
    from pyarrow import parquet

    try:
        return columns_of(parquet.read_schema(io.BytesIO(content)))[0] is not None
    except Exception:  # judged again, and said, by who reads it
        return False


def read_image_column(content: bytes, limits: Limits) -> Read:
    """The pictures of the column, grey and all of one size, with their labels. Raises Refused."""
    import pyarrow as pa
    from pyarrow import parquet

    try:
        file = parquet.ParquetFile(io.BytesIO(content))
        about = file.metadata
        sizes = [about.row_group(place).total_byte_size for place in range(about.num_row_groups)]
        if (rows := n_rows(about)) > limits.images or sum(sizes) > limits.unpacked:
            found = f"The table has {rows:,} rows, {sum(sizes):,} bytes unpacked"
            raise Refused(f"{found}; at most {limits.images:,} and {limits.unpacked:,} are taken.")
        image, label = columns_of(file.schema_arrow)
        return _read(file, image, label, limits)
    except Refused:
        raise
    except (pa.ArrowException, OSError, ValueError, TypeError, LookupError):
        raise Refused("The Parquet file is damaged or cut short.") from None


def _read(file, image: str, label: str | None, limits: Limits) -> Read:
    images, labels, files, skipped, pixels = [], [], [], [], 0
    began = time.monotonic()
    names = class_names(file.schema_arrow, label)
    for batch in file.iter_batches(BATCH, columns=[name for name in (image, label) if name]):
        if len(images) + len(skipped) + batch.num_rows > limits.images:
            raise Refused(f"The table has more than {limits.images:,} rows.")
        rows = batch.column(0).to_pylist()
        kinds = batch.column(1).to_pylist() if label else [None] * len(rows)
        for row, kind in zip(rows, kinds, strict=True):
            content, path = (
                (row.get("bytes"), row.get("path")) if isinstance(row, dict) else (row, None)
            )
            place = f"image {len(images) + len(skipped)}"
            _judge_time(began, len(images), limits)
            height, width = decode.size_of(content or b"")
            pixels += height * width
            if pixels > limits.pixels:
                raise Refused(f"The images have more than {limits.pixels:,} pixels in all.")
            try:
                picture = decode.decode(content or b"")
            except Refused as refusal:
                skipped.append(Skipped(place, Reason.UNREADABLE, str(refusal)))
                continue
            images.append(fitted(luminance(picture), at_most(picture.shape[:2])))
            labels.append(names.get(kind, "" if kind is None else str(kind)))
            files.append(str(path or place)[:120])
    if not images:
        raise Refused(f"None of {len(skipped):,} rows holds a picture.")
    shapes = [one.shape for one in images]
    size = max(set(shapes), key=shapes.count)
    found = [f"{sum(s != size for s in shapes):,} were scaled to fit {size[0]}×{size[1]}."]
    return Read(
        np.stack([fitted(one, size) for one in images]),
        np.array(labels, dtype=object) if label else None,
        done=found if len(set(shapes)) > 1 else [],
        files=files,
        skipped=skipped,
    )


def _judge_time(began: float, n: int, limits: Limits) -> None:
    if time.monotonic() - began > limits.seconds:
        part = f"{n:,} images were read in {limits.seconds:.0f} seconds"
        raise Refused(f"Only {part}; wanted all of them.")


def class_names(schema, label: str | None) -> dict[object, str]:
    """The names that Hugging Face keeps beside the numbers of the classes, if it does."""
    try:
        told = json.loads((schema.metadata or {})[b"huggingface"])
        names = told["info"]["features"][label]["names"]
        return {place: str(name) for place, name in enumerate(names)}
    except (KeyError, TypeError, ValueError, RecursionError):
        return {}
