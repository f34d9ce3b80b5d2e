"""The engine without the app: the README's notebook, and the command line."""

import io
import json
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binomtest

from engine.__main__ import main
from engine.corruption.curves import curves_of
from engine.evaluation.evaluation import evaluate
from tests.engine.importers.test_load import photographs, zipped

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOK = re.search(r"```python\n(.*?)```", (ROOT / "README.md").read_text(), flags=re.S)


def test_the_notebook_of_the_readme_has_ten_lines_and_says_what_it_promises(capsys, small):
    code = NOTEBOOK[1]
    assert len([line for line in code.splitlines() if line.strip()]) <= 10
    names = {}
    exec(compile(code, "README.md", "exec"), names)
    said = capsys.readouterr().out
    evaluation = names["evaluation"]
    assert f"{evaluation.n_right} of {evaluation.n_images} are right" in said
    assert len(names["errors"]) == evaluation.n_images - evaluation.n_right
    assert str(names["errors"].index[0]) in said


def test_the_command_writes_report_errors_and_matrix(tmp_path, capsys, small_evaluation):
    assert main(["embedded", "--out", str(tmp_path)]) == 0
    assert f"{small_evaluation.n_right} of 599 test images are right" in capsys.readouterr().out
    errors = pd.read_csv(tmp_path / "errors.csv")
    assert len(errors) == 599 - small_evaluation.n_right
    assert errors["gap"].is_monotonic_decreasing and not errors["right"].any()
    matrix = pd.read_csv(tmp_path / "matrix.csv", index_col=0)
    assert matrix.iloc[:10, :10].to_numpy().tolist() == small_evaluation.counts.tolist()
    report = (tmp_path / "report.html").read_text()
    assert "python -m engine embedded" in report and "Confusion matrix" in report


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path, capsys):
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    assert main(["embedded", "--out", str(blocked)]) == 1
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize("arguments", [["embedded", "--model", "x"], []])
def test_a_wrong_command_says_what_it_wanted(arguments):
    run = subprocess.run(
        [sys.executable, "-m", "engine", *arguments], cwd=ROOT, capture_output=True, text=True
    )
    assert run.returncode == 2
    assert "usage: python -m engine" in run.stderr and "Traceback" not in run.stderr


def test_mnist_from_the_command_line_has_the_notebooks_figures(
    mnist_store, tmp_path, capsys, monkeypatch
):
    monkeypatch.setenv("DIGITSCOPE_HOME", str(mnist_store))
    assert main(["mnist", "--model", "L2 mean", "--out", str(tmp_path)]) == 0
    assert "8,203 of 10,000 test images are right (82.03%" in capsys.readouterr().out
    assert len(pd.read_csv(io.BytesIO((tmp_path / "errors.csv").read_bytes()))) == 1797


def test_a_data_set_of_ones_own_is_judged_from_its_path(tmp_path, capsys):
    (tmp_path / "shapes.zip").write_bytes(zipped(photographs()))
    assert main([str(tmp_path / "shapes.zip"), "--model", "L2 mean", "--out", str(tmp_path)]) == 0
    assert "of 12 test images are right" in capsys.readouterr().out
    assert "Kreis groß" in (tmp_path / "report.html").read_text()
    assert main([str(tmp_path / "nothing")]) == 1
    (tmp_path / "bad.csv").write_text("label,a,b,c,d\n1,x,3,4,5\n")
    assert main([str(tmp_path / "bad.csv")]) == 1
    assert "no number from 0 to 255" in capsys.readouterr().err


