"""Files of arrays, .npy and IDX, whose headers may lie."""

import gzip
import io
import struct
import warnings

import numpy as np
from hypothesis import strategies as st

HEADS = [
    "{'descr': '<i8', 'fortran_order': False, 'shape': (3,), }",
    "{'descr': '|u1', 'fortran_order': True, 'shape': (4, 2, 2), }",
    "{'descr': '|u1', 'fortran_order': False, 'shape': (999999999999, 28, 28), }",
    "{'descr': '|u1', 'fortran_order': False, 'shape': (0, 9223372036854775807, 9), }",
    "{'descr': '|u1', 'fortran_order': False, 'shape': (-4, -2), }",
    "{'descr': '<U1', 'fortran_order': False, 'shape': (6,), }",
    "{'descr': '<U0', 'fortran_order': False, 'shape': (6,), }",
    "{'descr': '|O', 'fortran_order': False, 'shape': (1,), }",
    "{'descr': [('a', '<i8')], 'fortran_order': False, 'shape': (1,), }",
    "{'descr': '<f16', 'fortran_order': False, 'shape': (2,), }",
    "{'descr': '>f8', 'fortran_order': False, 'shape': (True,), }",
    "{'descr': 7, 'shape': None}",
    "(" * 5000,
    "__import__('os').system('true')",
    "{'descr': '|u1', 'fortran_order': False, 'shape': (" + "1, " * 70 + "), }",
]
SHAPES = [
    (), (0,), (1,), (10,), (20,), (599,), (599, 10), (20, 4, 4), (20, 4, 4, 3), (0, 4, 4),
    (20, 0, 4), (2, 3000, 3000), (300_000,), (300_000, 1, 1), (20, 1, 300),
]  # fmt: skip


@st.composite
def arrays(draw) -> bytes:
    """A .npy file: of any array, with any header, or pickled."""
    how = draw(st.sampled_from(["array", "array", "array", "head", "pickle"]))
    if how == "head":
        return _headed(draw)
    file = io.BytesIO()
    if how == "pickle":
        np.save(file, np.array([{"a": 1}, None]), allow_pickle=True)
        return file.getvalue()
    kind = draw(st.sampled_from(["u1", "i8", "f8", "f4", "U3", "S3", "?", "f2", "c8", "M8[s]"]))
    shape = draw(st.sampled_from(SHAPES))
    values = np.arange(int(np.prod(shape))) % draw(st.sampled_from([2, 10, 300]))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        np.save(file, values.astype(kind).reshape(shape))
    return file.getvalue()


def _headed(draw) -> bytes:
    head = draw(st.sampled_from(HEADS)).encode()
    version = draw(st.sampled_from([1, 1, 2, 3]))
    size = struct.pack("<H" if version == 1 else "<I", len(head))
    body = draw(st.sampled_from([b"", b"\0" * 24, b"\xff" * 24, b"x" * 16]))
    return b"\x93NUMPY" + bytes([version, 0]) + size + head + body


@st.composite
def idx_files(draw) -> bytes:
    """An IDX file, plain or gzipped, with a header that may lie."""
    shape = draw(
        st.sampled_from(
            [(20,), (20, 4, 4), (4, 4), (0, 4, 4), (300_000,), (300_000, 1, 1), (2, 3000, 3000)]
        )
    )
    said = draw(st.sampled_from([shape, shape, shape, (0xFFFFFFFF,) * len(shape), shape[::-1]]))
    kind = draw(st.sampled_from([8, 8, 8, 9, 13]))
    body = (np.arange(int(np.prod(shape))) % 10).astype(np.uint8).tobytes()
    content = bytes([0, 0, kind, len(said)]) + struct.pack(f">{len(said)}I", *said) + body
    return gzip.compress(content, 1, mtime=0) if draw(st.booleans()) else content
