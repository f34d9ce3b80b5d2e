"""Results of a training name what they belong to, and earlier runs stay to choose from."""

import time

import pytest

from dashboard import text
from dashboard.session import keys, uploads
from engine.models.learned_templates import LearnedTemplates, Recipe
from engine.runtime.limits import MAX_KEPT_RUNS

pytest.importorskip("torch")


def said(app) -> str:
    kinds = (app.markdown, app.warning, app.caption)
    return "\n".join(one.value for kind in kinds for one in kind)


def trained(app):
    """Trains with the settings and waits for the end; a hard limit that catches a hang."""
    app.button(key="train").click().run()
    until = time.monotonic() + 120
    while "Trained with" not in said(app):
        assert time.monotonic() < until
        time.sleep(0.2)
        app.run()
    return app


def test_results_say_their_recipe_and_when_the_settings_have_moved(visit):
    app = trained(visit("training", epochs="1"))
    assert "Trained with 1 epoch, learning rate 0.1, mini-batches of 128" in said(app)
    assert "The settings have changed" not in said(app)
    app.slider(key="epochs").set_value(2).run()
    assert "belongs to 1 epoch, learning rate 0.1" in said(app)
    assert "not to 2 epochs" in said(app)
    app = trained(app)
    assert "My templates 1" in app.selectbox(key="model").options
    app.selectbox(key="model").set_value("My templates 1").run()
    app.switch_page("../pages/overview.py").run()
    assert "learned with 1 epoch, learning rate 0.1" in said(app)


class Run:
    nbytes = 1


def test_only_so_many_runs_are_kept_the_latest(monkeypatch):
    state, trained = {}, [Run() for _ in range(MAX_KEPT_RUNS + 3)]
    monkeypatch.setattr(uploads.st, "session_state", state)
    for run in trained:
        state[keys.TRAINED] = run
        uploads.keep_run()
    kept = uploads.runs()
    assert list(kept.values()) == trained[3:]
    assert list(kept)[-1] == f"My templates {MAX_KEPT_RUNS + 3}"
    uploads.keep_run()  # nothing was trained since
    assert len(kept) == MAX_KEPT_RUNS


def test_a_recipe_reads_the_same_from_its_settings_and_its_templates():
    recipe = Recipe(epochs=1, rate=0.02, batch=16, scale=100, seed=3)
    words = "1 epoch, learning rate 0.02, mini-batches of 16, scale 100, seed 3"
    assert text.training.recipe(recipe) == words
    assert text.training.recipe(LearnedTemplates(1, 0.02, 16, 100.0, 0.9, 3)) == words
    assert text.training.belongs_to(recipe, recipe) == ""
