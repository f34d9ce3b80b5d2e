"""A file that can be read in several ways: the page shows each, and takes the one chosen."""

import io

import numpy as np
import pytest
from sklearn.datasets import load_digits

from dashboard.session import keys
from tests.pages.test_data import field
from tests.pages.test_pages import said


@pytest.fixture
def asked(visit):
    """The Data page after scikit-learn's digits came with rows and columns exchanged."""
    source, file = load_digits(), io.BytesIO()
    images = np.round(source.images * 255 / 16).astype(np.uint8).swapaxes(1, 2)
    np.savez(file, images=images, labels=source.target)
    app = visit("data")
    app = field(app, "data_images").set_value([("on its side.npz", file.getvalue(), "")]).run()
    assert not app.exception
    return app


def test_both_ways_are_shown_and_nothing_is_believed_before_the_answer(asked):
    assert "can be read in 2 ways" in asked.info[-1].value
    assert "**As they came**" in said(asked) and "**Turned upright" in said(asked)
    assert "My on its side" not in asked.selectbox(key="data").options


@pytest.mark.parametrize(("place", "sentence"), [(0, "left as they came"), (1, "as was chosen")])
def test_the_way_that_is_chosen_is_taken_and_said(asked, place, sentence):
    app = asked.button(key=f"data_reading_{place}").click().run()
    assert not app.exception and "can be read" not in " ".join(box.value for box in app.info)
    app.button(key="data_images_open").click().run()
    assert app.selectbox(key="data").value == "My on its side"
    assert sentence in said(app)


def test_the_way_that_was_not_chosen_is_let_go(asked):
    app = asked.button(key="data_reading_1").click().run()
    assert app.session_state[keys.DATASETS].keys() == {"My on its side"}
    assert keys.READINGS not in app.session_state
