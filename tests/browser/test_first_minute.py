"""The first minute without a network: something moves until the figures stand, a try is seen."""

import re

import pytest

from tests.support.browsing import MARKS, Visitor
from tests.support.server import serving

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

pytestmark = MARKS
NOBODY = "http://127.0.0.1:9/mnist_png.tgz"  # where nobody listens
WATCH = """
  window.moved = [];
  new MutationObserver(() => {
    for (const one of document.querySelectorAll(
        '[data-testid="stSpinner"], [data-testid="stProgress"]'))
      if (one.innerText && window.moved.at(-1) !== one.innerText) window.moved.push(one.innerText);
  }).observe(document, {childList: true, subtree: true, characterData: true});
"""


@pytest.fixture
def first(browser, tmp_path):
    """The first visitor of a server that has just started and can reach nothing."""
    alone = {name: str(tmp_path) for name in ("DIGITSCOPE_HOME", "FASTAI_HOME", "HOME")}
    alone |= {"DIGITSCOPE_MNIST_URL": NOBODY, "DIGITSCOPE_MNIST_ARCHIVE": ""}
    with serving(**alone) as server:
        first = Visitor(browser, server.address)
        first.page.set_default_timeout(90_000)
        first.page.add_init_script(WATCH)
        yield first
        first.context.close()


def test_something_moves_until_the_figures_stand_and_a_try_shows_that_it_was_made(first):
    page = first.open()
    page.get_by_text("534 of 599 test images are right").first.wait_for()
    moved = "\n".join(page.evaluate("window.moved"))
    for wait in ("gets ready", "Looking for MNIST", "Loading the embedded digits"):
        assert wait in moved
    sync_api.expect(page.get_by_text("mnist_png into ~/.fastai/data")).to_be_visible()
    sync_api.expect(page.get_by_text("DIGITSCOPE_MNIST_URL")).to_be_visible()
    page.evaluate("window.moved.length = 0")
    page.get_by_role("button", name="Try MNIST again").click()
    told = re.compile(r"Tried again at \d\d:\d\d:\d\d UTC, with this outcome")
    page.get_by_text(told).wait_for()
    assert "Looking for MNIST" in "\n".join(page.evaluate("window.moved"))
    first.content()
