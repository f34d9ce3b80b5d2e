"""Counts, and rates with their interval, in words; `engine.io.numbers` writes the figures."""

from engine.io.numbers import JOIN, percent
from engine.report.words import count, headline, interval, judged_on, ordinal, rate, share
from engine.runtime.background_task import Report

__all__ = [
    "arrived",
    "count",
    "headline",
    "interval",
    "judged_on",
    "ordinal",
    "rate",
    "share",
]

NOTHING_YET = "nothing of it has arrived yet"


def arrived(report: Report) -> str:
    """How much of a download is here: '12 % of it has arrived', or MB where the whole is unknown.

    'nothing of it has arrived yet' below one part in a hundred, or a tenth of a megabyte.
    """
    if report.share >= 0.01:
        return f"{percent(report.share, 0)} of it has arrived"
    megabytes = report.done / 1e6 if not report.total else 0
    return f"{megabytes:.1f}{JOIN}MB of it have arrived" if megabytes >= 0.1 else NOTHING_YET
