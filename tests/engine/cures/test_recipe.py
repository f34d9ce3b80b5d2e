"""Recipes: by name and back, and the same model as scikit-learn's pipeline."""

import numpy as np
import pytest
from sklearn.pipeline import make_pipeline

from engine.cures.catalogue import CURES
from engine.cures.prepared import Prepared
from engine.cures.recipe import BASES, Recipe, model_named, recipe_named
from engine.datasets.dataset import Dataset, Split
from engine.evaluation.evaluation import evaluate, n_right
from engine.models.nearest_template import NearestTemplate
from engine.models.registry import MODELS
from engine.transforms.grey_levels import UnitNorm
from engine.transforms.moments import Deskew, MomentSize


def test_a_recipe_is_scikit_learns_pipeline(small):
    X, y, asked = small.training.images, small.training.labels, small.testing.images
    judge = make_pipeline(Deskew(), MomentSize(), UnitNorm(), NearestTemplate("l2", offsets="each"))
    recipe = Recipe("L2 mean", ("deskew", "one size", "unit length", "all offsets"))
    model = recipe.make().fit(X, y)
    assert np.array_equal(model.predict(asked), judge.fit(X, y).predict(asked))
    wanted = judge[-1].distances(judge[:-1].transform(asked))
    assert np.allclose(model.distances(asked), wanted, atol=1e-9)


@pytest.mark.parametrize("base", BASES)
def test_a_base_without_cures_answers_as_the_model_of_the_table(small, base):
    X, y = small.training.images, small.training.labels
    model = Recipe(base).make().fit(X, y)
    wanted = MODELS[base].make().fit(X, y).distances(small.testing.images)
    assert np.allclose(model.distances(small.testing.images), wanted, atol=1e-12)


def test_names_lead_to_recipes_and_back():
    recipe = Recipe("L1 mean").plus("L2").plus("deskew")
    assert recipe.name == "L1 mean + deskew + L2" and recipe_named(recipe.name) == recipe
    assert recipe_named("L1 mean") == Recipe("L1 mean")
    wrong = ("Logistic + deskew", "L1 mean + L2 + deskew", "L1 mean + deskew + deskew")
    for name in (*wrong, "L1 mean + L2 + cosine", "L2 mean + L2", "L1 mean + ", ""):
        assert recipe_named(name) is None


def test_what_excludes_each_other_is_not_offered():
    assert Recipe("L1 mean").offered() == list(CURES)
    assert "L2" not in Recipe("L2 mean").offered()
    offered = Recipe("L1 mean", ("tangent distance", "one offset")).offered()
    assert not set(offered) & {"L2", "cosine", "ten prototypes", "all offsets", "one offset"}
    with pytest.raises(ValueError, match=r"got 'cosine', wanted one of .*deskew"):
        Recipe("L1 mean", ("L2",)).plus("cosine")


@pytest.mark.parametrize("cure", CURES)
def test_every_cure_is_a_model_like_any_other(small, cure):
    name = Recipe("L1 mean").plus(cure).name
    evaluation = evaluate(small, name)
    assert isinstance(evaluation.classifier, Prepared) and evaluation.explains
    assert evaluation.n_right == n_right(small, name) > len(small.testing) / 2
    assert evaluation.answers_others and evaluation.unit and not evaluation.has_templates


@pytest.mark.parametrize("cure", CURES)
def test_every_cure_takes_oblong_images_and_named_classes(cure):
    random = np.random.default_rng(0)
    names = np.array(["b", "a", "c"])[np.arange(60) % 3]
    images = random.integers(0, 90, (60, 8, 18), np.uint8)
    images[names == "a", 2:6, 3:6] += 150
    images[names == "b", 1:7, 10:12] += 150
    split = Split(images, names, np.arange(60).astype(str))
    evaluation = evaluate(Dataset("oblong", split, split), Recipe("L1 mean").plus(cure).name)
    assert evaluation.n_right > 30 and evaluation.classes.tolist() == ["a", "b", "c"]


def test_a_name_that_no_model_has_is_a_key_error():
    with pytest.raises(KeyError):
        model_named("L1 mean + magic")


@pytest.mark.slow
@pytest.mark.parametrize(("base", "wanted"), [("L1 mean", 9_117), ("L2 mean", 9_176)])
def test_the_figures_of_four_cures_together_on_mnist(mnist, base, wanted):
    recipe = Recipe(base, ("deskew", "one size", "unit length", "all offsets"))
    model = recipe.make().fit(mnist.training.images, mnist.training.labels)
    right = round(model.score(mnist.testing.images, mnist.testing.labels) * 10_000)
    assert abs(right - wanted) <= 15
