"""What do these data hold, and how does your own model, or data set, fare?"""

import streamlit as st

from dashboard import bringing, cached, controls, duplicates, opening, pictures, say, sharing, words
from dashboard.charts import data as charts
from dashboard.drawing import draw
from dashboard.names import plain
from dashboard.panels import panel
from engine.digits import noun
from engine.inventory import class_counts, some_of
from engine.predictions import columns_wanted, sample_csv

study = opening.open_study()
digits, palette = study.digits, controls.theme()

st.subheader("What these data hold")
with panel("What these data hold"):
    counts = class_counts(digits)
    height, width = digits.size
    st.markdown(
        f"{plain(digits.name)}: {words.count(len(digits.training), 'training image')} and "
        f"{words.count(len(digits.testing), 'test image')} of {height}×{width} pixels in "
        f"{len(counts)} classes. {say.data.balance(counts)}"
    )
    chart, figures = st.columns([3, 2], gap="large")
    draw(
        cached.chart(charts.balance_chart, counts, palette, of=digits),
        chart,
        alt="Share of each class in the training and in the test images: "
        + ", ".join(
            f"{row.digit} {row.training:,} and {row.testing:,}" for row in counts.itertuples()
        ),
    )
    shown = counts.rename(columns={"digit": noun(study.classes)})
    with figures:
        controls.table(shown, "Training and test images of each class")
    if digits.done:
        st.markdown("\n".join(f"- {plain(sentence)}" for sentence in digits.done))

st.subheader("Some training images of each class")
with panel("Some images of each class"):
    most = 10 if len(study.classes) <= 20 else 5
    rows = [some_of(digits.training, name, most) for name in study.classes]
    names = [str(name) for name in study.classes]
    controls.framed(names, "data_some").html(
        pictures.strips(
            [digits.training.images[row] for row in rows],
            names,
            [
                f"{words.count(len(row), 'training image')} of {name}"
                for row, name in zip(rows, names, strict=True)
            ],
            palette,
        )
    )

st.subheader("Test images that are in training, too")
with panel("Images in both splits"):
    duplicates.identical(digits)
with panel("Near-duplicates"):
    duplicates.nearly(digits, palette)

st.subheader("Bring the predictions of your own model")
st.markdown(
    f"A CSV, Parquet or NPZ file with the columns {plain(columns_wanted(study.classes))}: "
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
    "above them or in one piece, of which a fifth is kept for testing; the four IDX files as "
    "MNIST is published, at once or in a zip; an NPZ with x_train, y_train, x_test, y_test, or "
    "images and labels; or a CSV or Parquet table with a label and a column for each pixel. From 2 "
    "to 100 classes. "
    "Colour becomes grey by luminance, and dark ink on bright paper is turned round."
)
with panel("The field for images"):
    bringing.images()
with panel("The data sets you brought"):
    bringing.held_data()

sharing.link_here()
