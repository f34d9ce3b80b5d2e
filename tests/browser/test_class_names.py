"""A real Chromium on classes with awkward names: shown and linked as written, nothing fetched."""

import re
from urllib.parse import parse_qs, quote, urlsplit

import pytest

from dashboard.text.markdown import plain
from engine.datasets.dataset import Dataset
from tests.project.test_readme import TITLES
from tests.support.browsing import MARKS, Visitor
from tests.support.named import MARKED, packed, renamed
from tests.support.server import serving

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

pytestmark = MARKS
BAIT = "http://127.0.0.1:9"
NAMES = [
    f"![x]({BAIT}/a.png)", f'<img src="{BAIT}/h.png">', f"[a]({BAIT})", *MARKED[3:8], "a -> b",
    "قطة",
]  # fmt: skip


@pytest.fixture(scope="module")
def bait(small) -> Dataset:
    return renamed(small, NAMES)


@pytest.fixture(scope="module")
def awkward(bait, tmp_path_factory):
    """The address of a server that offers these data to everyone."""
    file = tmp_path_factory.mktemp("data") / "names.npz"
    file.write_bytes(packed(bait))
    store = str(tmp_path_factory.mktemp("store"))
    with serving(DIGITSCOPE_HOME=store, DIGITSCOPE_DATA=str(file)) as server:
        yield server.address


@pytest.fixture
def guest(browser, awkward):
    guest = Visitor(browser, awkward)
    guest.page.set_default_timeout(90_000)
    yield guest
    guest.context.close()


def seen(name: str) -> str:
    """The name with what keeps Streamlit from turning its signs into others; it has no width."""
    return re.sub(r"\\(?=[^\w\s])", "", plain(name))


def open_every_tab(guest: Visitor) -> None:
    tabs = guest.page.get_by_role("tab")
    for place in range(tabs.count()):
        tabs.nth(place).click()
        guest.settle()
        sync_api.expect(guest.page.get_by_text("could not be drawn")).to_have_count(0)


@pytest.mark.case(27)
def test_no_class_name_fetches_anything_on_any_page(guest):
    page = guest.open("?data=Data%20names")
    for title in TITLES.values():
        page.locator('[data-testid="stSidebarNavLink"]', has_text=title).click()
        page.wait_for_url(re.compile(f"{title.lower()}|/(\\?|$)"))
        guest.settle()
        if title == "Classify":
            page.get_by_text("Data set", exact=True).click()
            guest.settle()
        open_every_tab(guest)
        guest.content()


def test_names_are_shown_and_linked_as_they_are_written(guest, browser, awkward, bait):
    for name in NAMES:
        page = guest.open(f"errors?data=Data%20names&answers=all&true={quote(name, safe='')}")
        sync_api.expect(page.get_by_text(f"answers on images of {seen(name)}, of")).to_be_visible()
        assert parse_qs(urlsplit(page.url).query)["true"] == [name]
    page.get_by_text("Predicted:").click()
    page.get_by_role("combobox", name="Predicted").click()
    page.get_by_role("option", name=NAMES[0], exact=True).click()
    page.wait_for_url("**predicted=**")
    guest.settle()
    copy = Visitor(browser, awkward)
    shown = copy.open(page.url.removeprefix(awkward + "/"))
    sync_api.expect(
        shown.get_by_text(f"of {seen(NAMES[-1])} that say {seen(NAMES[0])}")
    ).to_be_visible()
    copy.content()
    copy.context.close()


def test_a_link_from_the_overview_leads_to_the_images_of_its_class(guest):
    page = guest.open("?data=Data%20names")
    link = page.get_by_role("button", name=re.compile("wrongly called"))
    name = link.inner_text().split("wrongly called ")[1].strip()
    link.click()
    page.wait_for_url("**/errors**")
    guest.settle()
    assert name in map(seen, NAMES)
    sync_api.expect(page.get_by_text(f"wrong answers that say {name}, of")).to_be_visible()
    guest.content()
