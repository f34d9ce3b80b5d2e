"""Any dataset of images: formats are told apart by what they hold, not by their names."""

from collections.abc import Sequence
from pathlib import Path

from engine.datasets.dataset import Dataset
from engine.importers.files import Source, folder_source, zip_source
from engine.importers.idx import idx_part, missing_idx, read_idx_set
from engine.importers.image_folder import read_tree
from engine.importers.npz import from_npz
from engine.importers.pixel_table import read_pixel_table
from engine.io.tables import read_npz
from engine.runtime.errors import Incomplete, Refused
from engine.runtime.limits import SERVER, UPLOAD, Limits
from engine.runtime.progress import Progress, no_progress

PICTURES = (b"\x89PNG", b"\xff\xd8", b"BM", b"GIF8")  # how they begin


def read_upload(content: bytes, name: str, progress: Progress = no_progress) -> Dataset:
    """A dataset in the bytes a viewer brings, within `UPLOAD`'s limits. Raises Refused."""
    return _from_bytes(content, name, UPLOAD, progress)


def read_uploads(
    files: Sequence[tuple[str, bytes]], name: str, progress: Progress = no_progress
) -> Dataset:
    """A dataset in files brought together, (name, bytes) each: one, or the four of an IDX set.

    Raises Incomplete for some of the four, which names the others, and Refused.
    """
    names = [file for file, _ in files]
    if len(files) == 1 and idx_part(names[0]) is None:
        return read_upload(files[0][1], name, progress)
    others = [file for file in names if idx_part(file) is None]
    if others:
        raise Refused(f"Found {len(files)} files; wanted one, or the four files of an IDX set.")
    total = sum(len(content) for _, content in files)
    if total > UPLOAD.packed:
        raise Refused(f"The files have {total:,} bytes; at most {UPLOAD.packed:,} are taken.")
    if missing_idx(names):
        raise Incomplete(f"Add {' and '.join(missing_idx(names))} to make the set whole.")
    source = Source(bytes, dict(files))
    if len(source.files) < len(files):
        raise Refused(
            f"Two of the {len(files)} files have the same name; wanted the four of a set."
        )
    return read_idx_set(source, name, UPLOAD)


def read_path(path: Path, progress: Progress = no_progress) -> Dataset:
    """A dataset in a folder or file of this machine, of any size. Raises Refused or OSError."""
    progress("Reading", 0, 0)
    if path.is_dir():
        return _from_source(folder_source(path, SERVER), path.name, SERVER, progress)
    return _from_bytes(path.read_bytes(), path.stem, SERVER, progress)


def _from_bytes(content: bytes, name: str, limits: Limits, progress: Progress) -> Dataset:
    if len(content) > limits.packed:
        raise Refused(f"The file has {len(content):,} bytes; at most {limits.packed:,} are taken.")
    if content.startswith(PICTURES) or content[8:12] == b"WEBP":
        raise Refused("This is one picture; wanted a zip of pictures, one folder a class.")
    if content.startswith(b"\x1f\x8b"):
        raise Refused("The file is gzipped; wanted a zip, NPZ, CSV or Parquet, or four IDX files.")
    if not content.startswith(b"PK"):
        return read_pixel_table(content, name, limits)
    source = zip_source(content, limits)
    if source.files and all(path.endswith(".npy") for path in source.files):
        return from_npz(read_npz(content, limits.unpacked), name, limits)
    return _from_source(source, name, limits, progress)


def _from_source(source: Source, name: str, limits: Limits, progress: Progress) -> Dataset:
    if any(idx_part(path) for path in source.files):
        return read_idx_set(source, name, limits)
    return read_tree(source, name, limits, progress)
