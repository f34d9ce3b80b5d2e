"""The map in a browser: what is drawn is selected, here, on Errors and in another window."""

import math
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from skimage.measure import points_in_poly

from engine.evaluation.evaluation import evaluate
from engine.projection.distance_plane import distance_plane
from engine.projection.region import read_region
from tests.browser.test_clicks import hundred
from tests.support.browsing import MARKS, Visitor, serious_faults
from tests.support.named import packed
from tests.support.server import serving

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

pytestmark = MARKS
PLANE = "slices?data=Embedded&slices_tab=Map&map_a=5&map_b=9"
A, B = 5, 9
MAP = "canvas.points"


@pytest.fixture(scope="module")
def evaluation(small):
    return evaluate(small, "L1 mean")


def opened(visitor: Visitor, path: str = PLANE):
    page = visitor.open(path)
    drawn(page)
    return page


def drawn(page) -> None:
    """Waits until the points are there: then the map has a height of its own."""
    page.locator(f"{MAP}[style*=height]").wait_for()
    page.locator(MAP).scroll_into_view_if_needed()


def at(page, across: float, down: float) -> tuple[float, float]:
    """A place of the window, by its parts of the map."""
    box = page.locator(MAP).bounding_box()
    return box["x"] + across * box["width"], box["y"] + down * box["height"]


def drag(page, *places: tuple[float, float]) -> None:
    page.mouse.move(*at(page, *places[0]))
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*at(page, *place), steps=3)
    page.mouse.up()


def lasso(page) -> None:
    """A star with many more corners than a link may have, over the middle of the map."""
    turns = np.linspace(0, 2 * math.pi, 121)[:-1]
    far = 0.22 + 0.07 * np.sin(5 * turns)
    drag(
        page,
        *((0.5 + r * math.cos(t), 0.5 + r * math.sin(t)) for r, t in zip(far, turns, strict=True)),
    )


def region_of(page) -> str:
    page.wait_for_url("**region=**")
    return parse_qs(urlsplit(page.url).query)["region"][0]


def shown_indices(page) -> list[int]:
    tiles = page.locator(".tiles button")
    tiles.first.wait_for()
    return sorted(
        int(index) for index in tiles.evaluate_all("all => all.map((b) => b.dataset.index)")
    )


def brute_force(evaluation, written: str) -> list[int]:
    """The test images in the polygon of the link, as scikit-image finds them."""
    points = distance_plane(evaluation, A, B)
    corners = np.array(read_region(written, 10).corners)
    inside = points_in_poly(np.stack([points.x, points.y], axis=1), corners)
    return sorted(evaluation.table["index"].to_numpy()[points.rows[inside]].tolist())


def label(page):
    return page.locator(MAP).get_attribute("aria-label")


def wait_for_label(page, part: str) -> None:
    sync_api.expect(page.locator(f'{MAP}[aria-label*="{part}"]')).to_be_visible()


def test_a_lasso_selects_its_images_here_on_errors_and_in_a_fresh_browser(
    visitor, browser, address, evaluation
):
    page = opened(visitor)
    lasso(page)
    written = region_of(page)
    wanted = brute_force(evaluation, written)
    assert 16 < len(wanted) < 96
    assert len(written.split("~")) <= 4 + 2 * 40
    wait_for_label(page, f"of 132 test images, {len(wanted)} selected")
    sync_api.expect(page.get_by_text(f"{len(wanted)} test images")).to_be_visible()
    assert set(shown_indices(page)) < set(wanted)

    other = Visitor(browser, address)
    fresh = opened(other, page.url.removeprefix(f"{address}/"))
    wait_for_label(fresh, f"{len(wanted)} selected")
    assert shown_indices(fresh) == shown_indices(page)
    other.content()
    other.context.close()

    page.get_by_role("button", name="Open in Errors").click()
    page.wait_for_url("**/errors**")
    visitor.settle()
    sync_api.expect(page.get_by_text(f"{len(wanted)} answers")).to_be_visible()
    visitor.open(page.url.removeprefix(f"{address}/") + "&per_page=96")
    assert shown_indices(page) == wanted
    visitor.content()


def test_the_half_above_the_diagonal_holds_the_images_nearer_to_the_first_class(
    visitor, evaluation
):
    page = opened(visitor)
    left, right, top, bottom = 0.11, 0.98, 0.02, 0.91  # of the map, where the plot ends
    drag(page, (left, bottom), (left, top), (right, top), (left, bottom - 0.001))
    points = distance_plane(evaluation, A, B)
    nearer = points.x < points.y
    selected = brute_force(evaluation, region_of(page))
    of = set(evaluation.table["index"].to_numpy()[points.rows[nearer]].tolist())
    assert len(of ^ set(selected)) <= 0.1 * len(nearer)  # a hand is not exact
    visitor.content()


