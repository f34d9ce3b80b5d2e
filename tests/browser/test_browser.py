"""A real Chromium against a real server on real MNIST: what an analyst does, step by step."""

import re
from pathlib import Path

import pytest

from engine.io.numbers import small
from tests.support.browsing import MARKS, Visitor, serious_faults

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

ROOT = Path(__file__).resolve().parents[2]
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


def test_the_list_of_pages_has_headings(visitor):
    shown = visitor.open()
    listed = shown.get_by_role("navigation", name="App pages")
    headings = listed.get_by_role("heading", level=2)
    sync_api.expect(headings).to_have_text(["Look", "Improve", "Decide", "Try"])
    assert listed.get_by_role("link").count() == len(PAGES)


def test_on_a_phone_the_list_closes_once_a_page_is_chosen(visitor):
    visitor.page.set_viewport_size({"width": 390, "height": 800})
    shown = visitor.open()
    shown.get_by_test_id("stExpandSidebarButton").click()
    shown.get_by_test_id("stSidebarNavLink").filter(has_text="Confusion").click()
    sync_api.expect(shown.get_by_test_id("stExpandSidebarButton")).to_be_visible()
    sync_api.expect(shown.locator("h1")).to_have_text("What is taken for what?")
    visitor.content()


def test_the_overview_says_the_notebooks_figures(visitor):
    shown = visitor.open()
    sync_api.expect(shown.get_by_text("6,685 of 10,000 test images are right")).to_be_visible()
    sync_api.expect(
        shown.get_by_text("3,278 predictions of 1, but only 1,135 images are 1s")
    ).to_be_visible()
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
    sync_api.expect(shown.get_by_text("Report of this view")).to_be_visible()  # the last thing
    shown.wait_for_url("**true=2**")  # until then the other page's images may still be there
    visitor.settle()
    chosen = shown.locator(".tiles button").nth(5).get_attribute("aria-label")
    shown.locator(".tiles button").nth(5).click()
    pressed = shown.locator('.tiles button[aria-pressed="true"]')
    sync_api.expect(pressed).to_have_attribute("aria-label", chosen)
    index = chosen.split(":")[0].removeprefix("test image ").replace(",", "")
    # What another page chose is in the address from the second run on: see url_state.py.
    wanted = "answers=all", f"image={index}"  # most wrong first is the default
    shown.wait_for_url(lambda url: all(choice in url for choice in wanted))
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
    box = shown.locator(".st-key-descent .loss svg").bounding_box()
    shown.mouse.click(box["x"] + 0.75 * box["width"], box["y"] + 0.4 * box["height"])
    shown.wait_for_function("/steps=(2|3|4)\\d/.test(location.search)")
    shown.get_by_role("button", name="b and c").click()
    shown.wait_for_function("location.search.includes('plane=b+and+c')")
    shown.get_by_text("Standardise time", exact=True).click()
    sync_api.expect(shown.get_by_text("condition number 7.7")).to_be_visible()
    assert "standardise=true" in shown.url
    visitor.content()


def test_steps_are_drawn_in_the_browser_and_told_once_the_hand_rests(visitor):
    shown = visitor.open("playground?steps=3")
    title = shown.locator(".st-key-descent .fit h4")
    sync_api.expect(title).to_have_text("The curve after 3 steps")
    slider = shown.get_by_role("slider", name="Steps")
    slider.press("Shift")  # a hand that acts
    slider.evaluate(  # five steps without a rest, however slow the machine
        """slider => [4, 5, 6, 7, 8].forEach((step) => {
            slider.value = step;
            slider.dispatchEvent(new Event("input"));
        })"""
    )
    sync_api.expect(title).to_have_text("The curve after 8 steps")
    sync_api.expect(shown.get_by_text("After 8 steps the loss is")).to_be_visible()
    visitor.settle()
    shown.get_by_role("button", name="Step back").click()
    sync_api.expect(title).to_have_text("The curve after 7 steps")
    sync_api.expect(shown.get_by_text("After 7 steps the loss is")).to_be_visible()
    visitor.settle()
    for steps in (8, 3):  # none between them was told, so none is in the history
        shown.go_back()
        sync_api.expect(title).to_have_text(f"The curve after {steps} steps")
        visitor.settle()
    visitor.content()


def test_the_run_plays_to_its_end_and_a_pointer_on_the_loss_only_shows(visitor):
    shown = visitor.open("playground?steps=48")
    title = shown.locator(".st-key-descent .fit h4")
    sync_api.expect(title).to_have_text("The curve after 48 steps")
    box = shown.locator(".st-key-descent .loss svg").bounding_box()
    shown.mouse.move(box["x"] + 0.5 * box["width"], box["y"] + 0.4 * box["height"])
    sync_api.expect(title).to_have_text(re.compile(r"after 2\d steps"))
    shown.mouse.move(0, 0)
    sync_api.expect(title).to_have_text("The curve after 48 steps")
    shown.get_by_role("button", name="Play").click()
    sync_api.expect(title).to_have_text("The curve after 1,000,000 steps")
    sync_api.expect(shown.get_by_role("button", name="Play")).to_be_visible()
    shown.wait_for_function("location.search.includes('steps=1000000')")
    visitor.content()


