"""Ladders in the store: read as they were written, and never believed when they cannot be true."""

import numpy as np
import pytest

from engine.cures.recipe import Recipe
from engine.evaluation import saved_ladders
from engine.evaluation.cure_ladder import Ladder, rung
from engine.evaluation.saved_ladders import keep, load

RECIPE = Recipe("L2 mean", ("tangent distance",))  # six cures are left


@pytest.fixture(scope="module")
def ladder(small, small_evaluation) -> Ladder:
    before = small_evaluation.table["right"].to_numpy()
    found = Ladder(RECIPE, before, ())
    for cure in RECIPE.offered():
        found = found.plus(rung(small, RECIPE, cure, before))
    return found


@pytest.fixture
def kept(small, ladder, tmp_path):
    keep(small, ladder, tmp_path)
    (path,) = (tmp_path / "models").glob("*.npz")
    return path


def test_it_comes_back_as_it_was(small, ladder, kept, tmp_path):
    again = load(small, RECIPE, ladder.before, tmp_path)
    assert [one.cure for one in again.rungs] == [one.cure for one in ladder.rungs]
    for old, new in zip(ladder.rungs, again.rungs, strict=True):
        assert (old.paired, old.seconds, old.offset) == (new.paired, new.seconds, new.offset)
        for name in ("answers", "right", "templates", "of", "offsets"):
            np.testing.assert_array_equal(getattr(old, name), getattr(new, name), strict=True)
    assert again.cover == ladder.cover and np.array_equal(again.left, ladder.left)


@pytest.mark.parametrize("damage", ["half", "garbage", "another byte", "other shapes", "objects"])
def test_a_damaged_file_is_removed_and_not_believed(small, ladder, kept, tmp_path, damage):
    whole = kept.read_bytes()
    if damage == "half":
        kept.write_bytes(whole[: len(whole) // 2])
    elif damage == "garbage":
        kept.write_bytes(b"PK\3\4 garbage")
    elif damage == "another byte":
        place = whole.index(ladder.before.tobytes())
        kept.write_bytes(whole[:place] + bytes([1 - whole[place]]) + whole[place + 1 :])
    else:
        with np.load(kept) as file:
            arrays = dict(file)
        odd = np.array([object()]) if damage == "objects" else arrays["offsets"][:, :-1]
        np.savez(kept, **arrays | {"offsets": odd})
    assert load(small, RECIPE, ladder.before, tmp_path) is None
    assert not kept.exists()
    keep(small, ladder, tmp_path)
    assert load(small, RECIPE, ladder.before, tmp_path) is not None


def test_another_model_other_cures_and_another_version_are_not_believed(
    small, ladder, kept, tmp_path, monkeypatch
):
    assert load(small, Recipe("L2 mean"), ladder.before, tmp_path) is None
    with monkeypatch.context() as patch:
        patch.setattr(saved_ladders, "VERSION", saved_ladders.VERSION + 1)
        assert load(small, RECIPE, ladder.before, tmp_path) is None
    assert kept.exists()
    assert load(small, RECIPE, ~ladder.before, tmp_path) is None
    assert not kept.exists()
    keep(small, Ladder(RECIPE, ladder.before, ladder.rungs[1:]), tmp_path)
    assert load(small, RECIPE, ladder.before, tmp_path) is None


def test_a_store_that_cannot_be_written_costs_nothing(small, ladder, tmp_path, caplog):
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    keep(small, ladder, blocked)
    assert "could not be kept" in caplog.text
