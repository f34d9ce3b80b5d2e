"""Counts, rates with their interval, and classes, in words without Markdown."""

from engine.evaluation.evaluation import Evaluation
from engine.evaluation.metrics import wilson
from engine.io.numbers import PER_CENT, in_percent, percent


def ordinal(place: int) -> str:
    """'1st', '2nd', '11th'."""
    ending = {1: "st", 2: "nd", 3: "rd"}.get(place % 10, "th")
    return f"{place}{'th' if place % 100 in (11, 12, 13) else ending}"


def count(number: int, class_noun: str, plural: str = "") -> str:
    """'1 image', '1,234 images'."""
    return f"{number:,} {class_noun if number == 1 else plural or class_noun + 's'}"


def rate(part: int, whole: int, decimals: int = 1) -> str:
    """'43.2 %, 95 % interval 40.2–46.3 %' of part in whole, by Wilson; 'no images' of none."""
    if not whole:
        return "no images"
    ends = interval(part, whole, decimals)
    return f"{percent(part / whole, decimals)}, 95{PER_CENT} interval {ends}"


def interval(part: int, whole: int, decimals: int = 1) -> str:
    """'40.2–46.3 %': the 95 % interval of part in whole, by Wilson."""
    low, high = wilson(part, whole)
    return f"{in_percent(low, decimals)}–{in_percent(high, decimals)}{PER_CENT}"


def share(part: int, whole: int) -> str:
    """'16.6 % (15.9–17.4)': a share with its 95 % interval by Wilson."""
    low, high = wilson(part, whole)
    return f"{percent(part / whole, 1)} ({in_percent(low, 1)}–{in_percent(high, 1)})"


def headline(evaluation: Evaluation) -> str:
    """'6,685 of 10,000 test images are right (66.9 %, 95 % interval …)'.

    Where others have no prediction: '…, judged on 8,000 of 10,000 test images'.
    """
    right, images = evaluation.n_right, evaluation.n_images
    if not images:
        return "There are no test images"
    are = "image is" if images == 1 else "images are"
    said = f"{right:,} of {images:,} test {are} right ({rate(right, images, 2)})"
    return f"{said}, {judged_on(evaluation)}" if evaluation.is_partial else said


def judged_on(evaluation: Evaluation) -> str:
    """'judged on 8,000 of 10,000 test images'."""
    every = count(len(evaluation.dataset.testing), "test image")
    return f"judged on {evaluation.n_images:,} of {every}"


def is_number(name: object) -> bool:
    """Whether the class is a whole number, which reads as a noun: "a 2", "true 2s"."""
    return str(name).isascii() and str(name).isdigit()


def one(name: object, article: str = "a") -> str:
    """'a 2', or the name alone: one image of the class."""
    return f"{article} {name}" if is_number(name) else str(name)


def several(name: object) -> str:
    """'2s', or the name alone: images of the class."""
    return f"{name}s" if is_number(name) else str(name)


def trues(name: object) -> str:
    """'true 2s' or 'images of cat': those that really are of the class."""
    return f"true {name}s" if is_number(name) else f"images of {name}"
