"""A project saved in one browser and opened in another: the same view, and what was made of it."""

import re

import pytest

from tests.support.browsing import MARKS, Visitor

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

pytestmark = MARKS


def test_a_colleague_opens_the_project_and_sees_the_same_page(visitor, browser, address, tmp_path):
    page = visitor.open("labels?data=Embedded")
    page.get_by_role("group", name="Label review").press("c")
    sync_api.expect(page.get_by_text("1 decision: 1 changed.")).to_be_visible()
    page.get_by_role("link", name="Errors", exact=True).click()
    visitor.settle()
    page.get_by_role("radio", name="ambiguous", exact=True).click()
    visitor.settle()
    page.get_by_role("button", name=re.compile("^test image")).nth(2).click()
    page.wait_for_url("**image=**")
    visitor.settle()
    shown = page.get_by_role("button", name=re.compile("^test image"), pressed=True)
    opened = shown.get_attribute("aria-label")
    page.get_by_role("link", name="Data", exact=True).click()
    visitor.settle()
    sync_api.expect(page.get_by_text("1 mark and 1 decision on these data.")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Save the project").click()
    file = tmp_path / "project.zip"
    download.value.save_as(file)
    other = Visitor(browser, address)
    try:
        fresh = other.open("data?data=Embedded")
        fresh.get_by_label("Open a project").locator("input").set_input_files(file)
        said = "The project on Embedded is open: 0 models, 1 mark, 1 decision on labels."
        sync_api.expect(fresh.get_by_text(said)).to_be_visible()
        links = fresh.locator(".st-key-project_views")
        links.get_by_role("link", name="Errors").click()
        other.settle()
        again = fresh.get_by_role("button", name=opened, exact=True)
        sync_api.expect(again).to_have_attribute("aria-pressed", "true")
        sync_api.expect(fresh.get_by_text("Your marks (1)")).to_be_visible()
        other.content()
    finally:
        other.context.close()


def test_forgetting_empties_the_browser_too(visitor):
    page = visitor.open("labels?data=Embedded")
    page.get_by_role("group", name="Label review").press("c")
    sync_api.expect(page.get_by_text("1 decision: 1 changed.")).to_be_visible()
    page.get_by_role("link", name="Data", exact=True).click()
    visitor.settle()
    page.get_by_role("button", name="Forget all of mine").click()
    page.get_by_role("button", name="Forget all", exact=True).click()
    sync_api.expect(
        page.get_by_text("All of yours is forgotten, in this browser and on the server.")
    ).to_be_visible()
    visitor.settle()
    ours = "Object.keys(localStorage).filter((key) => key.startsWith('digitscope '))"
    page.wait_for_function(f"{ours}.length === 0")
    visitor.open("labels?data=Embedded")
    sync_api.expect(page.get_by_text("Nothing is decided yet.")).to_be_visible()
    visitor.content()
