"""Back, Forward, the address, the screen and a link to it: always the same view."""

import random

import pytest

from tests.support.browsing import MARKS, Visitor
from tests.support.named import packed
from tests.support.server import serving
from tests.support.walking import act, settled, view

pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

pytestmark = MARKS
START = "errors?data=Data+some&true=9&model=L2+mean"
ACTIONS, SEEDS = 30, (2, 3, 5)


@pytest.fixture(scope="module")
def place(small, tmp_path_factory):
    """The address of a server that shows the embedded digits as data of its own."""
    file = tmp_path_factory.mktemp("data") / "some.npz"
    file.write_bytes(packed(small))
    store = str(tmp_path_factory.mktemp("store"))
    with serving(DIGITSCOPE_HOME=store, DIGITSCOPE_DATA=str(file)) as server:
        yield server.address


@pytest.fixture
def two(browser, place):
    """One who walks, and one who opens the walker's links in a browser of his own."""
    both = Visitor(browser, place), Visitor(browser, place)
    for visitor in both:
        visitor.page.set_default_timeout(90_000)  # a model may be fitted on the way
    yield both
    for visitor in both:
        visitor.context.close()


def seen(visitor) -> tuple[str, str]:
    settled(visitor)
    return visitor.page.url, view(visitor)


@pytest.mark.slow
def test_back_and_forward_through_pages_show_what_was_there(two):
    walker, _ = two
    walker.open(START)
    for link in (1, 3, 2, 0):  # what is computed once is then on the screen for good
        walker.page.get_by_test_id("stSidebarNavLink").nth(link).click()
        seen(walker)
    walker.open(START)
    views = [seen(walker)]
    for link in (1, 3, 2, 0):
        walker.page.get_by_test_id("stSidebarNavLink").nth(link).click()
        views.append(seen(walker))
    for wanted in views[-2::-1]:
        walker.page.go_back()
        assert seen(walker) == wanted
    for wanted in views[1:]:
        walker.page.go_forward()
        assert seen(walker) == wanted
    walker.content()


def test_another_image_opened_is_no_link_that_failed(two):
    walker, _ = two
    walker.open(START)
    for place in (1, 2):
        walker.page.locator('button[aria-label^="test image"]').nth(place).click()
        walker.settle()
        settled(walker)
        assert "This link asks for" not in view(walker)


@pytest.mark.long
@pytest.mark.parametrize("seed", SEEDS)
def test_each_of_many_actions_is_one_entry_and_back_undoes_it(two, seed):
    walker, guest = two
    chance = random.Random(seed)
    walker.open(f"{START}&shape=thickness")  # what is measured once is then on the screen for good
    seen(walker)
    walker.open(START)
    entries, views = walker.page.evaluate("history.length"), [seen(walker)]
    for step in range(ACTIONS):
        did = f"step {step}: {act(walker, chance)}"
        print(did, walker.page.url)
        now = seen(walker)
        more = walker.page.evaluate("history.length") - entries
        assert more == int(now[0] != views[-1][0]), did
        views[len(views) - 1 + more :] = [now]
        entries += more
        if step % 3 == 2:
            guest.open(now[0].removeprefix(f"{walker.address}/"))
            assert seen(guest) == now, did
    for wanted in views[-2::-1]:
        walker.page.go_back()
        assert seen(walker) == wanted
    walker.content()
    guest.content()
