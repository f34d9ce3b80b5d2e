"""Sentences on the screen are computed; here they are read against figures one can count."""

import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import pairwise_distances

from dashboard import text
from dashboard.text import numbers
from dashboard.text.markdown import plain
from engine.evaluation.evaluation import n_right
from engine.evaluation.filters import Filters
from engine.evaluation.metrics import per_digit
from engine.explanation.pixel_contributions import Contrast
from engine.io.numbers import small, small_decimals

COUNTS = np.array([[8, 2, 0], [0, 10, 0], [1, 4, 5]])
CLASSES = np.array([0, 1, 2])


@pytest.mark.parametrize("text", ["![](http://x/y.png)", "<b>", "[a](b)", "$x$", ":red[x]", "# h"])
def test_plain_text_has_no_markdown_left(text):
    escaped = plain(text)
    assert escaped.replace("\\", "") == text
    assert not set("[]()<>!$:#*_`") & set(re.sub(r"\\.", "", escaped))


def test_counts_agree_with_their_noun():
    assert numbers.count(1, "image") == "1 image"
    assert numbers.count(1234, "image") == "1,234 images"
    assert numbers.count(2, "query", "queries") == "2 queries"


def test_the_sentence_of_a_cell_has_both_denominators_and_the_interval():
    assert text.confusion_matrix.cell(COUNTS, CLASSES, 2, 1) == (
        "4 of 10 true 2s (40.0\u00a0%, 95\u00a0% interval 16.8–68.7\u00a0%) are called 1; "
        "they are 25.0\u00a0% of all that is called 1."
    )


def test_the_known_cell_of_mnist_reads_as_promised(mnist_evaluation):
    assert text.confusion_matrix.group(
        mnist_evaluation.counts, mnist_evaluation.classes, "2", "1"
    ) == (
        "446 of 1,032 true 2s (43.2\u00a0%, 95\u00a0% interval 40.2–46.3\u00a0%) are called 1; "
        "they are 13.6\u00a0% of all that is called 1."
    )


def test_the_sink_of_mnist_is_found_and_said(mnist_evaluation):
    sentence = text.confusion_matrix.sink(mnist_evaluation.scores)
    assert sentence == (
        "Most errors are predicted as 1 (2,145 of 3,315): 3,278 predictions of 1, but only 1,135 "
        "images are 1s. Precision 34.6\u00a0%, recall 99.8\u00a0%."
    )


def test_a_row_and_a_column_say_where_the_others_go_and_come_from():
    assert "most of the others are called 1 (4 of 5)" in text.confusion_matrix.group(
        COUNTS, CLASSES, "2", "any"
    )
    assert "none is taken for another digit" in text.confusion_matrix.group(
        COUNTS, CLASSES, "1", "any"
    )
    column = text.confusion_matrix.group(COUNTS, CLASSES, "any", "1")
    assert column.startswith("16 images called 1; 10 of them are (62.5\u00a0%")
    assert "most of the others are 2s (4 of 6)" in column
    assert text.confusion_matrix.group(COUNTS, CLASSES, "any", "any") == ""


def test_nothing_called_a_digit_and_no_images_are_said_not_divided():
    counts = np.array([[3, 0], [0, 0]])
    assert text.confusion_matrix.group(counts, CLASSES[:2], "any", "1") == "Nothing is called 1."
    for side in ("any", "0", "1"):
        said = text.confusion_matrix.group(counts, CLASSES[:2], "1", side)
        assert said == "No test image is a 1."
    assert text.confusion_matrix.sink(per_digit(counts, CLASSES[:2])) == ""


@pytest.mark.parametrize(
    ("n", "said"), [(0, "There are no test images"), (1, "1 of 1 test image is right (100")]
)
def test_no_image_and_one_image_are_said_as_such(small_evaluation, n, said):
    right = small_evaluation.table["index"][small_evaluation.table["right"]]
    assert numbers.headline(small_evaluation.on(right[:n])).startswith(said)


@pytest.mark.parametrize(
    ("filters", "sentence"),
    [
        (Filters(), "**5** wrong answers, of 9 test images."),
        (
            Filters(true="2", predicted="1", answers="all", rank="3"),
            "**5** answers on true 2s that say 1 whose true digit has rank 3, of 9 test images.",
        ),
        (Filters(low=0.01), "**5** wrong answers with a margin from 0.010 up, of 9 test images."),
    ],
)
def test_a_filter_is_said_in_words(filters, sentence):
    assert text.images.selection(5, 9, filters) == sentence


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [(997, 1000, "99.7\u00a0%, 95\u00a0% interval 99–99.9\u00a0%"), (0, 0, "no images")],
)
def test_a_rate_and_the_ends_of_its_interval_are_not_rounded_to_all(part, whole, text):
    assert numbers.rate(part, whole, 0) == text


