"""Every model of the table against a judge, and what is kept of the slow ones."""

import warnings

import numpy as np
import pytest
from sklearn import linear_model
from sklearn.exceptions import ConvergenceWarning
from sklearn.neighbors import KNeighborsClassifier

from engine.evaluation import saved_models
from engine.evaluation.evaluation import evaluate, n_right
from engine.evaluation.saved_models import load_or_fit
from engine.models import nearest_neighbors
from engine.models.logistic_regression import LogisticRegression
from engine.models.nearest_neighbors import NearestNeighbors
from engine.models.registry import MODELS

SLOW = [name for name, model in MODELS.items() if model.slow]


def flat(split):
    return split.images.reshape(len(split), -1)


@pytest.mark.slow
def test_logistic_regression_is_scikit_learns(small):
    training, testing = small.training, small.testing
    judge = linear_model.LogisticRegression(max_iter=5000, tol=1e-8)
    judge.fit(flat(training) / 255, training.labels)
    model = LogisticRegression(max_iter=1000).fit(training.images, training.labels)
    wanted = judge.predict_proba(flat(testing) / 255)
    assert np.abs(model.predict_proba(testing.images) - wanted).max() < 0.03  # a looser stop
    assert model.predict(testing.images).tolist() == judge.predict(flat(testing) / 255).tolist()


@pytest.mark.slow
def test_logistic_regression_runs_once_and_says_whether_it_converged(small):
    X, y = flat(small.training), small.training.labels
    for max_iter, converged in ((5, False), (1000, True)):
        judge = linear_model.LogisticRegression(max_iter=max_iter)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            judge.fit((X / 255).astype(np.float32), y)
        model = LogisticRegression(max_iter=max_iter).fit(X, y)
        assert np.array_equal(model.coef_, judge.coef_)
        assert model.converged_ == converged and model.n_iter_ == judge.n_iter_


def test_logistic_regression_on_two_classes_has_a_row_of_weights_each(small):
    training = small.training
    two = training.labels < 2
    model = LogisticRegression().fit(training.images[two], training.labels[two])
    judge = linear_model.LogisticRegression().fit(flat(training)[two] / 255, training.labels[two])
    assert model.coef_.shape == (2, 64)
    wanted = judge.predict_proba(flat(training)[two] / 255)
    assert np.abs(model.predict_proba(training.images[two]) - wanted).max() < 0.01


@pytest.mark.parametrize("block", [100, 4096])
def test_nearest_neighbours_are_scikit_learns_whatever_the_block(monkeypatch, block):
    monkeypatch.setattr(nearest_neighbors, "BLOCK", block)
    random = np.random.default_rng(0)
    images, labels = random.integers(0, 256, (500, 9, 9), dtype=np.uint8), np.arange(500) % 7
    asked = random.integers(0, 256, (60, 9, 9), dtype=np.uint8)
    asked[0] = images[17]  # an equal image outvotes all others
    judge = KNeighborsClassifier(5, weights="distance", algorithm="brute")
    judge.fit(images.reshape(500, -1).astype(float), labels)
    model = NearestNeighbors().fit(images, labels)
    wanted = judge.predict_proba(asked.reshape(60, -1).astype(float))
    assert np.allclose(model.predict_proba(asked), wanted, atol=1e-12)
    assert model.predict(asked).tolist() == judge.predict(asked.reshape(60, -1)).tolist()
    assert model.predict_proba(asked)[0].tolist() == np.eye(7)[17 % 7].tolist()
    _, nearest = model.distances_and_nearest(asked)
    assert np.allclose(nearest, judge.kneighbors(asked.reshape(60, -1).astype(float))[0][:, 0])


def test_fewer_images_than_neighbours_all_vote(toy):
    model = NearestNeighbors().fit(toy.training.images, toy.training.labels)
    assert model.predict(toy.testing.images).tolist() == [0, 0]
    assert model.predict_proba(toy.testing.images[:0]).shape == (0, 2)


@pytest.mark.parametrize("name", list(MODELS))
def test_every_model_beats_guessing_and_its_smallest_distance_is_its_answer(small, name):
    evaluation = evaluate(small, name)
    assert evaluation.n_right > 0.8 * evaluation.n_images
    assert evaluation.classifier.predict(small.testing.images).tolist() == list(
        evaluation.table["predicted"]
    )
    assert (evaluation.table["margin"] >= 0).all()
    assert evaluation.explains == hasattr(evaluation.classifier, "templates_")


@pytest.mark.parametrize("name", SLOW)
def test_a_slow_model_is_fitted_once_and_then_read(small, name, tmp_path, monkeypatch):
    reports = []
    first = load_or_fit(small, name, lambda *report: reports.append(report), tmp_path)
    assert reports and all(0 <= done <= total for _, done, total in reports)
    monkeypatch.setattr(saved_models, "evaluate", None)  # would fail if it were fitted again
    second = load_or_fit(small, name, home=tmp_path)
    assert second.table.equals(first.table)
    images = small.testing.images[:20]
    again = second.classifier.distances(images)
    assert np.array_equal(again, first.classifier.distances(images))


@pytest.mark.slow
@pytest.mark.parametrize("damage", [b"", b"PK\3\4 garbage", None])
def test_a_damaged_file_of_a_fitted_model_is_made_again(small, tmp_path, damage):
    first = load_or_fit(small, "Logistic", home=tmp_path)
    (path,) = (tmp_path / "models").glob("*.npz")
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2] if damage is None else damage)
    assert load_or_fit(small, "Logistic", home=tmp_path).table.equals(first.table)
    assert path.stat().st_size == len(whole)


@pytest.mark.slow
def test_a_fitted_model_with_a_pickle_inside_runs_no_code_and_is_made_again(small, tmp_path):
    load_or_fit(small, "Logistic", home=tmp_path)
    (path,) = (tmp_path / "models").glob("*.npz")
    np.savez(path, distance=np.array([object()]), coef_=np.zeros(1), intercept_=np.zeros(1))
    assert load_or_fit(small, "Logistic", home=tmp_path).n_right > 0


def test_a_store_that_cannot_be_written_costs_nothing_but_time(small, tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    assert load_or_fit(small, "Logistic", home=blocked).n_right > 0


@pytest.mark.slow
@pytest.mark.parametrize(("name", "right"), [("Logistic", 9255), ("5 neighbours", 9691)])
def test_the_slow_models_on_mnist(mnist, mnist_store, name, right):
    """scikit-learn's KNeighborsClassifier(5, weights="distance") is right 9,691 times as well."""
    found = load_or_fit(mnist, name, home=mnist_store).n_right
    assert abs(found - right) <= (15 if name == "Logistic" else 0)


def test_the_number_right_alone_is_that_of_the_whole_evaluation(small):
    quick = [name for name, model in MODELS.items() if not model.slow]
    assert {name: n_right(small, name) for name in quick} == {
        name: evaluate(small, name).n_right for name in quick
    }
