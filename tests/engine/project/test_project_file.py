"""A project file gives every figure back to the last digit; whatever is no such file is refused."""

import io
import json
import zipfile
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from engine.datasets.dataset import Dataset
from engine.evaluation.evaluation import evaluate, judge
from engine.evaluation.external_predictions import (
    evaluate_predictions,
    read_predictions,
    sample_csv,
)
from engine.models.learned_templates import LearnedTemplates, Recipe
from engine.models.registry import MODELS
from engine.project.project import KeptAnswers, Project, keep, restore
from engine.project.project_file import MANIFEST, project_file, read_project
from engine.runtime.errors import Refused

NAME = "Predictions mine.csv"


def predicted(dataset, model="Logistic", rows=slice(None)):
    table = pd.read_csv(io.BytesIO(sample_csv(evaluate(dataset, model))))[rows]
    return evaluate_predictions(
        dataset, read_predictions(table.to_csv(index=False).encode(), dataset), NAME
    )


def labels_only(dataset):
    table = pd.read_csv(io.BytesIO(sample_csv(evaluate(dataset, "L2 mean"))))
    content = table[["index", "predicted"]].to_csv(index=False).encode()
    return evaluate_predictions(dataset, read_predictions(content, dataset), NAME)


def trained(dataset):
    classifier = LearnedTemplates(epochs=1, rate=0.2).fit(
        dataset.training.images, dataset.training.labels
    )
    return judge(dataset, MODELS["L1 learned"], classifier)


def sent(project: Project) -> Project:
    return read_project(project_file(project))


@pytest.mark.parametrize(
    "make", [predicted, labels_only, trained, lambda d: predicted(d, rows=slice(5, 300, 3))]
)
def test_every_figure_of_a_model_comes_back_to_the_last_digit(small, make):
    before = make(small)
    kept = keep(NAME, before)
    field = "answers" if isinstance(kept, KeptAnswers) else "templates"
    (back,) = getattr(sent(Project(small.key, "Embedded", **{field: (kept,)})), field)
    after = restore(back, small)
    pd.testing.assert_frame_equal(after.table, before.table, check_exact=True)
    assert (after.counts == before.counts).all()
    assert (after.unit, after.scored, after.is_partial) == (
        before.unit,
        before.scored,
        before.is_partial,
    )


def test_all_else_comes_back_as_it_was(small):
    links = {"errors": {"true": ["3", "5"], "image": "12"}, "": {}}
    before = Project(
        small.key, "Mine «ü»", marks=b"m", corrections=b"c", links=links, versions={"numpy": "2"}
    )
    after = sent(before)
    for name in ("key", "called", "marks", "corrections", "links", "versions", "dataset"):
        assert getattr(after, name) == getattr(before, name)


def test_the_data_go_along_to_the_last_pixel(small):
    mine = Dataset("mine", small.training, small.testing, ("a.txt: no image",), ("turned",))
    after = sent(Project(mine.key, "My mine", dataset=mine)).dataset
    assert after.key == mine.key
    assert (after.name, after.skipped, after.done) == (mine.name, mine.skipped, mine.done)
    for side in ("training", "testing"):
        one, other = getattr(after, side), getattr(mine, side)
        assert (one.images == other.images).all() and (one.files == other.files).all()
        assert one.labels.dtype == other.labels.dtype


