"""Labels become class names: in number order, and what looks alike is said."""

import unicodedata

import numpy as np
import pytest

from engine.datasets.labels import AS_LATIN, as_names, class_labels, lookalikes, settled


@pytest.mark.parametrize(
    ("labels", "classes"),
    [
        (np.arange(-2, 11), list(range(-2, 11))),
        (np.array([-2.0, 0.0, 1.0]), [-2, 0, 1]),
        (np.array(["-2.0", "-1.0", "10"]), [-2, -1, 10]),
        (np.array([True, False]), ["False", "True"]),
    ],
)
def test_whole_numbers_below_zero_are_classes_in_number_order(labels, classes):
    names, keep, _ = settled(as_names(labels))
    assert keep.all()
    assert np.unique(class_labels(names)).tolist() == classes


def test_minus_one_alone_below_zero_is_no_label():
    _, keep, said = settled(as_names(np.array([-1, 0, 1])))
    assert keep.tolist() == [False, True, True] and "no label" in said[0]


def test_names_that_look_alike_in_two_scripts_are_said():
    (said,) = lookalikes(["A", "B", "А"])
    assert said.endswith("LATIN CAPITAL LETTER A and CYRILLIC CAPITAL LETTER A.")
    assert lookalikes(["A", "B", "Б"]) == []


@pytest.mark.parametrize(("letter", "latin"), AS_LATIN.items())
def test_a_lookalike_is_of_another_script_than_the_latin_letter(letter, latin):
    assert unicodedata.name(chr(letter)).split()[0] in ("CYRILLIC", "GREEK")
    assert unicodedata.name(chr(latin)).startswith("LATIN")
