"""Probabilities against how often they came true, in bins of equal count."""

import numpy as np
import pandas as pd

from engine.evaluation.metrics import wilson

BINS = 15


def equal_count_bins(
    probability: np.ndarray, right: np.ndarray, by: np.ndarray, most: int = BINS
) -> pd.DataFrame:
    """One row a bin: how probable its answers were said to be, and how many were right.

    ``probability`` (n,) of being right, ``right`` (n,) bool. The images are cut into ``most``
    bins of equal count in the order of ``by`` (n,); equals stay together, in the bin of the first
    of them, so that with many ties there are fewer bins. ``images``, ``right``; ``probability``
    the mean; ``rate`` with its Wilson 95 % interval ``low`` to ``high``.
    """
    first = np.searchsorted(np.sort(by), by, side="left")  # the rank of the first of its equals
    places = first * most // max(len(first), 1)
    table = pd.DataFrame({"probability": probability, "right": right, "images": 1})
    found = table.groupby(places).agg({"images": "sum", "right": "sum", "probability": "mean"})
    found = found.reset_index(drop=True)
    low, high = wilson(found["right"], found["images"])
    return found.assign(rate=found["right"] / found["images"], low=low, high=high)


def expected_calibration_error(bins: pd.DataFrame) -> float:
    """ECE: how far rate and probability of `equal_count_bins` are apart, by their images.

    nan without images.
    Source: M. P. Naeini, G. F. Cooper and M. Hauskrecht, "Obtaining well calibrated probabilities
    using Bayesian binning", AAAI (2015).
    """
    if bins.empty:
        return float("nan")
    return float(np.average((bins["rate"] - bins["probability"]).abs(), weights=bins["images"]))
