"""How right a model is where it is surest, against counting."""

import math

import pandas as pd
import pytest

from engine.evaluation.evaluation import evaluate
from engine.evaluation.risk_coverage import (
    accuracy_at,
    area_under_risk,
    kept_at,
    model_table,
    risk_coverage,
    risk_table,
)


def test_risk_coverage_is_the_accuracy_above_each_threshold(small_evaluation):
    table = small_evaluation.table
    curve = risk_coverage(table)
    assert curve["kept"].iloc[-1] == 1
    assert curve["accuracy"].iloc[-1] == small_evaluation.n_right / small_evaluation.n_images
    for row in curve.iloc[:: len(curve) // 7].itertuples():
        above = table[table["margin"] >= row.margin]
        assert row.accuracy == above["right"].mean() and row.kept == len(above) / len(table)


def test_equal_margins_are_kept_all_at_once():
    table = pd.DataFrame({"margin": [1.0, 1.0, 0.5, 0.5], "right": [True, False, True, True]})
    curve = risk_coverage(table)
    assert curve["kept"].tolist() == [0.5, 1] and curve["accuracy"].tolist() == [0.5, 0.75]
    assert accuracy_at(curve, 0.3) == 0.5 and accuracy_at(curve, 1) == 0.75
    assert kept_at(curve, 0.7) == 1 and kept_at(curve, 0.9) == 0
    assert risk_coverage(table[:0]).empty


def test_the_table_of_models_is_led_by_the_best(small, small_evaluation):
    evaluations = {"L1 mean": small_evaluation, "5 neighbours": evaluate(small, "5 neighbours")}
    table = model_table(evaluations)
    assert table["model"].tolist() == ["5 neighbours", "L1 mean"]
    assert table["right"].tolist() == [evaluations[n].n_right for n in table["model"]]


def by_counting(table: pd.DataFrame) -> float:
    """The area under the risk, an image at a time."""
    risks = [1 - table[table["margin"] >= margin]["right"].mean() for margin in table["margin"]]
    return sum(risks) / len(risks)


@pytest.mark.parametrize("model", ["L1 mean", "5 neighbours"])  # without ties, and with many
def test_the_area_under_the_risk_is_its_mean_over_the_images(small, model):
    table = evaluate(small, model).table
    assert area_under_risk(risk_coverage(table)) == pytest.approx(by_counting(table), abs=1e-12)


def test_the_area_of_a_model_without_margins_is_its_error_rate(small_evaluation):
    table = small_evaluation.table.assign(margin=float("nan"))
    assert area_under_risk(risk_coverage(table)) == pytest.approx(1 - table["right"].mean())
    assert math.isnan(area_under_risk(risk_coverage(table[:0])))


def test_the_table_of_risks_is_led_by_the_least(small, small_evaluation):
    evaluations = {"L1 mean": small_evaluation, "5 neighbours": evaluate(small, "5 neighbours")}
    curves = {name: risk_coverage(evaluation.table) for name, evaluation in evaluations.items()}
    table = risk_table(curves)
    assert table["model"].tolist() == ["5 neighbours", "L1 mean"]
    assert (table["surest half"] >= table["accuracy"]).all()
    assert table["accuracy"].iloc[1] == small_evaluation.n_right / small_evaluation.n_images
