"""Gzip and tar from strangers: unpacked in memory, and no further than allowed."""

import io
import tarfile
import zlib
from collections.abc import Iterator

from engine.runtime.errors import Refused

MAGIC_AT, MAGIC = 257, b"ustar"
CHUNK = 1_000_000  # bytes unpacked at a time


def unzipped(content: bytes, most: int) -> bytes:
    """What a gzipped file holds, of one or more members. Raises Refused beyond ``most`` bytes."""
    parts, total = [], 0
    try:
        while content.strip(b"\0"):
            unzip = zlib.decompressobj(wbits=31)
            while not unzip.eof:
                part = unzip.decompress(content, CHUNK)
                content = unzip.unconsumed_tail
                if not part and not content and not unzip.eof:
                    raise Refused("The gzipped file is cut short.")
                parts.append(part)
                total += len(part)
                if total > most:
                    raise Refused(f"Unpacked it has more than {most:,} bytes.")
            content = unzip.unused_data
    except zlib.error:
        raise Refused("The gzipped file is damaged.") from None
    return b"".join(parts)


def is_tar(content: bytes) -> bool:
    """Whether these are a tar archive's bytes."""
    return content[MAGIC_AT : MAGIC_AT + len(MAGIC)] == MAGIC


def tar_entries(content: bytes) -> Iterator[tuple[str, bool, int, int]]:
    """Of each entry but folders its name, whether it is a plain file, where it begins, its bytes.

    Raises Refused where the archive is damaged.
    """
    try:
        with tarfile.open(fileobj=io.BytesIO(content), mode="r:") as archive:
            while (entry := archive.next()) is not None:
                archive.members.clear()  # else each would be kept
                if not entry.isdir():
                    plain = entry.isreg() and not entry.issparse()
                    yield entry.name, plain, entry.offset_data, entry.size
    except Refused:
        raise
    except (tarfile.TarError, OSError, ValueError, EOFError, OverflowError, MemoryError):
        raise Refused("The archive is damaged or cut short.") from None
    except Exception:  # tarfile raises whatever a hostile header leads it to
        raise Refused("The archive cannot be read.") from None
