"""Back, forward, reload, deep links and pages that are not there, with another viewer beside."""

import re

import pytest

from tests.support import walking
from tests.support.browsing import MARKS, Visitor

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

pytestmark = MARKS
MINE, THEIRS = "446 answers on true 2s that say 1", "on true 4s that say 9"


@pytest.fixture
def other(browser, address):
    """Another viewer, who looks at something else all the while."""
    other = Visitor(browser, address)
    other.open("errors?true=4&predicted=9")
    sync_api.expect(other.page.get_by_text(THEIRS)).to_be_visible()
    yield other
    sync_api.expect(other.page.get_by_text(THEIRS)).to_be_visible()
    other.content()
    other.context.close()


@pytest.mark.case(44)
def test_back_forward_and_reload_show_this_viewers_own_page(visitor, other):
    shown = visitor.open("errors?true=2&predicted=1&answers=all")
    sync_api.expect(shown.get_by_text(MINE)).to_be_visible()
    shown.get_by_role("link", name="Confusion", exact=True).click()
    shown.wait_for_url("**/confusion**")
    visitor.settle()
    heading = shown.locator("h1").inner_text()
    for move in (shown.go_back, shown.go_forward, shown.reload):
        move()
        visitor.settle()
        sync_api.expect(shown.get_by_text(THEIRS)).to_have_count(0)
    shown.wait_for_url("**/confusion**")
    sync_api.expect(shown.locator("h1")).to_have_text(heading)
    visitor.content()


@pytest.mark.case(44)
def test_going_back_to_a_page_shows_it_and_its_choices(visitor, other):
    shown = visitor.open("errors?true=2&predicted=1&answers=all")
    sync_api.expect(shown.get_by_text(MINE)).to_be_visible()
    heading = shown.locator("h1").inner_text()
    shown.get_by_role("link", name="Confusion", exact=True).click()
    shown.wait_for_url("**/confusion**")
    visitor.settle()
    shown.go_back()
    visitor.settle()
    shown.wait_for_url("**/errors?true=2&predicted=1&answers=all")
    sync_api.expect(shown.locator("h1")).to_have_text(heading)
    sync_api.expect(shown.get_by_text(THEIRS)).to_have_count(0)
    visitor.content()


@pytest.mark.case(44)
def test_a_page_that_is_not_there_opens_the_overview_and_says_so(visitor, other):
    shown = visitor.open("nothing-of-the-kind")
    sync_api.expect(shown.get_by_text("Page not found")).to_be_visible()
    sync_api.expect(shown.get_by_text("6,685 of 10,000").first).to_be_visible()
    assert shown.locator('[data-testid="stException"]').count() == 0


def test_the_address_writes_whole_numbers_without_a_point_and_an_older_one_opens(visitor):
    shown = visitor.open("errors?data=Embedded&image=8.0&answers=all")
    field = shown.get_by_label("Image (index in the test set)")
    sync_api.expect(field).to_have_value("8")
    shown.get_by_role("button", name=re.compile("^test image")).nth(3).click()
    shown.wait_for_url("**image=**")
    visitor.settle()
    shown.wait_for_function("!/image=8/.test(location.search)")
    assert re.search(r"image=\d+(&|$)", shown.url), shown.url
    opened = field.input_value()
    shown.reload()
    visitor.settle()
    sync_api.expect(field).to_have_value(opened)
    visitor.content()


def test_a_page_and_a_choice_are_one_entry_each_and_one_press_of_back(visitor):
    shown = visitor.open("errors?data=Embedded&model=L2+mean")
    walking.settled(visitor)
    entries, first = shown.evaluate("history.length"), walking.view(visitor)
    shown.get_by_role("link", name="Confusion", exact=True).click()
    shown.wait_for_url("**/confusion**")
    walking.settled(visitor)
    assert shown.evaluate("history.length") == entries + 1
    second = shown.url, walking.view(visitor)
    shown.get_by_role("radio", name="errors", exact=True).click()
    shown.wait_for_url("**order=errors**")
    walking.settled(visitor)
    assert shown.evaluate("history.length") == entries + 2
    shown.go_back()
    walking.settled(visitor)
    assert (shown.url, walking.view(visitor)) == second
    shown.go_back()
    walking.settled(visitor)
    assert "model=L2+mean" in shown.url and walking.view(visitor) == first
    visitor.content()