def row_of(distances: list[float], true: int, predicted: int) -> pd.Series:
    columns = {f"distance to {place}": far for place, far in enumerate(distances)}
    return pd.Series({"true": true, "predicted": predicted, "right": true == predicted, **columns})


@pytest.mark.parametrize(
    ("distances", "true", "said"),
    [
        (
            [0.12, 0.10, 0.13, 0.1000042],
            2,
            "**Predicted 1**; runner-up 3 (+0.0000042); **true 2** is 4th (+0.03).",
        ),
        (
            [1.0, 0.0, 1.0, 1.0],
            3,
            "**Predicted 1**; the other 3 are tied (+1); **true 3** is tied with 2 others.",
        ),
        ([0.5, 0.2, 0.2, 0.9], 3, "**Predicted 1**; tied with 2; **true 3** is 4th (+0.7)."),
        ([np.nan] * 4, 3, "**Predicted 1**, without scores. **True: 3**."),
        ([0.5, 0.2, 0.3, 0.9], 1, "**Predicted 1**; runner-up 2 (+0.1). That is right."),
        ([0.5, 0.2, 0.3, 0.9], 2, "**Predicted 1**; runner-up is the **true 2** (+0.1)."),
        (
            [0.3, 0.2, 0.3, 0.9],
            3,
            "**Predicted 1**; runners-up, tied, 0, 2 (+0.1); **true 3** is 4th (+0.7).",
        ),
    ],
)
def test_an_image_is_told_by_prediction_runner_up_and_truth_and_ties_are_ties(
    distances, true, said
):
    assert text.images.image(row_of(distances, true, 1), np.arange(4)) == said


@settings(max_examples=300)
@given(st.floats(-0.1, 0.1), st.floats(-0.1, 0.1))
def test_the_parts_of_a_margin_add_up_as_they_are_printed(there, missing):
    found = Contrast(np.array([there]), np.array([missing]))
    printed = [float(part.replace("−", "-")) for part in text.images.parts(found)]
    assert not set(text.images.parts(found)) & {"−0.0000"}
    assert sum(printed) == pytest.approx(float(small(found.margin)), abs=1e-9)
    assert printed == pytest.approx([there, missing], abs=2 * 10.0 ** -small_decimals(found.margin))


def test_the_nearest_templates_are_the_smallest_of_the_pairs(small_evaluation):
    apart = pairwise_distances(small_evaluation.templates.reshape(10, -1), metric="l1") / 64
    upper = apart[np.triu_indices(10, 1)]
    first, second = np.argwhere(apart == upper.min())[0]
    said = text.templates.nearest_templates(small_evaluation.templates, small_evaluation.classes)
    assert said.startswith(f"Closest pair: {first} and {second} ({small(upper.min())}; ")
    assert (
        text.templates.nearest_templates(
            small_evaluation.templates[:1], small_evaluation.classes[:1]
        )
        == ""
    )


def test_another_model_is_said_with_how_many_more_it_gets_right(mnist, mnist_evaluation):
    said = text.comparison.another(mnist_evaluation, "L2 mean", n_right(mnist, "L2 mean"))
    assert said.endswith("gets 8,203 of the same 10,000 images right: 1,518 more.")
    assert text.comparison.another(mnist_evaluation, "L1 mean", mnist_evaluation.n_right).endswith(
        "right: as many."
    )


@pytest.mark.parametrize(
    ("labels", "end"),
    [
        ([7, 7, 7, 1, 9], "3 of the 5** training images nearest to this one are 7s: they agree"),
        ([7, 7, 1, 9, 4], "are 7s, more than of any other, but not most of them."),
        ([7, 7, 1, 1, 4], "are 7s, and as many are 1s: they do not decide."),
        ([7, 1, 1, 9, 4], "are 7s: they speak for 1, against the answer."),
        (
            [1, 1, 1, 1, 1],
            "0 of the 5** training images nearest to this one are 7s: they speak for",
        ),
    ],
)
def test_the_nearest_images_are_said_to_agree_only_where_they_do(labels, end):
    assert end in text.prediction.neighbours(pd.Series(labels), 7)


@pytest.mark.parametrize(
    ("said", "end"),
    [
        (9, "with the answer. You said 9: 1 of them is a 9."),
        (3, "with the answer. You said 3: none of them is a 3."),
        (7, "they agree with the answer."),
        (None, "they agree with the answer."),
    ],
)
def test_what_the_viewer_said_is_called_so_and_no_label(said, end):
    labels = pd.Series([7, 7, 7, 1, 9])
    assert text.prediction.neighbours(labels, 7, said).endswith(end)


def test_where_every_class_is_equally_easy_none_is_called_the_hardest():
    said = text.confusion_matrix.best_and_worst(per_digit(np.diag([30, 30]), CLASSES[:2]))
    assert said == "Each digit is recognised equally often: 100.0\u00a0% of its images are right."
