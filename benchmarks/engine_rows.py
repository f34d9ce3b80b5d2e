"""The engine's rows: how long and how much memory, beside the notebook's way or a plain limit."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from benchmarks.rows import Row, alone, ratio, rounds

WAYS, FIRST, STREAM = "benchmarks.engine_ways", "benchmarks.first_run", "benchmarks.streaming"
MANY, FEW = 8_100_000, 780_000  # images streamed from disk; the few where there is no room
ROOM = 10_000_000_000  # bytes free on disk that many need


def rows(home: Path) -> Iterator[Row]:
    """Every row, as soon as it is measured; ``home`` is an empty folder for the store."""
    yield from first_start(home)
    yield from later_start(home)
    yield from fit_and_predict(home)
    yield from streaming(home)
    shapes = alone(WAYS, "our_shapes", home)["s"]
    yield Row("Shape attributes of 10,000 images, seconds", 3, shapes, at_most=True)


def first_start(home: Path) -> Iterator[Row]:
    what = "First start, archive to ready arrays: notebook's way ÷ ours, page cache "
    found = rounds(FIRST, ("notebook", "ours"), home, count=3, warm=False)
    yield Row(f"{what}warm", 6, ratio(found, "notebook", "ours"))
    dropped, remark = None, "only the superuser can drop the cache"
    if os.access("/proc/sys/vm/drop_caches", os.W_OK):
        names = "notebook_dropped", "ours_dropped"
        dropped = ratio(rounds(FIRST, names, home, count=3, warm=False), *names)
        remark = ""
    yield Row(f"{what}dropped", 8, dropped, remark=remark)
    times = alone(FIRST, "memory", home)["times"]
    what = "Peak memory of the first start beyond imports, all processes ÷ the images"
    yield Row(what, 1.6, times, at_most=True)


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


def streaming(home: Path) -> Iterator[Row]:
    count = MANY if shutil.disk_usage(home).free > ROOM else FEW
    names = "plain_read", "fit"
    few = rounds(STREAM, names, home, count // 10, count=3)
    found = rounds(STREAM, names, home, count, count=3)
    memory = max(each["fit"]["mb"] for each in found)
    yield Row(f"Fit {count:,} images from disk: extra memory in MB", 20, memory, at_most=True)
    slope = min(each["fit"]["s"] for each in found) / min(each["fit"]["s"] for each in few)
    remark = f"ten times the images take {slope:.3g} times as long"
    what = f"Fit {count:,} images from disk ÷ plain read of them"
    yield Row(what, 2.5, ratio(found, "fit", "plain_read"), at_most=True, remark=remark)
