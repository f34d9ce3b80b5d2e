"""Names for classes that came as numbers: a line each, and no image changes its class."""

import pytest

from engine.datasets.class_names import read_names, renamed
from engine.evaluation.evaluation import evaluate
from engine.runtime.errors import Refused

FASHION = ["T-shirt", "Trouser", "Pullover", "Dress", "Coat"]
FASHION += ["Sandal", "Shirt", "Sneaker", "Bag", "Boot"]


@pytest.mark.parametrize("separator", [" ", ", ", "\t", ": ", ";"])
def test_each_class_takes_the_name_of_its_line(small, separator):
    lines = [f"{place}{separator}{name}" for place, name in enumerate(FASHION)]
    named = renamed(small, read_names("# names\n\n" + "\r\n".join(lines), small))
    wanted = [FASHION[label] for label in small.testing.labels]
    assert named.testing.labels.tolist() == wanted
    assert named.training.images is small.training.images
    assert named.key != small.key


def test_names_alone_are_those_of_the_classes_in_order(small):
    assert list(read_names("\n".join(FASHION), small).values()) == FASHION
    two_words = [f"{name} two" for name in FASHION]
    assert list(read_names("\n".join(two_words), small).values()) == two_words


def test_a_class_without_a_line_keeps_its_number_and_the_model_its_answers(small, small_evaluation):
    named = renamed(small, read_names("3 three", small))
    evaluation = evaluate(named, "L1 mean")
    assert evaluation.n_right == small_evaluation.n_right
    assert set(named.training.labels) == {*"012456789", "three"}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "There is no name"),
        ("0 a\n0 b", "a second time"),
        ("11 a", "Line 1 is '11 a'; wanted a class (0, 1"),
        ("0", "Line 1 is '0'"),
        ("0 a\n1 a", "called 'a'"),
        ("0 any", "stands for all classes"),
        ("0 " + "x" * 41, "at most 40"),
    ],
)
def test_what_is_no_name_is_refused_in_a_sentence(small, text, why):
    with pytest.raises(Refused) as refusal:
        renamed(small, read_names(text, small))
    assert why in str(refusal.value)
