"""Classes with awkward names work on every page, and are shown and linked as they are written."""

import csv
import io

import numpy as np
import pytest

from dashboard.services import datasets
from dashboard.text.markdown import as_text, marked, plain
from engine.evaluation.evaluation import evaluate
from engine.evaluation.external_predictions import (
    evaluate_predictions,
    read_predictions,
    sample_csv,
)
from engine.evaluation.metrics import matrix_frame
from engine.io.csv_export import csv_bytes, without_guard
from engine.report.errors import report
from tests.dashboard.charting.test_charts import LIGHT, every_chart
from tests.pages.test_data import upload
from tests.pages.test_pages import PAGES
from tests.support.named import AWKWARD, FOREIGN, MARKED, renamed

SETS = {"marked": MARKED, "foreign": FOREIGN}
TABS = {
    "confusion": [
        {"below": tab}
        for tab in ("Most confused pairs", "Where they go", "Every image", "As a table")
    ],
    "errors": [{"reason": "The smallest change"}, {"reason": "Nearest training images"}],
    "compare": [{"compare_tab": "Difference of the matrices"}, {"compare_tab": "All models"}],
    "trust": [{"trust_tab": "Answer or abstain"}],
    "classify": [
        {"classify_from": "Data set", "classify_tab": tab}
        for tab in ("Why", "What if", "Nearest images", "Flip", "Every model")
    ],
}
VIEWS = [(page, {}) for page in PAGES] + [(p, tab) for p, tabs in TABS.items() for tab in tabs]


@pytest.fixture(params=SETS)
def names(request, small, monkeypatch):
    """The names of the classes; the embedded digits carry them in this test."""
    dataset = renamed(small, SETS[request.param])
    monkeypatch.setattr(datasets, "embedded", lambda: dataset)
    return SETS[request.param]


def in_markdown(app) -> list[str]:
    """Every text of the page that a browser reads as Markdown."""
    kinds = (app.title, app.subheader, app.markdown, app.caption, app.info, app.warning, app.error)
    texts = [one.value for kind in kinds for one in kind]
    texts += [text for one in app.metric for text in (one.label, one.value, one.delta)]
    texts += [one.label for one in (*app.button, *app.radio, *app.selectbox, *app.button_group)]
    texts += [option for one in (*app.radio, *app.button_group) for option in one.options]
    texts += [one.proto.label for one in app.get("page_link")]
    return [text.content if hasattr(text, "content") else text for text in texts]


@pytest.mark.parametrize(("page", "view"), VIEWS)
def test_every_page_shows_the_names_as_they_are_written(visit, names, page, view):
    app = visit(page, **view)
    assert not app.exception
    live = [name for name in names if marked(name) and name not in plain(name)]
    shown = in_markdown(app)
    assert [(text, name) for text in shown for name in live if name in text] == []
    if page == "overview":
        assert any(name in as_text(text) for text in shown for name in names)


@pytest.mark.parametrize("page", ["errors", "confusion"])
def test_a_link_takes_each_name_as_it_is_written(visit, names, small, page):
    dataset = datasets.embedded()
    evaluation = evaluate(dataset, "L1 mean")
    for name in names:
        app = visit(page, true=name, answers="all")
        assert not app.exception
        text = as_text("\n".join(in_markdown(app)))
        assert "asks for something that is not here" not in text
        of = int((evaluation.table["true"] == name).sum())
        whose = f"true {name}s" if name in ("0", "00") else f"images of {name}"
        assert (f"{of} answers on {whose}" if page == "errors" else f"of {of} {whose}") in text


def test_a_filter_on_a_name_is_chosen_and_kept_on_the_next_page(visit, names):
    app = visit("errors")
    for name in names[:3]:
        field = next(one for one in (*app.radio, *app.selectbox) if one.key == "true")
        field.set_value(name).run()
        assert not app.exception
        app.switch_page("../pages/confusion.py").run()
        field = next(one for one in (*app.radio, *app.selectbox) if one.key == "true")
        assert field.value == name
        app.switch_page("../pages/errors.py").run()


