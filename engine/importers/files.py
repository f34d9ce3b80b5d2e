"""Where files come from: a folder or a zip archive, looked through without unpacking it to disk."""

import functools
import os
import re
import stat
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from engine.datasets.dataset import Reason, Skipped
from engine.io.tar_files import tar_entries
from engine.io.zip_files import entry_bytes, open_archive
from engine.runtime.errors import Refused
from engine.runtime.limits import MAX_PATH_CHARACTERS, Limits


@dataclass
class Source:
    """``files``: what ``open`` needs for each, by its path with slashes; `read` gives its bytes.

    ``skipped``: what is not looked at; ``ignored``: the hidden files and folders that it names
    already.
    """

    open: Callable[[Any], bytes]
    files: dict[str, Any] = field(default_factory=dict)
    skipped: list[Skipped] = field(default_factory=list)
    ignored: set[str] = field(default_factory=set)

    def read(self, path: str) -> bytes:
        """The bytes of one of ``files``."""
        return self.open(self.files[path])

    def skip(self, name: str, reason: Reason) -> None:
        """Notes that a file is not looked at, and why."""
        self.skipped.append(Skipped(name[:80], reason))

    def ignore(self, name: str) -> None:
        """Says so once of a hidden file, and once of a hidden folder with all that is in it."""
        parts = name.split("/")
        at = next(place for place, part in enumerate(parts) if _hidden(part))
        hidden = "/".join(parts[: at + 1])
        if hidden not in self.ignored:
            self.ignored.add(hidden)
            self.skip(hidden, Reason.HIDDEN)


def folder_source(root: Path, limits: Limits) -> Source:
    """All files under ``root``; links and hidden files are skipped, by name. Raises Refused.

    They are kept as text: see `engine.datasets.mnist.folder.list_files`.
    """
    source, total = Source(lambda inner: (root / inner).read_bytes()), 0
    for folder, folders, names in os.walk(root):
        folders.sort()
        for name in sorted(names):
            path = Path(folder) / name
            inner = path.relative_to(root).as_posix()
            if path.is_symlink():
                source.skip(inner, Reason.LINK)
            elif _hidden(inner):
                source.ignore(inner)
            else:
                source.files[inner] = inner
                total += path.stat().st_size
            _judge(len(source.files), total, limits)
    return source


def zip_source(content: bytes, limits: Limits) -> Source:
    """All files of an archive; nothing is written anywhere, so that no path can lead astray.

    Links, hidden files, paths that lead outside or are too long, and second files of one name are
    skipped. Raises Refused when the archive is too large, encrypted, damaged or holds too many
    files, which its closing record and its directory's size tell before it is opened.
    """
    if len(content) > limits.packed:
        raise Refused(f"The archive has {len(content):,} bytes; at most {limits.packed:,}.")
    archive = open_archive(content, limits.entries)
    return _entries(archive, limits)


def tar_source(content: bytes, limits: Limits) -> Source:
    """All files of a tar archive, likewise; one has no directory, so it may hold more files."""
    source, total = Source(lambda at: content[at[0] : at[0] + at[1]]), 0
    limits = replace(limits, entries=max(limits.entries, limits.images))
    for path, plain, begin, size in tar_entries(content):
        name = path.removeprefix("./")
        if not plain:
            source.skip(name, Reason.LINK)
        elif _hidden(name):
            source.ignore(name)
        elif _leads_out(name):
            source.skip(name, Reason.OUTSIDE)
        elif len(name) > MAX_PATH_CHARACTERS:
            source.skip(name, Reason.LONG)
        else:
            source.files[name] = (begin, size)
            total += size
        _judge(len(source.files) + len(source.skipped), total, limits)
    return source


def _leads_out(name: str) -> bool:
    return ".." in re.split(r"[/\\]", name) or re.match(r"[/\\]|[A-Za-z]:", name) is not None


def _entries(archive: zipfile.ZipFile, limits: Limits) -> Source:
    source, total = Source(functools.partial(entry_bytes, archive)), 0
    for entry in archive.infolist():
        name = entry.filename.replace("\\", "/")  # as some packers of Windows write paths
        if not name or name.endswith("/"):  # is_dir() fails on an entry without a name
            continue
        if entry.flag_bits & 1:
            raise Refused("The archive is encrypted; a plain one is wanted.")
        if stat.S_ISLNK(entry.external_attr >> 16):
            source.skip(name, Reason.LINK)
        elif _hidden(name):
            source.ignore(name)
        elif _leads_out(name):
            source.skip(name, Reason.OUTSIDE)
        elif len(name) > MAX_PATH_CHARACTERS:
            source.skip(name, Reason.LONG)
        elif name in source.files:
            source.skip(name, Reason.TWICE)
        else:
            source.files[name] = entry
            total += entry.file_size
        _judge(len(source.files), total, limits)
    return source


def _hidden(name: str) -> bool:
    return any(part.startswith((".", "__MACOSX")) for part in name.split("/") if part != "..")


def _judge(files: int, total: int, limits: Limits) -> None:
    if files > limits.entries:
        raise Refused(f"There are more than {limits.entries:,} files.")
    if total > limits.unpacked:
        raise Refused(f"Unpacked it has more than {limits.unpacked:,} bytes.")
