"""Tar archives of anything, plain or gzipped, and text tables in every dialect."""

import gzip
import io
import tarfile

from hypothesis import strategies as st

from tests.support.inputs.archives import PATHS
from tests.support.inputs.content import PIECES
from tests.support.inputs.pictures import pictures

KINDS = [tarfile.REGTYPE] * 5 + [
    tarfile.SYMTYPE,
    tarfile.LNKTYPE,
    tarfile.DIRTYPE,
    tarfile.FIFOTYPE,
]
SEPARATORS = [",", ";", "\t", " ", "  ", "|"]
CELLS = ["0", "1", "5.0", "-1", "255", "0,5", "1e3", "", "label", "pixel0", "nan", '"', "é", "y"]


@st.composite
def tars(draw) -> bytes:
    """Pictures and scraps under hostile names, with links, and perhaps gzipped once or twice."""
    file, scraps = io.BytesIO(), st.sampled_from([b"", b"x", b"0", *PIECES])
    forms = st.sampled_from([tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
    with tarfile.open(fileobj=file, mode="w", format=draw(forms)) as archive:
        for _ in range(draw(st.integers(0, 8))):
            entry = tarfile.TarInfo(draw(st.sampled_from([*PATHS, "0/a.cls", "labels.csv"]))[:90])
            entry.type = draw(st.sampled_from(KINDS))
            content = draw(st.one_of(pictures(), scraps))[:300_000]
            entry.size = len(content) if entry.type == tarfile.REGTYPE else 0
            archive.addfile(entry, io.BytesIO(content))
    content = file.getvalue()
    for _ in range(draw(st.sampled_from([0, 0, 1, 1, 2]))):
        content = gzip.compress(content, 1)
    return content


@st.composite
def dialects(draw) -> bytes:
    """Lines of numbers and words, separated in any way, in any usual encoding, or ARFF."""
    mark = draw(st.sampled_from(SEPARATORS))
    width = draw(st.sampled_from([1, 2, 5, 17, 65]))
    row = st.lists(st.sampled_from(CELLS), min_size=width, max_size=width)
    end = draw(st.sampled_from(["\n", "\r\n", "\r"]))
    text = end.join(mark.join(cells) for cells in draw(st.lists(row, max_size=6)))
    if draw(st.booleans()):
        names = "".join(f"@attribute a{n} numeric\n" for n in range(width))
        text = f"@relation r\n{names}@data\n{text}" if draw(st.booleans()) else text
    return text.encode(draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "latin-1"])))
