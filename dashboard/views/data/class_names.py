"""Names for the classes of the data shown: a field, or a file with a line for each."""

import numpy as np
import streamlit as st

from dashboard.session import keys, uploads, url_state
from dashboard.text import numbers
from dashboard.text.markdown import plain
from engine.datasets.class_names import read_names, renamed
from engine.datasets.dataset import Dataset, is_digits
from engine.io.file_names import short_name
from engine.runtime.errors import Refused, without_traceback
from engine.runtime.limits import MAX_CLASS_NAMES_BYTES, MAX_UPLOADED_DATASETS

FIELD, FILE = "class_names", "class_names_file"


def field(dataset: Dataset, classes: list[str]) -> None:
    """The field and the button; says why names were not taken, and what was made of them."""
    with st.expander("Name the classes", key="class_names_panel"):
        if is_digits(np.unique(dataset.training.labels)):
            st.caption(
                "Classes called 0 to 9 whose images look like these digits are called digits "
                "until they have other names."
            )
        elif set(classes) <= set("0123456789"):
            st.caption("The images do not look like the digits that their classes are called.")
            st.button(
                "They are digits", key="class_names_digits", on_click=_say_digits, args=(dataset,)
            )
        st.text_area(
            "A line for each class, as '0 T-shirt'; those without a line keep their names",
            key=FIELD,
            max_chars=MAX_CLASS_NAMES_BYTES,
            placeholder="\n".join(f"{name} …" for name in classes[:3]),
        )
        st.file_uploader(
            "Or a file with these lines",
            ["txt", "csv", "tsv"],
            key=FILE,
            max_upload_size=1,
            help="Text in UTF-8. It stays in this session.",
        )
        st.button("Use these names", key="class_names_use", on_click=_use, args=(dataset,))
        if (came := st.session_state.pop(keys.NAMES_REFUSED, None)) is not None:
            st.error(f"No name was taken. {plain(str(came))}")
        else:
            _say_of_the_file(dataset)


def _say_of_the_file(dataset: Dataset) -> None:
    """Whether a file that has come can be used, before the button is pressed."""
    file = st.session_state.get(FILE)
    if file is None:
        return
    name = plain(short_name(file.name))
    if st.session_state.get(FIELD, "").strip():
        st.info(f"{name} is not used while there are lines in the field above.")
        return
    try:
        renamed(dataset, read_names(_given(), dataset))
    except Refused as refusal:
        st.error(
            f"{name} does not name the classes. {plain(str(refusal))} Files of predictions and of "
            "images have fields of their own below."
        )
    else:
        st.success(f"{name} names the classes. Press 'Use these names'.")


def _use(dataset: Dataset) -> None:
    """Keeps the renamed dataset as one of this viewer's own, and shows it."""
    try:
        named = renamed(dataset, read_names(_given(), dataset))
        _keep(dataset, named)
    except Refused as refusal:
        st.session_state[keys.NAMES_REFUSED] = without_traceback(refusal)


def _say_digits(dataset: Dataset) -> None:
    """Keeps the dataset with the same names, as the viewer says that they are digits."""
    try:
        names = map(str, np.unique(dataset.training.labels))
        _keep(dataset, renamed(dataset, {name: name for name in names}))
    except Refused as refusal:
        st.session_state[keys.NAMES_REFUSED] = without_traceback(refusal)


def _given() -> str:
    """What is in the field, else in the file."""
    text, file = st.session_state.get(FIELD, ""), st.session_state.get(FILE)
    if text.strip() or file is None:
        return text
    if file.size > MAX_CLASS_NAMES_BYTES:
        found = f"The file has {file.size:,} bytes"
        raise Refused(f"{found}; at most {MAX_CLASS_NAMES_BYTES:,} are taken.")
    return file.getvalue().decode("utf-8-sig", "replace")


def _keep(dataset: Dataset, named: Dataset) -> None:
    """In place of an own dataset, or beside one of the server's, whose images both then have."""
    own = next((name for name, one in uploads.data().items() if one is dataset), None)
    name = own or uploads.my(f"{dataset.name}, named")
    if name not in uploads.data() and len(uploads.data()) >= MAX_UPLOADED_DATASETS:
        found = f"You hold {numbers.count(len(uploads.data()), 'data set')}"
        raise Refused(f"{found}; at most {MAX_UPLOADED_DATASETS} are kept, so remove one first.")
    size = named.nbytes if own else named.training.labels.nbytes + named.testing.labels.nbytes
    if name in uploads.data():
        uploads.remove(name)
    uploads.add_dataset(name, named, size)
    url_state.reset(data=name)
