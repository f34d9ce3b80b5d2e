"""Entry point: `streamlit run` serves ``app``, which runs this file once more for each visit."""

import os
import sys
import time
from pathlib import Path

import streamlit as st

ROOT = str(Path(__file__).resolve().parents[1])
if ROOT not in sys.path:  # Streamlit adds only dashboard/; the pages need its siblings
    sys.path.insert(0, ROOT)
os.environ.setdefault("PYTHONPATH", ROOT)  # so that a saved engine file reloads, too

from dashboard.server import health_log  # noqa: E402 (found only now)
from dashboard.server.gc_freeze import freezing, uncollected  # noqa: E402 (found only now)
from dashboard.server.upload_store import free_unnamed  # noqa: E402
from dashboard.session import keys  # noqa: E402
from dashboard.session.url_state import follow_history  # noqa: E402
from dashboard.widgets.panel import panel  # noqa: E402

GROUPS = {  # in the order to walk them: title in the list, icon, the question a page answers
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
PAGES = {name: signs for group in GROUPS.values() for name, signs in group.items()}


def visit() -> None:
    """One run of the page that is open."""
    from dashboard.components.history import mount as mount_history  # only a server can hold it
    from dashboard.server import visits_over

    st.session_state[keys.ASKED_AT] = time.monotonic()  # the first visit's imports are waiting, too
    st.set_page_config(page_title="Digitscope", page_icon="🔍", layout="wide")
    st.html(Path(__file__).parent / "assets" / "page.css")
    page = _navigation()
    if keys.PRESENT not in st.session_state and (sentence := visits_over.too_many()):
        st.info(sentence)
        st.stop()
    follow_history(page.url_path)
    if page.url_path != st.session_state.get(keys.PAGE_NOW):  # on arrival choices are restored
        st.session_state.update({keys.PAGE_NOW: page.url_path, keys.SHOWN_ON: {}})
    if keys.GO_TO in st.session_state:  # by a click; once widgets are drawn it would be too late
        # An empty mapping: Streamlit refuses to clear, or to set, parameters widgets are bound to.
        st.switch_page(f"../pages/{st.session_state.pop(keys.GO_TO)}.py", query_params={})
    here = page.url_path or "overview"
    mount_history()
    st.title(PAGES[here][-1])  # before the page, which imports what is slow
    _load_what_is_slow()
    with freezing():
        _draw(page, here)
    if st.session_state.pop(keys.ADDRESS_LAGS, False):
        _ask_again(st.session_state[keys.PAGE_NOW])


def _navigation():
    """The list of pages in the sidebar; gives the one that is open."""
    return st.navigation(
        {heading: [_as_page(name) for name in group] for heading, group in GROUPS.items()},
        expanded=True,  # of more than ten pages Streamlit would hide the last
    )


def _as_page(name: str) -> st.Page:
    title, icon, _ = PAGES[name]
    first = name == "overview"
    return st.Page(f"../pages/{name}.py", title=title, icon=f":material/{icon}:", default=first)


def _load_what_is_slow() -> None:
    """With the first visitor only: others find it loaded."""
    if "dashboard.views.dataset_and_model" in sys.modules:
        return
    with st.spinner("The server has just started and gets ready…"), uncollected():
        import dashboard.charting.render
        import dashboard.views.dataset_and_model  # noqa: F401 (with these two all that is slow to load)


def _draw(page, here: str) -> None:
    """The page, the way to the next one, and what the browser keeps."""
    following = [*PAGES, "overview"][list(PAGES).index(here) + 1]
    try:
        with panel("This page"):  # the last resort; each part of a page has a panel of its own
            page.run()
    finally:  # also when it stops early or fails
        st.session_state[keys.PRESENT] = health_log.note_run(st.session_state.get(keys.PRESENT))
        free_unnamed()
        st.page_link(
            f"../pages/{following}.py",
            label=f"Next: {PAGES[following][-1]}",
            icon=":material/arrow_forward:",
        )
        from dashboard.components import browser_storage  # after the title: it is slow to load

        browser_storage.mount()


def _ask_again(asked_for_at: str) -> None:
    """Has the browser ask for another run, by which another page's choices get into the address."""

    @st.fragment(run_every=0.4)
    def again() -> None:
        """Does nothing while the page is drawn; its first run by the clock runs the page again."""
        if st.session_state.pop(keys.DRAWN, None) == asked_for_at:
            st.rerun()
        st.session_state[keys.DRAWN] = asked_for_at

    again()


if __name__ == "__main__":
    visit()
else:  # imported once, by the server: what stands between strangers and Streamlit
    from streamlit.starlette import App

    from dashboard.server.front import MIDDLEWARE, life

    app = App(__file__, middleware=MIDDLEWARE, lifespan=life)
