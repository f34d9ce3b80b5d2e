"""A model in an ONNX file answers as its own framework does, in the form that is found for it."""

import time

import numpy as np
import pytest
from scipy.stats import binomtest

from engine.datasets.dataset import Dataset
from engine.evaluation.evaluation import evaluate
from engine.models.logistic_regression import LogisticRegression
from engine.own_models.classifier import OnnxClassifier
from engine.own_models.named import open_model
from engine.runtime.errors import Refused

pytest.importorskip("onnxruntime")
pytest.importorskip("onnx")
from tests.support import onnx_files


def as_sklearn(ours: LogisticRegression):
    """scikit-learn's own estimator with what ours has learned."""
    from sklearn import linear_model

    estimator = linear_model.LogisticRegression()
    estimator.classes_, estimator.n_features_in_ = ours.classes_, ours.n_features_in_
    estimator.coef_, estimator.intercept_ = ours.coef_, ours.intercept_
    return estimator


def converted(data: Dataset) -> tuple[LogisticRegression, bytes]:
    """The app's logistic regression, and the same through skl2onnx."""
    skl2onnx = pytest.importorskip("skl2onnx")
    ours = LogisticRegression().fit(data.training.images, data.training.labels)
    row = np.zeros((1, ours.n_features_in_), np.float32)
    return ours, skl2onnx.to_onnx(as_sklearn(ours), row).SerializeToString()


@pytest.fixture(scope="module")
def logistic(small) -> tuple[LogisticRegression, bytes]:
    return converted(small)


def test_logistic_regression_gives_the_same_answer_to_every_image(small, logistic):
    ours, content = logistic
    with OnnxClassifier(content) as model:
        model.fit(small.training.images, small.training.labels)
        images = small.testing.images
        assert (model.predict(images) == as_sklearn(ours).predict(_flat(images))).all()
        assert model.distances(images) == pytest.approx(ours.distances(images), abs=1e-5)
        assert model.words(model.chosen.form) == "64, 0 to 1, output 2"
        assert model.score(images, small.testing.labels) == ours.score(images, small.testing.labels)


@pytest.mark.long
def test_logistic_regression_gives_the_same_10000_answers_on_mnist(mnist):
    ours, content = converted(mnist)
    with OnnxClassifier(content) as model:
        model.fit(mnist.training.images, mnist.training.labels)
        assert (model.predict(mnist.testing.images) == ours.predict(mnist.testing.images)).all()


def _flat(images: np.ndarray) -> np.ndarray:
    return images.reshape(len(images), -1).astype(np.float32) / 255


@pytest.mark.parametrize(
    ("words", "paper", "ink"),
    [
        ("0 to 1", 0, 1),
        ("0 to 255", 0, 255),
        ("normalised by MNIST's mean and deviation", -0.1307 / 0.3081, 0.8693 / 0.3081),
        ("1 to 0, ink dark", 1, 0),
    ],
)
def test_a_network_equals_torch_to_the_last_image_in_the_form_it_learned(small, words, paper, ink):
    import torch

    def tensor(images):
        return torch.tensor(images[:, None] / 255.0 * (ink - paper) + paper, dtype=torch.float32)

    network = _trained(tensor(small.training.images), torch.tensor(small.training.labels))
    with OnnxClassifier(onnx_files.exported(network, (8, 8))) as model:
        model.fit(small.training.images, small.training.labels)
        with torch.no_grad():
            logits = network(tensor(small.testing.images))
        assert model.words(model.chosen.form) == f"1 × 8 × 8, {words}"
        assert (model.predict(small.testing.images) == logits.argmax(1).numpy()).all()
        probability = logits.double().softmax(1).numpy()
        assert 1 - model.distances(small.testing.images) == pytest.approx(probability, abs=1e-5)


def _trained(images, labels):
    """A small network of convolutions, right on most of the images."""
    import torch

    torch.manual_seed(0)
    layers = torch.nn.Conv2d(1, 8, 3), torch.nn.ReLU(), torch.nn.Flatten(), torch.nn.Linear(288, 10)
    network = torch.nn.Sequential(*layers)
    optimizer = torch.optim.Adam(network.parameters(), 0.01)
    for _ in range(60):
        optimizer.zero_grad()
        torch.nn.functional.cross_entropy(network(images), labels).backward()
        optimizer.step()
    return network.eval()


