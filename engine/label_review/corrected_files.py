"""A dataset as files that every tool reads: NPZ, the four IDX files, and Parquet."""

import gzip
import io
import zipfile

import numpy as np

from engine.datasets.dataset import Dataset, Split
from engine.io.png import encoded
from engine.runtime.errors import Refused

IDX_NAMES = {"train": "train", "test": "t10k"}
NPZ, IDX, PARQUET = "NPZ", "IDX", "Parquet"
FORMATS = (NPZ, IDX, PARQUET)
ENDINGS = {NPZ: ".npz", IDX: "-idx.zip", PARQUET: "-parquet.zip"}  # of the files' names


def as_file(dataset: Dataset, form: str) -> bytes:
    """The bytes of the dataset in a format of `FORMATS`.

    Raises Refused for IDX where the classes are no whole numbers from 0 to 255.
    """
    return {NPZ: npz, IDX: idx_zip, PARQUET: parquet_zip}[form](dataset)


def npz(dataset: Dataset) -> bytes:
    """x_train, y_train, x_test and y_test: images ``uint8`` (n, h, w), and the labels (n,)."""
    out = io.BytesIO()
    parts = _parts(dataset)
    images = {f"x_{side}": split.images for side, split in parts.items()}
    labels = {f"y_{side}": _plain(split.labels) for side, split in parts.items()}
    np.savez_compressed(out, **images, **labels)
    return out.getvalue()


def idx_zip(dataset: Dataset) -> bytes:
    """The four files of the MNIST family, gzipped, in one zip. Raises Refused."""
    classes = np.unique(dataset.training.labels)
    if classes.dtype.kind not in "iu" or classes.min() < 0 or classes.max() > 255:
        found = ", ".join(map(str, classes[:5]))
        raise Refused(f"IDX holds classes from 0 to 255; these are {found}. Take NPZ or Parquet.")
    files = {}
    for side, split in _parts(dataset).items():
        name, labels = IDX_NAMES[side], split.labels.astype(np.uint8)
        files[f"{name}-images-idx3-ubyte.gz"] = gzip.compress(_idx(split.images), 6, mtime=0)
        files[f"{name}-labels-idx1-ubyte.gz"] = gzip.compress(_idx(labels), 6, mtime=0)
    return _zipped(files)


def parquet_zip(dataset: Dataset) -> bytes:
    """train.parquet and test.parquet, as Hugging Face writes images, in one zip."""
    import pyarrow as pa
    from pyarrow import parquet

    files = {}
    for side, split in _parts(dataset).items():
        paths = split.files.astype(str).tolist()
        images = [
            {"bytes": encoded(image), "path": path}
            for image, path in zip(split.images, paths, strict=True)
        ]
        table = pa.table({"image": images, "label": _plain(split.labels).tolist()})
        out = io.BytesIO()
        parquet.write_table(table, out)
        files[f"{side}.parquet"] = out.getvalue()
    return _zipped(files)


def _parts(dataset: Dataset) -> dict[str, Split]:
    return {"train": dataset.training, "test": dataset.testing}


def _plain(labels: np.ndarray) -> np.ndarray:
    """Labels as numbers, or as text of fixed width: objects would need pickle."""
    return labels if labels.dtype.kind in "iu" else labels.astype(str)


def _idx(array: np.ndarray) -> bytes:
    """The array as IDX: two zero bytes, the type (8: bytes), the dimensions, the sizes, the data.

    Source: the description beside the files of MNIST, as published by LeCun, Cortes and Burges.
    """
    sizes = np.array(array.shape, ">i4").tobytes()
    return bytes([0, 0, 8, array.ndim]) + sizes + np.ascontiguousarray(array).tobytes()


def _zipped(files: dict[str, bytes]) -> bytes:
    """Files that are packed already, in one zip."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()
