"""A model without templates opens on what it can show, and its shares are shown as shares."""

import io

import numpy as np
import pandas as pd
import pytest

from dashboard.session import keys
from engine.evaluation.external_predictions import evaluate_predictions, read_predictions
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
    assert not [tab.label for tab in app.tabs if "Pixel" in tab.label]
    captions = "\n".join(one.value for one in app.caption)
    assert "probability of the prediction minus probability of the true class" in captions
    assert "distance" not in captions and "distance" not in app.selectbox(key="sort").help
    assert "probability" in app.slider(key="margins").label
    assert "against" not in app.session_state or app.session_state["against"] is None


@pytest.mark.parametrize("model", ["Logistic", "L1 mean"])
def test_the_tabs_of_an_answer_are_those_the_model_has(classify, model):  # noqa: F811
    app = classify(ZERO, model=model)
    labels = [tab.label for tab in app.tabs]
    assert labels[0] == ("Why" if model == "L1 mean" else "Nearest images")
    assert ("Flip" in labels) == (model == "L1 mean")
    said = "\n".join(one.value for one in app.markdown)
    assert ("Probability 0." in said or "Probability 1" in said) == (model == "Logistic")


def test_a_tile_of_a_model_with_probabilities_speaks_of_no_distance(visit):
    app = visit("errors", model="Logistic", sort="most wrong")
    told = " ".join(str(tile.proto) for tile in app.get("bidi_component"))
    assert "true class behind by" in told
    assert "farther" not in told
    assert any(one.value.startswith("Under each image: true → predicted;") for one in app.caption)
