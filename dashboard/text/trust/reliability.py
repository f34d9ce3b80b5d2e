"""How far a model can be trusted, in words."""

from collections.abc import Mapping

import pandas as pd

from dashboard.text.markdown import plain
from dashboard.text.numbers import count, share
from engine.calibration.bins import expected_calibration_error
from engine.calibration.calibration import Calibration, Method
from engine.calibration.reliability import Confidence, Kind, confidence
from engine.evaluation.evaluation import Evaluation
from engine.io.numbers import JOIN, PER_CENT, percent

LATE = 0.05  # share of the images from which a line is said to begin late


def risk_columns(curves: Mapping[str, pd.DataFrame]) -> str:
    """What the columns of the table of all models are, and where a line begins late.

    ``curves`` holds `engine.evaluation.risk_coverage.risk_coverage` of each model by its name.
    """
    sentences = [
        "AURC, the area under the risk–coverage curve: the error rate on the images kept, averaged "
        "over how many are kept; the smaller, the better the margin tells right from wrong. "
        "Surest half: the accuracy on the half of the images with the largest margins. Kept at "
        f"99{PER_CENT}: the largest share of the images, those with the largest margins, of which "
        f"99{PER_CENT} are right."
    ]
    for name, curve in curves.items():
        if len(curve) and curve["kept"].iloc[0] >= LATE:
            share = percent(curve["kept"].iloc[0], 1)
            sentences.append(
                f"The line of {plain(name)} begins at {share}: so many have its largest margin."
            )
    return " ".join(sentences)


def nothing(evaluation: Evaluation) -> str:
    """Why there is nothing to calibrate."""
    if not evaluation.scored:
        return (
            f"Of {plain(evaluation.model.label)} only the answers are known, without scores: there "
            "is no margin by which one could be called surer than another, so there is nothing to "
            "calibrate."
        )
    return "There are too few images to calibrate by and to judge on."


def method(found: Calibration) -> str:
    """Which images calibrate, and which are judged."""
    judged, every = count(len(found.judged), "test image"), found.every
    if found.method is Method.HALF:
        return (
            f"Calibrated on {count(found.images, 'test image')}, a half drawn by a fixed seed, and "
            f"judged on the {len(found.judged):,} of the other half."
        )
    right = share(int(every.right.sum()), found.images)
    return (
        f"Calibrated on all {found.images:,} training images, each compared with templates fitted "
        f"on the others, of which {right} are right, and judged on {judged}."
    )


def error(bins: pd.DataFrame, by: str = "margin") -> str:
    """The calibration error in a sentence's part, with the bins it goes by."""
    many = count(len(bins), "bin")
    off = points(expected_calibration_error(bins))
    return f"ECE {off}, over {many} of equal count by {by}"


def calibrated(shown: Mapping[Kind, pd.DataFrame]) -> str:
    """How far probabilities are off by the margin alone, and by margin and answer."""
    bins, both = shown[Kind.CALIBRATED], shown.get(Kind.BY_ANSWER)
    sentence = (
        f"By the margin alone, the calibrated probability of an answer is off by **{_off(bins)}** "
        f"on average (ECE, the expected calibration error, over {count(len(bins), 'bin')} of equal "
        f"count by margin). {_on_the_whole(confidence(bins))}"
    )
    if both is not None:
        sentence += (
            f" By margin and answer, it is off by **{_off(both)}** ({count(len(both), 'bin')} of "
            "equal count by what it says)."
        )
    return sentence


def _off(bins: pd.DataFrame) -> str:
    return points(expected_calibration_error(bins))


def in_short(bins: pd.DataFrame) -> str:
    """`calibrated` in one sentence."""
    off = points(expected_calibration_error(bins))
    return (
        "Its margins tell how probable an answer is to be right; that probability is off by "
        f"**{off}** on average (ECE, {count(len(bins), 'bin')} of equal count)."
    )


def own(bins: pd.DataFrame, called: str) -> str:
    """Whether what the model itself gives says too much or too little, and how far it is off."""
    off = points(expected_calibration_error(bins))
    return (
        f"Before: the model's own {plain(called)} is off by **{off}** "
        f"({count(len(bins), 'bin')} of equal count by it). {_on_the_whole(confidence(bins))}"
    )


def _on_the_whole(found: Confidence) -> str:
    said = f"It says {percent(found.mean, 1)} on average, and {share(found.right, found.images)}"
    if not found.beyond_chance:
        return f"{said} are right: neither over- nor underconfident beyond chance."
    kind = "overconfident" if found.gap > 0 else "underconfident"
    return f"{said} are right: **{kind}** by {points(abs(found.gap))}."


def by_answer(table: pd.DataFrame) -> str:
    """Which answer the calibrated probability flatters most; '' where that may be chance."""
    beyond = table[table["probability"] > table["high"]]
    if beyond.empty:
        return "For no answer does it say more than is so, beyond chance."
    place = (beyond["probability"] - beyond["right"]).idxmax()
    name, figures = plain(beyond["answer"][place]), beyond.drop(columns="answer").loc[place]
    said, so = (percent(figures[column], 1) for column in ("probability", "right"))
    sentence = (
        f"The margin alone flatters the answer {name} most: it is said to be right with {said} on "
        f"average, and {so} of such answers are."
    )
    before, after = figures["ECE"], figures["ECE by answer"]
    if after < before:
        sentence += (
            f" Calibrated on such answers alone, its ECE, which adds up the differences of the "
            f"bins, falls from {points(before)} to {points(after)}."
        )
    return sentence


def points(share: float) -> str:
    """'2.4 percentage points'."""
    return f"{percent(share, 1).removesuffix(PER_CENT)}{JOIN}percentage points"