def test_templates_learn_live_and_a_broken_image_leads_to_its_reasons(visitor):
    shown = visitor.open("training?epochs=2")
    shown.get_by_role("button", name="Train", exact=True).click()
    judged = shown.get_by_role("heading", name="Results on the test set")
    sync_api.expect(judged).to_be_visible(timeout=60_000)
    shown.get_by_test_id("stButtonGroup").get_by_text("broken", exact=True).click()
    told = shown.get_by_text("the wrong prediction of the learned templates")
    sync_api.expect(told).to_be_visible()
    visitor.settle()
    shown.locator(".st-key-training_gallery button").first.click()
    shown.wait_for_url("**/errors?**model=My+templates**")
    sync_api.expect(shown.get_by_text("Why is test image").first).to_be_visible()
    visitor.content()


@pytest.fixture
def error(visitor) -> sync_api.Page:
    """The errors page on the true 2s that are called 1, its first image shown."""
    page = visitor.open("errors?true=2&predicted=1&sort=index")
    sync_api.expect(page.get_by_text("Report of this view")).to_be_visible()  # the last thing
    return visitor.settle()


def shown_image(page) -> int:
    """The index of the image whose reasons are on the page."""
    heading = page.locator("h3", has_text="Why is test image").inner_text()
    return int(heading.split()[4].replace(",", ""))


def wait_for_image(page, index: int) -> None:
    heading = page.locator("h3", has_text=f"Why is test image {index:,} called")
    sync_api.expect(heading).to_be_visible()


def test_arrow_keys_walk_through_the_images_of_the_filter(error, mnist_evaluation):
    table = mnist_evaluation.table
    wanted = table[(table["true"] == 2) & (table["predicted"] == 1)]["index"].tolist()
    assert shown_image(error) == wanted[0]
    error.keyboard.press("ArrowRight")
    wait_for_image(error, wanted[1])
    error.keyboard.press("ArrowRight")
    wait_for_image(error, wanted[2])
    error.keyboard.press("ArrowLeft")
    wait_for_image(error, wanted[1])


def test_an_image_opens_with_the_keyboard_alone(error):
    tile = error.locator(".tiles button").nth(3)
    index = int(tile.get_attribute("aria-label").split(":")[0].split()[-1].replace(",", ""))
    tile.focus()
    error.keyboard.press("Enter")
    wait_for_image(error, index)


def test_the_reasons_on_the_page_are_those_of_the_distances(error, mnist_evaluation, visitor):
    row = mnist_evaluation.table.iloc[shown_image(error)]
    gap = row["distance to 2"] - row["distance to 1"]
    reason = error.get_by_text(f"is nearer than that of 2 by {small(gap)}")
    sync_api.expect(reason.first).to_be_visible()
    error.get_by_role("tab", name="The smallest change").click()
    sync_api.expect(error.get_by_text("is enough, and fewer are not")).to_be_visible()
    error.get_by_role("tab", name="Nearest training images").click()
    strip = error.locator('img[alt^="training image"]')
    sync_api.expect(strip).to_have_count(10)
    visitor.content()


def test_a_mark_shows_on_its_tile_and_comes_back_from_its_file(error, visitor, tmp_path):
    index = shown_image(error)
    error.get_by_label("Note").fill("=1+1")
    error.get_by_label("Note").press("Enter")
    sync_api.expect(error.get_by_text("⚑ note")).to_be_visible()
    error.get_by_test_id("stButtonGroup").get_by_text("ambiguous").click()
    sync_api.expect(error.get_by_text("⚑ ambiguous")).to_be_visible()
    error.get_by_text("Your marks (1)").click()
    with error.expect_download() as download:
        error.get_by_role("button", name="Download as CSV", exact=True).click()
    file = tmp_path / "marks.csv"
    download.value.save_as(file)
    assert f"MNIST,{index},testing/2/" in file.read_text()
    assert "'=1+1" in file.read_text()

    again = Visitor(error.context.browser, visitor.address)
    try:
        page = again.open(f"errors?image={index}")
        page.get_by_text("Your marks (0)").click()
        page.locator('input[type="file"]').set_input_files(file)
        sync_api.expect(page.get_by_text("1 mark loaded.")).to_be_visible()
        sync_api.expect(page.get_by_text("Your marks (1)")).to_be_visible()
        again.content()
    finally:
        again.context.close()


def test_the_report_opens_offline_and_has_the_pages_figures(error, visitor, browser, tmp_path):
    with error.expect_download() as download:
        error.get_by_role("button", name="Report of this view").click()
    file = tmp_path / "report.html"
    download.value.save_as(file)
    context = browser.new_context(offline=True)
    page = context.new_page()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(file.as_uri())
    sync_api.expect(page.get_by_text("6,685 of 10,000 test images are right")).to_be_visible()
    sync_api.expect(page.get_by_text("446 wrong answers on true 2s that say 1")).to_be_visible()
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    assert page.locator("figure img").count() == 10 + 60 + 1  # templates, images, the opened one
    sync_api.expect(page.get_by_text("is nearer than that of 2 by")).to_be_visible()
    context.close()


