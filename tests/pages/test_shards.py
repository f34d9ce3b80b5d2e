"""Shards that the server names: read whole where they are few, else judged and shown in part."""

import numpy as np
import pytest

from dashboard.services import datasets
from engine.datasets.dataset import Dataset, Split
from engine.evaluation.comparison import Paired, compare
from engine.evaluation.evaluation import evaluate
from engine.shards import verdict
from engine.shards.runners import Cancelled, in_process
from engine.shards.shown import run, whole
from tests.pages.test_data import on_page
from tests.pages.test_pages import said
from tests.support import shards as written

NEEDS_ALL = ("slices", "cures", "labels", "trust", "training", "classify")


@pytest.fixture(scope="module")
def shifted(small: Dataset) -> Dataset:
    """The small digits and each of them a pixel to the right: more of a cell than are kept."""

    def both(split: Split) -> Split:
        images = np.concatenate([split.images, np.roll(split.images, 1, axis=2)])
        labels = np.concatenate([split.labels] * 2)
        return Split(images, labels, np.arange(len(labels)).astype(str))

    return Dataset("shifted", both(small.training), both(small.testing))


@pytest.fixture
def named(visit, shifted, tmp_path, monkeypatch):
    """Opens a page on the shards of ``shifted``, with a model."""
    folder = written.write_shards(tmp_path / "many", shifted, 3)
    monkeypatch.setenv("DIGITSCOPE_DATA", f"{folder}/*.parquet")
    monkeypatch.setattr(run, "Pool", lambda workers: in_process)
    datasets._loads.forget("Data many", lambda _: True)

    def open_page(page: str = "overview", **chosen: str):
        app = visit().selectbox(key="data").set_value("Data many").run()
        for key, value in chosen.items():
            app = app.selectbox(key=key).set_value(value).run()
        return app if page == "overview" else on_page(app, page)

    yield open_page
    datasets._loads.forget("Data many", lambda _: True)


@pytest.fixture
def large(named, monkeypatch):
    """The same where not all images are held."""
    monkeypatch.setattr(whole, "MAX_WHOLE_BYTES", 1000)
    monkeypatch.setattr(run, "MAX_DRAWN_BYTES", 64 * 400)
    few = verdict.Keep(worst=6, sample=2)
    monkeypatch.setattr(run, "KEEP", few)
    return named


def test_few_shards_are_read_whole_and_every_page_has_all_images(named, shifted):
    app = named()
    assert not app.exception and not app.error
    right = evaluate(shifted, "L1 mean").n_right
    assert f"{right:,} of {len(shifted.testing):,} test images are right" in said(app)
    assert "6 shards read whole" in said(on_page(app, "data"))
    assert not on_page(app, "slices").info


@pytest.mark.parametrize("model", ["L1 mean", "L2 mean"])
def test_of_many_images_every_count_is_of_all(large, shifted, model):
    app = large(model=model)
    wanted = evaluate(shifted, model)
    assert not app.exception and not app.error
    assert f"{wanted.n_right:,} of {len(shifted.testing):,} test images are right" in said(app)
    assert f"of all {len(shifted.testing):,} test images" in said(app)
    held = datasets.server_data("Data many").result
    assert len(held.testing) < len(shifted.testing) / 2
    assert np.array_equal(held.judged(model).counts, wanted.counts)
    errors = on_page(app, "errors")
    assert f"**{wanted.n_images - wanted.n_right:,}** wrong answers" in said(errors)
    assert f"of {len(shifted.testing):,} test images." in said(errors)
    assert "are here to look at" in said(errors)


def test_a_cell_says_how_many_of_its_images_are_here(large, shifted):
    app = large("confusion")
    cell = app.radio(key="true").set_value("3").run().radio(key="predicted").set_value("3").run()
    counts = evaluate(shifted, "L1 mean").counts
    held = datasets.server_data("Data many").result.judged("L1 mean").table
    here = int(((held["true"] == 3) & (held["predicted"] == 3)).sum())
    assert f"{counts[3, 3]:,} of {counts[3].sum():,} true 3s" in said(cell)
    labels = [button.label for button in cell.button]
    assert f"{here:,} of {counts[3, 3]:,} images on the errors page" in labels
    assert 8 <= here < counts[3, 3]


def test_the_images_here_are_the_worst_of_all(large, shifted):
    large()
    table = evaluate(shifted, "L1 mean").table
    held = datasets.server_data("Data many").result.judged("L1 mean").table
    for (true, predicted), cell in table[~table["right"]].groupby(["true", "predicted"]):
        ours = held[(held["true"] == true) & (held["predicted"] == predicted)]
        wanted = np.sort(cell["gap"])[::-1][:6]
        assert np.array_equal(np.sort(ours["gap"])[::-1][: len(wanted)], wanted)


def test_two_models_are_compared_on_all_images(large, shifted):
    app = large("compare")
    first, second = (evaluate(shifted, name) for name in ("L1 mean", "L2 mean"))
    wanted = Paired.of(compare(first, second))
    assert not app.exception and not app.error
    assert [metric.value for metric in app.metric] == [
        f"{n:,}" for n in (wanted.fixed, wanted.broken, wanted.both_right, wanted.both_wrong)
    ]


@pytest.mark.parametrize("page", NEEDS_ALL)
def test_a_page_that_needs_all_images_says_so_and_offers_some(large, page):
    app = large(page)
    assert not app.exception and not app.error
    assert "needs all images in memory" in app.info[-1].value
    app.button(key="open_drawn").click().run()
    assert not app.exception and not app.error
    assert app.selectbox(key="data").value == "Data many, drawn at random"
    assert not [one for one in app.info if "needs all images" in one.value]


@pytest.mark.parametrize("page", ["templates", "data"])
def test_other_pages_are_drawn_of_many_images(large, page, shifted):
    app = large(page)
    assert not app.exception and not app.error
    if page == "data":
        assert f"{len(shifted.training):,} training images" in said(app)


def test_a_model_that_needs_all_images_is_refused_in_a_sentence(large):
    app = large(model="5 neighbours")
    assert "5 neighbours needs all images" in app.info[-1].value
    assert not app.exception and not app.error


def test_a_run_that_is_cancelled_says_so_and_can_be_read_again(named, monkeypatch):
    real = run.find_shards

    def cancelled(pattern):
        raise Cancelled

    monkeypatch.setattr(run, "find_shards", cancelled)
    app = named()
    assert "reading it was cancelled" in app.error[-1].value
    monkeypatch.setattr(run, "find_shards", real)
    app.button(key="data_again").click().run()
    assert not app.exception and not app.error


def test_a_pattern_without_files_names_no_path(visit, tmp_path, monkeypatch):
    monkeypatch.setenv("DIGITSCOPE_DATA", f"{tmp_path}/none/*.parquet")
    datasets._loads.forget("Data none", lambda _: True)
    app = visit().selectbox(key="data").set_value("Data none").run()
    assert "Found 0 files" in app.error[-1].value
    assert str(tmp_path) not in app.error[-1].value
