"""Formats that are not read: each by its name, with the line of code that converts it."""

import struct

from engine.runtime.errors import Refused

_TO_NPZ = "np.savez_compressed('digits.npz', images=images, labels=labels)"
_BEGIN = (
    (b"MATLAB 5.0", "a MATLAB file",
     "m = scipy.io.loadmat(FILE); images = m['X']; labels = m['y']"),
    (b"\x89HDF", "an HDF5 file", "f = h5py.File(FILE); images, labels = f['X'][:], f['y'][:]"),
    (b"\x93NUMPY", "one array of numpy's, an .npy, which has no labels", "images = np.load(FILE)"),
    (b"SQLite format 3", "an SQLite database", "t = pd.read_sql(QUERY, sqlite3.connect(FILE))"),
)  # fmt: skip
_PACKED = (
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ", "xz"),
    (b"7z\xbc\xaf", "7-Zip"),
    (b"Rar!", "RAR"),
    (b"\x28\xb5\x2f\xfd", "Zstandard"),
)


def refuse_foreign(content: bytes, name: str = "") -> None:
    """Raises Refused, with the line of code, for a format that is known and not read."""
    for begin, called, code in _BEGIN:
        if content.startswith(begin):
            raise _with_code(f"The file is {called}", code)
    for begin, called in _PACKED:
        if content.startswith(begin):
            raise Refused(f"The file is packed with {called}; wanted a zip or tar.gz.")
    if content[:1] == b"\x80" and content[1:2] in (b"\2", b"\3", b"\4", b"\5"):
        code = "images, labels = pickle.load(open(FILE, 'rb'))"
        raise _with_code("The file is a pickle, which could run code and is never opened", code)
    if _is_tfrecord(content):
        code = "raw = tf.data.TFRecordDataset(FILE)  # then tf.io.parse_single_example"
        raise _with_code("The file is a TFRecord", code)
    if content.lstrip()[:1] in (b"{", b"["):
        raise _with_code("The file is JSON", "table = pd.read_json(FILE); table.to_csv('d.csv')")


def _with_code(found: str, code: str) -> Refused:
    wanted = (
        "wanted images with labels in a zip, NPZ, CSV, Parquet or IDX. In Python this converts it"
    )
    return Refused(f"{found}; {wanted}: {code}", (code, _TO_NPZ))


def _is_tfrecord(content: bytes) -> bool:
    """A length in 8 bytes, its sum, so many bytes, their sum; and the next likewise or the end."""
    at = 0
    for _ in range(2):
        if at and at == len(content):
            return True
        if len(content) < at + 16:
            return False
        length = struct.unpack_from("<Q", content, at)[0]
        if not length:
            return False
        at += 16 + length
        if at > len(content):
            return False
    return True


def refuse_foreign_entries(names: list[str]) -> None:
    """Raises Refused for zip archives that are other formats, or hold archives only."""
    inner = [
        name
        for name in names
        if name.lower().endswith((".zip", ".tar", ".tgz", ".tar.gz", ".7z", ".rar"))
    ]
    if inner and len(inner) * 2 >= len(names):
        found = f"There is another archive in it, {inner[0][:80]!r}"
        raise Refused(f"{found}; unpack the outer one, and bring that.")
    if any(name == "xl/workbook.xml" for name in names):
        code = "pd.read_excel(FILE).to_csv('digits.csv', index=False)"
        raise Refused(f"The file is an Excel workbook; wanted CSV: {code}", (code,))
    if any(name.endswith("/data.pkl") for name in names):
        code = "images, labels = torch.load(FILE)"
        raise _with_code("The file is PyTorch's, a pickle, which is never opened", code)
