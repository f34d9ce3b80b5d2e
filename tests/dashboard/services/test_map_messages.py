"""What the map's browser part is sent says where each image lies, what it is and how it looks."""

import json
import struct
import zlib

import numpy as np
import pytest

from dashboard.services import map_messages, maps
from dashboard.services.shapes import measuring
from engine.projection.region import View, region
from engine.shapes.attributes import shape_attributes

KINDS = ("<u2", "<u2", "<u4", "u1", "u1", "u1", "u1")


def unpacked(content: bytes) -> tuple[dict, list[bytes]]:
    (length,) = struct.unpack_from("<I", content)
    about, at, parts = json.loads(content[4 : 4 + length]), 4 + length, []
    for size in about["lengths"]:
        assert at % 4 == 0
        parts.append(content[at : at + size])
        at += -(-size // 4) * 4
    assert at == len(content)
    return about, parts


@pytest.mark.parametrize(
    ("view", "pair"), [(View.PAIR, (4, 9)), (View.PLANE, (4, 9)), (View.PCA, ())]
)
def test_the_points_are_where_they_are_to_one_step_of_their_axis(small_evaluation, view, pair):
    shown = maps.points(small_evaluation, view, pair)
    message = map_messages.points(small_evaluation, view, pair, map_messages.ANSWER, (4, 9))
    about, parts = unpacked(message.content)
    assert about["name"] == message.name
    x, y, index, true, predicted, third, hue = (
        np.frombuffer(part, kind) for part, kind in zip(parts, KINDS, strict=True)
    )
    for axis, steps in (("x", x), ("y", y)):
        exact, (low, high) = getattr(shown, axis), about[axis]
        np.testing.assert_allclose(
            low + steps / 65535 * (high - low), exact, atol=(high - low) / 65535
        )
    rows = small_evaluation.table.iloc[shown.rows]
    for found, column in (
        (index, "index"),
        (true, "true"),
        (predicted, "predicted"),
        (hue, "right"),
    ):
        assert found.tolist() == rows[column].astype(int).tolist()
    assert third.tolist() == shown.third.tolist()


def test_two_classes_have_a_group_each_and_all_others_one(small_evaluation):
    found = map_messages.colored(small_evaluation, View.PCA, (), map_messages.TRUE, (3, 8))
    true = small_evaluation.table["true"].tolist()
    assert found.hue.tolist() == [{3: 0, 8: 1}.get(name, 2) for name in true]
    assert found.counts == (true.count(3), true.count(8), len(true) - true.count(3) - true.count(8))


def test_an_attribute_is_a_scale_that_a_few_far_values_do_not_stretch(small_evaluation, small):
    measuring(small).finished(None)
    found = map_messages.colored(small_evaluation, View.PCA, (), "slant", (3, 8))
    slant = shape_attributes(small.testing.images)["slant"].to_numpy()
    low, high = np.percentile(slant, [2, 98])
    assert found.ends == pytest.approx((low, high))
    wanted = np.clip((slant - low) / (high - low), 0, 1) * 255
    np.testing.assert_allclose(found.hue, wanted, atol=0.51)


def test_the_small_images_are_the_test_images_in_sixteen_greys(small):
    about, (packed,) = unpacked(map_messages.sheet(small).content)
    assert (about["width"], about["height"]) == (8, 8)
    grey = np.frombuffer(zlib.decompress(packed), np.uint8).reshape(-1, 8, 8)
    images = small.testing.images
    assert np.abs(grey.astype(int) - images).max() <= 17
    assert len(np.unique(grey)) <= 16
    assert (grey[images == 255] == 255).all()
    assert (grey[images == 0] == 0).all()


def test_many_images_are_sent_as_means_of_their_parts(small, monkeypatch):
    monkeypatch.setattr(map_messages, "MAX_MAP_PIXELS", len(small.testing) * 16)
    about, (packed,) = unpacked(map_messages._sheet(small.testing.images).content)
    assert (about["width"], about["height"]) == (4, 4)
    grey = np.frombuffer(zlib.decompress(packed), np.uint8).reshape(-1, 4, 4)
    images = small.testing.images.astype(float)
    means = np.array(
        [
            [[i[2 * r : 2 * r + 2, 2 * c : 2 * c + 2].mean() for c in range(4)] for r in range(4)]
            for i in images
        ]
    )
    assert np.abs(grey - means).max() <= 17


def test_the_selected_rows_are_those_of_the_points_inside(small_evaluation):
    drawn = region(View.PAIR, (4, 9), "box", [0, 0, 0.2, 0.2])
    rows = small_evaluation.table.to_dict("records")
    wanted = [
        bool({row["true"], row["predicted"]} & {4, 9})
        and row["distance to 4"] <= 0.2
        and row["distance to 9"] <= 0.2
        for row in rows
    ]
    assert any(wanted)
    assert maps.selected(small_evaluation, drawn).tolist() == wanted
