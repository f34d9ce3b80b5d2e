"""The rows of data of any size: time beside a plain read of the same bytes, memory, two workers."""

import shutil
from collections.abc import Iterator
from pathlib import Path

from benchmarks.rows import Row, ratio, rounds

WAYS = "benchmarks.shard_ways"
MANY, FEW = 8_100_000, 700_000  # images; the few where there is no room
ROOM = 12_000_000_000  # bytes free on disk that many need


def rows(home: Path) -> Iterator[Row]:
    """Every row, as soon as it is measured; ``home`` is an empty folder for the store."""
    count = MANY if shutil.disk_usage(home).free > ROOM else FEW
    names = "plain_read", "one_process", "two_processes"
    found = rounds(WAYS, names, home, count, count=2)
    what = f"Fit and judge {count:,} images in shards"
    seconds = min(each["one_process"]["s"] for each in found)
    remark = f"{count / seconds:,.0f} images a second in one process"
    times = ratio(found, "one_process", "plain_read")
    yield Row(f"{what}, one process ÷ plain read", 15, times, at_most=True, remark=remark)
    memory = max(each["one_process"]["mb"] for each in found)
    yield Row(f"{what}: extra memory of a process in MB", 200, memory, at_most=True)
    yield Row(f"{what}: one process ÷ two", 1.7, ratio(found, "one_process", "two_processes"))
