"""Predictions of some test images only: judged on these, and compared on those both have."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import accuracy_score, confusion_matrix

from engine.evaluation.annotations import Mark, marks_table, read_marks
from engine.evaluation.comparison import CHANGES, Paired, compare
from engine.evaluation.external_predictions import evaluate_predictions, read_predictions
from engine.io.csv_export import csv_bytes


@pytest.fixture(scope="module")
def table(small):
    """Answers, right four times in five, for 200 test images in no order."""
    random = np.random.default_rng(3)
    index = random.permutation(len(small.testing))[:200]
    labels = small.testing.labels[index]
    guesses = random.integers(0, 10, 200)
    predicted = np.where(random.random(200) < 0.8, labels, guesses)
    files = small.testing.files[index]
    return pd.DataFrame({"index": index, "file": files, "true": labels, "predicted": predicted})


def brought(table, dataset, by="index"):
    content = table[[by, "true", "predicted"]].to_csv(index=False).encode()
    return evaluate_predictions(dataset, read_predictions(content, dataset), "part")


@pytest.mark.parametrize("by", ["index", "file"])
def test_a_part_of_the_test_images_is_judged_as_scikit_learn_judges_it(small, table, by):
    part = brought(table, small, by)
    true, predicted = table["true"], table["predicted"]
    assert part.is_partial and part.n_images == 200
    assert part.n_right == accuracy_score(true, predicted, normalize=False)
    assert np.array_equal(part.counts, confusion_matrix(true, predicted, labels=range(10)))
    wanted = table.sort_values("index")
    for column in ("index", "file", "true", "predicted"):
        assert part.table[column].tolist() == wanted[column].tolist()


def test_two_models_are_compared_on_the_images_that_both_have_judged(
    small, small_evaluation, table
):
    part = brought(table, small)
    theirs = small_evaluation.table["predicted"].to_numpy()[table["index"]]
    was, now = theirs == table["true"], table["predicted"] == table["true"]
    wanted = [(~was & now).sum(), (was & ~now).sum(), (was & now).sum(), (~was & ~now).sum()]
    compared = compare(small_evaluation, part)
    assert [int((compared["change"] == change).sum()) for change in CHANGES] == wanted
    back = Paired.of(compare(part, small_evaluation))
    assert [back.broken, back.fixed, back.both_right, back.both_wrong] == wanted
    other = brought(table[:120], small)
    assert len(compare(other, brought(table[80:], small))) == 40


def test_an_evaluation_on_some_images_is_that_of_their_rows(small_evaluation):
    some = small_evaluation.on(np.array([3, 500, 20]))
    whole = small_evaluation.table.iloc[[3, 20, 500]]
    assert some.table.to_numpy().tolist() == whole.to_numpy().tolist()
    assert (some.n_images, some.n_right) == (3, int(whole["right"].sum()))


def test_a_part_that_counts_from_1_is_warned_of(small, table):
    order = np.random.default_rng(1).permutation(599)
    mixed = replace(small, testing=small.testing.part(order))
    answers = pd.DataFrame({"index": np.arange(1, 401), "predicted": mixed.testing.labels[:400]})
    said = read_predictions(answers.to_csv(index=False).encode(), mixed).warnings
    assert any("counts the images counted from 1" in sentence for sentence in said)


def test_marks_of_images_without_a_prediction_are_kept(small, table):
    part = brought(table, small)
    judged = int(part.table["index"][0])
    other = next(n for n in range(599) if n not in set(table["index"]))
    marks = {judged: Mark("ambiguous"), other: Mark("mislabelled")}
    kept = marks_table(marks, part.table, small.name)
    told = kept.set_index("index")["file"]
    assert told[judged] == small.testing.files[judged] and told[other] == ""
    assert read_marks(csv_bytes(kept), small.name, small.testing.files).marks == marks
