"""The tab Corruption in a browser: readable for all, and its images opened as data."""

import pytest
from playwright import sync_api

from tests.support.browsing import Visitor, serious_faults

TAB = "trust?data=Embedded&trust_tab=Corruption&corruption_kind=Stripe"


def opened(visitor: Visitor) -> sync_api.Page:
    """The tab once all is answered."""
    page = visitor.open(TAB)
    sync_api.expect(page.get_by_text("stay right at all five")).to_be_visible(timeout=60_000)
    visitor.settle()
    return page


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious_on_corruption(browser, address, scheme):
    visitor = Visitor(browser, address, color_scheme=scheme)
    assert serious_faults(opened(visitor)) == []
    visitor.context.close()


def test_corrupted_images_open_as_data_that_other_pages_show(visitor):
    page = opened(visitor)
    page.get_by_role("button", name="Open as data: Stripe, severity 3").click()
    said = page.get_by_text("My Embedded digits, stripe 3 is in the list of data now")
    sync_api.expect(said).to_be_visible(timeout=30_000)
    page.get_by_role("link", name="Overview").click()
    sync_api.expect(page.get_by_text("491 of 599 test images are right")).to_be_visible()
    visitor.content()