def test_figures_come_as_json_for_scripts(capsys, small_evaluation):
    assert main(["Embedded", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["right"], found["images"]) == (small_evaluation.n_right, 599)
    exact = binomtest(found["right"], 599).proportion_ci(method="wilson")
    assert (found["low"], found["high"]) == pytest.approx((exact.low, exact.high))
    assert found["files"] == []


@pytest.mark.parametrize(("floor", "status"), [("0.5", 0), ("0.999", 1)])
def test_an_accuracy_below_the_floor_is_a_failure(capsys, floor, status):
    assert main(["embedded", "--at-least", floor]) == status
    assert ("wanted at least 0.999" in capsys.readouterr().err) == bool(status)


@pytest.mark.parametrize("floor", ["66", "-1", "nan", "much"])
def test_a_floor_that_is_no_share_is_a_wrong_command(floor, capsys):
    with pytest.raises(SystemExit) as ended:
        main(["embedded", f"--at-least={floor}"])
    assert ended.value.code == 2 and "a number from 0 to 1" in capsys.readouterr().err


def test_predictions_are_judged_as_the_data_page_does(tmp_path, capsys, small, small_evaluation):
    file = tmp_path / "mine.csv"
    pd.DataFrame({"index": range(599), "predicted": small.testing.labels}).to_csv(file, index=False)
    assert main(["embedded", "--predictions", str(file), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["right"] == 599
    file.write_text("index,predicted\n0,12\n")
    assert main(["embedded", "--predictions", str(file)]) == 1
    assert "Traceback" not in capsys.readouterr().err


def test_a_comparison_is_said_and_written_with_images(tmp_path, capsys, small, small_evaluation):
    after = evaluate(small, "L2 mean")
    was, now = small_evaluation.table["right"], after.table["right"]
    page = tmp_path / "sent" / "both.html"
    arguments = ["embedded", "--compare", "L2 mean", "--report", str(page), "--out", str(tmp_path)]
    assert main(arguments) == 0
    said = capsys.readouterr().out
    assert f"L1 mean gets {was.sum()} right and L2 mean {now.sum()}" in said
    assert page.read_text() == (tmp_path / "comparison.html").read_text()
    assert "--compare" in page.read_text()
    changed = pd.read_csv(tmp_path / "changed.csv")["change"].value_counts()
    assert changed["fixed"] == (~was & now).sum() and changed["broken"] == (was & ~now).sum()
    assert main(["embedded", "--compare", "L2 mean", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["fixed"] == changed["fixed"]
    assert main(["embedded", "--compare", "nothing"]) == 1
    assert "wanted L1 mean" in capsys.readouterr().err


def test_a_report_alone_is_one_file(tmp_path, capsys):
    assert main(["embedded", "--report", str(tmp_path / "one.html")]) == 0
    assert [path.name for path in tmp_path.iterdir()] == ["one.html"]
    assert "one.html" in capsys.readouterr().out


def test_names_for_the_classes_stand_in_sentences_and_files(tmp_path, capsys):
    names = tmp_path / "names.txt"
    names.write_text("9 nine\n7 seven\n")
    assert main(["embedded", "--names", str(names), "--out", str(tmp_path)]) == 0
    assert "Easiest class: seven" in capsys.readouterr().out
    assert "called nine" in (tmp_path / "matrix.csv").read_text()
    names.write_text("12 x")
    assert main(["embedded", "--names", str(names)]) == 1
    assert capsys.readouterr().err.count("\n") == 1


def test_corruption_is_a_table_of_fifteen_kinds_in_text_and_as_a_file(tmp_path, capsys, small):
    assert main(["embedded", "--corruption", "--out", str(tmp_path)]) == 0
    said = capsys.readouterr().out.splitlines()
    curves = curves_of(evaluate(small, "L1 mean"))
    stripes = next(line for line in said if line.startswith("Stripe")).split()
    right = [curves.right("stripe", severity).mean() for severity in range(6)]
    wanted = [f"{100 * share:.1f}" for share in right]
    assert stripes == ["Stripe", *wanted[:3], f"{wanted[3]}*", *wanted[4:]]
    assert f"their mean {100 * curves.mean_accuracy:.1f}." in "\n".join(said)
    assert len(pd.read_csv(tmp_path / "corruption.csv")) == 75
    assert "--corruption" in (tmp_path / "report.html").read_text()


def test_predictions_cannot_answer_corrupted_images(tmp_path, capsys, small_evaluation):
    small_evaluation.table[["index", "predicted"]].to_csv(tmp_path / "p.csv", index=False)
    asked = ["embedded", "--predictions", str(tmp_path / "p.csv"), "--corruption"]
    assert main(asked) == 1
    said = capsys.readouterr().err
    assert "answer no corrupted image" in said and said.count("\n") == 1


class Guesser:
    """A classifier of somebody's own, of which only labels come."""

    def fit(self, X, y):
        self.classes_, self.answer = sorted(set(y)), y[0]
        return self

    def predict(self, X):
        return [self.answer] * len(X)


def neighbors():
    from sklearn.neighbors import KNeighborsClassifier

    return KNeighborsClassifier(3)


def test_python_that_is_named_is_fitted_and_judged(capsys, small, monkeypatch):
    monkeypatch.setitem(sys.modules, "theirs", sys.modules[__name__])
    assert main(["embedded", "--model", "theirs:neighbors"]) == 0
    flat = [split.images.reshape(len(split), -1) / 255 for split in (small.training, small.testing)]
    theirs = neighbors().fit(flat[0], small.training.labels)
    right = (theirs.predict(flat[1]) == small.testing.labels).sum()
    assert f"{right} of 599 test images are right" in capsys.readouterr().out
    assert main(["embedded", "--model", "theirs:Guesser"]) == 0
    first = (small.testing.labels == small.training.labels[0]).sum()
    assert f"{first} of 599 test images are right" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("model", "said"),
    [
        ("theirs:nothing", "Found no theirs:nothing"),
        ("theirs:dict", "Found no theirs:dict"),
        ("nowhere_to_be_found:make", "Found no nowhere_to_be_found:make"),
        ("theirs:Path", "Found PosixPath; wanted a scikit-learn classifier"),
        ("missing.onnx", "missing.onnx"),
    ],
)
def test_a_model_that_is_not_there_is_one_sentence(capsys, monkeypatch, model, said):
    monkeypatch.setitem(sys.modules, "theirs", sys.modules[__name__])
    assert main(["embedded", "--model", model]) == 1
    error = capsys.readouterr().err
    assert said in error and error.count("\n") == 1


def test_an_onnx_file_is_judged_and_compared_by_the_command(capsys, tmp_path, small):
    pytest.importorskip("onnxruntime")
    pytest.importorskip("onnx")
    from tests.support import onnx_files

    templates = [small.training.images[small.training.labels == d].mean(0) for d in range(10)]
    matrix = np.stack(templates).reshape(10, 64).T / 255
    (tmp_path / "mine.onnx").write_bytes(onnx_files.linear(matrix))
    mine = str(tmp_path / "mine.onnx")
    asked = ["embedded", "--model", mine, "--model-input", "0 to 1", "--json"]
    assert main([*asked, "--compare", "L2 mean"]) == 0
    found = json.loads(capsys.readouterr().out)
    scores = small.testing.images.reshape(599, 64) / 255 @ matrix
    assert found["right"] == (scores.argmax(1) == small.testing.labels).sum()
    assert found["model"] == "Model mine" and found["second"] == "L2 mean"
