"""Zip archives from strangers: judged by their last record before they are opened."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from typing import TypeVar

from engine.runtime.errors import Refused
from engine.runtime.limits import MAX_DIRECTORY_BYTES_PER_FILE

Content = TypeVar("Content", bytes, bytearray)
END, END64 = b"PK\5\6", b"PK\6\6"  # begin the records that close an archive
LONG = 76  # bytes before the closing record that a ZIP64 archive's own and its locator take
PIECE = 4_000_000  # bytes of a large file that are unpacked at a time
PLAIN = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
DAMAGED = (  # what zipfile raises, whatever it is that a stranger damaged
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    OSError,
    ValueError,
    EOFError,
    RuntimeError,
)


def open_archive(content: bytes, most_files: int) -> zipfile.ZipFile:
    """The archive, opened in memory; nothing is written anywhere.

    Opening costs as much as its directory is large, so the closing record is asked first. Raises
    Refused when it speaks of too many files, or the archive is damaged.
    """
    count, size = _closing(content)
    if count > most_files:
        raise Refused(f"The archive holds {count:,} files; at most {most_files:,} are taken.")
    if size > MAX_DIRECTORY_BYTES_PER_FILE * most_files:
        found = f"The archive's directory has {size:,} bytes"
        raise Refused(
            f"{found}; at most {MAX_DIRECTORY_BYTES_PER_FILE * most_files:,} are looked at."
        )
    try:
        return zipfile.ZipFile(io.BytesIO(content))
    except DAMAGED:
        raise Refused("The archive is damaged or cut short.") from None


def _closing(content: bytes) -> tuple[int, int]:
    """Files and bytes of the directory; of the two records a large archive has, the larger."""
    at = content.rfind(END)
    if at < 0 or len(content) < at + 22:
        raise Refused("The archive is damaged or cut short.")
    count, size = struct.unpack_from("<HI", content, at + 10)
    if at >= LONG and content[at - LONG :].startswith(END64):
        other = struct.unpack_from("<QQ", content, at - LONG + 32)
        return max(count, other[0]), max(size, other[1])
    return count, size


def entry_bytes(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """What one file of the archive holds: no more than its directory says, and its sum is right.

    Raises Refused for one that is encrypted, damaged, or packed otherwise than by deflation.
    """
    return _entry(archive, entry, lambda file: file.read(entry.file_size))


def entry_in_pieces(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytearray:
    """The same of a large file: unpacked at once it would be in memory twice."""

    def read(file: zipfile.ZipExtFile) -> bytearray:
        content, at = bytearray(entry.file_size), 0
        while piece := file.read(min(PIECE, entry.file_size - at)):
            content[at : at + len(piece)] = piece
            at += len(piece)
        return content[:at] if at < entry.file_size else content

    return _entry(archive, entry, read)


def _entry(
    archive: zipfile.ZipFile, entry: zipfile.ZipInfo, read: Callable[[zipfile.ZipExtFile], Content]
) -> Content:
    """``read`` must ask for so many bytes: zipfile unpacks no more, but without a number all."""
    if entry.flag_bits & 1:
        raise Refused("The archive is encrypted; a plain one is wanted.")
    if entry.compress_type not in PLAIN:
        raise Refused(f"{entry.filename[:80]!r} is packed in an unusual way; wanted deflated.")
    try:
        with archive.open(entry) as file:
            return read(file)
    except DAMAGED:
        raise Refused(f"{entry.filename[:80]!r} is damaged in the archive.") from None
