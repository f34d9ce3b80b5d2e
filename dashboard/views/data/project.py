"""Save all that was made of these data as one file, open such a file, or forget it all."""

import streamlit as st

from dashboard.components import browser_storage
from dashboard.session import keys, label_decisions, own_models, project, uploads
from dashboard.session.marks import marks_of
from dashboard.text import numbers
from dashboard.text.markdown import plain
from engine.datasets.dataset import Dataset
from engine.evaluation.evaluation import Evaluation
from engine.project.project_file import project_file, read_project
from engine.runtime.errors import Refused
from engine.runtime.limits import MAX_PROJECT_BYTES

FORGETS = (
    "Marks, decisions on labels, uploads, models, predictions and trained templates, of all data, "
    "in this browser and on the server. This cannot be undone."
)
WHERE = (
    "Marks and decisions on labels are kept in this browser. Uploads, models and trained "
    "templates are in the server's memory until this visit ends. Nothing of yours is on its disk."
)


def show(evaluation: Evaluation) -> None:
    """What there is to save, the file, the field for one, and the way to forget."""
    st.caption(WHERE)
    dataset = evaluation.dataset
    marks, decisions = len(marks_of(dataset)), len(label_decisions.of(dataset))
    with st.container(horizontal=True, vertical_alignment="center"):
        mine = st.session_state.get("data") in uploads.data()
        with_images = st.checkbox("With the images", value=mine, key="project_images")
        made = project.gathered(evaluation, with_images)  # the button's own thread has no visit
        st.download_button(
            "Save the project",
            lambda: project_file(made),
            "digitscope-project.zip",
            "application/zip",
            key="project_save",
            on_click="ignore",
            help="Models of your own, marks, decisions on labels and the view of every page. "
            "Without the images it opens where the same data are.",
        )
        with st.popover("Forget all of mine", type="tertiary"):
            st.markdown(FORGETS)
            st.button("Forget all", key="project_forget", on_click=_forget, args=(dataset,))
        said = [numbers.count(marks, "mark"), numbers.count(decisions, "decision")]
        st.caption(f"{' and '.join(said)} on these data.")
    _open(dataset)


def _forget(dataset: Dataset) -> None:
    """In the browser, for all data; on the server, whatever this visit holds."""
    browser_storage.forget_all()
    label_decisions.put(dataset, {})
    st.session_state.pop(keys.DECISIONS, None)
    st.session_state.pop(keys.MARKS, None)
    for name in [*uploads.data(), *uploads.models(), *own_models.arriving()]:
        uploads.remove(name)
    for key in (keys.TRAINED, keys.RUNS, keys.PROJECT_LINKS):
        st.session_state.pop(key, None)
    said = "All of yours is forgotten, in this browser and on the server."
    st.session_state[keys.PROJECT_REPORT] = ([said], False)


def _open(dataset: Dataset) -> None:
    key = f"project_open_{st.session_state.get(keys.turn('project'), 0)}"
    st.file_uploader(
        "Open a project",
        "zip",
        key=key,
        max_upload_size=MAX_PROJECT_BYTES // 1_000_000,
        on_change=_take,
        args=(key, dataset),
    )
    said, refused = st.session_state.pop(keys.PROJECT_REPORT, ([], False))
    for sentence in said:
        (st.error if refused else st.success)(plain(sentence))
    _links()


def _take(key: str, dataset: Dataset) -> None:
    """Before the sidebar is drawn, which is to offer what has come; the field is then empty."""
    file = st.session_state[key]
    if file is None:
        return
    try:
        said = project.put_back(read_project(file.getvalue()), dataset), False
    except Refused as refusal:
        said = [f"The project was not opened. {refusal}"], True
    turn = st.session_state.get(keys.turn("project"), 0)
    st.session_state.update({keys.PROJECT_REPORT: said, keys.turn("project"): turn + 1})


def _links() -> None:
    """The views that were saved, a link each."""
    links = st.session_state.get(keys.PROJECT_LINKS)
    if links:
        with st.container(horizontal=True, vertical_alignment="center", key="project_views"):
            st.caption("The saved views:")
            for page, parameters in links.items():
                st.page_link(
                    f"../pages/{page}.py", label=page.capitalize(), query_params=parameters
                )
