"""What do these data hold, and how does your own model or data set fare?"""

import numpy as np
import streamlit as st

from dashboard import bringing, controls, opening, pictures, words
from dashboard.charts import data as charts
from dashboard.panels import panel
from engine.inventory import class_counts, twins_of, twins_table
from engine.predictions import columns_wanted, sample_csv

study = opening.open_study()
digits, palette = study.digits, controls.theme()

st.subheader("Bring the predictions of your own model")
st.markdown(
    f"A CSV, Parquet or NPZ file with the columns {words.plain(columns_wanted(study.classes))}: "
    "one row for every test image, in any order. An index counts the test images from 0; higher "
    f"scores are surer, and in an NPZ file they may be one array *scores*. Every row is checked, "
    "and nothing is dropped, rounded or guessed. Every page then works for your model."
)
with st.container(horizontal=True):
    if all(f"distance to {name}" in study.table for name in study.classes):
        st.download_button(
            "A sample file (CSV)",
            lambda: sample_csv(study),
            "digitscope-predictions.csv",
            "text/csv",
            icon=":material/table:",
            on_click="ignore",
            key="data_sample",
            help="The answers and scores of the model in the sidebar; it can be uploaded as it is",
        )
with panel("The field for predictions"):
    bringing.predictions(digits)
with panel("The predictions you brought"):
    bringing.held_models(digits)
if opening.own_studies():
    st.page_link(
        "../pages/compare.py",
        label="Compare two models on the same images",
        icon=":material/arrow_forward:",
    )

st.subheader("Bring images of your own")
st.markdown(
    "A zip of pictures, one folder a class, with training/ and testing/ (or train/ and test/) "
    "above them or in one piece, of which a fifth is kept for testing; a zip of the four IDX files "
    "as MNIST is published; an NPZ with x_train, y_train, x_test, y_test, or images and labels; or "
    "a CSV or Parquet table with a label and a column for each pixel. From 2 to 100 classes. "
    "Colour becomes grey by luminance, and dark ink on bright paper is turned round."
)
with panel("The field for images"):
    bringing.images()
with panel("The data sets you brought"):
    bringing.held_data()

st.subheader("What these data hold")
with panel("What these data hold"):
    counts = class_counts(digits)
    height, width = digits.size
    st.markdown(
        f"{words.plain(digits.name)}: {words.count(len(digits.training), 'training image')} and "
        f"{words.count(len(digits.testing), 'test image')} of {height}×{width} pixels in "
        f"{len(counts)} classes. {words.balance(counts)}"
    )
    chart, table = st.columns([3, 2], gap="large")
    chart.altair_chart(
        charts.balance_chart(counts, palette),
        alt="Share of each class in the training and in the test images: "
        + ", ".join(
            f"{row.digit} {row.training:,} and {row.testing:,}" for row in counts.itertuples()
        ),
    )
    table.dataframe(counts, hide_index=True, alt="Training and test images of each class")
st.caption("The first training image of each class")
with panel("The first image of each class"):
    firsts = [int(np.argmax(digits.training.labels == name)) for name in study.classes]
    names = [str(name) for name in study.classes]
    st.html(
        pictures.grid(
            [digits.training.images[index] for index in firsts],
            names,
            [f"the first training image of {name}" for name in names],
            palette,
        )
    )
with panel("Images in both splits"):
    twins = twins_of(digits)
    st.markdown(words.twins(len(twins), len(digits.testing)))
    if twins:
        st.dataframe(
            twins_table(digits, twins),
            hide_index=True,
            alt="Test images that are training images too",
        )
