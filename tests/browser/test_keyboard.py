"""By keyboard alone: every stop has a name and is seen, and focus stays where it was."""

import pytest

from tests.support.browsing import MARKS
from tests.support.keyboard import STOP, stops

pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

pytestmark = MARKS
PAGES = ["overview", "confusion", "errors", "templates", "compare", "training", "playground"]


@pytest.mark.slow
@pytest.mark.parametrize("page", [*PAGES, "classify", "data"])
def test_each_stop_of_the_tab_key_has_a_name_and_is_plainly_seen(visitor, page):
    shown = visitor.open(f"{page if page != 'overview' else ''}?data=Embedded")
    shown.wait_for_timeout(1000)
    visitor.settle()
    found = stops(shown)
    assert len(found) > 12  # the pages in the sidebar, its two lists, and more
    assert not [stop["what"] for stop in found if not stop["name"]]
    assert not [stop["what"] for stop in found if not stop["visible"]]


def test_focus_stays_on_the_tile_that_enter_opened(visitor):
    shown = visitor.open("errors?data=Embedded&true=9")
    tile = shown.locator('button[aria-label^="test image"]').nth(2)
    told = tile.get_attribute("aria-label")
    tile.focus()
    shown.keyboard.press("Enter")
    shown.wait_for_url("**image=**")
    visitor.settle()
    assert shown.evaluate(STOP)["name"] == told
    shown.keyboard.press("Tab")
    after = shown.locator('button[aria-label^="test image"]').nth(3).get_attribute("aria-label")
    assert shown.evaluate(STOP)["name"] == after


def test_the_arrow_keys_take_the_focus_along_to_the_next_tile(visitor):
    shown = visitor.open("errors?data=Embedded&true=9")
    tiles = shown.locator('button[aria-label^="test image"]')
    tiles.nth(1).focus()
    shown.keyboard.press("Enter")
    shown.wait_for_url("**image=**")
    visitor.settle()
    first = shown.url
    shown.keyboard.press("ArrowRight")
    shown.wait_for_url(lambda url: url != first)
    visitor.settle()
    assert shown.evaluate(STOP)["name"] == tiles.nth(2).get_attribute("aria-label")


def test_on_a_phone_the_opened_image_comes_to_the_reader(visitor):
    visitor.page.set_viewport_size({"width": 390, "height": 844})
    shown = visitor.open("errors?data=Embedded&true=9")
    shown.locator('button[aria-label^="test image"]').nth(1).click()
    shown.wait_for_url("**image=**")
    visitor.settle()
    shown.wait_for_timeout(500)
    assert 0 <= shown.locator(".st-key-opened_image").bounding_box()["y"] < 300