@pytest.mark.parametrize(
    ("batch", "shape"),
    [("n", [1, 8, 8]), (7, [8, 8]), (1, [64]), (None, [8, 8, 1]), (599, [None, None])],
)
def test_every_layout_and_size_of_batch_gives_the_same_answers(small, batch, shape):
    matrix = np.random.default_rng(1).normal(size=(64, 10))
    images = small.testing.images
    content = onnx_files.linear(matrix, ("x", 1, [batch, *shape]), ["m", 10])
    with OnnxClassifier(content, "0 to 1") as model:
        model.fit(small.training.images, small.training.labels)
        expected = (_flat(images) @ matrix.astype(np.float32)).argmax(1)
        assert (model.predict(images) == expected).all()
        assert "much better than by chance" in model.warnings[0]


@pytest.mark.parametrize(("bias", "in_doubt"), [(0.2, True), (9.0, False)])
def test_a_form_in_doubt_is_said_as_the_binomial_test_has_it(small, bias, in_doubt):
    """Templates with a bias for the odd digits: a small one leaves open how dark the ink is."""
    train, shift = small.training, np.array([0.0, bias] * 5, np.float32)
    means = np.stack([train.images[train.labels == d].mean(0).ravel() for d in range(10)]) / 255
    nodes = [onnx_files.node("MatMul", ["x", "W"], "m"), onnx_files.node("Add", ["m", "b"], "y")]
    tensors = {"W": means.T.astype(np.float32), "b": shift}
    content = onnx_files.file(nodes, [onnx_files.weights(n, v) for n, v in tensors.items()])
    with OnnxClassifier(content) as model:
        model.fit(train.images, train.labels)
        best, other = (trial.right for trial in model.trials_[:2])
        ahead, behind = (best & ~other).sum(), (other & ~best).sum()
        assert (binomtest(ahead, ahead + behind).pvalue > 0.05) == in_doubt
        assert ["within chance" in said for said in model.warnings] == [True] * in_doubt


def test_a_model_that_gives_labels_only_has_no_scores(small, logistic):
    with OnnxClassifier(logistic[1], "0 to 1, output 1") as model:
        model.fit(small.training.images, small.training.labels)
        answers = model.predict(small.testing.images)
        assert (answers == logistic[0].predict(small.testing.images)).all()
        assert not model.has_scores and model.unit == "0 for the answer, 1 for all others"
        assert set(np.unique(model.distances(small.testing.images))) == {0.0, 1.0}


def test_columns_that_the_model_names_are_matched_by_their_names(small, logistic):
    """Its classes as texts, so that "10" stands before "2" where they are sorted by the model."""
    skl2onnx = pytest.importorskip("skl2onnx")
    from sklearn.linear_model import LogisticRegression as Sklearn

    labels = small.training.labels + 5  # 5 … 14
    estimator = Sklearn().fit(_flat(small.training.images), labels.astype(str))
    assert estimator.classes_.tolist()[:2] == ["10", "11"]
    content = skl2onnx.to_onnx(estimator, np.zeros((1, 64), np.float32)).SerializeToString()
    with OnnxClassifier(content) as model:
        model.fit(small.training.images, labels)
        expected = estimator.predict(_flat(small.testing.images)).astype(int)
        assert (model.predict(small.testing.images) == expected).all()


def test_it_is_judged_like_any_model_and_says_how_it_is_read(small, logistic, tmp_path):
    (tmp_path / "mine.onnx").write_bytes(logistic[1])
    evaluation = evaluate(small, open_model(str(tmp_path / "mine.onnx")))
    assert evaluation.n_right == evaluate(small, "Logistic").n_right
    assert evaluation.model.label == "Model mine" and evaluation.answers_others
    said = " ".join(evaluation.classifier.done)
    right = logistic[0].score(small.training.images, small.training.labels) * 1198
    assert f"64, 0 to 1, output 2: {right:,.0f} of 1,198 training images right" in said
    assert "The next best is 64, " in said and "read as probabilities" in said
    evaluation.classifier.close()


def test_one_edited_pixel_is_answered_within_a_tenth_of_a_second(small, logistic):
    with OnnxClassifier(logistic[1]) as model:
        model.fit(small.training.images, small.training.labels)
        taken = []
        for _ in range(5):
            began = time.monotonic()
            model.distances(small.testing.images[:1])
            taken.append(time.monotonic() - began)
        assert min(taken) < 0.1


def test_no_image_at_all_has_no_answer(small, logistic):
    with OnnxClassifier(logistic[1]) as model:
        model.fit(small.training.images, small.training.labels)
        assert model.distances(small.testing.images[:0]).shape == (0, 10)


def test_words_that_fit_no_form_are_answered_by_those_that_do(small, logistic):
    said = r"'0 to 7'; wanted one of 64, 0 to 1, output 1; 64"
    with OnnxClassifier(logistic[1], "0 to 7") as model, pytest.raises(Refused, match=said):
        model.fit(small.training.images, small.training.labels)
