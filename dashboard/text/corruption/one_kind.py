"""One kind of corruption, in words: what turns wrong, which classes suffer, when images break."""

import pandas as pd

from dashboard.text.markdown import plain, several
from dashboard.text.numbers import count
from engine.corruption.curves import CLEAN, NEVER, Curves
from engine.corruption.kinds import KINDS, SEVERITIES
from engine.io.numbers import percent_decimals, signed
from engine.report.conclusion import LEVEL, p_value


def against_clean(name: str, curves: Curves, kind: str, severity: int) -> str:
    """How many answers the corruption turns either way, and McNemar's test of the two numbers."""
    found = curves.paired(kind, severity)
    here = f"{KINDS[kind].label} at severity {severity}"
    if not found.fixed + found.broken:
        return f"{here} turns no answer of **{plain(name)}** from right to wrong or back."
    test = found.mcnemar
    chance = "" if test.p < LEVEL else "; this may well be chance"
    return (
        f"{here} makes {count(found.broken, 'right answer')} of **{plain(name)}** wrong and "
        f"{count(found.fixed, 'wrong one')} right (McNemar against the clean images, p "
        f"{p_value(test.p)}{chance})."
    )


def suffers(digits: pd.DataFrame) -> str:
    """Which class loses most, and whether one gains: intervals that leave out 0 only.

    ``digits`` is `Curves.by_digit`.
    """
    lost, gained = digits[digits["high"] < 0], digits[digits["low"] > 0]
    said = []
    if len(lost):
        worst = lost[lost["change"] == lost["change"].min()]
        said.append(f"{_named(worst)} most: {_points(worst)} points of the recall")
    if len(gained):
        best = gained[gained["change"] == gained["change"].max()]
        said.append(f"{_named(best)} most: {_points(best)} points")
    if len(lost) and len(gained):
        return f"It costs the {said[0]}; it helps the {said[1]}."
    if said:
        return f"It {'costs' if len(lost) else 'helps'} the {said[0]}."
    return "No class surely loses or gains: every interval of the change holds 0."


def _named(rows: pd.DataFrame) -> str:
    return " and ".join(plain(several(name)) for name in rows["digit"])


def _points(rows: pd.DataFrame) -> str:
    row = rows.iloc[0]
    exact = percent_decimals(rows[["change", "low", "high"]].to_numpy().ravel(), 1)
    change, low, high = (signed(100 * row[name], exact) for name in ("change", "low", "high"))
    return f"{change} ({low} to {high})"


def breaking(curves: Curves, kind: str) -> str:
    """How many of the right answers break at the first severity, at a later one, and at none."""
    breaks = curves.breaks_at(kind)
    right = int((breaks != CLEAN).sum())
    first, never = (int((breaks == at).sum()) for at in (SEVERITIES[0], NEVER))
    return (
        f"Of {count(right, 'image')} right as they are, {first:,} are wrong at severity 1 already, "
        f"{right - first - never:,} at a higher one only, and {never:,} stay right at all five."
    )
