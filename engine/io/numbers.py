"""How a number is written, everywhere: enough digits to compare, never a false 0 or 100 %."""

import math
import re
from collections.abc import Sequence

import numpy as np

JOIN = "\u00a0"  # a space at which no line breaks: between a figure and its unit
PER_CENT = f"{JOIN}%"
FLOAT_DECIMALS = 9  # further digits are the noise of floats


def number(value: float, decimals: int | None = None) -> str:
    """A figure for a sentence: 7.305, 677.0, 25,824 or 1.3e31; ``decimals`` may be fixed."""
    if not math.isfinite(value):
        return "more than a float can hold"
    if decimals is not None and abs(value) < 1e9:
        return f"{value:,.{decimals}f}"
    if value != 0 and not 1e-3 <= abs(value) < 1e9:
        return short(f"{value:.3g}")
    four = max(0, 3 - math.floor(math.log10(abs(value)))) if value else 0
    return f"{value:,.{four}f}"


def short(text: str) -> str:
    """A number's text without the padding of its exponent: 1e-05 becomes 1e-5."""
    return re.sub(r"e([+-])0*(?=\d)", lambda match: "e" + match[1].replace("+", ""), text)


def learning_rate(value: float) -> str:
    """A learning rate as the notebook types it: 3.54e-5, 0.404."""
    return short(f"{value:.3g}")


def rate_below(limit: float) -> str:
    """The largest rate of three digits that is below the limit: 3.53e-5 for 3.5399e-5."""
    unit = 10.0 ** (math.floor(math.log10(limit)) - 2)
    return learning_rate((math.ceil(limit / unit) - 1) * unit)


def percent(share: float, decimals: int | None = None) -> str:
    """'66.9 %' for 0.66851 and 1 decimal, by default two significant digits; '–' for nan.

    There are as many more digits as it takes not to read 0 or 100 where it is not: '99.7 %'.
    """
    return in_percent(share, decimals) + ("" if math.isnan(share) else PER_CENT)


def in_percent(share: float, decimals: int | None = None) -> str:
    """`percent` without its sign."""
    if math.isnan(share):
        return "–"
    value = 100 * share
    if 0 < abs(value) < (10 if decimals is None else 10.0**-FLOAT_DECIMALS):
        return short(f"{value:.2g}")
    fixed = percent_decimals([share], decimals or 0)
    text = f"{value:.{fixed}f}"
    if share < 1 and float(text) == 100:
        return f"over {'99.' + '9' * FLOAT_DECIMALS}"
    return text


def percent_decimals(shares: Sequence[float], least: int) -> int:
    """The fewest decimals, ``least`` or more, with which no share reads a false 0 or 100 %.

    ``shares`` are parts of 1, nan is passed over; at most `FLOAT_DECIMALS`.
    """
    values = 100 * np.abs(np.asarray(shares, dtype=float))
    values = values[(values > 0) & (values != 100)]
    for decimals in range(least, FLOAT_DECIMALS):
        if not np.isin(np.round(values, decimals), [0, 100]).any():
            return decimals
    return FLOAT_DECIMALS


def small(distance: float) -> str:
    """A distance, margin or probability with three significant digits: '0.0121', '0.00000421'.

    '0' for none; more digits where a share of 1 would read as all of it.
    """
    if 0 < abs(distance) < 10.0**-FLOAT_DECIMALS:
        return short(f"{distance:.3g}")
    for digits in range(3, FLOAT_DECIMALS + 1):
        text = np.format_float_positional(
            distance, precision=digits, unique=False, fractional=False, trim="-"
        )
        if abs(distance) >= 1 or float(text) != 1:
            break
    return text


def small_decimals(distance: float) -> int:
    """The decimals of the three significant digits of `small`, for figures that add up to it."""
    if not 0 < abs(distance) < 1:
        return 4
    return min(2 - math.floor(math.log10(abs(distance))), FLOAT_DECIMALS)


def distance_decimals(values: Sequence[float], least: int = 4) -> int:
    """The fewest decimals, ``least`` or more, with which distances that differ read differently.

    At most `FLOAT_DECIMALS`: what still reads alike then counts as equal.
    """
    values = np.asarray(values, dtype=float)
    different = len(np.unique(np.round(values, FLOAT_DECIMALS)))
    for decimals in range(least, FLOAT_DECIMALS):
        if len(np.unique(np.round(values, decimals))) == different:
            return decimals
    return FLOAT_DECIMALS


def told_apart(values: Sequence[float], least: int = 4) -> list[str]:
    """Distances that are compared, with the decimals of `distance_decimals`."""
    decimals = distance_decimals(values, least)
    return [f"{value:.{decimals}f}" for value in values]


def minus(text: str) -> str:
    """The text of a number with the sign for minus in place of a hyphen."""
    return text.replace("-", "−")


def signed(amount: float, decimals: int = 4) -> str:
    """'+0.0123' or '−0.0123'."""
    return minus(f"{amount:+.{decimals}f}")


def behind(difference: float) -> str:
    """'+0.00471': a distance beyond another, as `small` writes it."""
    return f"+{small(difference)}"


def ratio(value: float) -> str:
    """How many times as much: "93 times", "1.02 times", "218,451 times"."""
    return f"{value:.3g} times" if value < 10 else f"{number(value, 0)} times"


def coefficient(value: float) -> str:
    """A number with a real minus sign and two or more decimals, as R² is written."""
    text = f"{value:.2f}" if -100 < value < 0.995 else f"{value:.4g}"
    return minus(short(text))


def parabola(a: float, b: float, c: float, unit: str = "t") -> str:
    """A parabola as it is written by hand: "0.18 t² − 0.69 t + 1.36"."""
    text = minus(f"{number(a)} {unit}² + {number(b)} {unit} + {number(c)}")
    return text.replace("+ −", "− ")
