"""Decisions on labels: their table, what comes back of it, and the data and figures after them."""

import io
import json

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import accuracy_score, confusion_matrix

from engine.__main__ import main
from engine.datasets.dataset import Dataset, Split
from engine.evaluation.evaluation import evaluate
from engine.importers.load import read_path
from engine.label_review import corrected_files
from engine.label_review.decisions import (
    Decision,
    Place,
    Verdict,
    corrections_csv,
    read_corrections,
)
from engine.label_review.reviewed import evaluate_reviewed, fault, rejudged, reviewed
from engine.runtime.errors import Refused

DECISIONS = {
    Place("test", 3): Decision(Verdict.CHANGE, "7", "=looks like it", "2026-01-02T03:04:05Z"),
    Place("test", 10): Decision(Verdict.KEEP),
    Place("test", 200): Decision(Verdict.NONE, why="a blot"),
    Place("test", 201): Decision(Verdict.SEVERAL),
    Place("training", 0): Decision(Verdict.CHANGE, "4"),
    Place("training", 1): Decision(Verdict.LATER),
}


def edited(dataset, change) -> bytes:
    table = pd.read_csv(io.BytesIO(corrections_csv(DECISIONS, dataset)), dtype=str)
    return change(table.fillna("")).to_csv(index=False).encode()


def test_the_table_comes_back_as_it_left(small):
    assert read_corrections(corrections_csv(DECISIONS, small), small) == DECISIONS


def test_no_spreadsheet_takes_a_reason_for_a_formula(small):
    table = pd.read_csv(io.BytesIO(corrections_csv(DECISIONS, small)))
    assert "'=looks like it" in table["why"].tolist()


def test_index_given_and_new_are_enough(small):
    given = small.testing.labels[3]
    content = f"index,given,new\n3,{given},7\n".encode()
    assert read_corrections(content, small) == {Place("test", 3): Decision(Verdict.CHANGE, "7")}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda t: t.assign(index="600000"), "the index is '600000'; wanted 0 to 598"),
        (lambda t: t.assign(index="-1"), "the index is '-1'"),
        (lambda t: t.assign(split="both"), "the split is 'both'; wanted training or test"),
        (lambda t: t.assign(decision="maybe"), "the decision is 'maybe'; wanted keep, change"),
        (lambda t: t.assign(decision="change", new="x"), "the new label is 'x'; wanted one of 0"),
        (lambda t: t.assign(file="elsewhere.png"), "the file is 'elsewhere.png'; here it is"),
        (lambda t: pd.concat([t, t]), "this image comes twice"),
        (lambda t: t.drop(columns="given"), "wanted data, split, index"),
    ],
)
def test_a_table_of_other_data_is_refused_with_what_was_found(small, change, said):
    with pytest.raises(Refused) as refusal:
        read_corrections(edited(small, change), small)
    assert said in str(refusal.value)


def test_a_table_in_another_order_is_refused_by_the_given_labels(small):
    turned = [
        Split(s.images[::-1].copy(), s.labels[::-1].copy(), s.files)
        for s in (small.training, small.testing)
    ]
    with pytest.raises(Refused, match=r"rows do not fit these data.*the given label is"):
        read_corrections(corrections_csv(DECISIONS, small), Dataset("turned", *turned))


def test_labels_are_changed_and_images_set_aside_and_nothing_else(small):
    now = reviewed(small, DECISIONS)
    assert len(now.training) == len(small.training)
    assert len(now.testing) == len(small.testing) - 2
    assert (now.testing.labels[3], now.training.labels[0]) == (7, 4)
    same = np.delete(np.arange(len(small.testing)), [3, 200, 201])
    moved = same - (same > 200) - (same > 201)
    assert (now.testing.labels[moved] == small.testing.labels[same]).all()
    assert (now.testing.images[moved] == small.testing.images[same]).all()
    assert now.done[-1] == "As reviewed: 2 labels are changed and 2 images set aside."


def test_the_data_as_given_are_untouched(small):
    before = small.testing.labels.copy(), small.training.labels.copy()
    reviewed(small, DECISIONS)
    assert (small.testing.labels == before[0]).all() and (small.training.labels == before[1]).all()


