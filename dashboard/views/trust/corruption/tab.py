"""The third part of the page: all kinds in a table, and one of them looked at."""

import pandas as pd
import streamlit as st

from dashboard.charting.corruption.heat import heat_chart
from dashboard.charting.palette import Palette
from dashboard.charting.render import draw
from dashboard.services import charts
from dashboard.session import url_state
from dashboard.text.corruption import all_kinds
from dashboard.text.markdown import as_text, plain
from dashboard.views.trust.corruption import asking, one_kind
from dashboard.widgets import clicks, inputs
from engine.corruption.curves import CLEAN, Curves
from engine.corruption.kinds import KINDS, SEVERITIES
from engine.evaluation.evaluation import Evaluation
from engine.io.numbers import in_percent

SIDE_BY_SIDE = 2  # models with a table of all severities each; of more, the published ones only
DONE = "•"  # marks the published severity


def show(evaluation: Evaluation, palette: Palette) -> None:
    """The part of the page of this name."""
    if not evaluation.answers_others:
        st.info(all_kinds.CANNOT.format(plain(evaluation.model.label)))
        return
    url_state.restore(
        corruption_to=asking.ALONE,
        corruption_kind=next(iter(one_kind.NAMES)),
        corruption_severity=SEVERITIES[2],
    )
    st.subheader("What is still right of images that are made worse")
    every = asking.answers(asking.choose(evaluation))
    every = {name: curves for name, curves in every.items() if curves.answers}
    if not every:
        return
    _sentences(every)
    _heat(every, evaluation, palette)
    table = all_kinds.csv_table(every)
    inputs.csv_button(table, "digitscope-corruption.csv")
    dots = f"{all_kinds.DOT} " if len(every) <= SIDE_BY_SIDE else ""
    st.caption(f"{dots}{all_kinds.HOW}")
    one_kind.show(every, evaluation, palette)


def _sentences(every: dict[str, Curves]) -> None:
    """Of the models that have answered all that MNIST-C has."""
    every = {name: one for name, one in every.items() if one.has_published}
    said = [all_kinds.mean(name, curves) for name, curves in every.items()]
    said += [all_kinds.best_elsewhere(every)]
    said += [all_kinds.better(name, curves) for name, curves in every.items()]
    for sentence in filter(None, said):
        st.markdown(sentence)


def _heat(every: dict[str, Curves], evaluation: Evaluation, palette: Palette) -> None:
    if len(every) > SIDE_BY_SIDE:
        tables = [_published(name, curves) for name, curves in every.items()]
        table = pd.concat(tables, ignore_index=True)
        _draw_heat(table, "model", "All kinds at MNIST-C's severity", evaluation, palette)
        return
    places = st.columns(len(every))
    for place, (name, curves) in zip(places, every.items(), strict=True):
        with place:
            _draw_heat(
                _severities(curves), "severity", f"{name} under every kind", evaluation, palette
            )


def _severities(curves: Curves) -> pd.DataFrame:
    """The heat table of one model: a row for each kind and severity, the clean images first."""
    table = curves.table
    clean = table.drop_duplicates("kind").assign(
        severity=CLEAN, published=False, accuracy=curves.clean_accuracy
    )
    clean = clean.assign(low=float("nan"), high=float("nan"))
    rows = pd.concat([clean, table]).sort_values("severity", kind="stable")
    return _cells(rows, rows["severity"].map(lambda at: str(at) if at else "clean"), "severity")


def _published(name: str, curves: Curves) -> pd.DataFrame:
    table = curves.table[curves.table["published"]].assign(published=False)
    return _cells(table, pd.Series(name, table.index), "model")


def _cells(rows: pd.DataFrame, columns: pd.Series, across: str) -> pd.DataFrame:
    marks = rows["published"].map({True: f" {DONE}", False: ""})
    return pd.DataFrame(
        {
            "kind": [KINDS[kind].label for kind in rows["kind"]],
            across: columns.to_numpy(),
            "share": rows["accuracy"].to_numpy(),
            "low": rows["low"].to_numpy(),
            "high": rows["high"].to_numpy(),
            "text": [
                in_percent(share, 0) + mark
                for share, mark in zip(rows["accuracy"], marks, strict=True)
            ],
        }
    )


def _draw_heat(
    table: pd.DataFrame, across: str, title: str, evaluation: Evaluation, palette: Palette
) -> None:
    key = f"corruption_heat_{across}_{title}"

    def to_kind() -> None:
        cell = clicks.picked(key, "cell")
        if cell.get("kind") in one_kind.NAMES:
            clicks.renew(key)
            severity = str(cell.get("severity", ""))
            more = {"corruption_severity": int(severity)} if severity.isdigit() else {}
            url_state.reset(corruption_kind=cell["kind"], **more)

    worst = table.loc[table["share"].idxmin()]
    draw(
        charts.chart(heat_chart, table, across, title, palette, of=evaluation.dataset),
        key=clicks.key_of(key),
        on_select=to_kind,
        alt=f"{as_text(title)}: right answers by kind and {across}, whose figures are in the CSV. "
        f"The fewest: {worst['kind']}, {worst[across]}, {worst['text'].strip(' ' + DONE)}%.",
    )
