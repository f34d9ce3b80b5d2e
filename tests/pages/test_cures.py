"""The cures page: the ladder in figures, one cure of it, and a model with a cure everywhere."""

import re
import time
from datetime import UTC, datetime

import numpy as np
import pytest

from dashboard import text
from dashboard.components import gallery
from dashboard.services import cures
from dashboard.services.stores import PerDataset
from dashboard.views.cures import tags
from engine.cures.catalogue import CURES
from engine.cures.recipe import Recipe
from engine.evaluation import cure_ladder
from engine.evaluation.comparison import compare
from engine.evaluation.evaluation import evaluate
from engine.report.errors import report
from tests.pages.test_pages import PAGES, charts, said

TAKEN = "L1 mean + deskew + one offset"


@pytest.fixture
def open_cures(visit):
    """The page once its ladder stands."""

    def open_page(**link: str):
        app = visit("cures", **link)
        until = time.monotonic() + 120
        while app.get("progress") and time.monotonic() < until:
            time.sleep(0.5)
            app.run()
        assert not app.exception and not app.error
        return app

    return open_page


def test_the_ladder_has_every_cure_with_its_figures(open_cures, small, small_evaluation):
    app = open_cures()
    table = app.dataframe[0].value
    assert sorted(table["cure"]) == sorted(CURES)
    assert list(table["gained"]) == sorted(table["gained"], reverse=True)
    for name in ("deskew", "L2", "ten prototypes"):
        row = table[table["cure"] == name].iloc[0]
        changes = compare(small_evaluation, evaluate(small, f"L1 mean + {name}"))["change"]
        wanted = (changes == "fixed").sum(), (changes == "broken").sum()
        assert (row["fixed"], row["broken"]) == wanted
        assert row["right"] == small_evaluation.n_right + wanted[0] - wanted[1]
    assert "The order of the 12 changes" in said(app)
    best = table.iloc[0]
    assert f"{best['cure']} {best['fixed']} and {best['broken']}" in charts(app)[0].alt


def test_what_all_leave_is_what_is_wrong_with_each(open_cures, small, small_evaluation):
    wrong = ~small_evaluation.table["right"].to_numpy()
    for cure in CURES:
        wrong &= ~evaluate(small, f"L1 mean + {cure}").table["right"].to_numpy()
    assert re.search(
        rf"\*\*{wrong.sum()}\*\* \([\d.]+\s%\) stay wrong whichever", said(open_cures())
    )


def test_the_errors_of_the_sentence_add_up(open_cures, small_evaluation):
    (sentence,) = re.findall(r"Of the \d+ errors, [^.*]* alone makes .*", said(open_cures()))
    every, first = re.search(r"Of the (\d+) errors, .* makes (\d+) right", sentence).groups()
    more = re.search(r"Of those that it leaves, these make right: ([^.]*)\.", sentence)[1]
    left = re.search(r"\*\*(\d+)\*\*", sentence)[1]
    others = [int(n) for n in re.findall(r" (\d+)(?:,| and|$)", more)]
    assert int(every) == small_evaluation.n_images - small_evaluation.n_right
    assert int(first) + sum(others) + int(left) == int(every)


def test_a_cure_is_in_the_link_and_can_be_taken(open_cures):
    app = open_cures(cure="deskew")
    assert app.selectbox(key="cure").value == "deskew"
    assert CURES["deskew"].why in said(app)
    app.button(key="take_cure").click().run()
    assert app.selectbox(key="model").value == "L1 mean + deskew"
    assert "L1 mean + deskew" in app.query_params["model"]
    assert "with **L1 mean + deskew**" in said(app)


@pytest.mark.parametrize("page", PAGES)
def test_every_page_works_with_a_model_that_has_cures(visit, small, page):
    app = visit(page, model=TAKEN)
    assert not app.exception and not app.error
    assert page == "playground" or app.selectbox(key="model").value == TAKEN
    if page == "overview":
        assert f"{evaluate(small, TAKEN).n_right:,} of 599 test images" in said(app)


def test_a_model_with_cures_that_cannot_be_is_named(visit):
    for name in ("L1 mean + magic", "L1 mean + one offset + deskew", "Logistic + deskew"):
        app = visit("overview", model=name)
        assert " (shown: L1 mean)" in said(app)
        assert app.selectbox(key="model").value == "L1 mean"


