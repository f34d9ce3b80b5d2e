"""What is said of corrupted images: only where it holds."""

import numpy as np
import pandas as pd

from dashboard.text.corruption import all_kinds, one_kind
from engine.corruption.curves import PUBLISHED, Curves

CLASSES = np.array([0, 1])
TRUE = np.zeros(200, np.uint8)


def curves(clean: int, right: int, stripe: int | None = None) -> Curves:
    """So many of 200 images are right as they are, under every kind, and under stripes."""
    answers = {step: answered(right) for step in PUBLISHED}
    if stripe is not None:
        answers["stripe", 3] = answered(stripe)
    return Curves(CLASSES, TRUE, answered(clean), np.arange(200), answers)


def answered(right: int) -> np.ndarray:
    return np.uint8(np.arange(200) >= right)


def test_the_best_clean_model_is_not_called_the_best_where_another_surely_is_better():
    every = {"A*": curves(190, 150, stripe=40), "B": curves(150, 140)}
    said = all_kinds.best_elsewhere(every)
    assert said.startswith(
        "**A\\***, the best of these on clean images, is not the best under stripe"
    )
    assert "20.0\xa0%" in said and "**B** 70.0\xa0%" in said


def test_it_is_not_said_of_a_difference_within_the_intervals_of_a_tie_or_of_one_model():
    assert all_kinds.best_elsewhere({"A": curves(190, 140), "B": curves(150, 141)}) == ""
    assert all_kinds.best_elsewhere({"A": curves(150, 40), "B": curves(150, 140)}) == ""
    assert all_kinds.best_elsewhere({"A": curves(150, 40)}) == ""


def test_kinds_that_help_are_named_only_where_that_is_no_chance():
    assert all_kinds.better("A", curves(100, 101)) == ""
    assert all_kinds.better("A", curves(100, 90, stripe=140)).startswith(
        "Stripe turns more wrong answers"
    )


def test_the_mean_is_that_of_the_fifteen_kinds():
    said = all_kinds.mean("A", curves(150, 100, stripe=130))
    assert "75.0\xa0% (68.6–80.5) of 200 clean images right, and 51.0\xa0%" in said


def test_what_changes_nothing_is_said_so_and_is_no_test():
    assert "turns no answer" in one_kind.against_clean("A", curves(100, 100), "fog", 5)
    said = one_kind.against_clean("A", curves(100, 99), "fog", 5)
    assert "makes 1 right answer of **A** wrong and 0 wrong ones right" in said
    assert "this may well be chance" in said


def test_the_class_that_suffers_is_one_whose_interval_leaves_out_nothing():
    rows = [("a_b", -0.2, -0.3, -0.1), ("c", 0.1, 0.05, 0.2), ("d", -0.4, -0.9, 0.1)]
    digits = pd.DataFrame(rows, columns=["digit", "change", "low", "high"])
    said = one_kind.suffers(digits)
    assert (
        said.startswith("It costs the a\\_b most: −20.0") and "it helps the c most: +10.0" in said
    )
    assert "No class surely" in one_kind.suffers(digits[2:])


def test_the_table_to_take_along_begins_with_the_clean_images():
    table = all_kinds.csv_table({"A": curves(150, 100), "B": curves(120, 90)})
    assert list(table["model"].unique()) == ["A", "B"] and len(table) == 2 * (1 + len(PUBLISHED))
    assert table.iloc[0]["kind"] == "clean" and table.iloc[0]["right"] == 150
