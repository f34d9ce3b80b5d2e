"""Charts carry the table they were given, under titles and axes that a reader can read."""

import ast
from pathlib import Path

import altair as alt
import numpy as np
import pandas as pd
import pytest

from dashboard.charting import (
    axes,
    confusion_matrix,
    destinations,
    distances,
    explanation,
    per_class,
    training,
)
from dashboard.charting import templates as template_charts
from dashboard.charting.palette import DARK, LIGHT
from engine.evaluation.metrics import class_order
from engine.explanation.counterfactual import smallest_counterfactual
from engine.explanation.pixel_contributions import contrast

PALETTES = [LIGHT, DARK]
CHARTS = sorted(Path(axes.__file__).parent.glob("*.py"))


def every_chart(evaluation, palette) -> dict[str, alt.TopLevelMixin]:
    image, one, two = (
        evaluation.dataset.testing.images[0],
        evaluation.templates[0],
        evaluation.templates[1],
    )
    found = contrast(image, one, two)
    flip = smallest_counterfactual(
        image, evaluation.templates, evaluation.classes, *evaluation.classes[:2].tolist()
    )
    order = np.arange(10)
    return {
        "matrix": confusion_matrix.matrix_chart(
            evaluation.counts, evaluation.classes, order, "true", True, True, palette
        ),
        "templates": template_charts.template_distances(
            evaluation.templates, evaluation.classes, palette
        ),
        "rates": destinations.rates_chart(evaluation.scores, palette),
        "where": destinations.destinations_chart(
            confusion_matrix.matrix_table(evaluation.counts, evaluation.classes), palette
        ),
        "strips": destinations.strips_chart(evaluation.table, palette),
        "bars": per_class.rate_bars(evaluation.scores, "recall", "Recall", palette, 0.5),
        "distances": distances.distance_bars(
            np.arange(10) / 10,
            evaluation.classes,
            *evaluation.classes[[0, 2]],
            distances.Role.TRUE,
            "per pixel",
            palette,
        ),
        "pixels": template_charts.heatmap(one, "Template", palette),
        "difference": template_charts.difference_heatmap(one - two, "Difference", palette),
        "balance": explanation.balance_chart(found, "0", "1", palette),
        "flip": explanation.flip_chart(flip, found.margin, "digit", palette),
    }


@pytest.mark.parametrize("palette", PALETTES, ids=lambda p: p.name)
def test_every_chart_is_valid_and_has_a_title(small_evaluation, palette):
    for name, chart in every_chart(small_evaluation, palette).items():
        assert chart.to_dict()["title"]["text"], name


def test_the_matrix_has_every_cell_and_both_kinds_of_label(small_evaluation):
    chart = every_chart(small_evaluation, LIGHT)["matrix"].to_dict()
    tables = list(chart["datasets"].values())
    cells = next(table for table in tables if "images" in table[0])
    labels = next(table for table in tables if "says" in table[0])
    assert len(cells) == 100
    assert {(label["true"], label["predicted"]) for label in labels} == {
        *((str(d), "any") for d in range(10)),
        *(("any", str(d)) for d in range(10)),
    }


def test_the_chosen_cell_row_or_column_of_the_matrix_is_outlined(small_evaluation):
    def framed(*chosen: str) -> set[tuple[str, str]]:
        table = confusion_matrix.chosen_cells(chosen, small_evaluation.classes)[
            confusion_matrix.CHOSEN
        ]
        return set(table.itertuples(index=False, name=None))

    assert framed("any", "any") == set()
    assert framed("4", "9") == {("4", "9")}
    assert framed("4", "any") == {("4", str(digit)) for digit in range(10)}
    assert framed("any", "9") == {(str(digit), "9") for digit in range(10)}


def test_the_shares_of_the_matrix_add_up_to_one(small_evaluation):
    table = confusion_matrix.matrix_table(small_evaluation.counts, small_evaluation.classes)
    assert table.groupby("true")["share of true"].sum().to_numpy() == pytest.approx(1)
    by_predicted = table.groupby("predicted")["share of predicted"].sum()
    assert by_predicted.to_numpy() == pytest.approx(1)


