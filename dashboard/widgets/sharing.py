"""What leaves the page: the filtered table, the report, and the link that shows the same view."""

import datetime
from urllib.parse import urlencode, urlsplit, urlunsplit

import pandas as pd
import streamlit as st

from dashboard import text
from dashboard.session import url_state
from dashboard.text import numbers
from dashboard.text.markdown import as_text
from engine.datasets.dataset import class_noun
from engine.evaluation.evaluation import Evaluation
from engine.evaluation.filters import Filters, number_for
from engine.evaluation.html_report import report
from engine.io.csv_export import csv_bytes


def address() -> str:
    """The full address that opens this view: this page with each choice that is not a default."""
    scheme, host, path, *_ = urlsplit(st.context.url or "")
    choices = url_state.as_parameters(url_state.here())
    return urlunsplit((scheme, host, path, urlencode(choices, doseq=True), ""))


@st.fragment
def link_here(note: str = "") -> None:
    """The link to this view, made when it is opened: parts of the page may run without this one."""
    popover = st.popover(
        "Link to this view", icon=":material/link:", key="link_here", on_change="rerun"
    )
    if popover.open:
        popover.code(address(), language=None, wrap_lines=True)
        if note:
            popover.caption(note)


def downloads(rows: pd.DataFrame, evaluation: Evaluation, chosen: Filters, sort: str) -> None:
    """Buttons for the table and the report of ``rows``; both are made only when one is pressed."""
    what = as_text(
        text.images.selection(
            len(rows), len(evaluation.table), chosen, class_noun(evaluation.classes)
        )
    )
    link = address()

    def make_report() -> bytes:
        now = datetime.datetime.now(datetime.UTC)
        said, by = f"{what} Sorted by: {sort}.", number_for(sort)
        return report(evaluation, rows, said, link, now, by).encode()

    with st.container(horizontal=True):
        link_here()
        st.download_button(
            f"{'This' if len(rows) == 1 else 'These'} {numbers.count(len(rows), 'row')} as CSV",
            lambda: csv_bytes(rows),
            "digitscope-images.csv",
            "text/csv",
            icon=":material/table:",
            on_click="ignore",
            key="rows_csv",
        )
        st.download_button(
            "Report of this view (HTML)",
            make_report,
            "digitscope-report.html",
            "text/html",
            icon=":material/description:",
            on_click="ignore",
            key="report_html",
        )