def test_a_model_that_no_cure_fits_is_told_so(open_cures):
    assert "no model that these changes fit" in said(open_cures(model="5 neighbours"))


@pytest.fixture
def restarted(monkeypatch, tmp_path):
    """A server that knows no ladder, with a store of its own."""

    def restart() -> None:
        monkeypatch.setattr(cures, "_ladders", PerDataset("test", 2))

    monkeypatch.setenv("DIGITSCOPE_HOME", str(tmp_path))
    restart()
    return restart


def test_a_ladder_stands_at_once_after_a_restart(
    restarted, open_cures, visit, monkeypatch, small_evaluation
):
    first = open_cures().dataframe[0].value
    restarted()
    monkeypatch.setattr(cure_ladder, "rung", None)  # would fail if it were climbed again
    assert "gains most" in said(visit("overview"))
    assert open_cures().dataframe[0].value.equals(first)
    restarted()
    assert cures.known(small_evaluation, Recipe("L1 mean")) is not None
    assert cures.known(small_evaluation, Recipe("L2 mean")) is None


def test_a_ladder_that_fails_says_so_and_can_be_tried_again(visit, monkeypatch, caplog, restarted):

    def breaks(*_):
        raise RuntimeError("broken on purpose")

    with monkeypatch.context() as patch:
        patch.setattr(cure_ladder, "rung", breaks)
        app = visit("cures")
        assert "ended early" in app.error[0].value
    app.button(key="cures_again").click().run()
    assert not app.error


def test_a_climb_that_is_stopped_keeps_its_rungs(small, small_evaluation):
    before = small_evaluation.table["right"].to_numpy()
    climb = cures.Climb(small, Recipe("L2 mean"), before)
    climb.stop()
    assert climb.task.finished(60)
    assert isinstance(climb.error, cures.Stopped)
    assert len(climb.ladder.rungs) < 11 and np.array_equal(climb.ladder.before, before)


def test_an_error_is_told_what_would_make_it_right(open_cures, visit, small, small_evaluation):
    open_cures()  # the ladder stands
    wrong = ~small_evaluation.table["right"].to_numpy()
    fixed = wrong & evaluate(small, "L1 mean + ten prototypes").table["right"].to_numpy()
    app = visit("errors", cured="ten prototypes")
    assert app.selectbox(key="cured").value == "ten prototypes"
    assert f"**{fixed.sum()}** wrong answers" in said(app)
    assert f"Right with ten prototypes: {fixed.sum()} of {wrong.sum()} errors," in said(app)
    index = int(np.flatnonzero(fixed)[0])
    assert "with ten prototypes" in tag_of(visit("errors", image=str(index)))


def tag_of(app) -> str:
    return next(c.value for c in app.caption if re.match(r"It would be right [^:]*\.$", c.value))


def test_the_images_that_nothing_helps_can_be_chosen(visit):
    app = visit("errors", cured="none of these")
    assert app.selectbox(key="cured").value == "none of these"
    assert tag_of(app) == "It would be right with none of the cures."


def test_a_link_to_a_cure_that_is_not_here_says_so(visit):
    assert "'cured' magic (shown: any)" in said(visit("errors", cured="magic"))
    assert not visit("errors", cured="deskew", model="5 neighbours").exception


def test_the_overview_leads_to_the_best_cure(open_cures, visit):
    best = open_cures().dataframe[0].value.iloc[0]
    app = visit("overview")
    assert f"gains most: from 534 to **{best['right']}**" in said(app)
    button = next(b for b in app.button if b.label == "Which change would help most")
    button.click().run()
    assert app.title[0].value == "What would help?"


DATA_IMAGE = {"classify_from": "Data set", "classify_index": "3"}
EXACT = "exact in the pixels that the model compares: those after deskew."


def pictures(app) -> str:
    return " ".join(block.proto.body for block in app.get("html"))


def test_classify_shows_the_picture_after_the_steps_and_says_what_its_reasons_are_exact_in(
    visit, small
):
    name = "L1 mean + deskew + all offsets"
    app = visit("classify", model=name, classify_tab="Why", **DATA_IMAGE)
    assert not app.exception and not app.error
    assert "Deskew" in pictures(app)
    assert EXACT in said(app) and "from their offsets" in said(app)
    model = evaluate(small, name).classifier
    best, second = np.sort(model.distances(small.testing.images[3:4])[0])[:2]
    written = re.search(r"is nearer than that of \*\*.\*\* by ([\d.]+):", said(app)).group(1)
    assert float(written) == pytest.approx(second - best, rel=0.05)


