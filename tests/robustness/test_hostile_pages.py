"""Hostile links and forged values of the page's own components: every page stays whole.

Which parameters a link can set is read from the pages themselves, so that a new one is tried, too.
"""

import ast
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.pages.test_pages import PAGES
from tests.support.inputs.messages import ANYTHING, SCRAPS, drawings, retouches
from tests.support.inputs.tables import WORDS

ROOT = Path(__file__).resolve().parents[2]
VALUES = st.one_of(
    st.sampled_from(WORDS),
    st.sampled_from(
        ["1e-320", "0.123", "99999999999999999999", "-1e308", "9" * 5000, "1,2", "false"]
    ),
    st.sampled_from(
        ["![](http://foreign.example/x.png)", "<img src=x onerror=alert(1)>", "%00", "../.."]
    ),
    st.text(max_size=20),
    st.integers().map(str),
    st.floats().map(str),
    st.lists(st.sampled_from(WORDS), min_size=2, max_size=3),
)
MARKUP = (
    "markdown",
    "caption",
    "warning",
    "info",
    "error",
    "success",
    "title",
    "header",
    "subheader",
)
MORE = {
    "classify": {"classify_from": "Data set", "classify_tab": "What if"}
}  # widgets not at first


def few(share: float):
    """A part of the examples of this run, because a visit takes a second."""
    return settings(max_examples=max(3, int(settings.default.max_examples * share)))


def written() -> set[str]:
    """The keys of all widgets that the source binds to the link, and what it takes from there."""
    found = [
        node
        for room in ("pages", "dashboard")
        for path in (ROOT / room).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
    ]
    calls = [{word.arg: word.value for word in node.keywords} for node in found]
    keys = [call.get("key") for call in calls if "bind" in call]
    taken = [node.args for node in found if getattr(node.func, "attr", "") == "taken"]
    keys += [arguments[0] for arguments in taken if arguments]
    return {key.value for key in keys if isinstance(key, ast.Constant)}


def bound(node) -> set[str]:
    """The parameters that this part of a page takes from its link."""
    found = set(re.findall(r'query_param_key: "(\w+)"', str(getattr(node, "proto", ""))))
    return found.union(*map(bound, getattr(node, "children", {}).values()))


@pytest.fixture(scope="module")
def parameters() -> dict[str, set[str]]:
    """Of each page, filled as the pages are opened."""
    return {}


def well(app) -> None:
    """The page was drawn, and no text of the link is in it as markup."""
    assert not app.exception
    shown = [element.value for kind in MARKUP for element in getattr(app, kind)]
    assert not [text for text in shown if re.search(r"!\[\]\(http|<img src=x", text)]


@pytest.mark.case(28, 29)
@pytest.mark.parametrize("page", PAGES)
def test_any_link(visit, parameters, page):
    if page not in parameters:
        parameters[page] = written() | bound(visit(page, **MORE.get(page, {}))._tree)
    names = sorted(parameters[page])

    @few(0.05)
    @given(st.dictionaries(st.sampled_from(names), VALUES, min_size=1, max_size=len(names)))
    def open_page(choices):
        well(visit(page, **{**MORE.get(page, {}), **choices}))

    open_page()


def test_the_parameters_are_found_on_the_pages(visit):
    """Were the fields of Streamlit's messages renamed, the test above would try nothing."""
    assert {"answers", "sort", "page", "margins", "data"} <= bound(visit("errors")._tree)
    assert {"lr", "seed"} <= bound(visit("playground")._tree) & (written() | {"seed"})
    assert {"steps", "plane"} <= written()


@few(0.1)
@given(raw=drawings())
def test_any_drawing_that_a_pad_sends(visit, raw):
    app = visit("classify")
    app.session_state["classify_pad"] = {"strokes": raw}
    well(app.run())


@few(0.1)
@given(raw=retouches())
def test_any_pixels_that_the_editor_sends(visit, raw):
    app = visit("classify", **MORE["classify"])
    app.session_state["classify_pixels"] = {"pixels": raw}
    well(app.run())


@few(0.1)
@given(raw=st.one_of(SCRAPS, ANYTHING))
def test_anything_that_is_pasted(visit, raw):
    app = visit("classify", classify_from="Paste")
    app.session_state["classify_paste"] = {"picture": raw}
    well(app.run())
