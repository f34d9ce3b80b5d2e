"""What do these data hold, and how does your own model, or dataset, fare?"""

import streamlit as st

from dashboard import text
from dashboard.charting import class_balance
from dashboard.charting.render import draw
from dashboard.services import charts
from dashboard.text import numbers
from dashboard.text.markdown import plain
from dashboard.views import dataset_and_model
from dashboard.views.data import duplicates, uploads
from dashboard.widgets import image_grid, inputs, sharing
from dashboard.widgets.panel import panel
from engine.datasets.dataset import class_noun
from engine.datasets.summary import class_counts, some_of
from engine.evaluation.external_predictions import columns_wanted, sample_csv

evaluation = dataset_and_model.open_evaluation()
dataset, palette = evaluation.dataset, inputs.theme()

st.subheader("What these data hold")
with panel("What these data hold"):
    counts = class_counts(dataset)
    height, width = dataset.size
    st.markdown(
        f"{plain(dataset.name)}: {numbers.count(len(dataset.training), 'training image')} and "
        f"{numbers.count(len(dataset.testing), 'test image')} of {height}×{width} pixels in "
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
    shown = counts.rename(columns={"digit": class_noun(evaluation.classes)})
    with figures:
        inputs.table(shown, "Training and test images of each class")
    if dataset.done:
        st.markdown("\n".join(f"- {plain(sentence)}" for sentence in dataset.done))

st.subheader("Some training images of each class")
with panel("Some images of each class"):
    most = 10 if len(evaluation.classes) <= 20 else 5
    rows = [some_of(dataset.training, name, most) for name in evaluation.classes]
    names = [str(name) for name in evaluation.classes]
    inputs.framed(names, "data_some").html(
        image_grid.strips(
            [dataset.training.images[row] for row in rows],
            names,
            [
                f"{numbers.count(len(row), 'training image')} of {name}"
                for row, name in zip(rows, names, strict=True)
            ],
            palette,
        )
    )

st.subheader("Test images that are in training, too")
with panel("Images in both splits"):
    duplicates.identical(dataset)
with panel("Near-duplicates"):
    duplicates.nearly(dataset, palette)

st.subheader("Bring the predictions of your own model")
st.markdown(
    f"A CSV, Parquet or NPZ file with the columns {plain(columns_wanted(evaluation.classes))}: "
    "a row for each test image, or for some of them, which are then judged alone. An index counts "
    "the test images from 0; higher scores are surer, and in an NPZ file they may be one array "
    "*scores*. Other usual names, scores alone, an index from 1 and a *.npy* array in the order of "
    "the test images are read, too; a column *true* beside the answers must agree. Probabilities "
    "may be percentages. JSON and pickles are not read. Every row is checked, and what was done is "
    "said. Every page then works for your model."
)
with st.container(horizontal=True):
    if all(f"distance to {name}" in evaluation.table for name in evaluation.classes):
        st.download_button(
            "A sample file (CSV)",
            lambda: sample_csv(evaluation),
            "digitscope-predictions.csv",
            "text/csv",
            icon=":material/table:",
            on_click="ignore",
            key="data_sample",
            help="The answers and scores of the model in the sidebar; it can be uploaded as it is",
        )
with panel("The field for predictions"):
    uploads.predictions(dataset)
with panel("The predictions you brought"):
    uploads.held_models(dataset)
if dataset_and_model.own_evaluations():
    st.page_link(
        "../pages/compare.py",
        label="Compare two models on the same images",
        icon=":material/arrow_forward:",
    )

st.subheader("Bring images of your own")
st.markdown(
    "- **Pictures** in a zip or tar, one folder a class or a *labels.csv* beside them, with or "
    "without folders for training and test images.\n"
    "- **Arrays**: NPZ, or the IDX files as MNIST is published.\n"
    "- **Tables**: CSV or Parquet with a label and a column for each pixel, or Parquet with the "
    "images as Hugging Face writes them.\n\n"
    "From 2 to 100 classes. Without test images a fifth is held out. Colour becomes grey by "
    "luminance, dark ink on bright paper is inverted, other ranges of values are brought to 0 to "
    "255; what was done and what was left out is said above."
)
with panel("The field for images"):
    uploads.images()
with panel("The data sets you brought"):
    uploads.held_data()

sharing.link_here()
