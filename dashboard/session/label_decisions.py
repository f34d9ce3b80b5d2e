"""What this viewer decided on labels, by dataset; anything may come from a browser."""

import json

import numpy as np
import streamlit as st

from dashboard.session import keys
from engine.datasets.dataset import Dataset
from engine.label_review.decisions import Decision, Place, Verdict, verdict_fault
from engine.label_review.neighbors import TESTING, TRAINING, split_of
from engine.runtime.limits import MAX_DECISIONS, MAX_NOTE_CHARACTERS

Rows = list[list[object]]


def of(dataset: Dataset) -> dict[Place, Decision]:
    """The decisions on these data, by place; take a copy before changing anything.

    At first they are those that the browser had kept when the visit began.
    """
    kept = st.session_state.get(keys.DECISIONS_FOUND, {}).pop(dataset.key, None)
    if kept is not None and dataset.key not in st.session_state.get(keys.DECISIONS, {}):
        take(dataset, _read(kept, dataset))
    return st.session_state.get(keys.DECISIONS, {}).get(dataset.key, {})


def _read(kept: str, dataset: Dataset) -> dict[Place, Decision]:
    try:
        rows = json.loads(kept)
    except (ValueError, RecursionError):
        return {}
    return judged(rows, dataset, [str(name) for name in np.unique(dataset.training.labels)])


def put(dataset: Dataset, decisions: dict[Place, Decision]) -> None:
    """Replaces them, and has the browser show these."""
    take(dataset, decisions)
    st.session_state.setdefault(keys.DECISIONS_TURN, {})[dataset.key] = turn(dataset) + 1


def take(dataset: Dataset, decisions: dict[Place, Decision]) -> None:
    """Keeps what the browser itself has told."""
    st.session_state.setdefault(keys.DECISIONS, {})[dataset.key] = decisions


def turn(dataset: Dataset) -> int:
    """Grows whenever decisions come from elsewhere than the browser, which then takes them over."""
    return st.session_state.get(keys.DECISIONS_TURN, {}).get(dataset.key, 0)


def as_rows(decisions: dict[Place, Decision]) -> Rows:
    """For the browser: side, index, verdict, new label, reason, time."""
    return [
        [*place, one.verdict.value, one.new, one.why, one.when] for place, one in decisions.items()
    ]


def judged(rows: object, dataset: Dataset, classes: list[str]) -> dict[Place, Decision]:
    """The decisions in what a browser sent; whatever is no decision on these data is left out."""
    if not isinstance(rows, list):
        return {}
    taken = (_judged(row, dataset, set(classes)) for row in rows[:MAX_DECISIONS])
    return dict(one for one in taken if one is not None)


def _judged(row: object, dataset: Dataset, names: set[str]) -> tuple[Place, Decision] | None:
    if not (isinstance(row, list) and len(row) == 6 and type(row[1]) is int):
        return None
    side, index, *texts = row
    if side not in (TRAINING, TESTING) or not all(isinstance(text, str) for text in texts):
        return None
    verdict, new, why, when = (text[:MAX_NOTE_CHARACTERS] for text in texts)
    if not 0 <= index < len(split_of(dataset, side)) or verdict_fault(verdict, new, names):
        return None
    return Place(side, index), Decision(Verdict(verdict), new, why, when[:40])
