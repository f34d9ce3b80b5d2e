"""What a browser may send in the place of a drawing."""

import json

from hypothesis import strategies as st

from tests.support.inputs.tables import WORDS

SCRAPS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5),
    st.sampled_from(WORDS),
    st.sampled_from([10**400, -(10**400), 1e308, float("nan"), float("inf"), 2**63]),
)  # fmt: skip
POINTS = st.one_of(
    st.tuples(st.floats(-2, 2), st.floats(-2, 2)).map(list), SCRAPS, st.lists(SCRAPS, max_size=3)
)
STROKES = st.fixed_dictionaries(
    {}, optional={"pen": SCRAPS, "points": st.one_of(st.lists(POINTS, max_size=40), SCRAPS)}
)
ANYTHING = st.recursive(
    SCRAPS,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4)
    ),
)


@st.composite
def drawings(draw) -> object:
    """What a pad may send: strokes, nearly strokes, thousands of them, or anything."""
    few = draw(st.one_of(st.lists(st.one_of(STROKES, SCRAPS), max_size=5), ANYTHING))
    return few * draw(st.sampled_from([1, 1, 1, 100, 3000])) if isinstance(few, list) else few


@st.composite
def retouches(draw) -> object:
    """What the editor may send: pairs of an index and a level, or anything."""
    pair = st.one_of(
        st.tuples(st.integers(-2, 800), st.integers(-2, 300)).map(list),
        SCRAPS,
        st.lists(SCRAPS, max_size=3),
    )
    few = draw(st.one_of(st.lists(pair, max_size=30), ANYTHING))
    return few * draw(st.sampled_from([1, 1, 100, 3000])) if isinstance(few, list) else few


def as_json(value: object) -> str:
    """As a browser would send it; what JSON cannot hold is text."""
    return json.dumps(value, default=str)
