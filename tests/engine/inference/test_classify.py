"""From a picture to its answer, or to the reason why there is none; also by the command line."""

import numpy as np
import pytest
from PIL import Image
from sklearn.metrics import pairwise_distances_argmin

from engine.__main__ import main
from engine.inference.classify import classify, classify_own, reference
from engine.inference.rejection import REASONS
from engine.preprocessing.ink_checks import Rejection
from engine.preprocessing.strokes import Stroke, draw

LINE = Stroke(((0.5, 0.1), (0.5, 0.9)))
TWO = tuple(Stroke(((x, 0.1), (x, 0.9))) for x in (0.2, 0.8))
PICTURES = {
    "one.png": draw((LINE,)),
    "two.png": draw(TWO),
    "blank.png": np.full((50, 50), 255, np.uint8),
}


@pytest.fixture
def files(tmp_path):
    for name, picture in PICTURES.items():
        Image.fromarray(picture).save(tmp_path / name)
    return tmp_path


def test_a_picture_is_prepared_and_answered_as_scikit_learn_answers_it(small_evaluation):
    split = small_evaluation.dataset.training
    result = classify(PICTURES["one.png"], small_evaluation, strokes=(LINE,))
    flat, prepared = split.images.reshape(len(split), -1), result.prepared.image
    means = np.stack([flat[split.labels == digit].mean(axis=0) for digit in range(10)])
    assert prepared.shape == small_evaluation.dataset.size
    (theirs,) = pairwise_distances_argmin(prepared.reshape(1, -1), means, metric="manhattan")
    assert result.prediction.digit == theirs
    assert (result.rejection, result.reason) == (None, "")


@pytest.mark.parametrize(
    ("name", "rejection"), [("two.png", Rejection.SEVERAL), ("blank.png", Rejection.BLANK)]
)
def test_what_is_not_one_digit_is_rejected_and_the_reason_said(small_evaluation, name, rejection):
    result = classify(PICTURES[name], small_evaluation)
    assert result.rejection is rejection and result.reason == REASONS[rejection]


@pytest.mark.parametrize(
    ("points", "rejection"),
    [
        ([(0.1 + 0.8 * (k % 2), 0.1 + 0.8 * k / 16) for k in range(17)], Rejection.FAR),
        ([(0.1, 0.1), (0.3, 0.9), (0.5, 0.3), (0.7, 0.9), (0.9, 0.1)], Rejection.UNFAMILIAR),
    ],
)
def test_a_scribble_and_a_letter_are_rejected(mnist_evaluation, points, rejection):
    strokes = (Stroke(tuple(points)),)
    result = classify(draw(strokes), mnist_evaluation, strokes=strokes)
    assert result.rejection is rejection
    assert result.reason.startswith("This does not look like a digit: ")


def test_the_same_is_said_whether_the_dataset_was_measured_before_or_not(small_evaluation):
    measures = reference(small_evaluation.dataset)
    for picture in PICTURES.values():
        given, own = (classify(picture, small_evaluation, known) for known in (measures, None))
        assert given.rejection is own.rejection
        assert np.array_equal(given.prepared.image, own.prepared.image)


def test_an_image_of_the_dataset_is_left_as_it_is_and_never_rejected(small_evaluation):
    for index in (0, 77, 400):
        image = small_evaluation.dataset.testing.images[index]
        result = classify_own(image, small_evaluation)
        assert result.prepared.image is image and result.rejection is None
        assert result.prediction.digit == small_evaluation.table["predicted"][index]


def test_the_command_prints_answer_runner_up_and_margin_or_the_reason(
    files, capsys, small_evaluation
):
    names = [str(files / name) for name in PICTURES]
    assert main(["classify", *names, "--data", "embedded"]) == 0
    one, two, blank = capsys.readouterr().out.splitlines()
    found = classify(PICTURES["one.png"], small_evaluation).prediction
    assert one.startswith(f"{names[0]}: 1; runner-up {found.order[1]}, margin 0.")
    assert float(one.split()[-1]) == pytest.approx(found.margin, abs=1e-4)
    assert two == f"{names[1]}: no answer. {REASONS[Rejection.SEVERAL]}"
    assert blank == f"{names[2]}: no answer. {REASONS[Rejection.BLANK]}"


def test_the_command_says_which_file_it_cannot_read_and_reads_the_others(files, capsys):
    (files / "bad.png").write_bytes(b"no picture")
    names = [str(files / name) for name in ("bad.png", "missing.png", "one.png")]
    assert main(["classify", *names, "--data", "embedded"]) == 1
    printed = capsys.readouterr()
    bad, missing = printed.err.splitlines()
    assert bad == f"{names[0]}: This is not a picture in PNG, JPEG, BMP or WebP format."
    assert missing == f"{names[1]}: No such file or directory"
    assert printed.out.startswith(f"{names[2]}: 1;")


def test_the_command_says_in_one_line_that_its_dataset_is_missing(files, capsys):
    assert main(["classify", str(files / "one.png"), "--data", str(files / "none")]) == 1
    assert capsys.readouterr().err.count("\n") == 1
