"""Thousands of generated inputs: each is taken or refused in a sentence, soon and in little memory.

The short run is the same every time. The long one, of 20,000 and more, is run by hand and prints
what it counted: `pytest tests/robustness/test_hostile.py --hypothesis-profile=long`.
"""

import base64
import importlib
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.components.browser_storage import judged
from dashboard.components.paste import picture_of
from engine.evaluation.annotations import MARKS, read_marks
from engine.evaluation.evaluation import evaluate
from engine.evaluation.external_predictions import (
    evaluate_predictions,
    read_predictions,
    sample_csv,
)
from engine.importers.load import read_upload
from engine.preprocessing.decode import decode
from engine.preprocessing.perturbations import Edits, edited, read_pixels
from engine.preprocessing.pipeline import prepare
from engine.preprocessing.size_normalization import form_of
from engine.preprocessing.strokes import draw, read_strokes
from engine.runtime.errors import Refused
from engine.runtime.limits import MAX_KEPT_CHARACTERS
from tests.support.costs import Costs
from tests.support.inputs.archives import archives
from tests.support.inputs.content import mutated
from tests.support.inputs.messages import SCRAPS, drawings, retouches
from tests.support.inputs.pictures import pictures
from tests.support.inputs.tables import NAMES, WORDS, nearly, parquets, pixel_tables, text_tables
from tests.support.inputs.tars import dialects, tars

# Strange files make their readers warn; what counts here is what they raise.
pytestmark = pytest.mark.filterwarnings(
    "ignore::UserWarning", "ignore::RuntimeWarning", "ignore::hypothesis.errors.HypothesisWarning"
)


@pytest.fixture(scope="module")
def costs(request) -> Iterator[Costs]:
    """Shared by all kinds of input, and printed at the end."""
    for name in ("pyarrow.parquet", "sklearn.model_selection"):
        importlib.import_module(name)  # else the first input would be charged with it

    costs = Costs(strict=settings.default.max_examples > 1000)
    yield costs
    with request.config.pluginmanager.getplugin("capturemanager").global_and_fixture_disabled():
        print("", *costs.lines(), sep="\n")


@pytest.fixture(scope="module")
def right(small_evaluation) -> bytes:
    """A right file of predictions."""
    return sample_csv(small_evaluation)


@given(content=mutated(text_tables(NAMES, WORDS)))
def test_any_table_as_predictions(costs, small, content):
    with costs.of("predictions CSV", Refused):
        evaluate_predictions(small, read_predictions(content, small), "mine")


@given(data=st.data())
def test_predictions_that_are_nearly_right(costs, small, right, data):
    content = data.draw(mutated(nearly(right, WORDS)))
    with costs.of("predictions CSV", Refused):
        evaluate_predictions(small, read_predictions(content, small), "mine")


@given(content=mutated(parquets(599)))
def test_any_parquet_file(costs, small, content):
    with costs.of("Parquet", Refused):
        evaluate_predictions(small, read_predictions(content, small), "mine")
    with costs.of("Parquet", Refused):
        read_upload(content, "mine")


@given(content=mutated(st.one_of(tars(), dialects())))
def test_any_tar_and_any_dialect(costs, content):
    with costs.of("tar and text", Refused):
        read_upload(content, "mine")


@given(content=mutated(archives()))
def test_any_archive(costs, small, content):
    with costs.of("archives", Refused):
        evaluate(read_upload(content, "mine"), "L1 mean")
    with costs.of("predictions NPZ", Refused):
        read_predictions(content, small)


@given(content=mutated(pixel_tables()))
def test_any_table_of_pixels(costs, content):
    with costs.of("pixel tables", Refused):
        evaluate(read_upload(content, "mine"), "L1 mean")


@given(content=mutated(pictures()))
def test_any_picture(costs, small, content):
    with costs.of("pictures", Refused):
        prepare(decode(content), form_of(small.training.images))


@given(content=mutated(text_tables(NAMES, [*WORDS, *MARKS])))
def test_any_file_of_marks(costs, content):
    with costs.of("marks"):
        loaded = read_marks(content, "d", list("0123456789"))
        assert all(index in range(10) for index in loaded.marks)


@given(kept=SCRAPS | st.dictionaries(st.text(), st.text() | SCRAPS))
def test_any_message_of_the_browsers_storage(costs, kept):
    with costs.of("storage"):
        for name, table in judged(kept).items():
            assert isinstance(name, str) and isinstance(table, str)
            read_marks(table.encode(errors="replace"), name, ["0.png"])


def test_a_browser_that_keeps_more_than_it_may_is_not_believed():
    most = MAX_KEPT_CHARACTERS
    assert judged({"d": "x" * (most - 1)}) and not judged({"d": "x" * most})


@given(raw=drawings())
def test_any_drawing(costs, small, raw):
    with costs.of("drawings"):
        strokes = read_strokes(raw)
        if strokes:
            prepare(draw(strokes), form_of(small.training.images), strokes=strokes)


@given(raw=retouches())
def test_any_retouched_pixels(costs, small, raw):
    with costs.of("retouches"):
        image = small.testing.images[0]
        changed = edited(image, Edits(pixels=read_pixels(raw, image.size)))
        assert changed.shape == image.shape and changed.dtype == np.uint8


@given(content=pictures(), wrong=SCRAPS)
def test_any_pasted_picture(costs, content, wrong):
    with costs.of("pasted pictures", Refused):
        decode(picture_of(base64.b64encode(content).decode()) or b"")
    with costs.of("pasted pictures", Refused):
        assert isinstance(picture_of(wrong), bytes | None)
