"""How far can you trust it? What each part says, of models with and without scores."""

import re

import pytest
from scipy.stats import binomtest

from dashboard.services.stores import PerDataset
from dashboard.text.trust import sets as sets_text
from engine.calibration import reliability
from engine.calibration.bins import expected_calibration_error
from engine.calibration.calibration import calibrate, trust
from engine.calibration.reliability import Kind
from engine.calibration.sets import prediction_sets
from engine.evaluation.external_predictions import evaluate_predictions, read_predictions
from tests.pages.test_data import on_page, upload
from tests.pages.test_pages import charts, said


def test_reliability_says_the_error_and_what_calibrates(visit, small, small_evaluation):
    app = visit("trust")
    found = calibrate(small_evaluation)
    shown = reliability.bins(Kind.CALIBRATED, found, found.judged, small_evaluation.classes)
    error = 100 * expected_calibration_error(shown)
    assert f"Calibrated on all {len(small.training):,} training images" in said(app)
    assert f"off by **{error:.1f}\u00a0percentage points**" in said(app)
    assert f"over {len(shown)} bins of equal count by margin" in said(app)
    assert "the model's own" not in said(app)  # distances are no probabilities


def test_what_the_model_itself_gives_stands_beside_it(visit, small):
    app = visit("trust", model="5 neighbours")
    assert "the model's own share of the votes is off by" in said(app)
    assert re.search(r"a half drawn by a fixed seed, and judged on the \d+ of the other", said(app))
    (chart,) = charts(app)
    assert "By margin:" in chart.alt and "The model's own:" in chart.alt


def test_one_answer_has_its_own_diagram(visit, small_evaluation):
    app = visit("trust", trust_answer="8")
    assert not app.exception
    assert "Answers 8, by margin: ECE" in said(app)
    assert "by margin and answer: ECE" in said(app)
    app = visit("trust", trust_answer="no class")
    assert "Answers" not in "".join(one.value for one in app.caption)


def test_labels_without_scores_leave_nothing_to_calibrate(visit, small_evaluation):
    app = uploaded(visit, small_evaluation.table[["index", "predicted"]])
    assert not app.exception and not charts(app)
    assert "nothing to calibrate" in said(app)


@pytest.mark.parametrize(("sure", "kind"), [(0.99, "over"), (0.55, "under")])
def test_uploaded_probabilities_that_say_too_much_or_too_little_are_told(
    visit, small_evaluation, sure, kind
):
    table = small_evaluation.table[["index", "predicted"]]
    for name in range(10):
        here = table["predicted"] == name
        table = table.assign(**{f"score {name}": here.map({True: sure, False: (1 - sure) / 9})})
    app = uploaded(visit, table)
    rows = calibrate(evaluate_predictions_of(table, small_evaluation)).judged
    gap = 100 * abs(sure - rows["right"].mean())
    assert f"**{kind}confident** by {gap:.1f}\u00a0percentage points" in said(app)
    (chart,) = charts(app)
    assert "The model's own:" in chart.alt


def uploaded(visit, table):
    """The page on these predictions."""
    app = upload(visit("data"), table.to_csv(index=False).encode())
    app.selectbox(key="model").set_value("Predictions mine").run()
    return on_page(app, "trust")


def evaluate_predictions_of(table, evaluation):
    dataset = evaluation.dataset
    read = read_predictions(table.to_csv(index=False).encode(), dataset)
    return evaluate_predictions(dataset, read, "mine")


@pytest.mark.parametrize("part", ["Reliability", "Answer or abstain"])
def test_only_the_open_part_is_drawn(visit, part):
    app = visit("trust", trust_tab=part)
    assert not app.exception
    drawn = {"Reliability": 1, "Answer or abstain": 2}
    assert len(charts(app)) == drawn[part]


ABSTAIN = {"trust_tab": "Answer or abstain"}


@pytest.mark.parametrize("level", [80, 90, 99])
def test_sets_say_what_is_promised_and_what_is_kept(visit, small_evaluation, level):
    app = visit("trust", **ABSTAIN, trust_level=str(level))
    sets = prediction_sets(calibrate(small_evaluation), small_evaluation.classes, level)
    n = small_evaluation.n_images
    low, high = binomtest(sets.covered, n).proportion_ci(0.95, method="wilson")
    kept = f"{100 * sets.covered / n:.1f}\u00a0% ({100 * low:.1f}–{100 * high:.1f})"
    assert f"made to hold the true one for {level}\u00a0%" in said(app)
    assert f"**{kept}** are in their set" in said(app)
    assert f"**{sets.sizes.mean():.2f} classes** on average" in said(app)


def test_why_each_class_has_its_own_is_said_only_where_one_for_all_fails(small_evaluation):
    found, classes = calibrate(small_evaluation), small_evaluation.classes
    for level in range(80, 100):
        one, own = (prediction_sets(found, classes, level, by_class=by) for by in (False, True))
        told = sets_text.why_by_class(one, own)
        worst = one.table.loc[one.table["coverage"].idxmin()]
        if not told:
            assert worst["high"] >= level / 100 or worst.name in own.broken_for().index
        else:
            assert worst["high"] < level / 100
            assert f"{100 * worst['coverage']:.1f}" in told


def test_few_images_for_a_high_promise_are_told(visit):
    app = visit("trust", **ABSTAIN, model="5 neighbours", trust_level="99")
    assert "Too few images calibrate 10 classes for 99\u00a0%" in said(app)
    assert "Too few images" not in said(visit("trust", **ABSTAIN, trust_level="90"))


@pytest.mark.parametrize("which", ["large", "empty"])
def test_images_are_those_whose_sets_are_so(visit, small_evaluation, which):
    app = visit("trust", **ABSTAIN, trust_sets=which, trust_level="80")
    sets = prediction_sets(calibrate(small_evaluation), small_evaluation.classes, 80)
    n = (sets.sizes == 0).sum() if which == "empty" else (sets.sizes > 1).sum()
    assert n and any(one.value.startswith(f"{n} image") for one in app.caption)


@pytest.mark.parametrize("level", ["1e400", "79", "ninety", ""])
def test_a_level_that_is_none_falls_back(visit, level):
    app = visit("trust", **ABSTAIN, trust_level=level)
    assert not app.exception and "for 90\u00a0% of the images" in said(app)


def test_an_error_says_how_probable_such_an_answer_is(visit, small_evaluation):
    wrong = small_evaluation.table[~small_evaluation.table["right"]]
    calibration = calibrate(small_evaluation)
    each = (
        (row, trust(calibration, row["margin"], row["predicted"])) for _, row in wrong.iterrows()
    )
    row, found = next((row, found) for row, found in each if found.by_answer)
    app = visit("errors", image=str(row["index"]))
    told = f"such a margin an answer {row['predicted']} is right with a probability of **"
    assert f"{told}{100 * found.best.rate:.0f}\u00a0%" in said(app)
    assert f"with such a margin it is {100 * found.like.rate:.0f}\u00a0%" in said(app)


def test_the_overview_says_how_reliable_it_is_once_that_is_known(visit, monkeypatch):
    none_yet = PerDataset("none yet", 16)
    monkeypatch.setattr("dashboard.services.evaluations._quick", none_yet)
    sentence = "that probability is off by"
    assert sentence not in said(visit("overview"))
    assert "off by" in said(visit("trust"))
    assert sentence in said(visit("overview"))
