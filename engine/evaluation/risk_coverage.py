"""How right a model is on the images it is surest of, and models side by side by that."""

import numpy as np
import pandas as pd

from engine.evaluation.evaluation import Evaluation
from engine.evaluation.metrics import wilson

MODEL_SHARES = ("accuracy", "low", "high")
RISK_SHARES = ("AURC", "accuracy", "surest half", "kept at 99 %")


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


def area_under_risk(curve: pd.DataFrame) -> float:
    """AURC: the error rate on the images kept, averaged over every image as the last one kept.

    Images with equal margins are kept all at once, so that each of them counts the same rate; a
    model without margins has its error rate. nan without images.
    Source: Y. Geifman, G. Uziel and R. El-Yaniv, "Bias-reduced uncertainty estimation for deep
    neural classifiers", ICLR (2019).
    """
    if curve.empty:
        return float("nan")
    return float(np.diff(curve["kept"], prepend=0) @ (1 - curve["accuracy"]))


def risk_table(curves: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """One row a model, the least area first: where it is surest. ``curves`` are `risk_coverage`.

    ``AURC`` is `area_under_risk`, ``accuracy`` that on all images; ``surest half`` the accuracy on
    the half of the images with the largest margins; ``kept at 99 %`` the share of images one can
    keep with 99 of 100 right.
    """
    rows = [
        {
            "model": name,
            "AURC": area_under_risk(curve),
            "accuracy": accuracy_at(curve, 1),
            "surest half": accuracy_at(curve, 0.5),
            "kept at 99 %": kept_at(curve, 0.99),
        }
        for name, curve in curves.items()
    ]
    return pd.DataFrame(rows).sort_values("AURC", kind="stable", ignore_index=True)


def model_table(evaluations: dict[str, Evaluation]) -> pd.DataFrame:
    """One row a model, the best first: how often it is right.

    ``low`` to ``high`` is the Wilson 95 % interval of ``accuracy``.
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
            }
        )
    return pd.DataFrame(rows).sort_values("right", ascending=False, ignore_index=True)
