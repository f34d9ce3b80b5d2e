"""What a link asks for in vain is said; what was brought survives a change of page."""

import io

import numpy as np
import pytest
from sklearn.datasets import load_digits

from tests.pages.test_classify import a_zero, png, text, upload
from tests.pages.test_data import field, on_page
from tests.pages.test_pages import said

STALE = "asks for something that is not here"
LINKS = [
    ("templates", {"first": "12"}, "'first'"),
    ("training", {"rate": "0.03"}, "'rate'"),
    ("classify", {"classify_from": "Fax"}, "'classify_from'"),
]


@pytest.mark.parametrize(("page", "link", "name"), LINKS)
def test_a_link_that_asks_in_vain_is_told_so(visit, page, link, name):
    told = said(visit(page, **link))
    assert STALE in told and name in told


@pytest.mark.parametrize(
    ("page", "link"),
    [("templates", {"first": "3"}), ("training", {"rate": "0.05"}),
     ("classify", {"classify_from": "Data set", "classify_index": "7"})],
)  # fmt: skip
def test_a_link_that_holds_is_not_remarked_upon(visit, page, link):
    assert STALE not in said(visit(page, **link))


def test_opening_what_was_brought_is_no_stale_link(visit):
    source, file = load_digits(), io.BytesIO()
    np.savez(file, images=source.images.astype(np.uint8), labels=source.target)
    app = visit("data")
    app = field(app, "data_images").set_value([("mine.npz", file.getvalue(), "")]).run()
    app.button(key="data_images_open").click().run()
    assert app.selectbox(key="data").value == "My mine"
    assert STALE not in said(app)


def test_an_uploaded_picture_survives_a_change_of_page_until_it_is_removed(visit, small):
    zero = 255 - np.pad(np.kron(a_zero(small), np.ones((12, 12), np.uint8)), 20)
    app = upload(visit("classify", classify_from="Upload"), ("nought.png", png(zero)))
    assert "the answer to nought.png" in text(app)
    app = on_page(on_page(app, "confusion"), "classify")
    assert not app.exception
    assert "the answer to nought.png" in text(app)
    assert "Still here: nought.png" in text(app).replace("\\", "")
    app.run()
    assert "the answer to nought.png" in text(app)
    app.button(key="classify_remove_upload").click().run()
    assert "nought.png" not in text(app)
