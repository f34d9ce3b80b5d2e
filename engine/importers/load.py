"""Any dataset of images: formats are told apart by what they hold, not by their names."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from engine.datasets.dataset import Dataset, Reason, Skipped
from engine.importers.data_files import ENDINGS, read_data_files
from engine.importers.files import Source, folder_source, tar_source, zip_source
from engine.importers.idx import idx_part, missing_idx, read_idx_set
from engine.importers.image_folder import IMAGES, read_tree
from engine.importers.npz import from_npz
from engine.io.foreign_formats import refuse_foreign, refuse_foreign_entries
from engine.io.tables import read_npz
from engine.io.tar_files import is_tar, unzipped
from engine.preprocessing.decode import looks_like_picture
from engine.runtime.errors import Incomplete, Refused
from engine.runtime.limits import SERVER, UPLOAD, Limits
from engine.runtime.progress import Progress, no_progress


def read_upload(content: bytes, name: str, progress: Progress = no_progress) -> Dataset:
    """A dataset in the bytes a viewer brings, within `UPLOAD`'s limits. Raises Refused."""
    return _from_bytes(content, "", name, UPLOAD, progress)


def read_uploads(
    files: Sequence[tuple[str, bytes]], name: str, progress: Progress = no_progress
) -> Dataset:
    """A dataset in files brought together, (name, bytes) each: one, the four of an IDX set, or
    tables, arrays or pictures whose names say what is for training and what for testing.

    Raises Incomplete for some of the four, which names the others, and Refused.
    """
    names = [file for file, _ in files]
    total = sum(len(content) for _, content in files)
    if total > UPLOAD.packed:
        raise Refused(f"The files have {total:,} bytes; at most {UPLOAD.packed:,} are taken.")
    if len(files) == 1 and idx_part(names[0]) is None:
        return _from_bytes(files[0][1], names[0], name, UPLOAD, progress)
    if any(map(idx_part, names)) and missing_idx(names):
        raise Incomplete(f"Add {' and '.join(missing_idx(names))} to make the set whole.")
    source = Source(bytes, dict(files))
    if len(source.files) < len(files):
        raise Refused(f"Two of the {len(files)} files have the same name; wanted them to differ.")
    return _from_source(source, name, UPLOAD, progress)


def read_path(path: Path, progress: Progress = no_progress) -> Dataset:
    """A dataset in a folder or file of this machine, of any size. Raises Refused or OSError."""
    progress("Reading", 0, 0)
    if path.is_dir():
        return _from_source(folder_source(path, SERVER), path.name, SERVER, progress)
    return _from_bytes(path.read_bytes(), path.name, path.stem, SERVER, progress)


def _from_bytes(
    content: bytes, file: str, name: str, limits: Limits, progress: Progress
) -> Dataset:
    if len(content) > limits.packed:
        raise Refused(f"The file has {len(content):,} bytes; at most {limits.packed:,} are taken.")
    if content.startswith(b"\x1f\x8b"):
        content = unzipped(content, limits.unpacked, _refuse_beginning)
        limits = replace(limits, packed=max(limits.packed, limits.unpacked))
    _refuse_beginning(content)
    if is_tar(content):
        return _from_source(tar_source(content, limits), name, limits, progress)
    if not content.startswith(b"PK"):
        return read_data_files(Source(bytes, {file: content}), name, limits)
    source = zip_source(content, limits)
    if source.files and all(path.endswith(".npy") for path in source.files):
        return from_npz(read_npz(content, limits.unpacked), name, limits)
    return _from_source(source, name, limits, progress)


def _refuse_beginning(content: bytes) -> None:
    """Refuses by the first bytes what is no dataset, before a packed one is unpacked further."""
    if content.startswith(b"\x1f\x8b"):
        raise Refused("The file is gzipped twice; wanted once.")
    if looks_like_picture(content):
        raise Refused("This is one picture; wanted a zip of pictures, one folder a class.")
    refuse_foreign(content)


def _from_source(source: Source, name: str, limits: Limits, progress: Progress) -> Dataset:
    if any(idx_part(path) for path in source.files):
        return read_idx_set(source, name, limits)
    paths = list(source.files)
    refuse_foreign_entries(paths)
    if any(path.lower().endswith(IMAGES) for path in paths):
        return read_tree(source, name, limits, progress)
    tables = [path for path in paths if path.lower().endswith(ENDINGS)]
    if not tables:
        return read_tree(source, name, limits, progress)
    others = [Skipped(path[:80], Reason.NO_DATA) for path in paths if path not in tables]
    held = {path: source.files[path] for path in tables}
    return read_data_files(
        replace(source, files=held, skipped=source.skipped + others), name, limits
    )
