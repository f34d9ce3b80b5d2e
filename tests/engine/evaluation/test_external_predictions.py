"""Files of predictions: what is whole is taken to the last digit, all else is refused."""

import io
import tracemalloc
import zipfile
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import accuracy_score, confusion_matrix

from engine.evaluation.evaluation import evaluate
from engine.evaluation.external_predictions import (
    evaluate_predictions,
    model_name,
    read_predictions,
    sample_csv,
)
from engine.runtime.errors import Refused
from engine.runtime.limits import MAX_UPLOAD_BYTES


@pytest.fixture(scope="module")
def table(small_evaluation):
    return pd.read_csv(io.BytesIO(sample_csv(small_evaluation)))


def as_csv(table):
    return table.to_csv(index=False).encode()


def as_parquet(table):
    file = io.BytesIO()
    table.to_parquet(file, index=False)
    return file.getvalue()


def as_npz(table):
    file = io.BytesIO()
    scores = table[[name for name in table if name.startswith("score ")]].to_numpy()
    rest = {"scores": scores} if scores.size else {}
    if "index" in table:
        rest["index"] = table["index"].to_numpy()
    else:
        rest["files"] = table["file"].to_numpy().astype(str)
    np.savez_compressed(file, predicted=table["predicted"].to_numpy(), **rest)
    return file.getvalue()


FORMATS = [as_csv, as_parquet, as_npz]


def refusal(content, dataset):
    with pytest.raises(Refused) as caught:
        read_predictions(content, dataset)
    assert "\n" not in str(caught.value) and len(str(caught.value)) < 500
    return caught.value


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("model", ["L1 mean", "5 neighbours"])
def test_a_models_own_answers_come_back_to_the_last_digit_in_any_order(small, form, model):
    evaluation = evaluate(small, model)
    table = pd.read_csv(io.BytesIO(sample_csv(evaluation)))
    shuffled = table.sample(frac=1, random_state=1)
    read = read_predictions(form(shuffled), small)
    brought = evaluate_predictions(small, read, "mine")
    for column in ("predicted", "right", "rank"):
        assert brought.table[column].tolist() == evaluation.table[column].tolist()
    assert np.allclose(brought.table["margin"], evaluation.table["margin"], atol=1e-15)
    assert np.array_equal(brought.counts, evaluation.counts)


@pytest.mark.parametrize("form", FORMATS)
def test_answers_without_scores_by_file_name_are_judged_as_scikit_learn_does(small, form):
    answers = np.random.default_rng(0).integers(0, 10, len(small.testing))
    table = pd.DataFrame({"file": small.testing.files, "predicted": answers})
    evaluation = evaluate_predictions(small, read_predictions(form(table), small), "mine")
    true = small.testing.labels
    assert evaluation.n_right / evaluation.n_images == accuracy_score(true, answers)
    assert np.array_equal(evaluation.counts, confusion_matrix(true, answers))
    assert evaluation.table["predicted"].tolist() == answers.tolist()


@pytest.mark.parametrize("write", [str.encode, lambda name: f"'{name}"], ids=["bytes", "guarded"])
def test_file_names_are_read_as_spreadsheets_and_numpy_write_them(small, write):
    named = replace(small.testing, files=np.array([f"-{n}.png" for n in range(len(small.testing))]))
    content = io.BytesIO()
    names = np.array([write(name) for name in named.files])
    np.savez(content, files=names, predicted=named.labels)
    read = read_predictions(content.getvalue(), replace(small, testing=named))
    assert (read.classes[read.places] == named.labels).all()


def test_a_tie_of_scores_leaves_the_prediction_as_it_is(small, table):
    tied = table.assign(**{name: 0.5 for name in table if name.startswith("score ")})
    tied["predicted"] = 7
    evaluation = evaluate_predictions(small, read_predictions(as_csv(tied), small), "mine")
    assert set(evaluation.table["predicted"]) == {7} and set(evaluation.table["margin"]) == {0}


def test_probabilities_are_known_as_such(small, table):
    scores = [name for name in table if name.startswith("score ")]
    shares = np.exp(50 * table[scores])
    likely = table.assign(**shares.div(shares.sum(axis=1), axis=0))
    read = read_predictions(as_csv(likely), small)
    assert read.unit == "1 − probability"
    assert np.allclose(read.distances(), 1 - likely[scores])


