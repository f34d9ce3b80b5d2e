"""Test images that are training images too, or nearly: side by side, with both labels."""

import pandas as pd
import streamlit as st

from dashboard import cached, controls, opening, pictures, say, words
from dashboard.names import one
from dashboard.style import Palette
from engine.digits import Digits
from engine.inventory import twins_table
from engine.near_duplicates import pairs

SHOWN = 12  # pairs at once
SHARES = (2, 5, 10, 15, 20, 30)  # per cent apart that count as near


def identical(digits: Digits) -> None:
    """The pairs whose pixels are equal, which takes a moment only."""
    twins = cached.twins(digits)
    st.markdown(say.data.twins(len(twins), len(digits.testing)))
    if twins:
        controls.table(twins_table(digits, twins), "Test images that are training images too")


def nearly(digits: Digits, palette: Palette) -> None:
    """The pairs that are near, once somebody has asked for them: all are compared with all."""
    st.markdown(
        "Two images are near when their pixels differ little: the Euclidean distance of the two as "
        "a share of the test image's own length. 0 % are equal pixels."
    )
    if not cached.compared(digits) and not st.button(
        "Look for near-duplicates", key="data_near", icon=":material/content_copy:"
    ):
        return
    nearest = opening.watched(cached.nearest_training(digits))
    if nearest is None:
        st.error("The images could not be compared; the reason is in the server's log.")
        return
    most = st.select_slider("At most so far apart, in per cent", SHARES, 15, key="data_apart")
    found = pairs(digits, nearest, most / 100)
    st.markdown(say.data.near(found, nearest, len(digits.testing), most))
    if not found.empty:
        _show(found, digits, palette)


def _show(found: pd.DataFrame, digits: Digits, palette: Palette) -> None:
    """The pairs as pictures, those first whose labels differ, and all of them as a table."""
    told = found.sort_values("same label", kind="stable")
    tiles = [_pair(row, digits) for _, row in told.head(SHOWN).iterrows()]
    if len(found) > SHOWN:
        st.caption(f"{SHOWN} of {len(found):,}: labels that differ first, then the nearest.")
    st.html(pictures.grid(*zip(*tiles, strict=True), palette, most_in_row=6, least_px=130))
    controls.table(
        told.reset_index(drop=True),
        f"{words.count(len(found), 'test image')} with a near training image, those first whose "
        "labels differ",
        ("apart",),
        height=min(38 + 35 * len(told), 300),
    )
    controls.csv_button(found, "digitscope-near.csv", "data_near_csv")


def _pair(row: pd.Series, digits: Digits) -> tuple:
    """The test image beside the training image, a caption, and a text for who cannot see it."""
    tested, trained = digits.testing.images[row["test"]], digits.training.images[row["training"]]
    here, there = row["test label"], row["training label"]
    labels = f"{here}" if row["same label"] else f"{here} ≠ {there}"
    kind, apart = ("identical", "") if row["identical"] else (words.percent(row["apart"]), " apart")
    alt = (
        f"test image {row['test']:,}, {one(here)}, beside training image "
        f"{row['training']:,}, {one(there)}: {kind}{apart}"
    )
    return pictures.beside(tested, trained), f"{labels} · {kind}", alt
