"""Waiting for work in the background, with a bar that says how far it is."""

import math
import time
from typing import Protocol, runtime_checkable

import streamlit as st

from dashboard.session import keys
from engine.runtime.background_task import BackgroundTask
from engine.runtime.progress import Phase

CANCEL_HELP = "Ends the reading of these data, for all viewers of this server."


@runtime_checkable
class Cancellable(Protocol):
    """Work that can be ended before it is done."""

    def cancel(self) -> None:
        """Ends it soon; it has failed then."""


def watched(attempt: BackgroundTask, patience_s: float = math.inf) -> object:
    """The result of an attempt, waited for with a progress bar; None when it failed.

    Also None when a download takes longer than ``patience_s`` seconds.
    """
    place = st.empty()  # always: were it there at times only, the browser would move all below it
    with place.container():
        bar = st.empty()
        if isinstance(attempt, Cancellable) and not attempt.finished():
            st.button("Cancel", key="cancel_run", on_click=attempt.cancel, help=CANCEL_HELP)
    while not attempt.finished(within_s=0.1):
        report = attempt.report
        waited_s = max(attempt.age_s, time.monotonic() - st.session_state[keys.ASKED_AT])
        if report.step != Phase.DECODING and waited_s > patience_s:
            break
        bar.progress(report.share, text=f"{report.step}…{report.amount}")
    place.empty()
    return attempt.result
