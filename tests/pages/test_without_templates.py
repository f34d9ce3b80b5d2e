"""A model without templates opens on what it can show, and its shares are shown as shares."""

import io

import numpy as np
import pandas as pd
import pytest

from dashboard.session import keys
from engine.evaluation.evaluation import evaluate
from engine.evaluation.external_predictions import evaluate_predictions, read_predictions
from engine.explanation.greedy_change import greedy_change
from engine.io.numbers import small as small_
from tests.pages.test_classify import ZERO, classify  # noqa: F401 (a fixture)


def probabilities(small) -> tuple[bytes, np.ndarray]:
    draw = np.random.default_rng(0).dirichlet(np.ones(10), 599)
    table = pd.DataFrame(draw, columns=[f"score {name}" for name in range(10)])
    table.insert(0, "predicted", draw.argmax(axis=1))
    table.insert(0, "index", range(599))
    file = io.BytesIO()
    table.to_csv(file, index=False)
    return file.getvalue(), draw


def test_uploaded_probabilities_are_shown_as_such(visit, small):
    content, draw = probabilities(small)
    name = "Predictions mine"
    mine = evaluate_predictions(small, read_predictions(content, small), name)
    app = visit("errors")
    app.session_state[keys.PREDICTIONS] = {name: mine}
    app.run()
    app.selectbox(key="model").set_value(name).run()
    app.number_input(key="image").set_value(7.0).run()
    said = "\n".join(one.value for one in app.markdown)
    assert f"**Predicted {draw[7].argmax()}** (probability {draw[7].max():.3g})" in said
    (alt,) = [c.proto.alt for c in app.get("vega_lite_chart") if "test image 7:" in c.proto.alt]
    assert alt.startswith("Probability of each digit")
    assert not [tab.label for tab in app.tabs if "ixel" in tab.label]
    captions = "\n".join(one.value for one in app.caption)
    assert "probability of the prediction minus probability of the true class" in captions
    assert "distance" not in captions and "distance" not in app.selectbox(key="sort").help
    assert "probability" in app.slider(key="margins").label
    assert "against" not in app.session_state or app.session_state["against"] is None


@pytest.mark.parametrize("model", ["Logistic", "L1 mean"])
def test_every_answer_has_reasons_and_those_of_any_model_say_what_they_are(classify, model):  # noqa: F811
    app = classify(ZERO, model=model)
    labels = [tab.label for tab in app.tabs]
    assert labels[0] == "Why" and "Flip" in labels
    exact = [c.value for c in app.caption if c.value.startswith("What kind of truth this is")]
    assert len(exact) == (model == "Logistic")
    said = "\n".join(one.value for one in app.markdown)
    assert ("Probability 0." in said or "Probability 1" in said) == (model == "Logistic")


def test_a_tile_of_a_model_with_probabilities_speaks_of_no_distance(visit):
    app = visit("errors", model="Logistic", sort="most wrong")
    told = " ".join(str(tile.proto) for tile in app.get("bidi_component"))
    assert "true class behind by" in told
    assert "farther" not in told
    assert any(one.value.startswith("Under each image: true → predicted;") for one in app.caption)


def test_pixels_that_decide_are_the_models_own_answers(visit, small):
    """The referee is scikit-learn's arithmetic: log odds of a linear model are linear in ink."""
    logistic = evaluate(small, "Logistic")
    app = visit("errors", model="Logistic", image="3", answers="all")
    app.segmented_control(key="errors_patch").set_value(1).run()
    row = logistic.table.iloc[3]
    image, model = small.testing.images[3].ravel() / 255, logistic.classifier
    winner = int(row["predicted"])
    scores = model.coef_ @ image + model.intercept_
    other = int(np.argsort(-scores)[1]) if row["right"] else int(row["true"])
    drop = (model.coef_[winner] - model.coef_[other]) * image
    place = divmod(int(drop.argmax()), 8)
    said = "\n".join(one.value for one in app.markdown)
    margin = scores[winner] - scores[other]
    assert f"**{winner}** is ahead of **{other}** by {small_(margin)} (log odds)." in said
    assert f"Setting the pixel in row {place[0]}, column {place[1]} to paper" in said
    assert f"most of that, {small_(drop.max())}." in said


def test_a_change_that_flips_is_called_an_upper_bound_and_does_flip(visit, small):
    app = visit("errors", model="Logistic", image="3", reason="A change that flips it")
    found = greedy_change(small.testing.images[3], evaluate(small, "Logistic").classifier)
    said = "\n".join(one.value for one in app.markdown)
    assert f"of 64 changed the answer is **{found.answer}**, not {found.winner}." in said
    captions = "\n".join(one.value for one in app.caption)
    assert "an upper bound, not the smallest change" in captions
