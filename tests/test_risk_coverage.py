"""How right a model is where it is surest, against counting."""

import pandas as pd

from engine.risk_coverage import accuracy_at, kept_at, model_table, risk_coverage
from engine.study import make_study


def test_risk_coverage_is_the_accuracy_above_each_threshold(small_study):
    table = small_study.table
    curve = risk_coverage(table)
    assert curve["kept"].iloc[-1] == 1
    assert curve["accuracy"].iloc[-1] == small_study.n_right / small_study.n_images
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


def test_the_table_of_models_is_led_by_the_best(small, small_study):
    studies = {"L1 mean": small_study, "5 neighbours": make_study(small, "5 neighbours")}
    curves = {name: risk_coverage(study.table) for name, study in studies.items()}
    table = model_table(studies, curves)
    assert table["model"].tolist() == ["5 neighbours", "L1 mean"]
    assert (table["surest half"] >= table["accuracy"]).all()
