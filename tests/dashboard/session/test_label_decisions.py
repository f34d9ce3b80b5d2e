"""What a browser tells of decisions on labels: anything may come."""

import json

import pytest

from dashboard.session import keys
from dashboard.session.label_decisions import as_rows, judged, of
from engine.label_review.decisions import Decision, Place, Verdict

CLASSES = [str(digit) for digit in range(10)]
ROW = ["test", 3, "change", "7", "why", "2026-01-02T03:04:05.678Z"]


def test_what_was_told_is_what_is_told_again(small):
    found = judged([ROW, ["training", 0, "keep", "", "", ""]], small, CLASSES)
    change = Decision(Verdict.CHANGE, "7", "why", ROW[5])
    assert found == {Place("test", 3): change, Place("training", 0): Decision(Verdict.KEEP)}
    assert as_rows(found)[0] == ROW


@pytest.mark.parametrize(
    "row",
    [
        None,
        "test 3",
        [],
        ROW[:5],
        ["both", *ROW[1:]],
        ["test", True, *ROW[2:]],
        ["test", -1, *ROW[2:]],
        ["test", 3.0, *ROW[2:]],
        ["test", 599, *ROW[2:]],
        [*ROW[:2], "burn", *ROW[3:]],
        [*ROW[:3], "11", *ROW[4:]],
        [*ROW[:4], None, ROW[5]],
        [["test"], *ROW[1:]],
    ],
)
def test_what_is_no_decision_on_these_data_is_left_out(small, row):
    kept = ["test", 4, "keep", "", "", ""]
    assert judged([row, kept], small, CLASSES) == {Place("test", 4): Decision(Verdict.KEEP)}


@pytest.mark.parametrize("rows", [None, {}, "[]", 5, [[[[]]]]])
def test_anything_else_is_no_decision(small, rows):
    assert judged(rows, small, CLASSES) == {}


def test_long_texts_are_cut_and_no_more_than_the_limit_is_taken(small, monkeypatch):
    monkeypatch.setattr("dashboard.session.label_decisions.MAX_DECISIONS", 2)
    rows = [["test", n, "keep", "", "y" * 9_999, "z" * 999] for n in range(5)]
    found = judged(rows, small, CLASSES)
    assert list(found) == [Place("test", 0), Place("test", 1)]
    assert max(len(one.why) for one in found.values()) == 500


@pytest.fixture
def session(monkeypatch) -> dict:
    state = {}
    monkeypatch.setattr("dashboard.session.label_decisions.st.session_state", state)
    return state


def test_what_the_browser_had_kept_counts_until_something_newer_is_told(small, session):
    kept = json.dumps([ROW, ["test", 5, "keep", "", "", ""]])
    session[keys.DECISIONS_FOUND] = {small.key: kept, "others": "[]"}
    assert list(of(small)) == [Place("test", 3), Place("test", 5)]
    assert session[keys.DECISIONS_FOUND] == {"others": "[]"}
    session[keys.DECISIONS_FOUND] = {small.key: "[]"}
    assert len(of(small)) == 2


@pytest.mark.parametrize("kept", ["", "no JSON", "[" * 100_000, "{}", "[[1]]"])
def test_what_cannot_be_read_of_it_is_nothing(small, session, kept):
    session[keys.DECISIONS_FOUND] = {small.key: kept}
    assert of(small) == {}
