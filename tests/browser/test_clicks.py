"""A click on a row, a bar or a cell does what it says: on digits, names, a hundred."""

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest

from engine.datasets.dataset import Dataset, Split
from engine.evaluation import metrics
from engine.evaluation.evaluation import evaluate
from tests.support.browsing import MARKS, Visitor
from tests.support.named import packed, renamed
from tests.support.server import serving

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

pytestmark = MARKS
FIELDS = "Template", "minus template"
NAMES = ["T-shirt", "Hose", "Pulli", "Kleid", "Mantel", "Sandale", "Hemd", "Schuh", "Tasche", "2"]


def hundred(small: Dataset) -> Dataset:
    """The embedded digits with labels of a hundred classes, each in training and in test."""
    splits = []
    for split in (small.training, small.testing):
        labels = split.labels * 10 + np.arange(len(split)) % 10
        labels[:100] = np.arange(100)
        splits.append(Split(split.images, labels, split.files))
    return Dataset("hundred", *splits)


@pytest.fixture(scope="module", params=["digits", "named", "hundred"])
def clicked(request, small, tmp_path_factory):
    """A dataset, and the address of a server that shows it."""
    dataset = {
        "digits": lambda: small,
        "named": lambda: renamed(small, NAMES),
        "hundred": lambda: hundred(small),
    }[request.param]()
    file = tmp_path_factory.mktemp("data") / "some.npz"
    file.write_bytes(packed(dataset))
    store = str(tmp_path_factory.mktemp("store"))
    with serving(DIGITSCOPE_HOME=store, DIGITSCOPE_DATA=str(file)) as server:
        yield dataset, server.address


@pytest.fixture
def guest(browser, clicked):
    guest = Visitor(browser, clicked[1])
    guest.page.set_default_timeout(30_000)
    yield guest
    guest.context.close()


def choices(page) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(page.url).query).items()}


def wait_for(page, **wanted: str | None) -> None:
    page.wait_for_function(
        """wanted => Object.entries(wanted).every(([name, value]) =>
            new URLSearchParams(location.search).get(name) === value)""",
        arg=wanted,
    )


def tick_first_row(page) -> None:
    """Clicks the box of the table's first row, which is drawn on a canvas."""
    table = page.get_by_test_id("stDataFrame").last
    table.scroll_into_view_if_needed()
    table.locator("canvas").first.click(position={"x": 15, "y": 35 + 17}, force=True)


def test_a_row_of_the_confused_pairs_shows_its_images_also_after_clear(guest, clicked):
    evaluation = evaluate(clicked[0], "L1 mean")
    pairs = metrics.most_confused(evaluation.counts, evaluation.classes)
    first = {side: str(pairs[side].tolist()[0]) for side in ("true", "predicted")}
    page = guest.open("confusion?data=Data%20some&below=Most+confused+pairs")
    for _ in range(2):
        tick_first_row(page)
        wait_for(page, **first)
        guest.settle()
        sync_api.expect(page.get_by_text(f"Predicted: {first['predicted']}")).to_be_visible()
        page.get_by_role("button", name="Clear", exact=True).click()
        wait_for(page, true=None, predicted=None)
        guest.settle()
    guest.content()


def test_a_row_ticked_twice_lets_the_choice_go(guest):
    page = guest.open("confusion?data=Data%20some&below=Most+confused+pairs")
    tick_first_row(page)
    page.wait_for_url("**true=**")
    guest.settle()
    tick_first_row(page)
    wait_for(page, true=None, predicted=None)
    guest.content()


def test_a_bar_shows_its_images_also_after_clear(guest):
    page = guest.open("confusion?data=Data%20some&below=Where+they+go")
    for _ in range(2):
        bar = page.locator('[aria-roledescription="bar"]').last
        told = bar.get_attribute("aria-label")
        bar.click(force=True)
        page.wait_for_url("**true=**")
        chosen = choices(page)
        assert f"true: {chosen['true']};" in told + ";"
        guest.settle()
        page.get_by_role("button", name="Clear", exact=True).click()
        wait_for(page, true=None, predicted=None)
        guest.settle()
    guest.content()


