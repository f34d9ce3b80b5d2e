"""Entry point: opens the app and hands each visit to one page."""

import os
import sys
from pathlib import Path

import streamlit as st

ROOT = str(Path(__file__).resolve().parents[1])
if ROOT not in sys.path:  # Streamlit adds only dashboard/; the pages need its siblings
    sys.path.insert(0, ROOT)
os.environ.setdefault("PYTHONPATH", ROOT)  # so that a saved engine file reloads, too

from dashboard.frozen import freeze_imports  # noqa: E402 (found only now)
from dashboard.panels import panel  # noqa: E402

st.set_page_config(page_title="Digitscope", page_icon="🔍", layout="wide")

st.html(Path(__file__).parent / "assets" / "page.css")

pages = {  # the title in the list of pages, its icon, and the question the page answers
    "overview": ("Overview", "home", "How well does this classifier read handwriting?"),
    "templates": ("Templates", "blur_on", "What is in a template, and why do some win too often?"),
    "confusion": ("Confusion", "grid_on", "Which digits are taken for which?"),
    "errors": ("Errors", "image_search", "What do the wrong ones look like, and why?"),
    "classify": ("Classify", "draw", "What does it make of your own digit?"),
    "compare": ("Compare", "compare", "Which of two models is better, and on which images?"),
    "data": ("Data", "database", "How does your own model fare, and what do these data hold?"),
    "playground": ("Playground", "show_chart", "Is this fit good?"),
    "training": ("Training", "model_training", "Can the templates learn?"),
}
page = st.navigation(
    [
        st.Page(
            f"../pages/{name}.py",
            title=title,
            icon=f":material/{icon}:",
            default=name == "overview",
        )
        for name, (title, icon, _) in pages.items()
    ]
)
st.session_state["page_now"] = page.url_path  # choices are restored when this changes
if "go_to" in st.session_state:  # asked for by a click; once widgets are drawn it would be too late
    # An empty mapping: Streamlit refuses to clear, or to set, parameters that widgets are bound to.
    st.switch_page(f"../pages/{st.session_state.pop('go_to')}.py", query_params={})
st.title(pages[page.url_path or "overview"][2])  # before the page, which imports what is slow
try:
    with panel("This page"):  # the last resort; each part of a page has a panel of its own
        page.run()
finally:  # also when it stops early or fails
    freeze_imports()
if st.session_state.pop("address_lags", False):
    # What another page had chosen gets into the address only on a run that the browser asks for.
    asked_for_at = st.session_state["page_now"]

    @st.fragment(run_every=0.4)
    def ask_again() -> None:
        """Does nothing while the page is drawn; its first run by the clock runs the page again."""
        if st.session_state.pop("drawn", None) == asked_for_at:
            st.rerun()
        st.session_state["drawn"] = asked_for_at

    ask_again()