@pytest.mark.parametrize(
    ("page", "tab"),
    [
        ("classify", {"classify_tab": "Flip", **DATA_IMAGE}),
        ("errors", {"reason": "The smallest change"}),
    ],
)
def test_the_smallest_change_is_one_of_the_prepared_pixels(visit, page, tab):
    app = visit(page, model=TAKEN, **tab)
    assert not app.exception and EXACT in said(app)
    assert re.search(r"Changing \*\*\d+ pixels?\*\* of 64 is enough", said(app))


@pytest.mark.parametrize("cure", ["ten prototypes", "tangent distance"])
def test_templates_that_follow_the_image_have_a_pixel_map_and_no_smallest_change(visit, cure):
    app = visit("classify", model=f"L1 mean + {cure}", classify_tab="Why", **DATA_IMAGE)
    assert not app.exception and any("Each pixel's part" in chart.alt for chart in charts(app))
    app = visit("classify", model=f"L1 mean + {cure}", classify_tab="Flip", **DATA_IMAGE)
    assert "which change is smallest is not computed" in said(app)


def test_the_errors_page_shows_the_image_after_the_steps_beside_it(visit):
    app = visit("errors", model="L1 mean + deskew + same ink")
    assert "after deskew" in pictures(app) and "after same ink" in pictures(app)
    assert "after deskew and same ink" in said(app)


def test_a_tile_names_what_would_make_its_error_right_and_reads_all_of_it_out(
    open_cures, visit, small, small_evaluation, monkeypatch
):
    open_cures()  # the ladder stands
    sent = []
    monkeypatch.setattr(gallery, "_component", lambda **given: sent.extend(given["data"]["tiles"]))
    app = visit("errors", sort="index", per_page="96")
    assert sent and text.cures.WHAT_TAGS_SAY in said(app)
    deskewed = evaluate(small, "L1 mean + deskew").table["right"]
    offered = app.selectbox(key="cured").options
    assert "deskew" in offered
    for tile in sent:
        assert ("if deskewed" in tile["alt"]) == deskewed[tile["index"]]
        assert 1 <= len(tile["tags"]) <= 3 and tile["tags"][0] in tile["alt"]
    assert any(tile["tags"] == ["none of these"] for tile in sent)


def test_the_table_and_the_report_of_errors_have_the_cures_with_their_controls(
    open_cures, small, small_evaluation
):
    open_cures()
    ladder = cures.known(small_evaluation, Recipe("L1 mean"))
    rows = small_evaluation.table.iloc[::7]
    table = tags.with_columns(ladder, small_evaluation, rows)
    deskewed = evaluate(small, "L1 mean + deskew").table["right"].iloc[::7]
    assert table["right if deskewed"].tolist() == deskewed.tolist()
    page = report(small_evaluation, rows, "", "", datetime.now(UTC),
                  cures=tags.for_report(ladder, small_evaluation, rows))  # fmt: skip
    rung = next(rung for rung in ladder.rungs if rung.cure == "deskew")
    broken, right = rung.paired.broken, rung.paired.before
    assert f"The same change breaks {broken} of {right} right answers" in page
    wrong = int((~rows["right"]).sum())
    assert page.count('class="tag"') >= wrong > 0


def test_one_offset_is_told_by_its_number_and_class(small, small_evaluation):
    rung = cure_ladder.rung(small, Recipe("L1 mean"), "one offset", small_evaluation.table["right"])
    offsets = evaluate(small, "L1 mean + one offset").classifier.classifier.offsets_
    (place,) = np.flatnonzero(offsets)
    how, value, name = re.fullmatch(
        r"with ([\d.]+) (added to|taken from) the distance to (.)", text.cures.short(rung)
    ).group(2, 1, 3)
    assert float(value) == pytest.approx(abs(offsets[place]), rel=0.01)
    assert name == str(place) and (how == "added to") == (offsets[place] > 0)
    assert rung.offset == (str(place), offsets[place])