def cell_of(page, chart, which: str = "") -> tuple[dict[str, str], Callable[[], None]]:
    """What a cell of the chart says of itself, and a click on it.

    ``which`` is a part of its label. Ten thousand cells are drawn on a canvas: there it is one in
    the middle, told by its tooltip.
    """
    chart.scroll_into_view_if_needed()
    chart.locator("canvas, [aria-roledescription='rect mark']").first.wait_for()
    canvas = chart.locator("canvas")
    if not canvas.count():
        cell = chart.locator(f'[aria-roledescription="rect mark"]{which}').first
        return said_in(cell.get_attribute("aria-label")), lambda: cell.click(force=True)
    box = canvas.bounding_box()
    there = {"x": 0.61 * box["width"], "y": 0.43 * box["height"]}
    tip = page.locator("#vg-tooltip-element.visible")
    while not tip.count():
        canvas.hover(position={"x": 5, "y": 5})
        canvas.hover(position=there)
        page.wait_for_timeout(300)
    rows = [row.inner_text().split("\t") for row in tip.locator("tr").all()]
    told = {key.strip().rstrip(":"): value.strip() for key, value in rows}
    return told, lambda: canvas.click(position=there)


def said_in(label: str) -> dict[str, str]:
    """The fields of a mark's label, as 'true: 3; predicted: 5'."""
    return dict(part.split(": ", 1) for part in label.split("; "))


def test_a_cell_of_the_matrix_shows_its_images_also_after_clear(guest):
    page = guest.open("confusion?data=Data%20some")
    for _ in range(2):
        chart = page.locator('[data-testid="stVegaLiteChart"]').first
        told, click = cell_of(page, chart, '[aria-label*="images: "]')
        pair = {side: told[side] for side in ("true", "predicted")}
        click()
        wait_for(page, **pair)
        guest.settle()
        sync_api.expect(page.get_by_text(f"Predicted: {pair['predicted']}")).to_be_visible()
        page.get_by_role("button", name="Clear", exact=True).click()
        wait_for(page, true=None, predicted=None)
        guest.settle()
    guest.content()


def test_a_second_click_on_a_cell_lets_it_go_and_a_third_takes_it_again(guest):
    page = guest.open("confusion?data=Data%20some")
    told, click = cell_of(
        page, page.locator('[data-testid="stVegaLiteChart"]').first, '[aria-label*="images: "]'
    )
    pair = {side: told[side] for side in ("true", "predicted")}
    for wanted in (pair, {"true": None, "predicted": None}, pair):
        click()
        wait_for(page, **wanted)
        guest.settle()
    guest.content()


def test_a_cell_of_the_difference_opens_its_images(guest):
    page = guest.open("compare?data=Data%20some&compare_tab=Difference+of+the+matrices")
    told, click = cell_of(page, page.locator('[data-testid="stVegaLiteChart"]').last)
    click()
    page.wait_for_url("**/errors**")
    wait_for(page, model="L2 mean", true=told["true"], predicted=told["predicted"])
    guest.settle()
    guest.content()


def test_a_cell_of_the_template_distances_compares_its_two_also_after_another_choice(guest):
    page = guest.open("templates?data=Data%20some")
    for _ in range(2):
        guest.settle()
        chart = page.locator('[data-testid="stVegaLiteChart"]').last
        told, click = cell_of(page, chart, ':not([aria-label$="distance: 0"])')
        click()
        page.wait_for_url("**second=**")
        guest.settle()
        fields = (page.get_by_role("combobox", name=n, exact=True) for n in FIELDS)
        assert {field.input_value() for field in fields} == {
            told["template"],
            told["other template"],
        }
        field = page.get_by_role("combobox", name="minus template")
        field.focus()
        field.press("ArrowDown")  # opens the list
        page.get_by_role("option").nth(4).click()
        guest.settle()
    guest.content()
