"""Results of one reading, added up side by side, in any order to the same bits."""

import numpy as np
import pytest

from engine.models.class_sums import ClassSums
from engine.shards.parts import Part, read_part, write_part
from engine.shards.shown.drawn import Drawing
from engine.shards.sources.shard import Block, Tally, total
from engine.shards.together import Drawn, Joint, Together


def test_how_two_models_answer_together_is_counted_image_by_image():
    draw = np.random.default_rng(0)
    true, first, second = draw.integers(0, 4, (3, 500))
    found = Joint.of(true[:200], first[:200], second[:200], 4)
    found += Joint.of(true[200:], first[200:], second[200:], 4)
    wanted = np.zeros((4, 4, 4), int)
    for a, b, c in zip(true, first, second, strict=True):
        wanted[a, b, c] += 1
    assert np.array_equal(found.counts, wanted)


def blocks(rows: int, size: int = 300) -> list[Block]:
    """So many images in blocks, each with its place as its pixel and label."""
    places = np.arange(rows)
    images = (places % 251).astype(np.uint8)[:, None, None]
    return [
        Block(places[at : at + size], images[at : at + size], places[at : at + size])
        for at in range(0, rows, size)
    ]


def drawn(name: str, some: list[Block], most: int) -> Drawn:
    drawing = Drawing(name, most, most)
    for block in some:
        drawing.add(block)
    return drawing.drawn


@pytest.mark.parametrize("most", [1, 50, 10_000])
def test_the_same_images_are_drawn_in_whatever_parts_they_come(most):
    whole = drawn("a", blocks(2_000), most) + drawn("b", blocks(1_000), most)
    small = [drawn("a", [block], most) for block in blocks(2_000, 70)]
    other = [drawn("b", [block], most) for block in blocks(1_000, 110)]
    parts = [*small, *other]
    for order in (range(len(parts)), np.random.default_rng(1).permutation(len(parts))):
        found = total(parts[place] for place in order)
        for name in ("key", "shard", "index", "labels", "images"):
            assert np.array_equal(getattr(found, name), getattr(whole, name))
    assert len(whole) == min(most, 3_000)
    assert np.array_equal(whole.images[:, 0, 0], whole.index % 251)
    assert np.array_equal(whole.labels, whole.index)


def test_the_drawn_are_as_many_of_each_shard_as_it_has_images():
    """By the binomial distribution, whose standard deviation is 21 of 2,000."""
    found = drawn("a", blocks(20_000), 2_000) + drawn("b", blocks(10_000), 2_000)
    assert abs((found.shard == "a").sum() - 2_000 * 2 / 3) < 5 * 21


def test_several_results_are_kept_as_a_file_and_read_again(tmp_path):
    images = np.random.default_rng(0).integers(0, 256, (40, 3, 3), dtype=np.uint8)
    labels = np.arange(40) % 4
    results = (
        ClassSums(images, labels),
        Joint.of(labels, labels, labels, 4),
        drawn("a", [Block(np.arange(40), images, labels)], 7),
    )
    write_part(tmp_path / "part.npz", Part(Together(results), Tally(40)))
    sums, joint, few = read_part(tmp_path / "part.npz").result.results
    assert np.array_equal(sums.sums, results[0].sums)
    assert np.array_equal(joint.counts, results[1].counts)
    assert few.most == 7 and np.array_equal(few.images, results[2].images)
