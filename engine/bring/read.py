"""Any data set of images: formats are told apart by what they hold, not by their names."""

from pathlib import Path

from engine.bring.arrays import from_npz, is_idx, read_idx_set, read_pixel_table
from engine.bring.source import Source, folder_source, zip_source
from engine.bring.tree import read_tree
from engine.digits import Digits, Progress, no_progress
from engine.limits import SERVER, UPLOAD, Limits, Refused
from engine.tables import read_npz


def read_upload(content: bytes, name: str, progress: Progress = no_progress) -> Digits:
    """A data set in the bytes a viewer brings, within `UPLOAD`'s limits. Raises Refused."""
    return _from_bytes(content, name, UPLOAD, progress)


def read_path(path: Path, progress: Progress = no_progress) -> Digits:
    """A data set in a folder or file of this machine, of any size. Raises Refused or OSError."""
    if path.is_dir():
        return _from_source(folder_source(path, SERVER), path.name, SERVER, progress)
    return _from_bytes(path.read_bytes(), path.stem, SERVER, progress)


def _from_bytes(content: bytes, name: str, limits: Limits, progress: Progress) -> Digits:
    if len(content) > limits.packed:
        raise Refused(f"The file has {len(content):,} bytes; at most {limits.packed:,} are taken.")
    if not content.startswith(b"PK"):
        return read_pixel_table(content, name, limits)
    source = zip_source(content, limits)
    if source.files and all(path.endswith(".npy") for path in source.files):
        return from_npz(read_npz(content, limits.unpacked), name)
    return _from_source(source, name, limits, progress)


def _from_source(source: Source, name: str, limits: Limits, progress: Progress) -> Digits:
    if any(is_idx(path) for path in source.files):
        return read_idx_set(source, name, limits)
    return read_tree(source, name, limits, progress)
