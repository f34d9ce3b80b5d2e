"""Predictions and pictures as people really have them: right, or refused with the reason.

The expected values are those of whoever made the cases: 568 of 599 (scikit-learn's digits), 9,774
of 10,000 and 388 of 400 (MNIST) are right.
"""

import numpy as np
import pytest

from engine.evaluation.external_predictions import evaluate_predictions, read_predictions
from engine.importers.load import read_uploads
from engine.inference.classify import classify
from engine.preprocessing.decode import decode
from engine.runtime.errors import Refused
from tests.support.cases import case

EMBEDDED = [
    *("P02", "P03", "P04", "P05", "P10", "P11", "P13", "P14", "P17", "P18", "P21"),
]
MNIST = [("P01", 9774, 10000), ("P07", 388, 400), ("P09", 388, 400)]
REFUSED = {
    "P19": "599 predictions are wrong",
    "P22": "as with losses or distances",
    "P23": "wanted 'index' or 'file'",
    "P25": "The file is JSON",
    "P27": "more than 599 rows",
}
PICTURES = [
    *("K02_2", "K03_5", "K04_7", "K05_3", "K06_6", "K07_3", "K10_2", "K11_5"),
    *("K12_0", "K13_8", "K16_3", "K21_3", "K24_5", "K27_5"),
]
DATA = {  # training and test images, classes
    **dict.fromkeys(("D01", "D02", "D04", "D05", "D06", "D08", "D11", "D20"), (40, 20, 10)),
    **dict.fromkeys(("D21", "D29", "D29c", "D32", "D38", "D39", "D58"), (40, 20, 10)),
    **dict.fromkeys(("D12", "D16", "D17", "D22", "D23", "D36"), (30, 10, 10)),
    **dict.fromkeys(("D15", "D42", "D48", "D48b", "D52", "D56"), (30, 10, 10)),
    **dict.fromkeys(("D10", "D47"), (96, 24, 10)),
    **dict.fromkeys(("D30", "D50"), (48, 12, 10)),
    **dict.fromkeys(("D44", "D45"), (15, 5, 5)),
    "D13": (60, 60, 10),
    "D27": (48, 12, 12),
}
NOT_READ = {
    "D19": "The class '0' has 1 image",  # ten images only
    "D33": "The class '0' has 2 images",  # twenty images only
    "D35": "MATLAB",
    "D51": "has no labels",
    "D60": "another archive in it",
}


def judged(name, dataset):
    content = case(name).read_bytes()
    return evaluate_predictions(dataset, read_predictions(content, dataset), name)


@pytest.mark.parametrize("name", EMBEDDED)
def test_predictions_of_the_embedded_digits_are_right_in_every_shape(small, name):
    found = judged(name, small)
    assert (found.n_right, found.n_images) == (568, 599)


@pytest.mark.parametrize(("name", "right", "images"), MNIST)
def test_predictions_of_mnist_are_right_by_index_and_by_name(mnist, name, right, images):
    found = judged(name, mnist)
    assert (found.n_right, found.n_images) == (right, images)


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_prediction_is_refused_with_the_reason(small, name):
    with pytest.raises(Refused) as caught:
        judged(name, small)
    assert REFUSED[name] in str(caught.value)


@pytest.mark.parametrize("name", PICTURES)
def test_a_photographed_digit_is_right(mnist_evaluation, name):
    number, digit = name.split("_")
    found = classify(decode(case(number).read_bytes()), mnist_evaluation)
    assert not found.rejection and found.prediction.digit == int(digit)


def test_a_picture_in_an_axis_is_refused_and_not_answered_wrongly(mnist_evaluation):
    assert classify(decode(case("K22").read_bytes()), mnist_evaluation).rejection


def files(name):
    path = case(name)
    every = sorted(path.iterdir()) if path.is_dir() else [path]
    return [(one.name, one.read_bytes()) for one in every]


@pytest.mark.parametrize("name", DATA)
def test_data_are_taken_with_all_their_images(name):
    dataset = read_uploads(files(name), "d")
    found = len(dataset.training), len(dataset.testing), len(np.unique(dataset.training.labels))
    assert found == DATA[name]


@pytest.mark.parametrize("name", NOT_READ)
def test_data_that_are_not_read_are_named(name):
    with pytest.raises(Refused) as caught:
        read_uploads(files(name), "d")
    assert NOT_READ[name] in str(caught.value)