def test_bars_of_a_digit_fill_its_whole_length_without_a_gap(small_evaluation):
    chart = every_chart(small_evaluation, LIGHT)["where"].to_dict()
    table = next(iter(chart["datasets"].values()))
    for digit in map(str, range(10)):
        parts = [row for row in table if row["true"] == digit]
        assert parts[0]["start"] == pytest.approx(0)
        assert parts[-1]["end"] == pytest.approx(1)
        assert [p["end"] for p in parts[:-1]] == pytest.approx([p["start"] for p in parts[1:]])
        assert parts[0]["right"]


def test_strips_have_a_mark_for_every_image_on_its_own_side_of_zero(small_evaluation):
    table = destinations.strip_table(small_evaluation.table)
    assert table["index"].tolist() == list(range(599))
    right, wrong = table[table["right"]], table[~table["right"]]
    assert (right["signed margin"] >= 0).all()
    assert (wrong["signed margin"] <= 0).all()
    assert not table.duplicated(["true", "bin", "place"]).any()


@pytest.mark.parametrize("palette", [LIGHT, DARK])
@pytest.mark.parametrize("stops", ["diverging", "contrast"])
def test_diverging_scales_have_zero_in_the_middle(palette, stops):
    scale = axes.diverging_scale(getattr(palette, stops), 0.3).to_dict()
    assert scale["domain"] == [-0.3, 0.3]
    assert scale["range"][len(scale["range"]) // 2] == palette.sequential[0]  # nothing looks alike


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_what_speaks_for_a_class_is_not_coloured_as_right_or_wrong(palette):
    """The answer may be the wrong one: its reasons must not look like the right ones."""
    assert not set(palette.contrast[:2] + palette.contrast[3:]) & {
        palette.right,
        palette.wrong,
        *palette.diverging,
        *palette.sequential,
    }


@pytest.mark.parametrize("log", [False, True])
def test_a_place_on_the_scale_runs_from_nothing_to_most(log):
    places = axes.on_scale(np.array([0, 1, 10, np.nan]), 10, log)
    assert places[[0, 2, 3]].tolist() == pytest.approx([0, 1, 0])
    assert places[1] == pytest.approx(np.log1p(20) / np.log1p(200) if log else 0.1)


def test_similar_digits_stand_side_by_side():
    counts = np.array([[9, 0, 1, 0], [0, 5, 0, 5], [1, 0, 9, 0], [0, 5, 0, 5]])
    order = class_order(counts, "similarity").tolist()
    assert abs(order.index(1) - order.index(3)) == 1
    assert abs(order.index(0) - order.index(2)) == 1
    assert class_order(counts, "errors").tolist() == [1, 3, 0, 2]
    assert class_order(np.zeros((3, 3), int), "similarity").tolist() == [0, 1, 2]
    with pytest.raises(ValueError, match="'size' is not"):
        class_order(counts, "size")


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return float(np.dot([0.2126, 0.7152, 0.0722], linear))


def ratio(one: str, other: str) -> float:
    light, dark = sorted([luminance(one), luminance(other)], reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("palette", PALETTES, ids=lambda p: p.name)
def test_colours_that_carry_text_or_meaning_are_legible_on_paper(palette):
    """WCAG 2.1: 4.5 to 1 for text."""
    for colour in (palette.ink, palette.faint, palette.right, palette.wrong, *palette.series):
        assert ratio(colour, palette.paper) >= 4.5, colour


@pytest.mark.parametrize("scale", ["sequential", "diverging"])
@pytest.mark.parametrize("palette", PALETTES, ids=lambda p: p.name)
def test_figures_in_a_cell_take_the_one_of_ink_and_paper_that_is_read_better(palette, scale):
    stops = getattr(palette, scale)
    in_paper = axes.wants_paper(np.linspace(0, 1, len(stops)), stops, palette)
    for stop, paper in zip(stops, in_paper, strict=True):
        chosen, other = (palette.paper, palette.ink)[:: 1 if paper else -1]
        assert ratio(chosen, stop) >= max(ratio(other, stop), 3.5)


@pytest.mark.parametrize("path", CHARTS, ids=lambda path: path.stem)
def test_channels_are_named_by_their_classes(path):
    """A bare string, or the mapping of alt.condition, makes Altair try all its classes."""
    calls = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)]
    encodings = [call for call in calls if getattr(call.func, "attr", "") == "encode"]
    given = [word.value for call in encodings for word in call.keywords if word.arg]
    parts = [p for value in given for p in getattr(value, "elts", [value])]
    assert not [part.value for part in parts if isinstance(part, ast.Constant)]
    assert "alt.condition(" not in path.read_text() and "alt.value(" not in path.read_text()


