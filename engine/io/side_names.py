"""What is for training and what for testing, by the words that name it."""

import re
from collections.abc import Collection

TRAIN, TEST, VALIDATION = "training", "testing", "validation"
_WORDS = {
    TRAIN: "training|train|tra|tr",
    TEST: "testing|test|tes|te|t10k",
    VALIDATION: "validation|valid|val|dev",
}
_FORMS = (  # a word of its own, as in x_train; before what it is of, as in testset; xtrain
    r"(?:^|(?<=[^a-z]))(?:{0})(?=$|[^a-z])",
    r"^(?:{0})(?=set|images|data|labels)",
    r"(?<=[^a-z][xy])(?:{0})$|(?<=^[xy])(?:{0})$",
)
_SIDES = {side: re.compile("|".join(_FORMS).format(words)) for side, words in _WORDS.items()}


def side_of(name: str) -> tuple[str | None, str]:
    """The side that a name speaks of, as x_train, t10k-images or testSet do, and the rest of it."""
    plain = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()
    for side, pattern in _SIDES.items():
        if pattern.search(plain):
            return side, pattern.sub("_", plain)
    return None, plain


def by_side(sides: Collection[str | None]) -> tuple[dict[str | None, bool], list[str]]:
    """Which sides are used, each with whether it is for testing, and what is said of the others.

    Validation images are the test images where there are no others, and else left out; what has
    no side is used alone only. One side alone is to be split.
    """
    if TRAIN in sides and TEST in sides:
        said = ["The validation images were left out."] if VALIDATION in sides else []
        return {TRAIN: False, TEST: True}, said
    if TRAIN in sides and VALIDATION in sides:
        return {TRAIN: False, VALIDATION: True}, ["The validation images are the test images here."]
    if VALIDATION in sides and TEST in sides:
        return {VALIDATION: False, TEST: True}, ["The validation images are for training here."]
    return {next(side for side in (TRAIN, None, TEST, VALIDATION) if side in sides): False}, []
