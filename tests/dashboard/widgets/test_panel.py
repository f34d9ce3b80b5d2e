"""A part that fails says so in its own place; the rest is drawn, and the log has the reason."""

from collections import Counter

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.services.stores import PerDataset
from dashboard.session import keys
from tests.engine.runtime.test_training_jobs import trained
from tests.pages.test_pages import PAGES

REASON = "broken on purpose"
WHAT_IF = {"classify_from": "Data set", "classify_tab": "What if"}
ABSTAIN = {"trust_tab": "Answer or abstain"}
BREAKS = [  # page, link, the function that fails, the panel that says so
    ("overview", {}, "charting.per_class.rate_bars", "How often each digit is recognised"),
    ("overview", {}, "widgets.image_grid.templates", "The templates"),
    ("templates", {}, "widgets.image_grid.grid", "The templates"),
    ("templates", {}, "views.templates.side_by_side", "Two templates, pixel by pixel"),
    ("templates", {}, "charting.per_class.value_bars", "The ink of the templates"),
    ("templates", {}, "charting.templates.template_distances", "How far the templates are"),
    ("confusion", {}, "charting.confusion_matrix.matrix_chart", "The matrix"),
    ("confusion", {}, "components.gallery.gallery", "The images of the cell"),
    ("confusion", {}, "charting.destinations.rates_chart", "Per digit"),
    ("confusion", {"below": "Every image"}, "charting.destinations.strips_chart", "Every image"),
    ("errors", {}, "components.gallery.gallery", "The images"),
    ("errors", {}, "charting.distances.distance_bars", "The chosen image"),
    ("errors", {}, "views.explanation.why", "Pixel by pixel"),
    (
        "errors",
        {"reason": "Nearest training images"},
        "views.explanation.neighbours",
        "Nearest training",
    ),
    ("errors", {}, "text.prediction.probability", "How probable the answer is"),
    ("errors", {}, "views.annotations.marks_panel", "Your marks"),
    ("errors", {}, "views.reports.of_errors", "The downloads"),
    ("slices", {}, "views.slices.by_attribute.along_chart", "By attribute"),
    ("slices", {"slices_tab": "Map"}, "components.scatter_map.scatter_map", "The map"),
    ("classify", {}, "views.classify.result.invite", "Your digit"),
    ("classify", {"classify_from": "Data set"}, "views.explanation.why", "Why"),
    (
        "classify",
        {"classify_from": "Data set"},
        "views.classify.preprocessing.rules",
        "Preparation",
    ),
    ("classify", WHAT_IF, "views.classify.what_if.editor", "What if"),
    ("cures", {}, "charting.cures.ladder_chart", "The ladder"),
    ("cures", {}, "text.cures.one", "One cure"),
    ("cures", {}, "widgets.image_grid.grid", "Its templates"),
    ("cures", {}, "views.cures.one_cure.changed", "The images"),
    ("cures", {}, "views.cures.one_cure.left", "What all of them leave"),
    ("labels", {}, "components.label_review.review", "The suspects"),
    ("labels", {}, "views.labels.outcome.show", "The decisions"),
    ("compare", {}, "text.comparison.changes", "The four groups"),
    ("compare", {}, "components.gallery.gallery", "The images"),
    ("compare", {}, "charting.comparison.change_chart", "Per digit"),
    ("compare", {"compare_tab": "All models"}, "charting.comparison.accuracy_chart", "All models"),
    ("trust", {}, "charting.trust.reliability_chart", "Reliability"),
    ("trust", ABSTAIN, "charting.trust.set_coverage_chart", "The sets"),
    ("trust", ABSTAIN, "charting.trust.coverage_chart", "Answer or abstain"),
    ("data", {}, "views.data.uploads.predictions", "The field for predictions"),
    ("data", {}, "views.data.uploads.images", "The field for images"),
    ("data", {}, "charting.class_balance.balance_chart", "What these data hold"),
    ("data", {}, "widgets.image_grid.strips", "Some images of each class"),
    ("data", {}, "views.data.quality.outliers", "Unusual images"),
    ("data", {}, "views.data.quality.drift", "The splits beside each other"),
    ("data", {}, "views.data.project.show", "The project"),
    ("data", {}, "text.dataset.identical", "Images in both splits"),
    ("playground", {}, "views.playground.verdict.cure_button", "The verdict"),
    ("playground", {}, "components.descent.descent", "The descent"),
    ("playground", {"view": "Exercises"}, "views.playground.tabs.exercises", "Exercises"),
    ("training", {}, "charting.per_class.rate_bars", "The training"),
]