@pytest.mark.parametrize(("n", "lettered"), [(2, True), (24, True), (25, False), (70, False)])
def test_a_matrix_of_many_classes_leaves_the_letters_to_the_tooltips(n, lettered):
    classes = np.array([f"class {place:03d} with a long name" for place in range(n)])
    chart = confusion_matrix.matrix_chart(
        np.eye(n, dtype=int), classes, np.arange(n), "count", False, False, LIGHT
    ).to_dict()
    marks = [layer["mark"]["type"] for layer in chart["layer"]]
    assert ("text" in marks) == lettered
    assert chart["layer"][0]["encoding"]["y"]["title"] == "true class"
    if lettered:
        limits = [layer["mark"].get("limit") for layer in chart["layer"]]
        assert {"expr": f"width / {n + 1} - 2"} in limits


def test_of_many_classes_the_nearest_and_the_true_one_have_their_distance():
    classes = np.array([f"c{place:02d}" for place in range(60)])
    about = np.arange(60.0), classes, "c00", "c59", distances.Role.TRUE, "unit", LIGHT
    rows = next(iter(distances.distance_bars(*about).to_dict()["datasets"].values()))
    assert [row["digit"] for row in rows] == [*classes[:12], "c59"]


@pytest.mark.parametrize("role", distances.Role)
@pytest.mark.parametrize(("asked", "named"), [("b", "{}"), ("a", "{} and predicted")])
def test_the_class_beside_the_prediction_is_named_by_its_role(role, asked, named):
    classes = np.array(["a", "b", "c"])
    about = np.array([0.1, 0.3, 0.2]), classes, "a", asked, role, "unit", LIGHT
    chart = distances.distance_bars(*about).to_dict()
    rows = next(iter(chart["datasets"].values()))
    assert [row["digit"] for row in rows] == ["a", "c", "b"]  # the nearest first
    said = {row["digit"]: row["is"] for row in rows}
    assert said[asked] == named.format(role) and said["c"] == "other"


@pytest.mark.parametrize(
    ("other", "label", "legend"),
    [
        ("b", "0, predicted", ["asked about", "other"]),
        ("a", "0, asked about and predicted", None),
        (None, "0, predicted", None),
    ],
)
def test_the_legend_names_only_bars_that_are_seen(other, label, legend):
    about = np.array([0.1, 0.3, 0.2]), np.array(["a", "b", "c"]), "a", other
    chart = distances.distance_bars(*about, distances.Role.ASKED, "unit", LIGHT).to_dict()
    rows = next(iter(chart["datasets"].values()))
    assert [row["label"] for row in rows if row["digit"] == "a"] == [label]
    shown = chart["layer"][0]["encoding"]["color"]["legend"]
    assert (shown and shown["values"]) == legend


@pytest.mark.parametrize(("fixed", "broken"), [(7, 3), (0, 0), (1, 0), (481, 96), (0, 12)])
def test_the_axis_of_changes_reaches_beyond_every_bar(fixed, broken):
    table = pd.DataFrame({"digit": [0, 1], "fixed": [fixed, 0], "broken": [0, broken]})
    up = training.changes_chart(table, LIGHT).to_dict()["layer"][0]["encoding"]["y"]
    ticks = up["axis"]["values"]
    assert up["scale"]["domain"] == [ticks[0], ticks[-1]]
    assert ticks[0] <= -broken and fixed <= ticks[-1] and 0 in ticks and 2 <= len(ticks) <= 10


@pytest.mark.parametrize(
    ("distances", "wanted"), [([0, 0.0422, 0.16], 3), ([0, 0.1, 0.9], 2), ([0, 4e-9], 6), ([0], 1)]
)
def test_all_cells_of_the_distances_have_the_decimals_that_the_smallest_needs(distances, wanted):
    assert template_charts._decimals(pd.Series(distances, dtype=float)) == wanted
