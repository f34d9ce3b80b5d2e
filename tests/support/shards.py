"""Datasets written as shards, in the formats in which others publish them."""

import gzip
import io
import json
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
from PIL import Image
from pyarrow import parquet

from engine.datasets.dataset import Dataset


def write_shards(
    folder: Path, dataset: Dataset, count: int, write: Callable | None = None, name="{side}-{at:04}"
) -> Path:
    """The images of each side in ``count`` files, by default of Parquet; gives the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for side, split in (("train", dataset.training), ("test", dataset.testing)):
        for at, rows in enumerate(np.array_split(np.arange(len(split)), count)):
            path = folder / name.format(side=side, at=at)
            path.parent.mkdir(parents=True, exist_ok=True)
            (write or packed_bytes)(path, split.images[rows], split.labels[rows])
    return folder


def packed_bytes(path: Path, images: np.ndarray, labels: np.ndarray, **options) -> None:
    """Parquet, the pixels of each image as bytes of a fixed number."""
    width = images[0].size
    content = [None, pa.py_buffer(images.tobytes())]
    pixels = pa.FixedSizeBinaryArray.from_buffers(pa.binary(width), len(images), content)
    table = pa.table({"pixels": pixels, "label": labels})
    parquet.write_table(table, f"{path}.parquet", **options)


def pixel_columns(path: Path, images: np.ndarray, labels: np.ndarray) -> None:
    """Parquet with a column for each pixel, in the order of their names as text."""
    flat = images.reshape(len(images), -1)
    columns = {f"pixel{place}": flat[:, place] for place in range(flat.shape[1])}
    table = pa.table({"label": labels, **{name: columns[name] for name in sorted(columns)}})
    parquet.write_table(table, f"{path}.parquet", row_group_size=50)


def pixel_lists(path: Path, images: np.ndarray, labels: np.ndarray) -> None:
    """Parquet, the pixels of each image as a list of a fixed length."""
    flat = pa.array(images.ravel())
    lists = pa.FixedSizeListArray.from_arrays(flat, images[0].size)
    parquet.write_table(pa.table({"image": lists, "label": labels}), f"{path}.parquet")


def hugging_face(path: Path, images: np.ndarray, labels: np.ndarray) -> None:
    """Parquet as Hugging Face writes it: encoded pictures, and names of the classes beside."""
    rows = [{"bytes": png(image), "path": None} for image in images]
    names = {"names": [str(name) for name in range(10)], "_type": "ClassLabel"}
    about = json.dumps({"info": {"features": {"label": names}}})
    table = pa.table({"image": rows, "label": labels})
    parquet.write_table(
        table.replace_schema_metadata({"huggingface": about}), f"{path}.parquet", row_group_size=70
    )


def arrays(path: Path, images: np.ndarray, labels: np.ndarray) -> None:
    """Two .npy files."""
    np.save(f"{path}.npy", images)
    np.save(f"{path}-labels.npy", labels)


def npz(path: Path, images: np.ndarray, labels: np.ndarray) -> None:
    np.savez_compressed(f"{path}.npz", images=images, labels=labels)


def idx(path: Path, images: np.ndarray, labels: np.ndarray) -> None:
    """Two IDX files, called as MNIST's are; the images are gzipped."""
    for kind, array in (("images-idx3", images), ("labels-idx1", labels.astype(np.uint8))):
        header = bytes([0, 0, 8, array.ndim]) + np.array(array.shape, ">u4").tobytes()
        content = header + array.astype(np.uint8).tobytes()
        packed = kind.startswith("images")
        file = Path(f"{path}-{kind}-ubyte{'.gz' * packed}")
        file.write_bytes(gzip.compress(content) if packed else content)


def webdataset(path: Path, images: np.ndarray, labels: np.ndarray) -> None:
    """A tar: a picture and a .cls or .json file of the same name, one after the other."""
    with tarfile.open(f"{path}.tar", "w") as archive:
        for at, (image, label) in enumerate(zip(images, labels, strict=True)):
            told = ("cls", str(label)) if at % 2 else ("json", json.dumps({"label": int(label)}))
            for ending, content in (("png", png(image)), (told[0], told[1].encode())):
                entry = tarfile.TarInfo(f"{at:06}.{ending}")
                entry.size = len(content)
                archive.addfile(entry, io.BytesIO(content))


def zipped_folders(path: Path, images: np.ndarray, labels: np.ndarray) -> None:
    """A zip with a folder of PNG files for each class."""
    with zipfile.ZipFile(f"{path}.zip", "w") as archive:
        for at, (image, label) in enumerate(zip(images, labels, strict=True)):
            archive.writestr(f"{label}/{at:06}.png", png(image))


FORMATS = {
    one.__name__: one
    for one in (
        packed_bytes, pixel_columns, pixel_lists, hugging_face, arrays, npz, idx, webdataset,
        zipped_folders,
    )
}  # fmt: skip


def png(image: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(image).save(buffer, "PNG")
    return buffer.getvalue()


def parts_of(rows: int, count: int) -> Iterator[np.ndarray]:
    """The places 0 to ``rows`` in so many parts."""
    yield from np.array_split(np.arange(rows), count)
