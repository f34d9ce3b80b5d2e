"""A file that can be read in several ways: each is shown, and the viewer chooses."""

import streamlit as st

from dashboard.session import uploads
from dashboard.text import numbers
from dashboard.text.markdown import plain
from dashboard.widgets import image_grid, inputs
from engine.datasets.dataset import Dataset
from engine.datasets.summary import some_of

CLASSES, IMAGES = 10, 4  # of each reading that are shown


def question() -> None:
    """The readings of the last upload side by side, each with a button that takes it."""
    asked = uploads.readings()
    if asked is None:
        return
    name, found = asked
    st.info(f"{plain(name)} can be read in {len(found)} ways. Which of them is right?")
    for place, (column, (way, dataset)) in enumerate(
        zip(st.columns(len(found), gap="large"), found.items(), strict=True)
    ):
        with column:
            _reading(way, dataset)
            st.button(
                "Read it so",
                key=f"data_reading_{place}",
                on_click=uploads.take_reading,
                args=(way,),
            )


def _reading(way: str, dataset: Dataset) -> None:
    training = dataset.training
    classes = sorted(set(training.labels.tolist()))
    st.markdown(
        f"**{plain(way[:1].upper() + way[1:])}**: {numbers.count(len(training), 'training image')} "
        f"in {len(classes)} classes"
    )
    rows = [training.images[some_of(training, name, IMAGES)] for name in classes[:CLASSES]]
    names = [str(name) for name in classes[:CLASSES]]
    alts = [f"some images of {name}" for name in names]
    st.html(image_grid.strips(rows, names, alts, inputs.theme()))
