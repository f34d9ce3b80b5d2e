"""The tab Corruption: its figures are those of the engine, whatever is chosen beside."""

import time

import numpy as np
import pytest

from dashboard.services import corruption
from dashboard.session import keys, uploads
from engine.corruption.corrupt import corrupted
from engine.corruption.kinds import KINDS
from engine.datasets.dataset import Dataset, Split
from engine.evaluation.evaluation import evaluate
from engine.evaluation.external_predictions import evaluate_predictions, read_predictions
from tests.pages.test_pages import charts, said


@pytest.fixture
def open_corruption(visit):
    """The tab once every model is asked."""

    def open_page(**link: str):
        app = visit("trust", trust_tab="Corruption", **link)
        until = time.monotonic() + 120
        while app.get("progress") and time.monotonic() < until:
            time.sleep(0.5)
            app.run()
        assert not app.exception and not app.error
        return app

    return open_page


def test_the_figures_are_those_of_the_model_asked_again(open_corruption, small, small_evaluation):
    app = open_corruption(corruption_kind="Stripe")
    images = corrupted(small.testing.images, "stripe", 3)
    right = small_evaluation.classifier.predict(images) == small.testing.labels
    before = small_evaluation.table["right"].to_numpy()
    lost, won = int((before & ~right).sum()), int((~before & right).sum())
    wanted = f"Stripe at severity 3 makes {lost} right answers of **L1 mean** wrong and {won} wrong"
    assert wanted in said(app)
    assert len(charts(app)) == 2
    assert f"Of {int(before.sum())} images right as they are" in said(app)


def test_another_model_beside_has_a_table_and_a_line_of_its_own(open_corruption):
    app = open_corruption(corruption_to="L2 mean")
    assert len(charts(app)) == 3
    assert "**L2 mean** gets" in said(app) and "**L1 mean** gets" in said(app)
    assert "L1 mean" in charts(app)[2].alt and "L2 mean" in charts(app)[2].alt


def test_five_models_stand_side_by_side_at_the_published_severity(open_corruption, small):
    app = open_corruption(corruption_to="five models")
    assert len(charts(app)) == 2
    every = {name: corruption.asked([evaluate(small, name)]) for name in ("L1 mean", "L2 mean")}
    for name, asking in every.items():
        asking.task.finished(120)
        mean = 100 * asking.answers[0].curves.mean_accuracy
        assert f"**{name}** gets" in said(app) and f"{mean:.1f}\xa0% of the corrupted" in said(app)


def test_what_a_link_asks_for_that_there_is_not_falls_back(open_corruption):
    app = open_corruption(corruption_kind="Rain", corruption_severity="9", corruption_to="Nobody")
    assert app.selectbox(key="corruption_kind").value == KINDS["shot_noise"].label
    assert app.selectbox(key="corruption_to").value == "no other model"


def test_a_corrupted_test_set_is_data_on_every_page(open_corruption, small, monkeypatch):
    taken = []
    monkeypatch.setattr(uploads.BUDGET, "take", lambda _, nbytes: taken.append(nbytes))
    app = open_corruption(corruption_kind="Stripe")
    app.button(key="corruption_as_data").click().run()
    name = f"My {small.name}, stripe 3"
    assert app.selectbox(key="data").value == name
    made = app.session_state[keys.DATASETS][name]
    assert np.array_equal(made.training.images, small.training.images)
    assert np.array_equal(made.testing.images, corrupted(small.testing.images, "stripe", 3))
    assert taken[0] == small.testing.images.nbytes  # the others are shared; then the answers count
    assert "is in the list of data now" in " ".join(one.value for one in app.success)


def test_more_data_than_one_may_hold_are_refused_and_nothing_is_lost(open_corruption):
    app = open_corruption()
    for kind in ("Stripe", "Fog", "Shear"):
        app.selectbox(key="data").set_value("Embedded").run()
        app.selectbox(key="corruption_kind").set_value(kind).run()
        app.button(key="corruption_as_data").click().run()
    assert "You hold 2 data sets; at most 2 are kept" in app.error[0].value
    assert len(app.session_state[keys.DATASETS]) == 2


def test_what_is_stopped_keeps_its_answers_and_goes_on(small):
    models = [evaluate(small, name) for name in ("L1 mean", "L2 mean")]
    asking = corruption.asked(models)
    asking.stop()
    asking.task.finished(60)
    assert asking.stopped and asking.done < asking.total == 150
    before = [dict(one.curves.answers) for one in asking.answers]
    corruption.ask_on(models)
    again = corruption.asked(models)
    assert again is not asking and again.task.finished(120) and again.done == 150
    for held, one in zip(before, again.answers, strict=True):
        assert all(one.curves.answers[step] is answers for step, answers in held.items())


def test_a_model_is_asked_once_whatever_stands_beside_it(small):
    first, second = (evaluate(small, name) for name in ("L1 mean", "L2 mean"))
    alone = corruption.asked([first])
    alone.task.finished(120)
    both = corruption.asked([first, second])
    both.task.finished(120)
    assert both.answers[0] is alone.answers[0] and both.done == 150
    step = "stripe", 3
    anew = second.classifier.predict(corrupted(small.testing.images, *step))
    curves = both.answers[1].curves
    assert np.array_equal(curves.classes[curves.answers[step]], anew)


def test_uploaded_predictions_are_told_that_they_cannot_answer(visit, small, small_evaluation):
    table = small_evaluation.table[["index", "predicted"]]
    mine = read_predictions(table.to_csv(index=False).encode(), small)
    name = "Predictions mine"
    app = visit("trust", trust_tab="Corruption")
    app.session_state[keys.PREDICTIONS] = {name: evaluate_predictions(small, mine, name)}
    app.run()
    app.selectbox(key="model").set_value(name).run()
    assert not app.exception and "cannot answer corrupted ones" in app.info[0].value
    assert not [one for one in app.button if one.key == "corruption_as_data"]


def test_a_model_that_compares_with_every_image_answers_some(open_corruption, monkeypatch):
    monkeypatch.setattr(corruption, "MAX_CORRUPTED_NEIGHBORS", 50)
    app = open_corruption(model="5 neighbours")
    assert "of 50 clean images right" in said(app)


def test_a_hundred_classes_and_a_name_with_marks_are_shown(visit, small):
    app = visit("trust", trust_tab="Corruption")
    app.session_state[keys.DATASETS] = {"My hundred": many_classes(small)}
    app.run()
    app.selectbox(key="data").set_value("My hundred").run()
    until = time.monotonic() + 60
    while app.get("progress") and time.monotonic() < until:
        time.sleep(0.5)
        app.run()
    assert not app.exception and len(charts(app)) == 2
    assert "**L1 mean** gets" in said(app)


def many_classes(small: Dataset) -> Dataset:
    """The digits under a hundred names in turn."""
    names = np.array([f"*{place:02}* <b>" for place in range(100)])

    def renamed(split: Split) -> Split:
        return Split(split.images, names[np.arange(len(split)) % 100], split.files)

    return Dataset("hundred", renamed(small.training), renamed(small.testing))
