"""Images unlike their class, and classes whose training and test images differ."""

import pandas as pd
import streamlit as st

from dashboard import text
from dashboard.charting.palette import Palette
from dashboard.services import dataset_quality, label_review
from dashboard.text.markdown import one
from dashboard.widgets import image_grid, inputs
from dashboard.widgets.panel import panel
from dashboard.widgets.progress import watched
from engine.datasets.dataset import Dataset
from engine.label_review.neighbors import TESTING
from engine.label_review.outliers import unusual

SHOWN = 12  # images at once
IN_WORDS = {"nearest": "distance to nearest image", "times": "times the usual of its class"}


def show(dataset: Dataset, palette: Palette) -> None:
    """Both parts under their headings."""
    st.subheader("Images unlike their class")
    with panel("Unusual images"):
        outliers(dataset, palette)
    st.subheader("Do training and test images differ?")
    with panel("The splits beside each other"):
        drift(dataset)


def outliers(dataset: Dataset, palette: Palette) -> None:
    """The test images whose nearest image is farthest, once somebody has asked for them."""
    if not label_review.asked_for(dataset, TESTING) and not st.button(
        "Look for unusual images", key="data_unusual", icon=":material/search:"
    ):
        return
    attempt = label_review.neighbors(dataset, TESTING)
    if watched(attempt) is None:
        st.error("The images could not be compared; the reason is in the server's log.")
        st.button(
            "Try again",
            key="data_unusual_again",
            on_click=label_review.again,
            args=(dataset, TESTING),
        )
        return
    found = unusual(attempt.result, dataset.testing.labels)
    st.markdown(text.dataset.unusual(found, SHOWN))
    few = found.head(SHOWN)
    captions = [f"{row['class']} · {row['times']:.1f}×" for row in few.to_dict("records")]
    alts = [
        f"test image {row['index']:,}, {one(row['class'])}: {row['times']:.1f} times as far"
        for row in few.to_dict("records")
    ]
    images = [dataset.testing.images[index] for index in few["index"]]
    st.html(image_grid.grid(images, captions, alts, palette, most_in_row=12))
    found = found.rename(columns=IN_WORDS)
    inputs.table(
        found.head(500),
        "Test images by how far their nearest image is",
        decimals=dict(zip(IN_WORDS.values(), (0, 2), strict=True)),
        height=250,
    )
    inputs.csv_button(found, "digitscope-unusual.csv", "data_unusual_csv")
    st.caption(
        "The distance is Euclidean, over the grey levels (0 to 255) of all pixels, of images made "
        "upright, to the nearest image of either split. Usual is the median of the class. The "
        "search for label errors on the page Labels is this one, too: done there, its result is "
        "here."
    )


def drift(dataset: Dataset) -> None:
    """Whether test images differ from training images in shape, once somebody has asked."""
    if not dataset_quality.asked_for(dataset) and not st.button(
        "Compare the splits", key="data_drift", icon=":material/compare:"
    ):
        return
    attempt = dataset_quality.drift(dataset)
    if watched(attempt) is None:
        st.error("The images could not be measured; the reason is in the server's log.")
        st.button(
            "Try again", key="data_drift_again", on_click=dataset_quality.again, args=(dataset,)
        )
        return
    found = attempt.result
    st.markdown(text.dataset.drift(found))
    if not found.empty:
        _table(found)


def _table(found: pd.DataFrame) -> None:
    inputs.table(
        found,
        "Shape of the test images beside the training images, by class",
        decimals={"training": 2, "test": 2, "p": 4},
        signed={"difference": "+.2f", "low": "+.2f", "high": "+.2f"},
        height=min(38 + 35 * len(found), 300),
    )
    inputs.csv_button(found, "digitscope-drift.csv", "data_drift_csv")
    st.caption(
        "Means of each class: ink from 0 to 1, thickness, length, width and height in pixels, "
        "slant in degrees. 'low' to 'high' is the 95 % interval of the difference by Welch, p is "
        f"corrected for all {len(found):,} comparisons (Holm)."
    )
