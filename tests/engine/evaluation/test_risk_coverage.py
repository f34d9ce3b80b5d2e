"""How right a model is where it is surest, against counting."""

import pandas as pd

from engine.evaluation.evaluation import evaluate
from engine.evaluation.risk_coverage import accuracy_at, kept_at, model_table, risk_coverage


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
    curves = {name: risk_coverage(evaluation.table) for name, evaluation in evaluations.items()}
    table = model_table(evaluations, curves)
    assert table["model"].tolist() == ["5 neighbours", "L1 mean"]
    assert (table["surest half"] >= table["accuracy"]).all()
