"""Altair charts on the screen, as `st.altair_chart` puts them there but quicker.

That function checks each chart against the whole schema of Vega-Lite, which takes most of the time
it needs; tests/pages/test_pages.py does that instead. It also names tables by their content, so
that the browser takes a chart whose table has changed for another chart, and builds all of it anew.
"""

import threading
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import altair as alt
import pandas as pd
import pyarrow as pa
import streamlit as st

from engine.io.numbers import JOIN

_altair = threading.Lock()  # its theme and its way with tables hold for the whole process
Tables = Mapping[str, pd.DataFrame]
Sent = dict[str, pa.Table]
NONE: Sent = MappingProxyType({})
LOCALE = {  # how charts write numbers: in English, with a space before "%" as in sentences
    "number": {
        "decimal": ".",
        "thousands": ",",
        "grouping": [3],
        "currency": ["$", ""],
        "percent": f"{JOIN}%",
    }
}


def draw(
    chart: alt.TopLevelMixin | dict[str, Any], at: Any = st, tables: Sent = NONE, **options: Any
) -> Any:
    """Draws the chart, or its `spec`, in the container ``at``.

    ``tables``, as they are `sent`, are those that the chart only names
    (`dashboard.charting.axes.chart_of`): where they alone are new, the chart stays as it stands in
    the browser, and moves. New words in ``alt`` build it anew. ``options`` are those of
    `st.vega_lite_chart`.
    """
    found = chart if isinstance(chart, dict) else spec(chart)
    datasets = {**found["datasets"], **tables}
    if isinstance(found.get("height"), int):  # its place is there before the chart is
        options.setdefault("height", found["height"])
    return at.vega_lite_chart(spec={**found, "datasets": datasets}, **options)


def spec(chart: alt.TopLevelMixin) -> dict[str, Any]:
    """The chart in Vega-Lite; its tables are under "datasets", by their place in the chart."""
    tables: dict[str, pd.DataFrame] = {}
    with _altair, alt.theme.enable("none"), alt.data_transformers.enable("kept", tables=tables):
        found = chart.to_dict(validate=False)
    config = {**found.get("config", {}), "locale": LOCALE}
    return {**found, "config": config, "datasets": sent(tables)}


def sent(tables: Tables) -> Sent:
    """The tables as they are sent to the browser, without pandas' indices and its notes.

    Streamlit would do so too, but with both, in ten times the time.
    """
    return {name: _columns(table) for name, table in tables.items()}


def _columns(table: pd.DataFrame) -> pa.Table:
    return pa.table({str(name): pa.array(table[name]) for name in table})


def _keep(table: pd.DataFrame, tables: dict[str, pd.DataFrame]) -> dict[str, str]:
    """Puts the table aside, once however many layers share it, and gives its name."""
    names = [name for name, held in tables.items() if held is table]
    name = names[0] if names else f"table {len(tables) + 1}"
    tables[name] = table
    return {"name": name}


alt.data_transformers.register("kept", _keep)
