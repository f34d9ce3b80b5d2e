"""What this viewer made of a dataset, gathered for a project file, and put back from one."""

import sys
from importlib.metadata import version
from pathlib import Path

import streamlit as st

from dashboard.session import keys, label_decisions, uploads, url_state
from dashboard.session.marks import marks_of
from dashboard.session.viewer_models import own_evaluations
from dashboard.text import numbers
from engine.datasets.dataset import Dataset
from engine.evaluation.annotations import marks_csv, read_marks
from engine.evaluation.evaluation import Evaluation
from engine.evaluation.external_predictions import NAME_PREFIX
from engine.label_review.decisions import corrections_csv, read_corrections
from engine.project.project import KeptAnswers, KeptTemplates, Links, Project, keep, restore
from engine.runtime.errors import Refused
from engine.runtime.limits import (
    MAX_KEPT_RUNS,
    MAX_UPLOADED_DATASETS,
    MAX_UPLOADED_PREDICTIONS,
)

PAGES = sorted(path.stem for path in (Path(__file__).parents[2] / "pages").glob("*.py"))
LIBRARIES = ("streamlit", "numpy", "pandas", "scikit-learn", "torch", "pillow", "altair")


def gathered(evaluation: Evaluation, with_images: bool) -> Project:
    """All this viewer made of the data of ``evaluation``, ``with_images`` with the data."""
    dataset = evaluation.dataset
    kept = [keep(name, one) for name, one in own_evaluations(dataset).items()]
    marks, decisions = marks_of(dataset), label_decisions.of(dataset)
    return Project(
        dataset.key,
        _name_shown(),
        tuple(one for one in kept if isinstance(one, KeptAnswers)),
        tuple(one for one in kept if isinstance(one, KeptTemplates)),
        marks_csv(marks, evaluation.table, dataset.name) if marks else b"",
        corrections_csv(decisions, dataset) if decisions else b"",
        _links(),
        dataset if with_images else None,
        {"python": sys.version.split()[0], **{name: version(name) for name in LIBRARIES}},
    )


def _name_shown() -> str:
    """Of the data on the screen: others are chosen where the embedded digits stand in for them."""
    return str(st.session_state[keys.DATA_SHOWN])


def _links() -> Links:
    """By page the parameters of its view as this viewer left it."""
    kept = st.session_state.get(keys.KEPT, {})
    both = {"data": _name_shown(), "model": st.session_state.get("model")}
    return {
        page or "overview": url_state.as_parameters({**{n: kept.get(n) for n in names}, **both})
        for page, names in st.session_state.get(keys.CHOICES_OF, {}).items()
    }


def put_back(project: Project, shown: Dataset) -> list[str]:
    """Adds what the project holds to this visit; gives a sentence for each part.

    Raises Refused where its data are not here or do not fit, and then adds nothing; and where the
    server holds too much.
    """
    name, dataset = _data_of(project, shown)
    restored = [(one, restore(one, dataset)) for one in (*project.answers, *project.templates)]
    decisions = read_corrections(project.corrections, dataset) if project.corrections else {}
    marks = read_marks(project.marks, dataset.name, list(map(str, dataset.testing.files)))
    _judge_room(project)
    if project.dataset is not None and name not in uploads.data() and dataset is project.dataset:
        uploads.add_dataset(name, dataset)
    called = {one.name: _add(one, evaluation) for one, evaluation in restored}
    marks_of(dataset).update(marks.marks)
    if decisions:
        label_decisions.put(dataset, {**label_decisions.of(dataset), **decisions})
    st.session_state[keys.PROJECT_LINKS] = _renamed(project.links, name, called)
    st.session_state[keys.turn("marks")] = st.session_state.get(keys.turn("marks"), 0) + 1
    url_state.reset(data=name)
    return _said(project, name, list(called.values()), len(marks.marks), len(decisions))


def _data_of(project: Project, shown: Dataset) -> tuple[str, Dataset]:
    """The project's data by the name they have here."""
    held = {**uploads.data(), _name_shown(): shown}
    for name, dataset in held.items():
        if dataset.key == project.key:
            return name, dataset
    if project.dataset is None:
        raise Refused(
            f"The project is of {project.called!r}, data with the key {project.key[:16]}; shown "
            f"are data with the key {shown.key}. Choose those data first, then open it again."
        )
    if len(held) > MAX_UPLOADED_DATASETS:
        found = f"You hold {len(uploads.data())} data sets"
        raise Refused(f"{found}; at most {MAX_UPLOADED_DATASETS} are kept, so remove one first.")
    private = uploads.is_private(project.called)
    return project.called if private else uploads.my(project.called), project.dataset


def _judge_room(project: Project) -> None:
    """Raises Refused where the viewer would hold more models than are kept."""
    rooms = (
        (len(uploads.models()) + len(project.answers), MAX_UPLOADED_PREDICTIONS, "predictions"),
        (len(uploads.runs()) + len(project.templates), MAX_KEPT_RUNS, "trainings"),
    )
    for there, most, what in rooms:
        if there > most:
            raise Refused(f"With the project's you would hold {there} {what}; at most {most}.")


def _add(kept: KeptAnswers | KeptTemplates, evaluation: Evaluation) -> str:
    """Adds the model to the viewer's own; gives the name it has here."""
    if isinstance(kept, KeptTemplates):
        return uploads.add_run(evaluation)
    wanted = kept.name if kept.name.startswith(NAME_PREFIX) else f"{NAME_PREFIX}{kept.name}"
    names = [wanted[:100], *(f"{wanted[:100]} {n}" for n in range(2, 99))]
    name = next(name for name in names if name not in uploads.models())
    uploads.add_model(name, evaluation)
    return name


def _renamed(links: Links, data: str, called: dict[str, str]) -> Links:
    """The links with the names that data and models have here; only to pages that there are."""
    found = {}
    for page in PAGES:
        if page in links:
            parameters = {**links[page], "data": data}
            if (model := parameters.get("model")) in called:
                parameters["model"] = called[model]
            found[page] = parameters
    return found


def _said(project: Project, name: str, models: list[str], marks: int, decisions: int) -> list[str]:
    parts = [
        numbers.count(len(models), "model"),
        numbers.count(marks, "mark"),
        numbers.count(decisions, "decision on labels", "decisions on labels"),
    ]
    said = [f"The project on {name} is open: {', '.join(parts)}."]
    mine = {library: version(library) for library in LIBRARIES}
    others = [
        f"{n} {v}, here {mine[n]}" for n, v in project.versions.items() if mine.get(n, v) != v
    ]
    if others:
        said.append(f"It was saved with other versions: {'; '.join(others)}.")
    return said
