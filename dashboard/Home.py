"""Entry point: opens the app and hands each visit to one page."""

import os
import sys
import time
from pathlib import Path

import streamlit as st

ROOT = str(Path(__file__).resolve().parents[1])
if ROOT not in sys.path:  # Streamlit adds only dashboard/; the pages need its siblings
    sys.path.insert(0, ROOT)
os.environ.setdefault("PYTHONPATH", ROOT)  # so that a saved engine file reloads, too

from dashboard.components.history import mount as mount_history  # noqa: E402 (found only now)
from dashboard.server.gc_freeze import freezing, uncollected  # noqa: E402 (found only now)
from dashboard.server.health_log import note_run  # noqa: E402
from dashboard.session import keys  # noqa: E402
from dashboard.session.url_state import follow_history  # noqa: E402
from dashboard.widgets.panel import panel  # noqa: E402

st.session_state[keys.ASKED_AT] = time.monotonic()  # the first visit's imports count as waiting
st.set_page_config(page_title="Digitscope", page_icon="🔍", layout="wide")

st.html(Path(__file__).parent / "assets" / "page.css")

groups = {  # in the order to walk them: title in the list, icon, the question a page answers
    "Look": {
        "overview": ("Overview", "home", "How good is this classifier?"),
        "confusion": ("Confusion", "grid_on", "What is taken for what?"),
        "errors": ("Errors", "image_search", "What do the errors look like, and why?"),
        "slices": ("Slices", "filter_alt", "Which kind of images does it get wrong?"),
        "templates": ("Templates", "blur_on", "Why do some templates win too often?"),
    },
    "Improve": {
        "cures": ("Cures", "healing", "What would help?"),
        "labels": ("Labels", "fact_check", "Which labels are wrong?"),
        "training": ("Training", "model_training", "Can the templates learn?"),
    },
    "Decide": {
        "trust": ("Trust", "verified", "How far can you trust it?"),
        "compare": ("Compare", "compare", "Which of two models is better, and where?"),
    },
    "Try": {
        "playground": ("Playground", "show_chart", "Is this fit good?"),
        "classify": ("Classify", "draw", "What does it make of a picture of yours?"),
        "data": ("Data", "database", "What do the data hold, and how does your own model fare?"),
    },
}
pages = {name: signs for group in groups.values() for name, signs in group.items()}


def as_page(name: str) -> st.Page:
    title, icon, _ = pages[name]
    first = name == "overview"
    return st.Page(f"../pages/{name}.py", title=title, icon=f":material/{icon}:", default=first)


page = st.navigation(
    {heading: [as_page(name) for name in group] for heading, group in groups.items()},
    expanded=True,  # of more than ten pages Streamlit would hide the last
)
follow_history(page.url_path)
if page.url_path != st.session_state.get(keys.PAGE_NOW):  # on arrival choices are restored
    st.session_state.update({keys.PAGE_NOW: page.url_path, keys.SHOWN_ON: {}})
if keys.GO_TO in st.session_state:  # by a click; once widgets are drawn it would be too late
    # An empty mapping: Streamlit refuses to clear, or to set, parameters that widgets are bound to.
    st.switch_page(f"../pages/{st.session_state.pop(keys.GO_TO)}.py", query_params={})
here = page.url_path or "overview"
mount_history()
st.title(pages[here][-1])  # before the page, which imports what is slow
following = [*pages, "overview"][list(pages).index(here) + 1]
if (
    "dashboard.views.dataset_and_model" not in sys.modules
):  # of the first visitor only: others find it loaded
    with st.spinner("The server has just started and gets ready…"), uncollected():
        import dashboard.charting.render
        import dashboard.views.dataset_and_model  # noqa: F401 (with these two all that is slow to load)
with freezing():
    try:
        with panel("This page"):  # the last resort; each part of a page has a panel of its own
            page.run()
    finally:  # also when it stops early or fails
        st.session_state[keys.PRESENT] = note_run(st.session_state.get(keys.PRESENT))
        st.page_link(
            f"../pages/{following}.py",
            label=f"Next: {pages[following][-1]}",
            icon=":material/arrow_forward:",
        )
        from dashboard.components import browser_storage  # after the title: it is slow to load

        browser_storage.mount()
if st.session_state.pop(keys.ADDRESS_LAGS, False):
    # What another page had chosen gets into the address only on a run that the browser asks for.
    asked_for_at = st.session_state[keys.PAGE_NOW]

    @st.fragment(run_every=0.4)
    def ask_again() -> None:
        """Does nothing while the page is drawn; its first run by the clock runs the page again."""
        if st.session_state.pop(keys.DRAWN, None) == asked_for_at:
            st.rerun()
        st.session_state[keys.DRAWN] = asked_for_at

    ask_again()
