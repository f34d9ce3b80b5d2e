"""Any bytes: nearly right ones, and those that formats begin and end with."""

import struct

from hypothesis import strategies as st

HUGE = [0, 1, 0x7F, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF]
PIECES = [
    b"", b"\0", b"\xff", b"\n", b"\r", b'"', b",", b";", b"=1+1", b"PK\5\6", b"PK\6\7", b"PK\6\6",
    b"PK\1\2", b"PAR1", b"\x93NUMPY", b"\xff\xda", b"\xff\xd8", b"IEND", b"IDAT", b"\xef\xbb\xbf",
    "é".encode(), "😀".encode(), b"\xed\xa0\x80", b"\xff\xfe", b"1e400", b"0" * 5000,
]  # fmt: skip


@st.composite
def mutated(draw, whole: st.SearchStrategy[bytes]) -> bytes:
    """The bytes as they are, or with up to four changes: cut, dropped, repeated, overwritten."""
    content = draw(whole)
    for _ in range(draw(st.sampled_from([0, 0, 0, 1, 1, 2, 4]))):
        at = draw(st.integers(0, len(content)))
        end = min(len(content), at + draw(st.sampled_from([1, 2, 4, 16, 100])))
        how = draw(st.sampled_from(["cut", "drop", "repeat", "number", "piece", "flip"]))
        part = content[at:end]
        if how == "cut":
            content = content[:at]
        elif how == "drop":
            content = content[:at] + content[end:]
        elif how == "repeat":
            content = content[:at] + part * draw(st.sampled_from([2, 50, 3000])) + content[end:]
        elif how == "number":
            order = draw(st.sampled_from(["<I", ">I", "<H"]))
            number = struct.pack(
                order, draw(st.sampled_from(HUGE)) & 0xFFFF * 0x10001 ** (order[1] == "I")
            )
            content = content[:at] + number + content[at + len(number) :]
        elif how == "piece":
            content = content[:at] + draw(st.sampled_from(PIECES)) + content[at:]
        elif part:
            content = (
                content[:at] + bytes([part[0] ^ draw(st.integers(1, 255))]) + content[at + 1 :]
            )
    return content
