"""Rules that say which images are in a slice: conditions on attributes, all of which must hold.

A rule has a text that is read back to the same rule: ``thickness <= 2.08 and length > 20.5``. Names
and values that hold more than words stand in double quotes, in which a quote is written twice.
"""

import operator
import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import pandas as pd

from engine.runtime.errors import Refused
from engine.runtime.limits import MAX_RULE_CHARACTERS, MAX_RULE_CONDITIONS

SIGNS = MappingProxyType(
    {
        "<=": operator.le,
        "<": operator.lt,
        ">=": operator.ge,
        ">": operator.gt,
        "=": operator.eq,
        "!=": operator.ne,
    }
)
ALSO = MappingProxyType({"≤": "<=", "≥": ">=", "≠": "!=", "==": "="})
AND = "and"
TOKEN = re.compile(
    r"\s*(?:\"(?P<quoted>(?:[^\"]|\"\")*)\"|(?P<sign>[<>!=]=|[<>=≤≥≠])|(?P<word>[^\s\"<>!=≤≥≠]+))"
)
WANTED = "wanted is a rule such as 'thickness <= 2.1 and length > 20'"


@dataclass(frozen=True)
class Condition:
    """``attribute`` stands in the relation ``sign``, one of `SIGNS`, to a number or a text."""

    attribute: str
    sign: str
    value: float | str

    def __str__(self) -> str:
        return f"{_written(self.attribute)} {self.sign} {_value(self.value)}"

    def mask(self, table: pd.DataFrame) -> np.ndarray:
        """Which rows fit, (n,) bool; a missing value fits no condition."""
        column = table[self.attribute]
        values = column.astype(str) if isinstance(self.value, str) else column
        fits = SIGNS[self.sign](values, self.value)
        return (fits & column.notna()).to_numpy(dtype=bool)


@dataclass(frozen=True)
class Rule:
    """One condition or several, all of which an image must meet."""

    conditions: tuple[Condition, ...]

    def __str__(self) -> str:
        return f" {AND} ".join(map(str, self.conditions))

    def mask(self, table: pd.DataFrame) -> np.ndarray:
        """Which rows of ``table``, a column an attribute, are in the slice, (n,) bool.

        Without conditions all of them.
        """
        inside = np.ones(len(table), bool)
        for one in self.conditions:
            inside &= one.mask(table)
        return inside


def _value(value: float | str) -> str:
    """A number as short as it is read back the same."""
    if isinstance(value, str):
        return _written(value)
    return f"{value:g}" if float(f"{value:g}") == value else repr(value)


def _written(name: str) -> str:
    """The name as it is, where it is read back so; else in quotes."""
    words = name.split(" ")
    plain = all(re.fullmatch(r"[^\s\"<>!=≤≥≠]+", word) for word in words)
    return (
        name if plain and AND not in name.lower().split() else '"' + name.replace('"', '""') + '"'
    )


def parse(text: str, attributes: Mapping[str, bool]) -> Rule:
    """The rule that ``text`` writes; ``attributes`` are the names, and whether each is a number.

    Raises Refused with what was found and what is wanted.
    """
    if len(text) > MAX_RULE_CHARACTERS:
        raise Refused(
            f"This rule has {len(text):,} letters; at most {MAX_RULE_CHARACTERS} are read."
        )
    parts = _parts(_tokens(text))
    if len(parts) > MAX_RULE_CONDITIONS:
        raise Refused(
            f"This rule has {len(parts)} conditions; at most {MAX_RULE_CONDITIONS} are read."
        )
    return Rule(tuple(_condition(part, attributes) for part in parts))


Token = tuple[str, str]  # "quoted", "sign" or "word", and its text


def _tokens(text: str) -> list[Token]:
    tokens, at = [], 0
    text = text.rstrip()
    while at < len(text):
        match = TOKEN.match(text, at)
        if match is None:
            raise Refused(f"'{text[at:].strip()[:30]}' cannot be read; {WANTED}.")
        kind = match.lastgroup
        found = match[kind].replace('""', '"') if kind == "quoted" else match[kind]
        tokens.append((kind, ALSO.get(found, found) if kind == "sign" else found))
        at = match.end()
    return tokens


def _parts(tokens: list[Token]) -> list[list[Token]]:
    """The conditions, parted at each ``and``."""
    parts: list[list[Token]] = [[]]
    for kind, found in tokens:
        if kind == "word" and found.lower() == AND:
            parts.append([])
        else:
            parts[-1].append((kind, found))
    return parts


def _condition(tokens: list[Token], attributes: Mapping[str, bool]) -> Condition:
    signs = [place for place, (kind, _) in enumerate(tokens) if kind == "sign"]
    said = " ".join(found for _, found in tokens)[:60]
    if len(signs) != 1 or signs[0] in (0, len(tokens) - 1):
        raise Refused(f"'{said}' is no condition; {WANTED}.")
    before, after = tokens[: signs[0]], tokens[signs[0] + 1 :]
    name, value = (" ".join(found for _, found in part) for part in (before, after))
    sign = tokens[signs[0]][1]
    if name not in attributes:
        raise Refused(f"'{name[:40]}' is no attribute; there are {', '.join(attributes)}.")
    if attributes[name]:
        return Condition(name, sign, _number(name, value))
    if sign not in ("=", "!="):
        raise Refused(f"'{name}' is no number, but '{sign}' was found; wanted is = or !=.")
    return Condition(name, sign, value)


def _number(name: str, text: str) -> float:
    try:
        value = float(text.replace("−", "-"))
    except ValueError:
        value = np.nan
    if not np.isfinite(value):
        raise Refused(f"'{text[:40]}' was found where a number for {name} is wanted.")
    return value + 0.0  # no zero below zero
