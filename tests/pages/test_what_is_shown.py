"""The sidebar and the link say what is shown where that is not what was chosen."""

import pytest

from dashboard.session import keys
from dashboard.widgets import sharing
from engine.evaluation.evaluation import evaluate


def sidebar(app) -> str:
    return "\n".join(one.value for one in app.sidebar.caption)


def renamed(small, key: str):
    from dataclasses import replace

    other = replace(small)
    other.remember_key(key)
    return other


def test_nothing_is_said_where_the_choice_is_shown(visit):
    app = visit("overview")
    assert "Shown" not in sidebar(app) and app.session_state[keys.STANDS_IN] is None


def test_data_that_are_not_loaded_are_said_to_be_replaced(visit, monkeypatch, small):
    from dashboard.views import loading

    monkeypatch.setattr(loading, "_mnist_or_stand_in", lambda: loading.datasets.embedded())
    app = visit("overview", data="MNIST")
    assert "Shown are the data Embedded: MNIST is not loaded." in sidebar(app)
    app.session_state["link_here"] = True
    assert app.session_state[keys.STANDS_IN] == "MNIST"


def test_a_model_of_other_data_is_said_to_be_replaced(visit, small):
    app = visit("overview")
    app.session_state[keys.TRAINED] = evaluate(renamed(small, "another"), "L2 mean")
    app.run()
    app.selectbox(key="model").set_value("My templates").run()
    assert "Shown is the model L1 mean, not My templates." in sidebar(app)


def test_after_remove_the_page_says_what_it_shows_now(visit, small):
    app = visit("data")
    app.session_state[keys.DATASETS] = {"My small": renamed(small, "mine")}
    app.run()
    app.selectbox(key="data").set_value("My small").run()
    app.button(key="data_drop_My small").click().run()
    said = [one.value for one in app.info]
    assert any(
        text.startswith("My small is removed. This is MNIST")
        or text.startswith("My small is removed. This is Embedded")
        for text in said
    )
    app.run()
    assert not any("is removed" in one.value for one in app.info)


@pytest.mark.parametrize(
    ("data", "model", "said"),
    [
        ("MNIST", "L1 mean", None),
        ("My small", "L1 mean", "My small stays in your visit"),
        ("My small", "My templates", "My small and My templates stay in your visit"),
        ("MNIST", "Predictions lda", "Predictions lda stays in your visit"),
    ],
)
def test_a_private_link_warns_its_sender(monkeypatch, data, model, said):
    monkeypatch.setattr(sharing.st, "session_state", {"data": data, "model": model})
    warnings = sharing._warnings()
    assert warnings[0].startswith(said) if said else not warnings
