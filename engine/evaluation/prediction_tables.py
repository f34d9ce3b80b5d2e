"""Tables of predictions as other programs write them, brought to the columns that are judged."""

import codecs
import csv
import io
import re
from collections.abc import Sequence

import numpy as np

from engine.datasets.dataset import Split
from engine.io.csv_export import without_guard
from engine.io.tables import Table, read_array, read_table
from engine.runtime.errors import Refused
from engine.runtime.limits import MAX_HEADER_BYTES, MAX_PREDICTION_COLUMNS, MAX_UPLOAD_BYTES

IDS = ("index", "file", "files")  # numpy.savez takes no array named "file"
PREDICTED, TRUE, SCORES = "predicted", "true", "scores"
INDEX_NAMES = ("imageid", "image_id", "id", "", "unnamed: 0", "__index_level_0__")
FILE_NAMES = ("filename", "file_name", "path", "filepath")
PREDICTED_NAMES = ("prediction", "predictions", "y_pred", "pred", "label")
TRUE_NAMES = ("y_true", "label", "target", "actual")
SCORES_NAMES = ("logits", "probabilities", "probs", "proba", "y_score", "y_prob")
LEFT_OUT = ("confidence", "unnamed: 0", "__index_level_0__", "")  # beside what is used
DEEPEST = 8  # folders of a path that are looked at
UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def read_prediction_table(
    content: bytes, testing: Split, classes: Sequence
) -> tuple[Table, list[str]]:
    """The table with the columns `IDS`, "predicted", "true" and scores, as far as they are there.

    The sentences say what was done to bring it there. Raises Refused.
    """
    if content.lstrip()[:1] in (b"{", b"["):
        raise Refused("The file is JSON; wanted CSV, Parquet, NPZ or .npy. pandas.read_json(…)"
                      ".to_csv('predictions.csv', index=False) converts it.")  # fmt: skip
    content, done = _plain_csv(content)
    if content.startswith(b"\x93NUMPY"):
        table = _of_one_array(content, len(testing))
    else:
        table = read_table(content, len(testing))
    columns = _named(table.columns, classes, done)
    if PREDICTED in columns and columns[PREDICTED].ndim == 2 and columns[PREDICTED].shape[1] == 1:
        columns[PREDICTED] = columns[PREDICTED][:, 0]
    _by_place(columns, table, len(testing), done)
    for name in {"file", "files"} & set(columns):
        if columns[name].ndim == 1:
            columns[name] = _here(columns[name], testing.files.tolist(), done)
    _highest(columns, classes, done)
    for name in {PREDICTED, TRUE} & set(columns):
        if columns[name].dtype == object:
            columns[name] = np.array([_untensored(cell) for cell in columns[name]], dtype=object)
    return Table(columns, table.unit, table.first), done


def _plain_csv(content: bytes) -> tuple[bytes, list[str]]:
    """UTF-16 as UTF-8, and semicolons or tabs as commas; anything else as it is."""
    done: list[str] = []
    if len(content) > MAX_UPLOAD_BYTES:
        return content, done  # refused by its reader
    if content.startswith(UTF_16):
        try:
            content = content.decode("utf-16").encode()
        except UnicodeError:
            return content, done
        done.append("The file is in UTF-16.")
    header = content[: MAX_HEADER_BYTES + 1].split(b"\n", 1)[0]
    mark = next((mark for mark in (b";", b"\t") if mark in header and b"," not in header), None)
    if mark is None or b"\0" in content or content.startswith((b"PK", b"PAR1", b"\x93NUMPY")):
        return content, done
    with_commas = _with_commas(content, mark.decode())
    if with_commas is not None:
        content = with_commas
        name = "semicolons" if mark == b";" else "tabs"
        done.append(f"Its cells are separated by {name}.")
    return content, done