def test_a_byte_order_mark_and_windows_line_ends_are_no_fault(small, table):
    content = b"\xef\xbb\xbf" + as_csv(table).replace(b"\n", b"\r\n")
    assert read_predictions(content, small).places.tolist() == table["predicted"].tolist()


def changed(table, row, column, value):
    other = table[["index", "predicted"]].astype(object)
    other.loc[row, column] = value
    return as_csv(other)


@pytest.mark.case(21)
@pytest.mark.parametrize("value", ["7.5", "-1", "10", "seven", "1e400", "9" * 24, "", "NaN", "٣"])
def test_a_prediction_that_is_no_class_is_named_with_its_line(small, table, value):
    found = refusal(changed(table, 3, "predicted", value), small)
    assert str(found).startswith("1 prediction is wrong; wanted one of 0, 1")
    assert found.lines[0].startswith("line 5: ")


@pytest.mark.case(21)
@pytest.mark.parametrize("form", [as_parquet, as_npz])
@pytest.mark.parametrize("value", [np.nan, 7.5, np.inf, -1.0])
def test_numbers_are_never_rounded(small, table, form, value):
    other = table[["index", "predicted"]].astype({"predicted": float})
    other.loc[3, "predicted"] = value
    found = refusal(form(other), small)
    assert "1 prediction is wrong" in str(found) and found.lines[0].startswith("row 3: ")


@pytest.mark.case(22, 23)
def test_missing_images_are_left_out_double_and_unknown_ones_counted_and_named(small, table):
    short = table[["index", "predicted"]]
    read = read_predictions(as_csv(short.drop(index=[5, 9])), small)
    assert read.index.tolist() == [n for n in range(599) if n not in (5, 9)]
    found = refusal(changed(table, 8, "index", "7"), small)
    assert str(found) == "1 index comes again; wanted each image once."
    assert found.lines == ("line 10: '7' was in line 9",)
    assert "is not known" in refusal(changed(table, 8, "index", "599"), small).lines[0]
    assert "more than 599 rows" in str(refusal(as_csv(pd.concat([short, short])), small))


def test_many_faults_are_counted_and_only_the_first_named(small, table):
    found = refusal(as_csv(table[["index", "predicted"]].assign(predicted=12)), small)
    assert str(found).startswith("599 predictions are wrong")
    assert len(found.lines) == 21 and found.lines[-1] == "… and 579 more"


def test_every_kind_of_fault_is_told_at_once(small, table):
    other = table[["index", "predicted"]].astype(object)
    other.loc[3, "index"], other.loc[4, "index"] = 20_000, 7
    other.loc[[8, 9], "predicted"] = ["cat", 11]
    found = refusal(as_csv(other), small)
    assert str(found) == (
        "1 index is wrong; wanted from 0 to 598. 1 index comes again; wanted each image once. "
        "2 predictions are wrong; wanted one of 0, 1, 2, 3, 4, 5, 6, 7, 8, 9."
    )
    assert [line.split(":")[0] for line in found.lines] == [
        "line 5",
        "line 9",
        "line 10",
        "line 11",
    ]


def test_scores_that_contradict_or_are_not_finite_are_refused(small, table):
    other = table.copy()
    other.loc[2, "predicted"] = (other.loc[2, "predicted"] + 1) % 10
    assert "contradicting scores" in str(refusal(as_csv(other), small))
    other = table.copy()
    other.loc[2, "score 4"] = np.nan
    found = refusal(as_csv(other), small)
    assert "faulty scores" in str(found) and found.lines[0].startswith("line 4")


COLUMNS = [
    "predicted",
    "index,file,predicted",
    "index,predicted,score x",
    "index,predicted,score 0",
    "index,predicted,predicted",
]


@pytest.mark.case(20)
@pytest.mark.parametrize("header", COLUMNS)
def test_other_columns_are_refused_with_those_found_and_wanted(small, header):
    text = str(refusal(f"{header}\n".encode(), small))
    assert "wanted 'index' or 'file'" in text or "is there 2 times" in text


