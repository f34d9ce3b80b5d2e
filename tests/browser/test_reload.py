"""After a reload: marks are offered back, and what would be lost is asked about before."""

import io
import re

import numpy as np
import pandas as pd
import pytest

from tests.support.browsing import MARKS, Visitor

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

pytestmark = MARKS
OFFER = "from your last visit on Embedded digits"
ERRORS = "errors?data=Embedded&true=9"


def open_image(visitor, place: int) -> None:
    visitor.page.get_by_role("button", name=re.compile("^test image")).nth(place).click()
    visitor.page.wait_for_url("**image=**")
    visitor.settle()


def mark(visitor, kind: str, note: str) -> None:
    page = visitor.page
    page.get_by_role("radio", name=kind, exact=True).click()
    visitor.settle()
    field = page.get_by_role("textbox", name="Note", exact=True)
    field.fill(note)
    field.press("Enter")
    visitor.settle()


def test_marks_and_notes_are_offered_back_after_a_reload_also_with_new_ones(visitor):
    page = visitor.open(ERRORS)
    mark(visitor, "ambiguous", "=a loop, perhaps")
    open_image(visitor, 1)
    mark(visitor, "mislabelled", "")
    page.reload()
    visitor.settle()
    sync_api.expect(page.get_by_text(f"2 marks {OFFER}")).to_be_visible()
    open_image(visitor, 2)
    mark(visitor, "interesting", "new, while the others wait")
    page.reload()
    visitor.settle()
    sync_api.expect(page.get_by_text(f"3 marks {OFFER}")).to_be_visible()
    page.get_by_role("button", name="Bring back").click()
    visitor.settle()
    sync_api.expect(page.get_by_text("Your marks (3)")).to_be_visible()
    sync_api.expect(page.get_by_text(OFFER)).to_have_count(0)
    open_image(visitor, 0)
    sync_api.expect(page.get_by_role("textbox", name="Note")).to_have_value("=a loop, perhaps")
    visitor.content()


def test_forgotten_marks_are_gone_and_another_browser_has_none(visitor, browser, address):
    page = visitor.open(ERRORS)
    mark(visitor, "ambiguous", "mine")
    page.reload()
    visitor.settle()
    other = Visitor(browser, address)
    other.open(ERRORS)
    sync_api.expect(other.page.get_by_text(OFFER)).to_have_count(0)
    other.context.close()
    page.get_by_role("button", name="Forget").click()
    visitor.settle()
    page.reload()
    visitor.settle()
    sync_api.expect(page.get_by_text("Your marks (0)")).to_be_visible()
    sync_api.expect(page.get_by_text(OFFER)).to_have_count(0)
    visitor.content()


@pytest.mark.parametrize("path", ["", "compare"])
def test_marks_are_offered_back_on_other_pages_too(visitor, path):
    page = visitor.open(ERRORS)
    sync_api.expect(page.get_by_text("Your marks (0)")).to_be_visible()
    mark(visitor, "ambiguous", "mine")
    visitor.open(f"{path}?data=Embedded")
    sync_api.expect(page.get_by_text(f"1 mark {OFFER}")).to_be_visible()
    page.get_by_role("button", name="Bring back").click()
    visitor.settle()
    sync_api.expect(page.get_by_text(OFFER)).to_have_count(0)
    page.get_by_role("link", name="Errors", exact=True).click()
    page.wait_for_url("**/errors**")
    visitor.settle()
    sync_api.expect(page.get_by_text("Your marks (1)")).to_be_visible()
    visitor.content()


@pytest.mark.parametrize("kept", ["{", "x" * 600_000, "data,index,mark,note\n,99999999999,x,y"])
def test_whatever_another_script_left_there_costs_nothing(visitor, kept):
    page = visitor.open("playground")
    key = "digitscope marks Embedded digits"
    page.evaluate("([key, text]) => localStorage.setItem(key, text)", [key, kept])
    page.reload()
    page = visitor.open(ERRORS)
    mark(visitor, "ambiguous", "")
    sync_api.expect(page.get_by_text("Your marks (1)")).to_be_visible()
    sync_api.expect(page.get_by_text(OFFER)).to_have_count(0)
    visitor.content()


def test_uploads_are_asked_about_before_a_reload_and_nothing_else_is(visitor):
    asked = []

    def dismiss(dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page = visitor.open("data?data=Embedded")
    page.on("dialog", dismiss)
    page.get_by_role("heading", level=1).click()  # browsers ask only those who touched the page
    page.reload()
    visitor.settle()
    assert asked == []
    table = pd.DataFrame({"index": np.arange(599), "predicted": np.zeros(599, int)})
    content = io.BytesIO(table.to_csv(index=False).encode()).getvalue()
    field = page.get_by_test_id("stFileUploader").filter(has_text="Predictions for the")
    field.locator('input[type="file"]').set_input_files(
        {"name": "mine.csv", "mimeType": "text/csv", "buffer": content}
    )
    sync_api.expect(page.get_by_text("Taken as")).to_be_visible()
    visitor.settle()
    page.get_by_role("heading", level=1).click()
    page.reload()
    visitor.settle()
    assert asked == ["beforeunload"]