def test_choices_are_kept_from_page_to_page_also_those_that_came_with_the_link(visitor):
    page = visitor.open("confusion?data=Embedded&model=L2+mean&true=8&predicted=1")
    page.locator('[data-testid="stSidebarNavLink"]', has_text="Errors").click()
    sync_api.expect(page.get_by_text("on true 8s that say 1, of 599 test images")).to_be_visible()
    model = page.get_by_role("combobox", name="Model")
    sync_api.expect(model).to_have_value("L2 mean")
    page.get_by_role("button", name="Link to this view").click()
    link = page.locator("code", has_text="errors?").inner_text()
    assert set(link.split("?")[1].split("&")) == {
        "data=Embedded",
        "model=L2+mean",
        "true=8",
        "predicted=1",
    }


OTHERS = (
    "playground?lr=2e-5&steps=3&points=9&view=Race&batch=5",
    "training?epochs=3&shuffle=5",
    "classify?classify_from=Data+set&classify_index=12&classify_tab=Flip&classify_asked=4",
    "classify?classify_from=Data+set&classify_tab=What+if&classify_turn=5&classify_size=0.8",
    "compare?compare_to=L1+median&compare_tab=All+models",
)


@pytest.mark.parametrize("link", OTHERS, ids=lambda link: link.partition("?")[0])
def test_what_is_set_on_a_page_without_filters_is_kept_and_linked_as_well(visitor, link):
    name, _, choices = link.partition("?")
    page = visitor.open(link)
    page.locator('[data-testid="stSidebarNavLink"]', has_text="Overview").click()
    sync_api.expect(page.locator("h1")).to_have_text("How good is this classifier?")
    visitor.settle()
    page.locator('[data-testid="stSidebarNavLink"]', has_text=name.capitalize()).click()
    sync_api.expect(page.locator("h1")).not_to_have_text("How good is this classifier?")
    visitor.settle()  # until then the button may still be that of the overview
    page.get_by_role("button", name="Link to this view").click()
    shown = page.locator("code", has_text=f"{name}?").inner_text()
    assert set(shown.partition("?")[2].split("&")) == set(choices.split("&"))
    visitor.content()


def test_the_link_has_what_was_chosen_in_a_part_of_the_page_that_ran_alone(visitor):
    page = visitor.open("compare?data=Embedded")
    page.get_by_text("both right", exact=True).click()
    sync_api.expect(
        page.get_by_text(re.compile("^Under each image: .*the margin of"))
    ).to_be_visible()
    page.get_by_role("button", name="Link to this view").click()
    code = page.locator("code", has_text="compare?")
    sync_api.expect(code).to_contain_text("compare_show=both+right")


def test_a_link_to_what_is_not_here_says_so_and_shows_the_default(visitor):
    page = visitor.open("errors?true=99&sort=none&image=123456789")
    sync_api.expect(
        page.get_by_text("This link asks for something that is not here")
    ).to_be_visible()
    sync_api.expect(page.get_by_text("3,315 wrong answers, of 10,000")).to_be_visible()
    visitor.content()


def test_any_chart_can_be_saved_as_a_picture(visitor):
    page = visitor.open("confusion")
    page.locator('[data-testid="stVegaLiteChart"]').first.hover()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download as PNG").first.click()
    assert Path(download.value.path()).read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("page", PAGES)
def test_axe_finds_nothing_serious(browser, address, page, scheme):
    visitor = Visitor(browser, address, color_scheme=scheme)
    try:
        assert serious_faults(visitor.open("" if page == "overview" else page)) == []
    finally:
        visitor.context.close()


def open_a_tile(page) -> None:
    tile = page.locator(".tiles button").nth(2)
    index = int(tile.get_attribute("aria-label").split(":")[0].split()[-1].replace(",", ""))
    tile.click()
    wait_for_image(page, index)


def test_a_picture_under_the_matrix_opens_on_the_errors_page(visitor):
    page = visitor.open("confusion?true=4&predicted=9")
    open_a_tile(page)
    sync_api.expect(page.get_by_text("149 answers on true 4s that say 9")).to_be_visible()
    page.wait_for_url(re.compile(r"true=4.*predicted=9.*answers=all"))
    visitor.content()


def test_a_picture_that_two_models_disagree_on_opens_on_the_errors_page(visitor):
    page = visitor.open("compare")
    open_a_tile(page)
    visitor.content()


def test_a_digit_beside_the_matrix_chooses_its_whole_row_or_column(visitor):
    page = visitor.open("confusion")
    page.locator('[aria-label*="says: all that is called 1"]').first.click()
    sync_api.expect(page.get_by_text("3,278 images called 1; 1,133 of them are")).to_be_visible()
    page.locator('[aria-label*="says: all true 5s"]').first.click()
    sync_api.expect(page.get_by_text("291 of 892 true 5s are right")).to_be_visible()
    visitor.content()
