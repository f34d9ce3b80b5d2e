"""What a server imports, and when; and that garbage collection leaves the imports alone."""

import gc
import json
import os
import subprocess
import sys
import time
import tomllib
import weakref
from pathlib import Path

import numpy as np
import pytest
import streamlit as st

from dashboard.charting.palette import LIGHT
from dashboard.server import gc_freeze
from dashboard.views.training import live
from engine.datasets.mapped_memory import give_back

HOME = str(Path(__file__).resolve().parents[3] / "dashboard" / "Home.py")
HEAVY = ("torch", "torchvision", "scipy", "sklearn", "fastai", "fastcore", "matplotlib")
VISIT = """
import json, sys
from streamlit.testing.v1 import AppTest
app = AppTest.from_file(sys.argv[1], default_timeout=120)
for page in sys.argv[2:]:
    if page != "overview":
        app.switch_page(f"../pages/{page}.py")
    app.run()
    assert not app.exception, app.exception
said = " ".join(element.value for element in app.markdown)
print(json.dumps({"modules": sorted({name.split(".")[0] for name in sys.modules}), "said": said}))
"""


def after(*pages: str, home: Path) -> dict:
    """The first names of all modules in a fresh process after it has shown these pages of MNIST."""
    done = subprocess.run(
        [sys.executable, "-c", VISIT, HOME, *pages],
        env={**os.environ, "DIGITSCOPE_HOME": str(home)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_the_first_pages_on_stored_mnist_import_none_of_the_heavy_libraries(mnist_store):
    found = after("overview", "templates", "confusion", home=mnist_store)
    assert "of 10,000 test images" in found["said"]  # the confusion page, on MNIST
    assert {"numpy", "pandas", "altair"} <= set(found["modules"])
    assert not set(HEAVY) & set(found["modules"])


def test_a_page_that_needs_a_heavy_library_imports_it(mnist_store):
    assert "torch" in after("overview", "playground", home=mnist_store)["modules"]


@pytest.fixture
def counted(monkeypatch) -> list[int]:
    """How many modules there were at each freeze, from a server that has not frozen any yet."""
    counts = []
    monkeypatch.setattr(gc_freeze, "_modules_frozen", 0)
    monkeypatch.setattr(gc, "freeze", lambda: counts.append(len(sys.modules)))
    return counts


def test_imports_are_frozen_once_and_again_after_a_late_one(counted, monkeypatch):
    gc_freeze.freeze_imports()
    gc_freeze.freeze_imports()
    assert len(counted) == 1
    monkeypatch.setitem(sys.modules, "a_late_import", sys)
    gc_freeze.freeze_imports()
    assert counted == [counted[0], counted[0] + 1]
    monkeypatch.delitem(sys.modules, "a_late_import")
    gc_freeze.freeze_imports()
    assert len(counted) == 2


@pytest.mark.parametrize("end", [RuntimeError("broken"), st.stop])
def test_they_are_frozen_also_where_the_page_fails_or_stops(
    visit, counted, monkeypatch, failed_panels, end
):
    def early():
        if isinstance(end, Exception):
            raise end
        end()

    monkeypatch.setattr("dashboard.views.dataset_and_model.open_evaluation", early)
    visit("overview")
    assert len(set(counted)) == 1  # the first visit of a process freezes its imports as well
    assert len(failed_panels) == isinstance(end, Exception)
    failed_panels.clear()


def test_a_fragment_freezes_what_it_has_imported_late(monkeypatch):
    """A run of a fragment never reaches the end of Home; the live training is one."""
    times = []
    monkeypatch.setattr("dashboard.views.training.live._show", lambda *_: None)
    monkeypatch.setattr("dashboard.views.training.live.freeze_imports", lambda: times.append(1))
    live._live(None, None, LIGHT)
    assert times == [1]


def test_what_was_frozen_and_is_garbage_goes_in_the_end():
    class Page:
        """Something in a cycle, as the functions of a page and what they use are."""

    page = Page()
    page.own = page
    alive = weakref.ref(page)
    gc.freeze()
    del page
    gc.collect()
    assert alive() is not None
    gc_freeze.freeze_again()
    assert alive() is None


def test_a_cleared_cache_freezes_nothing_again(visit, counted):
    app = visit("overview")
    st.cache_resource.clear()
    app.run()
    assert not app.exception
    assert len(counted) == 1


def test_giving_back_a_mapped_array_leaves_what_it_holds(tmp_path):
    written = np.arange(100_000, dtype=np.uint32)
    np.save(tmp_path / "some.npy", written)
    mapped = np.load(tmp_path / "some.npy", mmap_mode="r")
    assert (mapped == written).all()
    give_back(np.asarray(mapped)[10:])
    assert (mapped == written).all()
    give_back(written)
    assert written.sum() == np.arange(100_000).sum()


class Knot:
    """Garbage that only a collection finds: it holds itself."""

    def __init__(self) -> None:
        self.me = self


def test_what_a_run_leaves_behind_is_collected_soon_after_it(monkeypatch):
    monkeypatch.setattr(gc_freeze, "COLLECT_AFTER_S", 0.01)
    gc.disable()  # else Python's own collection might find it
    try:
        left = weakref.ref(Knot())
        assert left() is not None
        with gc_freeze.freezing():
            pass
        deadline = time.monotonic() + 60
        while left() is not None and time.monotonic() < deadline:
            time.sleep(0.01)
        assert left() is None
    finally:
        gc.enable()


def test_streamlit_does_not_collect_after_every_run_itself():
    config = tomllib.loads((Path(HOME).parents[1] / ".streamlit" / "config.toml").read_text())
    assert config["runner"]["postScriptGC"] is False
