"""Entry point: opens the app and hands each visit to one page."""

import os
import sys
from pathlib import Path

import streamlit as st

ROOT = str(Path(__file__).resolve().parents[1])
if ROOT not in sys.path:  # Streamlit adds only dashboard/; the pages need its siblings
    sys.path.insert(0, ROOT)
os.environ.setdefault("PYTHONPATH", ROOT)  # so that a saved engine file reloads, too

st.set_page_config(page_title="Digitscope", page_icon="🔍", layout="wide")

st.html(Path(__file__).parent / "assets" / "page.css")

page = st.navigation(
    [
        st.Page("../pages/overview.py", title="Overview", icon=":material/home:", default=True),
        st.Page("../pages/templates.py", title="Templates", icon=":material/blur_on:"),
        st.Page("../pages/confusion.py", title="Confusion", icon=":material/grid_on:"),
        st.Page("../pages/errors.py", title="Errors", icon=":material/image_search:"),
        st.Page("../pages/classify.py", title="Classify", icon=":material/draw:"),
        st.Page("../pages/compare.py", title="Compare", icon=":material/compare:"),
        st.Page("../pages/data.py", title="Data", icon=":material/database:"),
        st.Page("../pages/playground.py", title="Playground", icon=":material/show_chart:"),
        st.Page("../pages/training.py", title="Training", icon=":material/model_training:"),
    ]
)
st.session_state["page_now"] = page.url_path  # choices are restored when this changes
if "go_to" in st.session_state:  # asked for by a click; once widgets are drawn it would be too late
    # An empty mapping: Streamlit refuses to clear, or to set, parameters that widgets are bound to.
    st.switch_page(f"../pages/{st.session_state.pop('go_to')}.py", query_params={})
page.run()
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