@pytest.mark.parametrize("kind", SETS)
def test_charts_of_awkward_names_are_valid_and_hold_the_names(small, kind):
    evaluation = evaluate(renamed(small, SETS[kind]), "L1 mean")
    for name, chart in every_chart(evaluation, LIGHT).items():
        spec = chart.to_dict()
        fields = [str(one) for one in _fields(spec)]
        assert not [f for f in fields if any(n in f for n in SETS[kind] if len(n) > 2)], name
    strips = every_chart(evaluation, LIGHT)["strips"].to_dict()
    (label,) = set(_values(strips, "labelExpr"))
    assert label.endswith("[floor(datum.value)]")


def _values(spec: object, wanted: str) -> list:
    if isinstance(spec, list):
        return [value for one in spec for value in _values(one, wanted)]
    if not isinstance(spec, dict):
        return []
    inner = [v for key, one in spec.items() if key != "datasets" for v in _values(one, wanted)]
    return inner + ([spec[wanted]] if wanted in spec else [])


def _fields(spec: object) -> list:
    return _values(spec, "field")


@pytest.mark.parametrize("kind", SETS)
def test_predictions_for_such_classes_come_back_as_they_left(small, kind):
    dataset = renamed(small, SETS[kind])
    evaluation = evaluate(dataset, "L2 mean")
    content = sample_csv(evaluation)
    again = evaluate_predictions(dataset, read_predictions(content, dataset), "again")
    assert np.array_equal(again.counts, evaluation.counts)
    assert again.table["predicted"].tolist() == evaluation.table["predicted"].tolist()


def test_a_sample_with_such_classes_can_be_uploaded(visit, names):
    dataset = datasets.embedded()
    app = upload(visit("data"), sample_csv(evaluate(dataset, "L2 mean")))
    assert not app.exception
    assert "Taken as Predictions mine" in app.success[0].value


def test_exports_hold_no_formula_and_lose_no_name(small):
    evaluation = evaluate(renamed(small, FOREIGN), "L1 mean")
    tables = [
        evaluation.table,
        evaluation.scores,
        matrix_frame(evaluation.counts, evaluation.classes).reset_index(),
    ]
    for table in tables:
        rows = list(csv.reader(io.StringIO(csv_bytes(table).decode())))
        assert not [cell for row in rows for cell in row if cell.startswith(("=", "@", "-- "))]
    cells = {without_guard(row[0]) for row in csv.reader(io.StringIO(
        csv_bytes(evaluation.scores).decode()))}  # fmt: skip
    assert set(FOREIGN) <= cells


def test_the_report_shows_the_names_and_runs_none(small):
    import datetime

    evaluation = evaluate(renamed(small, MARKED), "L1 mean")
    page = report(
        evaluation, evaluation.table.head(), "Some.", "", datetime.datetime.now(datetime.UTC)
    )
    assert "<b>x</b>" not in page and "&lt;b&gt;x&lt;/b&gt;" in page
    assert "True class down" in page


@pytest.mark.parametrize("name", AWKWARD)
def test_what_is_escaped_comes_back_as_it_was(name):
    assert as_text(plain(name)) == name
    assert as_text(f"**{plain(name)}** is nearer") == f"{name} is nearer"


@pytest.mark.parametrize(
    ("name", "alive"),
    [("T-shirt/top", False), ("ankle_boot", False), ("2", False), ("C#", False), ("a, b", False),
     ("हिन्दी", False), ("_a_", True), ("*a*", True), (":cat:", True), ("a -> b", True),
     ("<b>", True), ("$x$", True), ("&amp;", True), ("salt & pepper", False)],
)  # fmt: skip
def test_names_that_buttons_would_show_otherwise_are_told_from_plain_ones(name, alive):
    assert marked(name) == alive
