"""Sentences claim only what holds: most, easiest and runner-up, or that there is a tie."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.stats import spearmanr
from sklearn.dummy import DummyClassifier
from sklearn.metrics import accuracy_score, recall_score

from dashboard import text
from engine.datasets.dataset import Split
from engine.evaluation.evaluation import evaluate
from engine.evaluation.metrics import per_digit
from engine.evaluation.template_bias import relation
from engine.explanation.pixel_contributions import Contrast
from engine.inference.prediction import Answer
from engine.io.numbers import percent
from engine.report import conclusion


def scores_of(counts: list[list[int]]) -> pd.DataFrame:
    return per_digit(np.array(counts), np.arange(len(counts)))


def test_most_is_said_of_more_than_half_only(mnist_evaluation):
    columns = mnist_evaluation.counts - np.diag(mnist_evaluation.counts.diagonal())
    for place, column in enumerate(columns.T):
        said = text.confusion_matrix.group(
            mnist_evaluation.counts, mnist_evaluation.classes, "any", str(place)
        )
        assert ("most of the others" in said) == (2 * column.max() > column.sum())
        assert f"({column.max():,} of {column.sum():,})" in said


@pytest.mark.parametrize(
    ("column", "said"),
    [
        ([5, 2, 2, 0], "the largest groups of the others: 1s and 2s (2 of 4 each)."),
        ([5, 1, 0, 0], "the other is a 1."),
        ([5, 3, 0, 0], "all 3 others are 1s."),
        ([5, 2, 1, 1], "the largest group of the others: 1s (2 of 4)."),
    ],
)
def test_the_others_of_a_column_are_told_with_their_ties(column, said):
    counts = np.diag([0, 9, 9, 9])
    counts[:, 0] = column
    assert text.confusion_matrix.group(counts, np.arange(4), "any", "0").endswith(said)


def test_the_largest_group_of_errors_is_most_of_them_only_above_half():
    half = [[9, 0, 0], [2, 9, 0], [0, 2, 9]]
    assert text.confusion_matrix.sink(scores_of(half)).startswith("The largest groups of errors")
    largest = [[9, 0, 1], [2, 9, 0], [0, 1, 9]]
    assert text.confusion_matrix.sink(scores_of(largest)).startswith("The largest group of errors")
    most = [[9, 0, 1], [2, 9, 0], [0, 0, 9]]
    assert text.confusion_matrix.sink(scores_of(most)).startswith("Most errors are predicted as 0")


@pytest.mark.parametrize(
    ("counts", "superlative"),
    [
        ([[90, 10], [10, 90]], False),
        ([[90, 10], [60, 40]], True),
        ([[90, 10, 0], [60, 40, 0], [0, 0, 1]], True),
        ([[90, 10, 0], [11, 89, 0], [0, 1, 0]], False),
        ([[40, 10], [11, 39]], False),
        ([[0, 1], [0, 1]], False),
    ],
)
def test_a_class_is_the_hardest_only_where_images_and_intervals_bear_it(counts, superlative):
    scores = scores_of(counts)
    assert bool(conclusion.extremes(scores)) == superlative
    said = text.confusion_matrix.best_and_worst(scores)
    assert ("Hardest" in said) == superlative
    assert ("Not compared: 1 class" in said) == (scores["images"].eq(1).any() and len(counts) > 2)


def test_beside_unequal_classes_stand_the_baseline_and_the_balanced_accuracy(small):
    rare = np.flatnonzero(small.testing.labels == 4)[:2]
    kept = np.concatenate([np.flatnonzero(small.testing.labels == 3), rare])
    testing = Split(
        *(a[kept] for a in (small.testing.images, small.testing.labels, small.testing.files))
    )
    evaluation = evaluate(replace(small, testing=testing), "L1 mean")
    dummy = DummyClassifier().fit(small.training.images, small.training.labels)
    always = accuracy_score(testing.labels, dummy.predict(testing.images))
    table = evaluation.table
    balanced = recall_score(table["true"], table["predicted"], labels=[3, 4], average="macro")
    said = text.confusion_matrix.baseline(evaluation)
    assert f"would be right for {percent(always, 1)}" in said
    assert said.endswith(f"(the mean recall): {percent(balanced, 1)}.")


def test_no_pixel_is_said_to_speak_where_none_does():
    said = text.images.why(Contrast(np.zeros((2, 2)), np.zeros((2, 2))), 1, 7, 20)
    assert "0 strongest" not in said and "–" not in said


def test_times_as_many_are_whole_and_none_are_no_times():
    counts = pd.DataFrame({"digit": [0, 1], "training": [2400, 2]})
    assert "1,200 times as many" in text.dataset.balance(counts)
    assert "times" not in text.dataset.balance(counts.assign(training=[5, 0]))


@pytest.mark.parametrize(
    ("p", "written"), [(0.0497, "= 0.0497"), (0.04999, "= 0.04999"), (0.05, "= 0.05"),
                       (0.0502, "= 0.05"), (0.031, "= 0.031"), (0.5, "= 0.50")]
)  # fmt: skip
def test_a_p_value_is_on_the_same_side_of_the_level_as_it_is_written(p, written):
    assert conclusion.p_value(p) == written


def test_the_cause_names_the_cutoff_it_hangs_on(mnist_evaluation):
    templates = mnist_evaluation.templates.reshape(10, -1)
    counts = mnist_evaluation.counts
    surplus = counts.sum(axis=0) - counts.sum(axis=1)
    p = {cut: spearmanr((templates < cut).mean(axis=1), surplus).pvalue for cut in (0.02, 0.1, 0.2)}
    assert 3 * p[0.02] < 0.05 < 3 * min(p[0.1], p[0.2])
    said = text.templates.bias(relation(mnist_evaluation.templates, counts))
    assert "blank pixels (under 2\u00a0% ink)" in said
    assert said.endswith("at 10\u00a0% or 20\u00a0% this is not significant.")


@pytest.mark.parametrize(
    ("distances", "said"),
    [
        ([0.1, 0.1121, 0.3], "Runner-up 1 (+0.0121)."),
        ([0.1, 0.1, 0.3], "Tied with 1; the smallest digit is the answer."),
        ([0.0, 1.0, 1.0], "The other 2 are tied (+1)."),
    ],
)
def test_the_runner_up_of_an_answer_is_named_or_tied(distances, said):
    assert text.prediction.margin(Answer(np.arange(3), np.array(distances))) == said


def test_the_change_of_each_recall_has_real_minus_signs():
    changes = pd.DataFrame({"digit": [0, 1], "change": [0.121, -0.003]})
    assert text.comparison.change_of_each(changes) == "0 +12.1, 1 −0.3"


def test_shares_are_written_as_shares():
    found = Answer(np.arange(3), np.array([0.9, 0.38, 0.72]))
    assert text.prediction.margin(found, "probability") == "Probability 0.62; runner-up 2 (0.28)."
    assert text.prediction.is_it(found, 0, "probability").endswith("0 is 3rd (0.1).")
    columns = {f"distance to {name}": far for name, far in zip("012", found.distances, strict=True)}
    row = pd.Series({"true": 0, "predicted": 1, "right": False, **columns})
    assert text.images.image(row, np.arange(3), "probability") == (
        "**Predicted 1** (probability 0.62); runner-up 2 (0.28); **true 0** is 3rd (0.1)."
    )
