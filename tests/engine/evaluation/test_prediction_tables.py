"""Predictions as people have them: the same answers, in whatever shape they come."""

import io

import numpy as np
import pandas as pd
import pytest
from scipy.special import log_softmax, softmax
from sklearn.metrics import accuracy_score

from engine.datasets.dataset import Dataset, Split
from engine.evaluation.external_predictions import read_predictions
from engine.runtime.errors import Refused


@pytest.fixture(scope="module")
def answers(small):
    """Right nine times in ten."""
    random = np.random.default_rng(0)
    other = random.integers(0, 10, len(small.testing))
    return np.where(random.random(len(other)) < 0.9, small.testing.labels, other)


def text(table, **options):
    return table.to_csv(index=False, **options).encode()


def npy(array):
    file = io.BytesIO()
    np.save(file, array)
    return file.getvalue()


def parquet(table):
    file = io.BytesIO()
    table.to_parquet(file, index=False)
    return file.getvalue()


def npz(**arrays):
    file = io.BytesIO()
    np.savez(file, **arrays)
    return file.getvalue()


def indexed(answers, **more):
    return pd.DataFrame({"index": range(len(answers)), "predicted": answers, **more})


def scores(answers):
    return 2.5 * np.eye(10)[answers] - 1


def score_table(answers):
    names = [f"score {n}" for n in range(10)]
    return indexed(answers).join(pd.DataFrame(scores(answers), columns=names))


SHAPES = {
    "kaggle": lambda a: text(pd.DataFrame({"ImageId": np.arange(len(a)) + 1, "Label": a})),
    "y_pred": lambda a: text(pd.DataFrame({"id": range(len(a)), "y_pred": a})),
    "from 1": lambda a: text(indexed(a).assign(index=np.arange(len(a)) + 1)),
    "a pandas index beside": lambda a: indexed(a).to_csv().encode(),
    "a pandas index alone": lambda a: indexed(a)[["predicted"]].to_csv().encode(),
    "scores alone": lambda a: text(pd.DataFrame(scores(a)).assign(index=range(len(a)))),
    "logits in npz": lambda a: npz(logits=scores(a)),
    "a column vector": lambda a: npz(index=np.arange(len(a)), predicted=a[:, None]),
    "npy": npy,
    "npy (n, 1)": lambda a: npy(a[:, None]),
    "npy of scores": lambda a: npy(scores(a)),
    "semicolons": lambda a: text(score_table(a), sep=";", decimal=","),
    "tabs in utf-16": lambda a: indexed(a).to_csv(index=False, sep="\t").encode("utf-16"),
    "tensors": lambda a: text(indexed([f"tensor({n})" for n in a])),
    "tensors of a device": lambda a: text(indexed([f"tensor({n}, device='cuda:0')" for n in a])),
    "confidence": lambda a: text(indexed(a, confidence=0.5)),
    "categories": lambda a: parquet(indexed(a).astype({"predicted": "category"})),
    "categories of text": lambda a: parquet(indexed(a.astype(str)).astype("category")),
    "points": lambda a: text(indexed(a.astype(float))),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_the_same_answers_come_out_of_every_usual_shape(small, answers, shape):
    read = read_predictions(SHAPES[shape](answers), small)
    assert (read.classes[read.places] == answers).all()
    assert read.warnings == ()


@pytest.mark.parametrize(
    "write", [lambda name: f"/root/a/{name}", lambda name: f"C:\\x\\{name}".replace("/", "\\"),
              lambda name: name.split("/")[-1]], ids=["path", "windows", "base name"]
)  # fmt: skip
def test_files_are_matched_by_the_end_of_their_paths(small, answers, write):
    table = pd.DataFrame({"file": map(write, small.testing.files.tolist()), "predicted": answers})
    read = read_predictions(text(table), small)
    assert (read.classes[read.places] == answers).all()
    assert read.done == ("599 files are matched by the end of their paths.",)


@pytest.fixture(scope="module")
def mixed(small):
    """The small digits with their test images in no order."""
    order = np.random.default_rng(1).permutation(len(small.testing))
    testing = small.testing
    split = Split(testing.images[order], testing.labels[order], testing.files[order])
    return Dataset("mixed", small.training, split)


def test_true_classes_beside_the_answers_must_be_those_of_the_images(mixed):
    labels = mixed.testing.labels
    assert read_predictions(text(indexed(labels, true=labels)), mixed).done
    by_class = np.sort(labels)
    with pytest.raises(Refused) as caught:
        read_predictions(text(indexed(by_class, y_true=by_class)), mixed)
    n_wrong = (by_class != labels).sum()
    assert str(caught.value).startswith(f"{n_wrong} of 599 true classes")
    assert "They agree in the order of the classes." in str(caught.value)
    assert caught.value.lines[0].startswith(f"image {np.flatnonzero(by_class != labels)[0]}: ")


def test_answers_that_are_better_in_another_order_or_no_better_than_chance_say_so(mixed):
    by_class = np.sort(mixed.testing.labels)
    share = accuracy_score(mixed.testing.labels, by_class)
    chance, other = read_predictions(text(indexed(by_class)), mixed).warnings
    assert share < 0.15 and "guessing" in chance
    assert "in the order of the classes, 100\u00a0% are right" in other
    assert read_predictions(text(indexed(mixed.testing.labels)), mixed).warnings == ()


def test_percentages_are_read_as_probabilities(small, answers):
    shares = np.round(100 * softmax(5 * scores(answers), axis=1), 2)
    names = [f"score {n}" for n in range(10)]
    table = indexed(answers).join(pd.DataFrame(shares, columns=names))
    read = read_predictions(text(table), small)
    assert "percentages" in read.done[-1] and read.unit == "1 − probability"
    assert np.allclose(read.distances(), 1 - shares / 100)


def test_losses_in_the_place_of_scores_are_recognised(small, answers):
    losses = -log_softmax(scores(answers), axis=1)
    table = indexed(answers).join(pd.DataFrame(losses, columns=[f"score {n}" for n in range(10)]))
    with pytest.raises(Refused, match="as with losses or distances"):
        read_predictions(text(table), small)
    other = indexed((answers + 1) % 10).join(score_table(answers).iloc[:, 2:])
    with pytest.raises(Refused, match="contradicting") as caught:
        read_predictions(text(other), small)
    assert "losses" not in str(caught.value)
