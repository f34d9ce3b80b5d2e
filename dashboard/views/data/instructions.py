"""What a viewer may bring: the form of a file of predictions, and those of a dataset of images."""

import streamlit as st

from dashboard.text.markdown import plain
from engine.evaluation.evaluation import Evaluation
from engine.evaluation.external_predictions import columns_wanted, sample_csv


def predictions(evaluation: Evaluation) -> None:
    """The columns wanted for the classes of ``evaluation``, and a sample file of its answers."""
    columns = plain(columns_wanted(evaluation.classes))
    st.markdown(
        "**Its predictions**: a CSV, Parquet or NPZ file with a row for each test image and the "
        f"columns {columns}."
    )
    with st.expander("More about the file", key="data_predictions_more"):
        st.markdown(
            "- The index counts the test images from 0; rows may come in any order.\n"
            "- Images without a row are left out: your model is judged on the others.\n"
            "- A higher score means surer. Probabilities may be percentages.\n"
            "- Other usual column names, scores without answers, an index from 1, an array "
            "*scores* in an NPZ file, and a *.npy* array in the order of the test images are read, "
            "too.\n"
            "- Classes in a column *true* must be those of the images.\n"
            "- Other columns, as *writer*, are attributes of the images.\n"
            "- JSON and pickles are not read."
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
                help="The answers and scores of the model in the sidebar; it can be uploaded as it "
                "is",
            )


def images() -> None:
    """The formats of a dataset, and what is done to its images."""
    st.markdown(
        "- **Pictures** in a zip or tar, one folder a class or a *labels.csv* beside them, with or "
        "without folders for training and test images.\n"
        "- **Arrays**: NPZ, or the IDX files as MNIST is published.\n"
        "- **Tables**: CSV or Parquet with a label and a column for each pixel, or Parquet with "
        "the images as Hugging Face writes them.\n\n"
        "From 2 to 100 classes. Without test images a fifth is held out. Colour becomes grey by "
        "luminance, dark ink on bright paper is inverted, other ranges of values are brought to 0 "
        "to 255; what was done and what was left out is then said."
    )
