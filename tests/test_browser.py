"""A real Chromium against a real server on real MNIST: what an analyst does, step by step."""

from pathlib import Path

import pytest

from browsing import MARKS, Visitor

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted(path.stem for path in (ROOT / "pages").glob("*.py"))

pytestmark = MARKS


@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens_on_mnist_by_its_own_address(visitor, page):
    shown = visitor.open("" if page == "overview" else page)
    sync_api.expect(shown.locator("h1")).to_have_count(1)
    sync_api.expect(shown.get_by_text("because MNIST")).to_have_count(0)
    visitor.content()


def test_every_page_can_be_reached_from_the_navigation(visitor):
    shown = visitor.open()
    links = shown.locator('[data-testid="stSidebarNavLink"]')
    assert links.count() == len(PAGES)
    for place in range(links.count()):
        links.nth(place).click()
        visitor.settle()
        visitor.content()


def test_the_overview_says_the_notebooks_figures(visitor):
    shown = visitor.open()
    sync_api.expect(shown.get_by_text("6,685 of 10,000 test images are right")).to_be_visible()
    sync_api.expect(shown.get_by_text("3,278 images are called 1, 1,135 are")).to_be_visible()
    visitor.content()


def test_the_dark_theme_turns_ink_and_paper_round(browser, address):
    visitor = Visitor(browser, address, color_scheme="dark")
    try:
        shown = visitor.open()
        sync_api.expect(shown.locator("figure img").first).to_be_visible()
        paper = shown.evaluate("getComputedStyle(document.querySelector('.stApp')).backgroundColor")
        assert paper == "rgb(25, 24, 21)"
        corner = shown.evaluate(
            """() => { const image = document.querySelector('figure img');
                const canvas = new OffscreenCanvas(1, 1).getContext('2d');
                canvas.drawImage(image, 0, 0);
                return canvas.getImageData(0, 0, 1, 1).data[0]; }"""
        )
        assert corner == 0
        visitor.content()
    finally:
        visitor.context.close()


def test_a_click_on_a_cell_leads_to_its_images_and_one_of_them_to_its_reasons(visitor):
    shown = visitor.open("confusion")
    shown.locator('[aria-roledescription="rect mark"][aria-label*="446"]').first.click()
    sync_api.expect(shown.get_by_text("446 of 1,032 true 2s")).to_be_visible()
    shown.get_by_role("button", name="All 446 images on the errors page").click()
    sync_api.expect(shown.get_by_text("446 answers on true 2s that say 1")).to_be_visible()
    chosen = shown.locator(".tiles button").nth(5).get_attribute("aria-label")
    shown.locator(".tiles button").nth(5).click()
    pressed = shown.locator('.tiles button[aria-pressed="true"]')
    sync_api.expect(pressed).to_have_attribute("aria-label", chosen)
    index = chosen.split(":")[0].removeprefix("test image ").replace(",", "")
    shown.wait_for_url(f"**image={index}**")
    visitor.content()

    again = Visitor(shown.context.browser, visitor.address)
    try:
        copy = again.open(shown.url.removeprefix(visitor.address + "/"))
        sync_api.expect(copy.get_by_text("446 answers on true 2s that say 1")).to_be_visible()
        sync_api.expect(copy.locator('.tiles button[aria-pressed="true"]')).to_have_attribute(
            "aria-label", chosen
        )
        again.content()
    finally:
        again.context.close()


def test_the_playground_follows_slider_click_and_switch_and_keeps_them_in_its_link(visitor):
    shown = visitor.open("playground")
    sync_api.expect(shown.get_by_text("93 times the optimum of 7.305")).to_be_visible()
    shown.get_by_role("slider", name="Steps").press("ArrowRight")
    sync_api.expect(shown.get_by_text("After 11 steps the loss is")).to_be_visible()
    assert "steps=11" in shown.url
    box = shown.locator(".st-key-loss_chart").bounding_box()
    shown.mouse.click(box["x"] + 0.75 * box["width"], box["y"] + 0.4 * box["height"])
    shown.wait_for_function("/steps=(2|3|4)\\d/.test(location.search)")
    shown.get_by_text("Standardise time", exact=True).click()
    sync_api.expect(shown.get_by_text("condition number 7.7")).to_be_visible()
    assert "standardise=true" in shown.url
    visitor.content()


def test_templates_learn_live_and_a_fixed_image_leads_to_its_reasons(visitor):
    shown = visitor.open("training?epochs=2")
    shown.get_by_role("button", name="Train", exact=True).click()
    judged = shown.get_by_role("heading", name="The test images judge")
    sync_api.expect(judged).to_be_visible(timeout=60_000)
    shown.locator(".st-key-training_gallery button").first.click()
    sync_api.expect(shown.get_by_text("rightly called").first).to_be_visible()
    assert "/errors?" in shown.url and "model=My+templates" in shown.url
    visitor.content()
