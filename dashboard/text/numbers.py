"""Counts, and rates with their interval, in words; `engine.io.numbers` writes the figures."""

from engine.evaluation.evaluation import Evaluation
from engine.evaluation.metrics import wilson
from engine.io.numbers import JOIN, PER_CENT, in_percent, percent
from engine.runtime.background_task import Report

NOTHING_YET = "nothing of it has arrived yet"


def ordinal(place: int) -> str:
    """'1st', '2nd', '11th'."""
    ending = {1: "st", 2: "nd", 3: "rd"}.get(place % 10, "th")
    return f"{place}{'th' if place % 100 in (11, 12, 13) else ending}"


def count(number: int, class_noun: str, plural: str = "") -> str:
    """'1 image', '1,234 images'."""
    return f"{number:,} {class_noun if number == 1 else plural or class_noun + 's'}"


def arrived(report: Report) -> str:
    """How much of a download is here: '12 % of it has arrived', or MB where the whole is unknown.

    'nothing of it has arrived yet' below one part in a hundred, or a tenth of a megabyte.
    """
    if report.share >= 0.01:
        return f"{percent(report.share, 0)} of it has arrived"
    megabytes = report.done / 1e6 if not report.total else 0
    return f"{megabytes:.1f}{JOIN}MB of it have arrived" if megabytes >= 0.1 else NOTHING_YET


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


def share(part: int, whole: int) -> str:
    """'16.6 % (15.9–17.4)': a share with its 95 % interval by Wilson."""
    low, high = wilson(part, whole)
    return f"{percent(part / whole, 1)} ({in_percent(low, 1)}–{in_percent(high, 1)})"