def broken(*_: object, **__: object) -> None:
    raise RuntimeError(REASON)


def kinds(app: AppTest) -> Counter:
    return Counter(element.type for element in app.main)


def headings(app: AppTest) -> list[str]:
    return [one.value for one in (*app.title, *app.subheader)]


def check(app: AppTest, name: str, failed_panels: list) -> None:
    """One calm sentence with the visit's id on the page; the whole traceback in the log."""
    assert not app.exception
    (said,) = [error.value for error in app.error]
    visit = app.session_state[keys.VISIT]
    assert said.startswith(f"**{name}") and "could not be drawn" in said and visit in said
    assert REASON not in said and "Traceback" not in said
    entries = [record for record in failed_panels if name in record.getMessage()]
    assert all(visit in record.getMessage() for record in entries)
    assert any(REASON in str(record.exc_info[1]) for record in entries)
    failed_panels.clear()


def test_every_page_is_broken_somewhere():
    assert {page for page, *_ in BREAKS} == set(PAGES)


@pytest.mark.case(47)
@pytest.mark.parametrize(
    ("page", "link", "function", "name"), BREAKS, ids=lambda v: v if isinstance(v, str) else ""
)
def test_what_fails_says_so_and_the_rest_is_drawn(
    visit, monkeypatch, failed_panels, page, link, function, name
):
    well = visit(page, **link)
    monkeypatch.setattr(f"dashboard.{function}", broken)
    monkeypatch.setattr(
        "dashboard.services.charts._charts", PerDataset("none yet", 1)
    )  # or a kept chart would still be drawn
    app = visit(page, **link)
    check(app, name, failed_panels)
    lost = kinds(well) - kinds(app)
    assert 2 * lost.total() < kinds(well).total()
    assert headings(app)[0] == headings(well)[0]
    assert len(app.sidebar.selectbox) == len(well.sidebar.selectbox)


@pytest.mark.parametrize(
    ("function", "name"),
    [
        ("charting.training.changes_chart", "What the test images say"),
        ("components.gallery.gallery", "The images"),
        ("views.templates.side_by_side", "One template, before and after"),
    ],
)
def test_a_judgement_of_a_training_that_fails_in_part(
    visit, monkeypatch, failed_panels, function, name
):
    monkeypatch.setattr(f"dashboard.{function}", broken)
    app = trained(visit)
    check(app, name, failed_panels)
    assert headings(app)[-1] == "One template, before and after"


def test_the_last_resort_keeps_the_heading_and_the_pages_to_go_to(
    visit, monkeypatch, failed_panels
):
    monkeypatch.setattr("dashboard.views.dataset_and_model.open_evaluation", broken)
    app = visit("overview")
    check(app, "This page", failed_panels)
    assert len(app.title) == 1


def test_what_ends_a_run_on_purpose_passes_through():
    def script() -> None:
        import streamlit as st

        from dashboard.widgets.panel import panel

        with panel("A panel"):
            st.session_state["runs"] = st.session_state.get("runs", 0) + 1
            if st.session_state["runs"] < 3:
                st.rerun()
            st.stop()
        st.text("never drawn")

    app = AppTest.from_function(script).run()
    assert app.session_state["runs"] == 3
    assert not app.text and not app.error and not app.exception


def test_two_visits_have_two_ids_and_each_keeps_its_own(visit, monkeypatch, failed_panels):
    monkeypatch.setattr("dashboard.widgets.image_grid.templates", broken)
    one, other = visit("overview"), visit("overview")
    before = one.session_state[keys.VISIT]
    assert one.run().session_state[keys.VISIT] == before != other.session_state[keys.VISIT]
    failed_panels.clear()
