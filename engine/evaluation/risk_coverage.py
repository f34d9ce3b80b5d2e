"""How right a model is on the images it is surest of, and models side by side by that."""

import numpy as np
import pandas as pd

from engine.evaluation.evaluation import Evaluation
from engine.evaluation.metrics import wilson

MODEL_SHARES = ("accuracy", "low", "high", "surest half", "kept at 99 %")


def risk_coverage(table: pd.DataFrame) -> pd.DataFrame:
    """How right a model is on the share of images it is surest of: ``kept``, ``accuracy``, bounds.

    ``table`` is `metrics.outcomes`; images are kept from the largest margin down, those
    with equal margins, or with none, all at once. One row a distinct margin: ``margin`` the least
    that is kept, ``kept`` the share of images, ``low`` and ``high`` the Wilson 95 % interval of
    ``accuracy``.
    Source: R. El-Yaniv and Y. Wiener, "On the foundations of noise-free selective
    classification", JMLR 11 (2010).
    """
    ranked = table.sort_values("margin", ascending=False, kind="stable")
    margin, right = ranked["margin"].to_numpy(), ranked["right"].to_numpy().cumsum()
    alike = (margin[1:] == margin[:-1]) | np.isnan(margin[1:]) & np.isnan(margin[:-1])
    last = np.flatnonzero(np.append(~alike, True)) if len(margin) else []
    kept = np.asarray(last, dtype=int) + 1
    right = right[kept - 1] if len(kept) else np.empty(0)
    low, high = wilson(right, kept)
    return pd.DataFrame(
        {
            "margin": margin[kept - 1],
            "kept": kept / max(len(table), 1),
            "accuracy": right / kept,
            "low": low,
            "high": high,
        }
    )


def accuracy_at(curve: pd.DataFrame, share: float) -> float:
    """Accuracy on the surest ``share`` of the images, or the least more that ties allow."""
    enough = curve[curve["kept"] >= share - 1e-12]
    return float(enough["accuracy"].iloc[0]) if len(enough) else float("nan")


def kept_at(curve: pd.DataFrame, accuracy: float) -> float:
    """The largest share of the images on which the accuracy is at least this; 0 for none."""
    good = curve[curve["accuracy"] >= accuracy]
    return float(good["kept"].max()) if len(good) else 0.0


def model_table(
    evaluations: dict[str, Evaluation], curves: dict[str, pd.DataFrame]
) -> pd.DataFrame:
    """One row a model, the best first: how often it is right, and where it is surest.

    ``low`` to ``high`` is the Wilson 95 % interval of ``accuracy``; ``surest half`` the accuracy
    on the half of the images with the largest margins; ``kept at 99 %`` the share of images one
    can keep with 99 of 100 right. ``curves`` holds `risk_coverage` of each.
    """
    rows = []
    for name, evaluation in evaluations.items():
        low, high = wilson(evaluation.n_right, evaluation.n_images)
        rows.append(
            {
                "model": name,
                "images": evaluation.n_images,
                "right": evaluation.n_right,
                "accuracy": evaluation.n_right / max(evaluation.n_images, 1),
                "low": float(low),
                "high": float(high),
                "surest half": accuracy_at(curves[name], 0.5),
                "kept at 99 %": kept_at(curves[name], 0.99),
            }
        )
    return pd.DataFrame(rows).sort_values("right", ascending=False, ignore_index=True)