def test_a_box_over_all_selects_all_and_less_once_the_map_is_larger(visitor):
    page = opened(visitor, f"{PLANE}&map_tool=Box")
    drag(page, (0.11, 0.02), (0.98, 0.91))
    wait_for_label(page, "132 test images, 132 selected")
    page.keyboard.press("Escape")
    wait_for_label(page, "none selected")
    for _ in range(3):
        page.keyboard.press("+")
    drag(page, (0.2, 0.2), (0.8, 0.8))
    region_of(page)
    sync_api.expect(page.get_by_text("inside a region drawn on the map")).to_be_visible()
    assert ", 132 selected" not in label(page)
    visitor.content()


def test_back_lets_the_lasso_go_and_forward_brings_it_again(visitor):
    page = opened(visitor)
    wait_for_label(page, "none selected")
    lasso(page)
    region_of(page)
    visitor.settle()
    sync_api.expect(page.get_by_text("inside a region drawn on the map")).to_be_visible()
    chosen = label(page)
    page.go_back()
    wait_for_label(page, "none selected")
    page.go_forward()
    sync_api.expect(page.get_by_text("inside a region drawn on the map")).to_be_visible()
    drawn(page)
    assert label(page) == chosen
    visitor.content()


def test_keys_walk_from_point_to_point_and_open_an_image(visitor, evaluation):
    page = opened(visitor)
    page.locator(MAP).focus()
    said = page.locator(".map .said")
    page.keyboard.press("ArrowRight")
    sync_api.expect(said).to_contain_text("test image")
    first = said.inner_text()
    page.keyboard.press("ArrowRight")
    sync_api.expect(said).not_to_have_text(first)
    index = int(said.inner_text().split(":")[0].removeprefix("test image ").replace(",", ""))
    row = evaluation.table.set_index("index").loc[index]
    assert f"a {row['true']} " in said.inner_text()
    assert f"distance to 5 = {row['distance to 5']:.3g}" in said.inner_text()
    page.keyboard.press("Enter")
    page.wait_for_url("**/errors**image=**")
    visitor.settle()
    assert float(parse_qs(urlsplit(page.url).query)["image"][0]) == index
    visitor.content()


def test_a_hint_shows_the_image_under_the_pointer(visitor):
    page = opened(visitor)
    page.locator(MAP).focus()
    page.keyboard.press("ArrowRight")
    card = page.locator(".map .card")
    sync_api.expect(card).to_be_visible()
    sync_api.expect(card.locator(".words")).to_contain_text("test image")
    page.wait_for_function(
        """() => {
            const canvas = document.querySelector("*"), find = (root) => {
                for (const node of root.querySelectorAll("*")) {
                    if (node.matches("canvas.picture")) return node;
                    const inner = node.shadowRoot && find(node.shadowRoot);
                    if (inner) return inner;
                }
            };
            const { data } = find(document).getContext("2d").getImageData(0, 0, 8, 8);
            return new Set(data).size > 3;
        }"""
    )
    visitor.content()


def test_a_finger_draws_a_lasso_and_two_zoom(browser, address):
    visitor = Visitor(browser, address, has_touch=True)
    page = opened(visitor)
    touch = visitor.context.new_cdp_session(page)

    def send(kind: str, *places: tuple[float, float]) -> None:
        spots = [dict(zip("xy", at(page, *place), strict=True)) for place in places]
        points = [{**spot, "id": k} for k, spot in enumerate(spots)]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    corners = [(0.3, 0.3), (0.5, 0.25), (0.75, 0.4), (0.7, 0.7), (0.45, 0.75), (0.3, 0.6)]
    send("touchStart", corners[0])
    for corner in corners[1:]:
        send("touchMove", corner)
    send("touchEnd")
    assert "lasso" in region_of(page)
    visitor.settle()
    before = region_of(page)
    send("touchStart", (0.45, 0.5), (0.55, 0.5))
    send("touchMove", (0.35, 0.5), (0.65, 0.5))
    send("touchMove", (0.2, 0.5), (0.8, 0.5))
    send("touchEnd")
    visitor.settle()
    assert region_of(page) == before  # two fingers draw nothing
    visitor.content()
    visitor.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("view", ["Distance plane", "Principal components"])
def test_axe_finds_nothing_serious_on_the_map(browser, address, scheme, view):
    visitor = Visitor(browser, address, color_scheme=scheme)
    page = opened(visitor, f"{PLANE}&map_view={view.replace(' ', '+')}")
    lasso(page)
    region_of(page)
    visitor.settle()
    assert serious_faults(page) == []
    visitor.context.close()


def test_a_hundred_classes_have_their_map(browser, small, tmp_path):
    dataset = hundred(small)
    file = tmp_path / "hundred.npz"
    file.write_bytes(packed(dataset))
    with serving(DIGITSCOPE_HOME=str(tmp_path), DIGITSCOPE_DATA=str(file)) as server:
        visitor = Visitor(browser, server.address)
        page = opened(visitor, "slices?data=Data%20hundred&slices_tab=Map&map_all=true")
        n = len(dataset.testing)
        wait_for_label(page, f"Map of {n} test images")
        lasso(page)
        region_of(page)
        sync_api.expect(page.get_by_text("inside a region drawn on the map")).to_be_visible()
        visitor.content()
        visitor.context.close()
