"""What leaves the Errors and the Compare page: reports as one HTML file, and their rows as CSV."""

import datetime
from collections.abc import Callable

import pandas as pd
import streamlit as st

from dashboard import text
from dashboard.text import numbers
from dashboard.text.markdown import as_text
from dashboard.views import annotations, errors, explanation, shapes
from dashboard.views.compare.choice import Compared
from dashboard.views.cures import as_compared, tags
from dashboard.views.selection import Selection
from dashboard.widgets import sharing
from engine.datasets.dataset import class_noun
from engine.evaluation.evaluation import Evaluation
from engine.io.csv_export import csv_bytes
from engine.report.comparison import changed, comparison_report
from engine.report.errors import Opened, report


def of_errors(selection: Selection, row: pd.Series, evaluation: Evaluation) -> None:
    """The link, the chosen rows as CSV, and the report of them with the opened image ``row``."""
    rows, n_all = selection.rows, evaluation.n_images
    noun = class_noun(evaluation.classes)
    which = text.images.selection(selection.n, n_all, selection.chosen, noun)
    what = as_text(f"{which} {text.dataset.here(len(rows), selection.n)}")
    link, ladder = sharing.address(), tags.known(evaluation)

    def make() -> bytes:
        said, by = (
            f"{what} {as_text(selection.shape)} Sorted by: {selection.sort}.",
            selection.number,
        )
        marks = annotations.marks_of(evaluation.dataset)
        opened = Opened(int(row["index"]), _why(row, evaluation))
        cures = tags.for_report(ladder, evaluation, rows)
        return report(evaluation, rows, said, link, _now(), by, opened, marks, cures).encode()

    def make_csv() -> bytes:
        told = tags.with_columns(ladder, evaluation, rows)
        if selection.rule:
            told = told.assign(slice=selection.rule)
        return csv_bytes(shapes.with_columns(evaluation, told))

    which = f"{'This' if len(rows) == 1 else 'These'} {numbers.count(len(rows), 'row')} as CSV"
    with st.container(horizontal=True):
        sharing.link_here()
        _csv(which, make_csv, "digitscope-images.csv", "rows_csv")
        _html("Report of this view (HTML)", make, "digitscope-report.html", "report_html")


def _why(row: pd.Series, evaluation: Evaluation) -> tuple[str, ...]:
    """What the page says of the opened image: prediction, runner-up and truth, and the reason."""
    said = [text.images.image(row, evaluation.classes, evaluation.share)]
    if evaluation.explains:
        image = evaluation.dataset.testing.images[int(row["index"])]
        rival = errors.rival(row, evaluation)
        said.append(explanation.reason(image, evaluation, row["predicted"], rival))
        said.append(as_compared.said(evaluation))
    return tuple(as_text(sentence) for sentence in said if sentence)


def of_comparison(shown: Compared) -> None:
    """The link, the fixed and broken images as CSV, and the report of the comparison."""
    rows, link = changed(shown.rows), sharing.address()
    names = shown.first, shown.second
    n_rows, n_all = len(shown.rows), shown.before.n_images
    noun = class_noun(shown.before.classes)
    some = as_text(f"{text.images.selection(n_rows, n_all, shown.chosen, noun)} {shown.said}")

    def make() -> bytes:
        what = some if n_rows < n_all else ""
        picked, marks = shown.chosen.by_answer, annotations.marks_of(shown.dataset)
        return comparison_report(
            names, shown.after, shown.rows, link, _now(), what, picked, marks
        ).encode()

    def make_csv() -> bytes:
        chosen = shown.slice
        told = rows if chosen is None else rows.assign(slice=str(chosen.rule))
        return csv_bytes(shapes.with_columns(shown.before, told))

    which = f"{numbers.count(len(rows), 'fixed or broken image')} as CSV"
    with st.container(horizontal=True):
        sharing.link_here()
        _csv(which, make_csv, "digitscope-changed.csv", "changed_csv")
        if shown.before.is_sample:  # its figures would be of the images here
            return
        _html(
            "Report of this comparison (HTML)", make, "digitscope-comparison.html", "compare_html"
        )


def _csv(label: str, make: Callable[[], bytes], file: str, key: str) -> None:
    st.download_button(
        label, make, file, "text/csv", key=key, on_click="ignore", icon=":material/table:"
    )


def _html(label: str, make: Callable[[], bytes], file: str, key: str) -> None:
    """A report is made only when its button is pressed."""
    st.download_button(
        label, make, file, "text/html", key=key, on_click="ignore", icon=":material/description:"
    )


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)
