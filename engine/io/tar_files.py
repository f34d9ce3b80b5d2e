"""Gzip and tar from strangers: unpacked in memory, and no further than allowed."""

import io
import tarfile
import zlib
from collections.abc import Callable, Iterator

from engine.runtime.errors import Refused
from engine.runtime.limits import MAX_SWELLING

MAGIC_AT, MAGIC = 257, b"ustar"
CHUNK = 1_000_000  # bytes unpacked at a time
SWELLING_FROM = 5_000_000  # bytes unpacked, from which how it swells tells anything


def unzipped(
    content: bytes, most: int, judge: Callable[[bytes], None] = lambda beginning: None
) -> bytes:
    """What a gzipped file holds, of one or more members. Raises Refused beyond ``most`` bytes.

    ``judge`` sees its first `CHUNK` bytes before the rest is unpacked. One that swells as no data
    do is refused as soon as that shows.
    """
    parts, total, packed = [], 0, len(content)
    try:
        while content.strip(b"\0"):
            unzip = zlib.decompressobj(wbits=31)
            while not unzip.eof:
                part = unzip.decompress(content, CHUNK)
                content = unzip.unconsumed_tail
                if not part and not content and not unzip.eof:
                    raise Refused("The gzipped file is cut short.")
                if not parts:
                    judge(part)
                parts.append(part)
                total += len(part)
                _judge_swelling(total, packed - len(content) - len(unzip.unused_data))
                if total > most:
                    raise Refused(f"Unpacked it has more than {most:,} bytes.")
            content = unzip.unused_data
    except zlib.error:
        raise Refused("The gzipped file is damaged.") from None
    return b"".join(parts)


def _judge_swelling(total: int, read: int) -> None:
    if total > SWELLING_FROM and total > MAX_SWELLING * max(read, 1):
        found = f"The first {total:,} bytes of it were packed in {read:,}"
        raise Refused(f"{found}; wanted data, which swell at most {MAX_SWELLING} times.")


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
