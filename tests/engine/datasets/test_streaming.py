"""Fitting in parts, from memory or from a file, against exact integers and the whole at once."""

import numpy as np
import pytest

from engine.datasets.streaming import image_blocks
from engine.models.class_sums import ClassSums
from engine.models.fast_l1 import Nearest
from engine.models.learned_templates import LearnedTemplates
from engine.models.nearest_template import NearestTemplate
from engine.models.templates import distances


def test_sums_are_the_exact_integers_whatever_the_order_and_the_parts(small):
    images, labels = small.training.images, small.training.labels
    shuffled = np.random.default_rng(0).permutation(len(images))
    parts = np.array_split(shuffled, 7)
    sums = ClassSums(images[parts[0]], labels[parts[0]])
    for part in parts[1:]:
        sums.add(images[part], labels[part])
    for place, digit in enumerate(sums.classes):
        chosen = images[labels == digit]
        wanted = [[sum(map(int, pixel)) for pixel in row] for row in chosen.transpose(1, 2, 0)]
        assert sums.sums[place].tolist() == wanted
        assert sums.counts[place] == len(chosen)


def test_no_sum_overflows_with_many_images_of_full_ink():
    images = np.full((1000, 2, 2), 255, np.uint8)
    sums = ClassSums(images, np.zeros(1000, int))
    sums.sums += np.uint64(2**53)  # what 3.5e13 images before these would have left
    sums.add(images, np.zeros(1000, int))
    assert sums.sums.tolist() == [[[2**53 + 510_000] * 2] * 2]


@pytest.mark.parametrize("count", [1, 2, 3, 4, 255, 257, 1023, 1024, 1025, 1030, 2049])
def test_any_number_of_images_of_full_ink_adds_up(count):
    buffer = np.getbufsize()
    sums = ClassSums(np.full((count, 3, 5), 255, np.uint8), np.zeros(count, int))
    assert sums.sums.tolist() == [[[255 * count] * 5] * 3]
    assert np.getbufsize() == buffer


@pytest.mark.parametrize("labels", ["aabbbc", "ccaabb", "abcbab", "ccabcb", "c", "aac"])
def test_classes_are_told_apart_in_any_order_of_their_images(labels):
    labels, images = (
        np.array(list(labels)),
        np.arange(len(labels) * 2, dtype="u1").reshape(-1, 1, 2),
    )
    sums = ClassSums(images, labels)
    assert sums.classes.tolist() == sorted(set(labels))
    for label, count, found in zip(sums.classes, sums.counts, sums.sums, strict=True):
        chosen = [image for image, its in zip(images, labels, strict=True) if its == label]
        assert count == len(chosen)
        assert found.tolist() == sum(image.astype(int) for image in chosen).tolist()


@pytest.mark.parametrize("metric", ["l1", "l2"])
def test_fitting_in_parts_is_fitting_at_once(small, metric):
    images, labels = small.training.images, small.training.labels
    whole, parts = NearestTemplate(metric).fit(images, labels), NearestTemplate(metric)
    for part in np.array_split(np.random.default_rng(1).permutation(len(images)), 5):
        parts.partial_fit(images[part], labels[part], classes=range(10))
    assert parts.classes_.tolist() == whole.classes_.tolist()
    assert (parts.templates_ == whole.templates_).all()
    assert parts.fit(images, labels).templates_.tolist() == whole.templates_.tolist()


def test_a_class_is_known_from_its_first_image_on(toy):
    model, training = NearestTemplate(), toy.training
    model.partial_fit(training.images[1:], training.labels[1:])
    assert model.predict(toy.testing.images).tolist() == [1, 1]
    model.partial_fit(training.images[:1], training.labels[:1])
    assert model.classes_.tolist() == [0, 1]
    assert model.predict(toy.testing.images).tolist() == [0, 0]


