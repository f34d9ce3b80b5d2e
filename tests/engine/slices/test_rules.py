"""Rules of slices: what they write is read back, what they choose is what pandas chooses."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.runtime.errors import Refused
from engine.runtime.limits import MAX_RULE_CHARACTERS, MAX_RULE_CONDITIONS
from engine.slices.rules import SIGNS, Condition, Rule, parse

KINDS = {"thickness": True, "off center": True, "true": False, "writer and date": False}
TABLE = pd.DataFrame(
    {
        "thickness": [1.0, 2.0, 3.0, np.nan],
        "off center": [0.5, 0.0, -1.0, 2.0],
        "true": ["7", "cat", "7", "a <b> and c"],
        "writer and date": ["x", "y", None, "z"],
    }
)


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("thickness <= 2", "thickness <= 2"),
        ("thickness>1 and off center < 0.2", "thickness > 1 and `off center` < 0.2"),
        ("thickness ≥ 2 AND true = 7", "thickness >= 2 and true == '7'"),
        ("off center > −0.5 and off center != 2", "`off center` > -0.5 and `off center` != 2"),
        ('true = "a <b> and c"', "true == 'a <b> and c'"),
        ("true != cat", "true != 'cat'"),
        ('"writer and date" = y', "`writer and date` == 'y'"),
    ],
)
def test_a_rule_chooses_the_rows_that_pandas_chooses(text, query):
    mask = parse(text, KINDS).mask(TABLE)
    assert TABLE[mask].index.tolist() == TABLE.query(query).index.tolist()


def test_a_missing_value_fits_no_condition():
    assert parse("thickness != 2", KINDS).mask(TABLE).tolist() == [True, False, True, False]
    assert parse('"writer and date" != y', KINDS).mask(TABLE).tolist() == [True, False, False, True]


NAMES = st.text(min_size=1, max_size=12)
NUMBERS = st.floats(allow_nan=False, allow_infinity=False).map(lambda value: value + 0.0)


@given(st.lists(st.tuples(NAMES, st.sampled_from(list(SIGNS)), NUMBERS), min_size=1, max_size=4))
def test_every_rule_on_numbers_is_read_back_from_its_text(conditions):
    rule = Rule(tuple(Condition(*one) for one in conditions))
    assert parse(str(rule), {one.attribute: True for one in rule.conditions}) == rule


@given(st.lists(st.tuples(NAMES, st.sampled_from(["=", "!="]), st.text(max_size=12)), min_size=1))
def test_every_rule_on_texts_is_read_back_from_its_text(conditions):
    rule = Rule(tuple(Condition(*one) for one in conditions[:4]))
    assert parse(str(rule), {one.attribute: False for one in rule.conditions}) == rule


@given(st.text(max_size=60))
def test_whatever_is_typed_is_a_rule_or_refused_in_one_sentence(text):
    told = ""
    try:
        rule = parse(text, KINDS)
    except Refused as refused:
        told = str(refused)
    assert rule.conditions if not told else "wanted" in told or "there are" in told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "no condition; wanted is a rule such as 'thickness <= 2.1"),
        ("thickness", "'thickness' is no condition"),
        ("thickness <= 2 and", "'' is no condition"),
        ("1 < thickness < 2", "is no condition"),
        ("colour = red", "'colour' is no attribute; there are thickness, off center, true"),
        ("thickness <= much", "'much' was found where a number for thickness is wanted"),
        ("thickness <= 1e999", "where a number for thickness is wanted"),
        ("thickness <= nan", "where a number for thickness is wanted"),
        ("true <= 7", "'true' is no number, but '<=' was found; wanted is = or !="),
        ('true = "7', "'\"7' cannot be read"),
        ("__import__('os').system('ls') = 1", "is no attribute"),
    ],
)
def test_what_is_no_rule_is_refused_with_what_was_found(text, told):
    with pytest.raises(Refused) as refused:
        parse(text, KINDS)
    assert told in str(refused.value)


def test_a_rule_that_is_too_long_is_not_read():
    with pytest.raises(Refused, match="at most 500"):
        parse("x" * (MAX_RULE_CHARACTERS + 1), KINDS)
    with pytest.raises(Refused, match="at most 8"):
        parse(" and ".join(["true = 7"] * (MAX_RULE_CONDITIONS + 1)), KINDS)