def test_a_class_that_would_lose_its_last_training_image_is_named(small):
    ones = np.flatnonzero(small.training.labels == 1)
    gone = {Place("training", int(index)): Decision(Verdict.NONE) for index in ones}
    with pytest.raises(Refused, match="No training image would be '1' any more"):
        reviewed(small, gone)


def test_no_test_image_left_is_said(small):
    gone = {Place("test", index): Decision(Verdict.SEVERAL) for index in range(len(small.testing))}
    with pytest.raises(Refused, match="No test image would be left"):
        reviewed(small, gone)
    assert fault(small, dict(list(gone.items())[1:])) == ""


@pytest.mark.slow
@pytest.mark.parametrize("model", ["L1 mean", "Logistic"])
def test_the_same_answers_are_judged_by_the_labels_as_decided(small, model):
    given = evaluate(small, model)
    now = rejudged(given, DECISIONS)
    keep = np.delete(np.arange(len(small.testing)), [200, 201])
    labels = small.testing.labels.copy()
    labels[3] = 7
    answers = given.table["predicted"].to_numpy()
    assert now.table["index"].tolist() == keep.tolist()
    assert now.n_right / now.n_images == accuracy_score(labels[keep], answers[keep])
    assert (now.counts == confusion_matrix(labels[keep], answers[keep])).all()
    assert (now.table["predicted"].to_numpy() == answers[keep]).all()


def test_without_decisions_every_figure_stays(small_evaluation):
    now = rejudged(small_evaluation, {})
    pd.testing.assert_frame_equal(now.table, small_evaluation.table)


def test_a_new_fit_learns_from_the_training_labels_as_decided(small):
    now = evaluate_reviewed(small, "L1 mean", DECISIONS)
    flat = small.training.images.reshape(len(small.training), -1)
    labels = small.training.labels.copy()
    labels[0] = 4
    wanted = flat[labels == 4].mean(axis=0) / 255
    assert np.allclose(now.templates[4].ravel(), wanted)
    assert now.table["index"].max() == len(small.testing) - 1


@pytest.mark.parametrize("form", corrected_files.FORMATS)
def test_the_corrected_data_are_read_back_as_they_are(small, tmp_path, form):
    now = reviewed(small, DECISIONS)
    file = tmp_path / f"corrected{corrected_files.ENDINGS[form]}"
    file.write_bytes(corrected_files.as_file(now, form))
    back = read_path(file)
    for one, other in ((back.training, now.training), (back.testing, now.testing)):
        assert np.array_equal(one.images, other.images)
        assert one.labels.tolist() == other.labels.tolist()


def test_idx_refuses_classes_that_are_names(small):
    names = [np.array([f"c{label}" for label in s.labels]) for s in (small.training, small.testing)]
    named = Dataset(
        "named",
        Split(small.training.images, names[0], small.training.files),
        Split(small.testing.images, names[1], small.testing.files),
    )
    with pytest.raises(Refused, match="these are c0, c1"):
        corrected_files.as_file(named, corrected_files.IDX)


def test_the_command_says_both_and_writes_the_corrected_data(small, tmp_path, capsys):
    file = tmp_path / "corrections.csv"
    file.write_bytes(corrections_csv(DECISIONS, small))
    given = ["embedded", "--corrections", str(file), "--out", str(tmp_path)]
    assert main([*given, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    was, now = evaluate(small, "L1 mean"), evaluate_reviewed(small, "L1 mean", DECISIONS)
    assert found["as_given"] == {"right": was.n_right, "images": was.n_images}
    assert (found["right"], found["images"]) == (now.n_right, now.n_images)
    arrays = np.load(tmp_path / "corrected.npz")
    assert arrays["y_test"].tolist() == reviewed(small, DECISIONS).testing.labels.tolist()
    assert main([*given, "--compare", "L2 mean"]) == 0
    said = capsys.readouterr().out
    assert "These are the labels as reviewed: 2 changed, 2 images set aside." in said


def test_the_command_refuses_corrections_of_other_data_in_a_sentence(tmp_path, capsys):
    file = tmp_path / "corrections.csv"
    file.write_text("index,given,new\n3,9,7\n")
    assert main(["embedded", "--corrections", str(file)]) == 1
    assert "1 row does not fit these data, so none is taken" in capsys.readouterr().err