def _with_commas(content: bytes, mark: str) -> bytes | None:
    """The CSV with commas between its cells; None for one that cannot be read so."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    lines = io.TextIOWrapper(io.BytesIO(content), "utf-8-sig", newline="")
    try:
        for row in csv.reader(lines, strict=True, delimiter=mark):
            if len(row) > MAX_PREDICTION_COLUMNS:
                return None
            writer.writerow([_with_point(cell) for cell in row])
    except (csv.Error, UnicodeError):
        return None
    return out.getvalue().encode()


def _with_point(cell: str) -> str:
    """A number with a decimal comma as one with a point."""
    number = re.fullmatch(r"[-+]?\d+,\d+(e[-+]?\d+)?", cell, flags=re.ASCII | re.IGNORECASE)
    return cell.replace(",", ".") if number else cell


def _of_one_array(content: bytes, n_images: int) -> Table:
    """A .npy file: answers (n,) or (n, 1), or scores (n, k)."""
    if len(content) > MAX_UPLOAD_BYTES:
        found = f"The file has {len(content):,} bytes"
        raise Refused(f"{found}; at most {MAX_UPLOAD_BYTES:,} are taken.")
    array = read_array(content, "array")
    if not array.ndim or len(array) != n_images:
        raise Refused(f"The array is {array.shape}; wanted {n_images:,} rows, one an image.")
    one = array.ndim == 1 or array.shape[1:] == (1,)
    return Table({PREDICTED if one else SCORES: array}, "row", 0)


def _named(
    found: dict[str, np.ndarray], classes: Sequence, done: list[str]
) -> dict[str, np.ndarray]:
    """The columns under the names that are judged; what is not used is left out and said."""
    columns = {without_guard(name): column for name, column in found.items()}
    scores = [str(name) for name in classes]
    if all(name in columns for name in scores):
        columns = {(f"score {n}" if n in scores else n): c for n, c in columns.items()}
    for wanted, others in (
        (PREDICTED, PREDICTED_NAMES),
        (TRUE, TRUE_NAMES),
        (SCORES, SCORES_NAMES),
        ("file", FILE_NAMES),
        ("index", INDEX_NAMES),
    ):
        if wanted in columns or (wanted == "index" and {"file", "files"} & set(columns)):
            continue
        other = next((n for o in others for n in columns if n.lower() == o), None)
        if other is not None:
            columns[wanted] = columns.pop(other)
            done.append(f"The column {other[:40]!r} is taken for {wanted!r}.")
    for name in [name for name in columns if name.lower() in LEFT_OUT]:
        columns.pop(name)
        done.append(f"The column {name[:40]!r} is not used.")
    return columns


def _here(names: np.ndarray, known: list[str], done: list[str]) -> np.ndarray:
    """Names with other folders before them, or without any, as the test images' own."""
    exact = set(known)
    last = [name.rsplit("/", 1)[-1] for name in known]
    unique = dict(zip(last, known, strict=True)) if len(set(last)) == len(last) else {}

    def own(name: str) -> str:
        parts = name.replace("\\", "/").rsplit("/", DEEPEST)
        ends = ("/".join(parts[at:]) for at in range(len(parts)))
        return next((end for end in ends if end in exact), unique.get(parts[-1], name))

    plain = [n.decode("utf-8", "replace") if isinstance(n, bytes) else str(n) for n in names]
    found = [name if name in exact else own(name) for name in plain]
    if changed := sum(one != other for one, other in zip(found, plain, strict=True)):
        done.append(f"{changed:,} files are matched by the end of their paths.")
    return np.array(found, dtype=object)


def _by_place(columns: dict[str, np.ndarray], table: Table, n_images: int, done: list[str]) -> None:
    """Rows of arrays without an index are those of the test images; one from 1 is made from 0."""
    n = len(table)
    arrays = table.unit == "row" and not set(IDS) & set(columns)
    if arrays and n == n_images and {PREDICTED, SCORES} & set(columns):
        columns["index"] = np.arange(n)
        done.append("Without an index, its rows are taken in the order of the test images.")
    elif "index" in columns and n == n_images and columns["index"].ndim == 1:
        texts = {str(cell).strip() for cell in columns["index"]}
        if texts == set(map(str, range(1, n + 1))):
            columns["index"] = np.array([int(str(cell)) - 1 for cell in columns["index"]])
            done.append("The index counts from 1; 1 is taken from it.")


def _highest(columns: dict[str, np.ndarray], classes: Sequence, done: list[str]) -> None:
    """Without answers, the class with the highest score is the answer."""
    if PREDICTED in columns:
        return
    names = [f"score {name}" for name in classes]
    scores = columns.get(SCORES)
    if scores is None and all(name in columns for name in names):
        try:
            scores = np.stack([columns[name].astype(float) for name in names], axis=1)
        except (ValueError, TypeError):
            return
    if scores is None or scores.ndim != 2 or scores.shape[1] != len(classes):
        return
    if scores.dtype.kind not in "uif" or not np.isfinite(scores).all():
        return
    columns[PREDICTED] = np.asarray(classes)[scores.argmax(axis=1)]
    done.append("There are scores only: the class with the highest is the answer.")


def _untensored(cell: object) -> object:
    """tensor(7) as 7."""
    match = re.match(r"\s*tensor\(\s*(\d{1,9})\s*[,)]", cell) if isinstance(cell, str) else None
    return match[1] if match else cell
