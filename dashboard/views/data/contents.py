"""What a dataset holds: how many images of each class, and some of them."""

import numpy as np
import streamlit as st

from dashboard import text
from dashboard.charting import class_balance
from dashboard.charting.palette import Palette
from dashboard.charting.render import draw
from dashboard.services import charts
from dashboard.text import numbers
from dashboard.text.markdown import plain
from dashboard.widgets import image_grid, inputs
from engine.datasets.dataset import Dataset, class_noun
from engine.datasets.summary import class_counts, some_of


def balance(dataset: Dataset, classes: np.ndarray, palette: Palette) -> None:
    """The size of the dataset and of each class, and what was done to its images on the way in."""
    counts = class_counts(dataset)
    height, width = dataset.size
    training = numbers.count(int(counts["training"].sum()), "training image")
    testing = numbers.count(int(counts["testing"].sum()), "test image")
    st.markdown(
        f"{plain(dataset.name)}: {training} and {testing} of {height}×{width} pixels in "
        f"{len(counts)} classes. {text.dataset.balance(counts)}"
    )
    chart, figures = st.columns([3, 2], gap="large")
    draw(
        charts.chart(class_balance.balance_chart, counts, palette, of=dataset),
        chart,
        alt="Share of each class in the training and in the test images: "
        + ", ".join(
            f"{row.digit} {row.training:,} and {row.testing:,}" for row in counts.itertuples()
        ),
    )
    shown = counts.rename(columns={"digit": class_noun(classes)})
    with figures:
        inputs.table(shown, "Training and test images of each class")
    if dataset.done:
        st.markdown("\n".join(f"- {plain(sentence)}" for sentence in dataset.done))


def some_images(dataset: Dataset, classes: np.ndarray, palette: Palette) -> None:
    """A row of training images for each class."""
    most = 10 if len(classes) <= 20 else 5
    rows = [some_of(dataset.training, name, most) for name in classes]
    names = [str(name) for name in classes]
    pictures = image_grid.strips(
        [dataset.training.images[row] for row in rows],
        names,
        [
            f"{numbers.count(len(row), 'training image')} of {name}"
            for row, name in zip(rows, names, strict=True)
        ],
        palette,
    )
    st.html(image_grid.framed(pictures, len(names), "Some training images of each class"))