def edited(small, make=labels_only, of_model=None, **changes) -> bytes:
    """A project file whose manifest says otherwise, of itself or of its model."""
    kept = keep(NAME, make(small))
    content = io.BytesIO(project_file(Project(small.key, "Embedded", answers=(kept,))))
    out = io.BytesIO()
    with zipfile.ZipFile(content) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            if name == MANIFEST:
                told = json.loads(part)
                told["models"][0] |= of_model or {}
                part = json.dumps({**told, **changes}).encode()
            new.writestr(name, part)
    return out.getvalue()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"version": 2}, "The project has version 2; this Digitscope reads 1"),
        ({"format": "other"}, "is not of a project of Digitscope"),
        ({"models": [{}] * 13}, "The project has 13 models; at most 12"),
        ({"models": [{}]}, "not as it was written"),
        ({"models": 5}, "not as it was written"),
        ({"models": [{"file": "none.npz"}]}, "damaged or cut short"),
        ({"key": 5}, "not as it was written"),
        ({"links": {"errors": {"true": 5}}}, "not as it was written"),
        ({"links": []}, "not as it was written"),
    ],
)
def test_a_manifest_that_was_changed_is_refused(small, changes, said):
    with pytest.raises(Refused, match=said):
        read_project(edited(small, **changes))


@pytest.mark.parametrize("content", [b"", b"PK", b"\x89PNG" * 99, b"index,given\n1,2\n"])
def test_other_files_are_refused_in_a_sentence(content):
    with pytest.raises(Refused):
        read_project(content)


def test_another_zip_is_called_no_project():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("0/a.png", b"x")
    with pytest.raises(Refused, match=r"no project\.json: it is no project"):
        read_project(out.getvalue())


def test_data_that_were_changed_on_the_way_are_refused(small):
    project = Project("0" * 16, "My mine", dataset=small)
    with pytest.raises(Refused, match=f"data have the key {small.key}; its manifest says 0000"):
        sent(project)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"index": np.array([5, 3])}, "names images or classes"),
        ({"index": np.array([3, 9_999])}, "names images or classes"),
        ({"places": np.array([0, 10])}, "names images or classes"),
        ({"places": np.array([0])}, r"are \(1,\); wanted \(2,\)"),
        ({"distance": np.zeros((2, 9))}, r"are \(2, 9\); wanted \(2, 10\)"),
        ({"distance": np.full((2, 10), np.nan)}, "not all finite"),
    ],
)
def test_answers_that_do_not_fit_the_data_are_refused(small, change, said):
    index, places = np.array([3, 5]), np.array([0, 1])
    kept = KeptAnswers(NAME, "score", True, index, places, np.zeros((2, 10)))
    with pytest.raises(Refused, match=said):
        restore(replace(kept, **change), small)


def test_templates_that_do_not_fit_the_data_are_refused(small):
    kept = keep("My templates", trained(small))
    with pytest.raises(Refused, match=r"\(10, 63\); wanted \(10, 64\)"):
        restore(replace(kept, templates=kept.templates[:, :63]), small)


def test_a_recipe_that_cannot_be_is_refused(small):
    kept = keep("My templates", trained(small))
    content = project_file(Project(small.key, "Embedded", templates=(kept,)))
    assert read_project(content).templates[0].recipe == Recipe(epochs=1, rate=0.2)


def with_attributes(small):
    table = pd.read_csv(io.BytesIO(sample_csv(evaluate(small, "Logistic"))))
    beside = {"writer": ["ann", "zoë", None] * 199 + ["ann"] * 2, "age": np.arange(599) / 7}
    content = table.assign(**beside).to_csv(index=False).encode()
    return evaluate_predictions(small, read_predictions(content, small), NAME)


def test_the_columns_beside_predictions_come_back_too(small):
    before = with_attributes(small)
    (back,) = sent(Project(small.key, "Embedded", answers=(keep(NAME, before),))).answers
    pd.testing.assert_frame_equal(restore(back, small).attributes, before.attributes)


@pytest.mark.parametrize(
    ("names", "wanted"),
    [
        (["score 1"], "not as they were written"),
        ([f"a{n}" for n in range(21)], "not as they were written"),
        ([5], "not as it was written"),
        (["writer", "age", "none of these"], "not as it was written"),
    ],
)
def test_attributes_that_were_not_written_so_are_refused(small, names, wanted):
    with pytest.raises(Refused, match=wanted):
        read_project(edited(small, with_attributes, {"attributes": names}))
