"""Waiting for work in the background, with a bar that says how far it is."""

import math
import time

import streamlit as st

from dashboard.session import keys
from engine.runtime.background_task import BackgroundTask
from engine.runtime.progress import Phase


def watched(attempt: BackgroundTask, patience_s: float = math.inf) -> object:
    """The result of an attempt, waited for with a progress bar; None when it failed.

    Also None when a download takes longer than ``patience_s`` seconds.
    """
    bar = st.empty()  # always: were it there at times only, the browser would move all below it
    while not attempt.finished(within_s=0.1):
        report = attempt.report
        waited_s = max(attempt.age_s, time.monotonic() - st.session_state[keys.ASKED_AT])
        if report.step != Phase.DECODING and waited_s > patience_s:
            break
        amount = f" {report.done:,} of {report.total:,}" if report.total else ""
        bar.progress(report.share, text=f"{report.step}…{amount}")
    bar.empty()
    return attempt.result
