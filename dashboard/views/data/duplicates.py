"""Test images that are training images too, or nearly: side by side, with both labels."""

import pandas as pd
import streamlit as st

from dashboard import text
from dashboard.charting.palette import Palette
from dashboard.services import datasets
from dashboard.text import numbers
from dashboard.text.markdown import one
from dashboard.widgets import image_grid, inputs
from dashboard.widgets.progress import watched
from engine.datasets.dataset import Dataset
from engine.datasets.duplicates import pairs
from engine.datasets.summary import identical_table
from engine.io.numbers import percent

SHOWN = 12  # pairs at once
SHARES = (2, 5, 10, 15, 20, 30)  # per cent apart that count as near


def identical(dataset: Dataset) -> None:
    """The pairs whose pixels are equal, which takes a moment only."""
    identical = datasets.identical(dataset)
    st.markdown(text.dataset.identical(len(identical), len(dataset.testing)))
    if identical:
        inputs.table(
            identical_table(dataset, identical), "Test images that are training images too"
        )


def nearly(dataset: Dataset, palette: Palette) -> None:
    """The pairs that are near, once somebody has asked for them: all are compared with all."""
    st.markdown(
        "Two images are near when their pixels differ little: the Euclidean distance of the two as "
        "a share of the test image's own length. 0 % are equal pixels."
    )
    if not datasets.compared(dataset) and not st.button(
        "Look for near-duplicates", key="data_near", icon=":material/content_copy:"
    ):
        return
    nearest = watched(datasets.nearest_training(dataset))
    if nearest is None:
        st.error("The images could not be compared; the reason is in the server's log.")
        return
    most = st.select_slider("At most so far apart, in per cent", SHARES, 15, key="data_apart")
    found = pairs(dataset, nearest, most / 100)
    st.markdown(text.dataset.near(found, nearest, len(dataset.testing), most))
    if not found.empty:
        _show(found, dataset, palette)


def _show(found: pd.DataFrame, dataset: Dataset, palette: Palette) -> None:
    """The pairs as pictures, those first whose labels differ, and all of them as a table."""
    told = found.sort_values("same label", kind="stable")
    tiles = [_pair(row, dataset) for _, row in told.head(SHOWN).iterrows()]
    if len(found) > SHOWN:
        st.caption(f"{SHOWN} of {len(found):,}: labels that differ first, then the nearest.")
    st.html(image_grid.grid(*zip(*tiles, strict=True), palette, most_in_row=6, least_px=130))
    inputs.table(
        told.reset_index(drop=True),
        f"{numbers.count(len(found), 'test image')} with a near training image, those first whose "
        "labels differ",
        ("apart",),
        height=min(38 + 35 * len(told), 300),
    )
    inputs.csv_button(found, "digitscope-near.csv", "data_near_csv")


def _pair(row: pd.Series, dataset: Dataset) -> tuple:
    """The test image beside the training image, a caption, and a text for who cannot see it."""
    tested, trained = dataset.testing.images[row["test"]], dataset.training.images[row["training"]]
    here, there = row["test label"], row["training label"]
    labels = f"{here}" if row["same label"] else f"{here} ≠ {there}"
    kind, apart = ("identical", "") if row["identical"] else (percent(row["apart"], 1), " apart")
    alt = (
        f"test image {row['test']:,}, {one(here)}, beside training image "
        f"{row['training']:,}, {one(there)}: {kind}{apart}"
    )
    return image_grid.beside(tested, trained), f"{labels} · {kind}", alt