BAD_BYTES = {
    "empty": (b"", "is empty"),
    "blank": (b" \n\n", "is empty"),
    "header only": (b"index,predicted\n", "has no row"),
    "cut utf-16": ("index,predicted\n0,1\n".encode("utf-16")[:-1], "UTF-16"),
    "json": (b'[{"index": 0, "predicted": 0}]', "is JSON"),
    "latin-1": (b"index,predicted\n0,caf\xe9\n", "not UTF-8"),
    "gzip": (b"\x1f\x8b\x08", "gzipped"),
    "binary": (b"index,pre\0dicted\n", "binary"),
    "open quote": (b'index,predicted\n0,"1\n', "not CSV"),
    "ragged": (b"index,predicted\n0,1,2\n", "Line 2 has 3 cells"),
    "blank line": (b"index,predicted\n0,1\n\n1,1\n", "Line 3 is empty"),
    "cell over lines": (b'index,predicted\n0,"1\n1"\n1,1\n', "runs over several lines"),
    "long cell": (b"index,predicted\n0," + b"9" * 200_000, "not CSV"),
    "a million columns": (b",".join(b"a%d" % n for n in range(1_000_000)), "first line"),
    "cut parquet": (b"PAR1 and no more", "damaged"),
    "cut zip": (b"PK\3\4 and no more", "damaged"),
    "too large": (b"0" * (MAX_UPLOAD_BYTES + 1), "at most 30,000,000"),
}


@pytest.mark.case(20, 24, 25)
@pytest.mark.parametrize("name", BAD_BYTES)
def test_bytes_that_are_no_table_are_refused(small, name):
    content, wanted = BAD_BYTES[name]
    assert wanted in str(refusal(content, small))


def zipped(**files):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("_npy", ".npy"), content)
    return file.getvalue()


def npy(array):
    file = io.BytesIO()
    np.save(file, array, allow_pickle=True)
    return file.getvalue()


@pytest.mark.case(14, 15)
def test_archives_that_lie_or_swell_are_refused_before_memory_is_spent(small):
    lying = npy(np.zeros(3)).replace(b"(3,)", b"(9" + b"9" * 12 + b",)")
    bomb = zipped(predicted_npy=b"\0" * 300_000_000)
    tracemalloc.start()
    assert "says it has" in str(refusal(zipped(predicted_npy=lying), small))
    assert "at most 100,000,000" in str(refusal(bomb, small))
    assert tracemalloc.get_traced_memory()[1] < 20_000_000
    tracemalloc.stop()


def test_archives_of_other_things_are_refused(small):
    pickled = npy(np.array([{"a": 1}]))
    assert "numbers or text" in str(refusal(zipped(predicted_npy=pickled), small))
    assert "not one of numpy's" in str(refusal(zipped(readme="hello"), small))
    many = {f"a{n}_npy": npy(np.zeros(1)) for n in range(200)}
    assert "200 files" in str(refusal(zipped(**many), small))
    two = {"index_npy": npy(np.arange(3)), "predicted_npy": npy(np.arange(4))}
    assert "equally long" in str(refusal(zipped(**two), small))


def test_a_parquet_file_of_too_many_rows_or_nested_columns_is_refused(small):
    many = pd.DataFrame({"index": np.zeros(200_000, int), "predicted": 0})
    assert "200,000 rows" in str(refusal(as_parquet(many), small))
    nested = pd.DataFrame({"index": [0], "predicted": [[1, 2]]})
    assert "neither numbers nor text" in str(refusal(as_parquet(nested), small))
    long = pd.DataFrame({"file": ["x" * 10_000] * 500, "predicted": 0})
    assert "at most 500" in str(refusal(as_parquet(long), small))


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("cnn_2.CSV", "Predictions cnn 2"),
        ("![x](http://e.org)<b>.npz", "Predictions x http e.org b"),
        ("..parquet", "Predictions ."),
        ("", "Predictions without a name"),
        ("a" * 3000, "Predictions " + "a" * 30),
    ],
)
def test_a_file_name_becomes_a_plain_name(file, name):
    assert model_name(file) == name
