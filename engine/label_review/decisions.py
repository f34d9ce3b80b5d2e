"""What a person decides on a label, and the table that leaves with it and comes back."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

import numpy as np
import pandas as pd

from engine.datasets.dataset import Dataset
from engine.io.csv_export import csv_bytes, without_guard
from engine.io.tables import Table, read_csv
from engine.label_review.neighbors import TESTING, TRAINING, split_of
from engine.runtime.errors import Refused
from engine.runtime.limits import MAX_DECISION_BYTES, MAX_DECISIONS, MAX_NAMED_LINES

COLUMNS = ("data", "split", "index", "file", "given", "decision", "new", "why", "when")


class Verdict(StrEnum):
    """What becomes of a label. An image of which several or no classes are right is set aside."""

    KEEP = "keep"
    CHANGE = "change"
    SEVERAL = "several"
    NONE = "none"
    LATER = "later"


SET_ASIDE = (Verdict.SEVERAL, Verdict.NONE)


class Place(NamedTuple):
    """An image: its split, "training" or "test", and its index there."""

    side: str
    index: int


@dataclass(frozen=True)
class Decision:
    """``new`` is the class as text, of `Verdict.CHANGE` only; ``when`` is a time as ISO 8601."""

    verdict: Verdict
    new: str = ""
    why: str = ""
    when: str = ""


Decisions = Mapping[Place, Decision]


def corrections_table(decisions: Decisions, dataset: Dataset) -> pd.DataFrame:
    """One row a decision, by split and index; ``data`` is the key of exactly these images."""
    rows = []
    for place, decision in sorted(decisions.items()):
        split = split_of(dataset, place.side)
        about = split.files[place.index], split.labels[place.index]
        told = decision.verdict.value, decision.new, decision.why, decision.when
        rows.append((dataset.key, *place, *about, *told))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def corrections_csv(decisions: Decisions, dataset: Dataset) -> bytes:
    """`corrections_table` as CSV in UTF-8, guarded against spreadsheet formulas."""
    return csv_bytes(corrections_table(decisions, dataset))


def read_corrections(content: bytes, dataset: Dataset) -> dict[Place, Decision]:
    """The decisions in such a table. Of its columns index, given and new have to be there.

    Without a split the images are test images, without a decision a row is a change. Raises
    Refused, with the first faulty lines, where the table is of other data or in another order:
    an index or a file that is not there, a given label that is not the image's, a class or a
    decision that is not known, an image that comes twice.
    """
    if len(content) > MAX_DECISION_BYTES:
        found = f"The file has {len(content):,} bytes"
        raise Refused(f"{found}; at most {MAX_DECISION_BYTES:,} are taken.")
    table = read_csv(content, MAX_DECISIONS)
    missing = [name for name in ("index", "given", "new") if name not in table.columns]
    if missing:
        found = ", ".join(repr(name[:40]) for name in list(table.columns)[:12])
        raise Refused(f"Found the columns {found}; wanted {', '.join(COLUMNS)}.")
    decisions: dict[Place, Decision] = {}
    wrong = []
    names = set(map(str, np.unique(dataset.training.labels)))
    for row in range(len(table)):
        place, decision, fault = _read_row(_cells(table, row), dataset, names)
        fault = fault or ("this image comes twice" if place in decisions else "")
        if fault:
            wrong.append(f"{table.where(row)}: {fault}")
        decisions[place] = decision
    if wrong:
        said = "1 row does" if len(wrong) == 1 else f"{len(wrong):,} of {len(table):,} rows do"
        lines = tuple(wrong[:MAX_NAMED_LINES])
        raise Refused(f"{said} not fit these data, so none is taken: {wrong[0]}.", lines)
    return decisions


def _cells(table: Table, row: int) -> dict[str, str]:
    """The row's cells as text, with what stands for a column that is not there."""
    usual = {"split": TESTING, "decision": Verdict.CHANGE.value}
    found = {name: without_guard(str(table.columns[name][row])) for name in table.columns}
    return {name: found.get(name, usual.get(name, "")).strip() for name in COLUMNS}


def _read_row(
    cells: dict[str, str], dataset: Dataset, names: set[str]
) -> tuple[Place, Decision, str]:
    """The row's place and decision, and what is wrong with it, '' for nothing."""
    nowhere = Place(TESTING, -1), Decision(Verdict.LATER)
    if cells["split"] not in (TRAINING, TESTING):
        return *nowhere, f"the split is {cells['split'][:40]!r}; wanted training or test"
    split, index = split_of(dataset, cells["split"]), cells["index"].removesuffix(".0")
    if not (index.isascii() and index.isdigit() and int(index[:12]) < len(split)):
        return *nowhere, f"the index is {index[:40]!r}; wanted 0 to {len(split) - 1:,}"
    place = Place(cells["split"], int(index))
    file, given = str(split.files[place.index]), str(split.labels[place.index])
    fault = verdict_fault(cells["decision"], cells["new"], names)
    if cells["file"] not in ("", file):
        fault = f"the file is {cells['file'][:60]!r}; here it is {file[:60]!r}"
    elif cells["given"] != given:
        fault = f"the given label is {cells['given'][:40]!r}; here it is {given!r}"
    if fault:
        return place, nowhere[1], fault
    verdict = Verdict(cells["decision"])
    new = cells["new"] if verdict is Verdict.CHANGE else ""
    return place, Decision(verdict, new, cells["why"], cells["when"]), ""


def verdict_fault(verdict: str, new: str, names: set[str]) -> str:
    """What is wrong with a decision as text, '' for nothing; ``names`` are the classes'."""
    if verdict not in set(Verdict):
        return f"the decision is {verdict[:40]!r}; wanted {', '.join(Verdict)}"
    if verdict == Verdict.CHANGE and new not in names:
        return f"the new label is {new[:40]!r}; wanted one of {', '.join(sorted(names)[:12])}"
    return ""
