"""A real Chromium: an analyst brings data, walks from page to page, and nobody else sees them."""

import io
import re
import zipfile

import numpy as np
import pytest
from PIL import Image

from engine.datasets.dataset import Dataset, Split
from engine.evaluation.evaluation import evaluate
from tests.engine.importers.test_load import as_gzipped_idx, as_npz, as_tree, zipped
from tests.support.browsing import MARKS, Visitor

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

pytestmark = MARKS
NAMES = np.array(
    ["null", "eins", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun"]
)


@pytest.fixture(scope="module")
def named(small):
    """The embedded digits with the names of the digits as their classes."""
    splits = [
        Split(split.images, NAMES[split.labels], split.files)
        for split in (small.training, small.testing)
    ]
    return Dataset("words", *splits)


@pytest.fixture(scope="module")
def judged(named):
    return evaluate(named, "L1 mean")


FIELDS = ("Predictions for the", "A dataset of images")


@pytest.fixture
def other(browser, address):
    """A second viewer of the same server."""
    visitor = Visitor(browser, address)
    yield visitor
    visitor.context.close()


def field_of(page, label):
    """The field for files of that label: there are several on the page."""
    fields = page.get_by_test_id("stFileUploader").filter(has_text=label)
    return fields.locator('input[type="file"]')


def bring(visitor, *files, field=1):
    """Uploads files to the data page's field for predictions (0) or images (1)."""
    page = visitor.open("data?data=Embedded")
    field_of(page, FIELDS[field]).set_input_files(
        [{"name": name, "mimeType": "", "buffer": content} for name, content in files]
    )
    sync_api.expect(page.get_by_text(re.compile("Taken as|Nothing was taken"))).to_be_visible()
    visitor.settle()
    return page


def open_it(visitor, name):
    visitor.page.get_by_role("button", name="Open it now").click()
    field = visitor.page.get_by_role("combobox", name="Data", exact=True)
    sync_api.expect(field).to_have_value(name)
    return visitor.settle()


def go(visitor, title):
    visitor.page.locator('[data-testid="stSidebarNavLink"]', has_text=title).click()
    return visitor.settle()


def test_a_zip_of_named_classes_leads_from_the_matrix_to_one_images_reasons(
    visitor, other, named, judged
):
    bring(visitor, ("words.zip", as_tree(named)))
    open_it(visitor, "My words")
    page = go(visitor, "Overview")
    right = f"{judged.n_right} of {judged.n_images} test images are right"
    sync_api.expect(page.get_by_text(right).first).to_be_visible()
    page = go(visitor, "Confusion")
    wrong = judged.table[~judged.table["right"]]
    (true, predicted), n = next(iter(wrong.value_counts(["true", "predicted"]).items()))
    page.locator(f'[aria-label*="true: {true}; predicted: {predicted};"]').first.click()
    sync_api.expect(page.get_by_text(f"{n} of ").first).to_be_visible()
    page.get_by_role("button", name=f"All {n} images on the errors page").click()
    sync_api.expect(page.get_by_text(f"{n} answers on images of {true}")).to_be_visible()
    page.locator(".tiles button").first.click()
    page.wait_for_url("**image=**")
    sync_api.expect(page.get_by_text(f"Predicted {predicted}; runner-up")).to_be_visible()
    reason = page.get_by_text(f"The template of {predicted} is nearer")
    sync_api.expect(reason.first).to_be_visible()
    visitor.content()

    copy = other.open(visitor.page.url.removeprefix(visitor.address + "/"))
    sync_api.expect(copy.get_by_text("My words is not here: what a viewer brings")).to_be_visible()
    field = copy.get_by_role("combobox", name="Data", exact=True)
    sync_api.expect(field).to_have_value("MNIST")
    named = copy.get_by_text(predicted)  # nowhere but in the word on what the link asked for
    sync_api.expect(named).to_have_count(1)
    sync_api.expect(named).to_contain_text("This link asks for something that is not here")
    other.content()


def test_two_viewers_uploads_of_one_name_never_meet(visitor, other, named, small):
    bring(visitor, ("mine.zip", as_tree(named)))
    bring(other, ("mine.npz", as_npz(small)))
    for one, here, absent in (
        (visitor, "score acht", "score 0"),
        (other, "score 0", "score acht"),
    ):
        page = open_it(one, "My mine")
        sync_api.expect(page.get_by_text(here).first).to_be_visible()
        sync_api.expect(page.get_by_text(absent)).to_have_count(0)
        one.content()


def test_the_four_idx_files_at_once_become_one_data_set(visitor, small, small_evaluation):
    with zipfile.ZipFile(io.BytesIO(as_gzipped_idx(small))) as archive:
        files = [(name, archive.read(name)) for name in archive.namelist()]
    bring(visitor, *files)
    open_it(visitor, "My IDX files")
    page = go(visitor, "Overview")
    right = f"{small_evaluation.n_right} of 599 test images are right"
    sync_api.expect(page.get_by_text(right).first).to_be_visible()
    visitor.content()


def test_a_bad_file_is_refused_and_a_picture_alone_is_told_what_is_wanted(visitor):
    file = io.BytesIO()
    Image.new("L", (9, 9)).save(file, "PNG")
    for name, content, wanted in (
        ("bad.zip", zipped({"a/x.txt": b"x"}), "No image was found in 1 files"),
        ("five.png", file.getvalue(), "one picture"),
    ):
        page = bring(visitor, (name, content))
        sync_api.expect(page.get_by_text(wanted)).to_be_visible()
        field = page.get_by_role("combobox", name="Data", exact=True)
        sync_api.expect(field).to_have_value("Embedded")
        assert page.locator('[data-testid="stException"]').count() == 0
        assert visitor.complaints == []


def test_the_field_is_empty_again_and_takes_the_same_file_a_second_time(visitor, named):
    content = as_tree(named)
    page = bring(visitor, ("words.zip", content))
    sync_api.expect(page.get_by_text("words.zip", exact=True)).to_have_count(0)
    field = field_of(page, FIELDS[1])
    field.set_input_files([{"name": "words.zip", "mimeType": "", "buffer": content}])
    sync_api.expect(page.get_by_text(re.compile("Taken as My words [0-9a-f]{6}"))).to_be_visible()
    visitor.content()