def test_other_labels_other_types_and_other_sizes_are_refused(toy):
    training = toy.training
    model = NearestTemplate().partial_fit(training.images, training.labels)
    with pytest.raises(ValueError, match=r"y holds .*7.* not among classes"):
        model.partial_fit(training.images, np.array([0, 7]), classes=[0, 1])
    with pytest.raises(ValueError, match="got float64 images, wanted uint8 as before"):
        model.partial_fit(training.images / 255, training.labels)
    with pytest.raises(ValueError, match="9 features, but .* expecting 4"):  # noqa: RUF043
        model.partial_fit(np.zeros((2, 3, 3), "u1"), training.labels)
    assert model.templates_.tolist() == [[0] * 4, [1] * 4]


@pytest.mark.parametrize("model", [NearestTemplate(center="median"), LearnedTemplates()])
def test_what_cannot_be_added_to_says_so(toy, model):
    assert not hasattr(model, "partial_fit")
    with pytest.raises(ValueError, match="needs all images at once"):
        model.partial_fit(toy.training.images, toy.training.labels)


@pytest.mark.parametrize("rows", [1, 7, 100])
@pytest.mark.parametrize("kind", ["raw", "npy"])
def test_blocks_of_a_file_are_its_images(small, tmp_path, kind, rows):
    images, path = small.testing.images[:50], tmp_path / "images"
    if kind == "npy":
        with path.open("wb") as file:
            np.save(file, images)
    else:
        images.tofile(path)
    blocks = [block.copy() for block in image_blocks(path, (8, 8), rows)]
    assert (np.concatenate(blocks) == images).all()
    assert {len(block) for block in blocks[:-1]} <= {rows}


def test_blocks_refuse_what_is_cut_short_or_of_another_kind(tmp_path):
    (tmp_path / "short").write_bytes(bytes(100))
    with pytest.raises(ValueError, match="ends within an image of 8×8 pixels"):
        list(image_blocks(tmp_path / "short", (8, 8)))
    np.save(tmp_path / "floats.npy", np.zeros((2, 8, 8)))
    with pytest.raises(ValueError, match="holds float64"):
        list(image_blocks(tmp_path / "floats.npy", (8, 8)))


def test_a_npy_file_of_fewer_images_than_it_says_is_refused(small, tmp_path):
    file = tmp_path / "cut.npy"
    np.save(file, small.testing.images)
    file.write_bytes(file.read_bytes()[: -100 * 64])
    with pytest.raises(ValueError, match="has 31,936 bytes of pixels; its header says 38,336"):
        list(image_blocks(file, (8, 8)))


def test_the_fast_answer_is_the_exact_one_also_where_two_are_as_near():
    """Random images, and images exactly between two templates, which only exact sums can tell."""
    random = np.random.default_rng(2)
    levels = random.integers(0, 256, (6, 40), dtype="u1")
    templates = np.concatenate([levels, levels[:2]]) / 255  # the last two are equal to the first
    images = np.concatenate([random.integers(0, 256, (500, 40), dtype="u1"), levels])
    images = np.concatenate([images, ((levels[:1].astype(int) + levels) // 2).astype("u1")])
    wanted = distances(images[:, None], templates[:, None]).argmin(axis=1)
    assert (Nearest(templates).places(images) == wanted).all()
    one_by_one = [Nearest(templates).places(image[None])[0] for image in images]
    assert one_by_one == wanted.tolist()


@pytest.mark.parametrize(("low", "high"), [(0, 1), (0.4, 0.42), (-0.2, 1.3)])
def test_the_fast_answer_is_the_exact_one_where_templates_are_not_whole_levels(low, high):
    random = np.random.default_rng(3)
    templates = random.uniform(low, high, (8, 30))
    images = random.integers(0, 256, (20_000, 30), dtype="u1")
    wanted = distances(images[:, None], templates[:, None]).argmin(axis=1)
    assert (Nearest(templates).places(images) == wanted).all()
    few = np.concatenate([Nearest(templates).places(some) for some in np.split(images[:900], 100)])
    assert (few == wanted[:900]).all()


def test_the_fast_answer_is_the_exact_one_on_mnist(mnist):
    model = NearestTemplate().fit(mnist.training.images, mnist.training.labels)
    images = mnist.testing.images
    assert (model.predict(images) == model.distances(images).argmin(axis=1)).all()
