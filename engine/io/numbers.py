"""Figures as a sentence says them: enough digits to compare, never a false 0 or 100 %."""

import math
import re

JOIN = "\u00a0"  # a space at which no line breaks: between a figure and its unit
PER_CENT = f"{JOIN}%"


def number(value: float, dataset: int | None = None) -> str:
    """A figure for a sentence: 7.305, 677.0, 25,824 or 1.3e31; ``dataset`` fixes the decimals."""
    if not math.isfinite(value):
        return "more than a float can hold"
    if dataset is not None and abs(value) < 1e9:
        return f"{value:,.{dataset}f}"
    if value != 0 and not 1e-3 <= abs(value) < 1e9:
        return short(f"{value:.3g}")
    decimals = max(0, 3 - math.floor(math.log10(abs(value)))) if value else 0
    return f"{value:,.{decimals}f}"


def short(text: str) -> str:
    """A number's text without the padding of its exponent: 1e-05 becomes 1e-5."""
    return re.sub(r"e([+-])0*(?=\d)", lambda match: "e" + match[1].replace("+", ""), text)


def rate(value: float) -> str:
    """A learning rate as the notebook types it: 3.54e-5, 0.404."""
    return short(f"{value:.3g}")


def rate_below(limit: float) -> str:
    """The largest rate of three digits that is below the limit: 3.53e-5 for 3.5399e-5."""
    unit = 10.0 ** (math.floor(math.log10(limit)) - 2)
    return rate((math.ceil(limit / unit) - 1) * unit)


def percent(share: float) -> str:
    """A share in per cent with two significant digits, never rounded to a false 0 or 100."""
    value = 100 * share
    if value >= 99.5 and share < 1:
        return f"{value:.4g}{PER_CENT}" if value < 99.995 else f"over 99.99{PER_CENT}"
    return (short(f"{value:.2g}") if value < 10 else f"{value:.0f}") + PER_CENT


def ratio(value: float) -> str:
    """How many times as much: "93 times", "1.02 times", "218,451 times"."""
    return f"{value:.3g} times" if value < 10 else f"{number(value, 0)} times"


def signed(value: float) -> str:
    """A number with a real minus sign and two or more decimals, as R² is written."""
    text = f"{value:.2f}" if -100 < value < 0.995 else f"{value:.4g}"
    return short(text).replace("-", "−")


def parabola(a: float, b: float, c: float, unit: str = "t") -> str:
    """A parabola as it is written by hand: "0.18 t² − 0.69 t + 1.36"."""
    text = f"{number(a)} {unit}² + {number(b)} {unit} + {number(c)}".replace("-", "−")
    return text.replace("+ −", "− ")
