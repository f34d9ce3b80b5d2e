"""The engine's rows: how long and how much memory, beside the notebook's way or a plain limit."""

from collections.abc import Iterator
from pathlib import Path

from benchmarks.rows import Row, alone, ratio, rounds

WAYS = "benchmarks.engine_ways"


def rows(home: Path) -> Iterator[Row]:
    """Every row, as soon as it is measured; ``home`` is an empty folder for the store."""
    yield from later_start(home)
    yield from fit_and_predict(home)


def later_start(home: Path) -> Iterator[Row]:
    found = rounds(WAYS, ("plain_read", "our_store"), home, count=9)
    what = "Open the store and touch every image ÷ plain read of the images into a new buffer"
    yield Row(what, 1.0, ratio(found, "our_store", "plain_read"), at_most=True)


def fit_and_predict(home: Path) -> Iterator[Row]:
    names = "one_pass", "our_fit", "notebook_predict", "our_predict", "notebook_one", "our_one"
    found = rounds(WAYS, names, home)
    fit = ratio(found, "our_fit", "one_pass")
    yield Row("Fit ten templates ÷ one sum over the training images", 4, fit, at_most=True)
    differ = alone(WAYS, "answers_differ", home)
    remark = f"{differ['count']} of {differ['of']:,} answers differ"
    predict = ratio(found, "notebook_predict", "our_predict")
    yield Row("Predict 10,000, one thread: notebook's way ÷ ours", 2.3, predict, remark=remark)
    one = ratio(found, "notebook_one", "our_one")
    yield Row("Classify one image: notebook's way ÷ ours", 10, one)
