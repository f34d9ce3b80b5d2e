"""How far a model can be trusted, in words."""

from collections.abc import Mapping

import pandas as pd

from dashboard.text.markdown import plain
from engine.io.numbers import PER_CENT, percent

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
