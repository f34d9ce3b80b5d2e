"""What belongs to a project, and the parameters from which its models give the same figures."""

from dataclasses import asdict, dataclass, field

import numpy as np
import pandas as pd

from engine.datasets.dataset import Dataset
from engine.evaluation.evaluation import Evaluation, judge
from engine.models.learned_templates import LearnedTemplates
from engine.models.learned_templates import Recipe as TrainingRecipe
from engine.models.registry import MODELS, Model
from engine.runtime.errors import Refused

Links = dict[str, dict[str, str | list[str]]]


@dataclass(frozen=True, eq=False)
class KeptAnswers:
    """The answers of a model that is not here: to the test images ``index`` (n,).

    ``places`` (n,) are places in the classes, ``distance`` (n, k) what the smallest of wins.
    """

    name: str
    unit: str
    scored: bool
    index: np.ndarray
    places: np.ndarray
    distance: np.ndarray
    done: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    attributes: pd.DataFrame | None = None  # of the images, by their index


@dataclass(frozen=True, eq=False)
class KeptTemplates:
    """Templates that were trained: (k, pixels), and the recipe that made them."""

    name: str
    recipe: TrainingRecipe
    templates: np.ndarray


@dataclass(frozen=True, eq=False)
class Project:
    """All that a person made of the data with ``key``, which are ``called`` so on the screen.

    ``marks`` and ``corrections`` are CSV, as they are downloaded alone, empty for none; ``links``
    has the parameters of each page's address; ``dataset`` the data themselves, if they go along;
    ``versions`` the libraries that it was made with.
    """

    key: str
    called: str
    answers: tuple[KeptAnswers, ...] = ()
    templates: tuple[KeptTemplates, ...] = ()
    marks: bytes = b""
    corrections: bytes = b""
    links: Links = field(default_factory=dict)
    dataset: Dataset | None = None
    versions: dict[str, str] = field(default_factory=dict)


class StandIn:
    """Stands for a model of which only the answers are here, as they were kept in a project."""

    def __init__(self, classes: np.ndarray, kept: KeptAnswers) -> None:
        self.classes_, self.unit, self.has_scores = classes, kept.unit, kept.scored
        self.done, self.warnings = kept.done, kept.warnings
        self.attributes = kept.attributes


def keep(name: str, evaluation: Evaluation) -> KeptAnswers | KeptTemplates:
    """A viewer's own model as it goes into a project: trained templates, or answers."""
    classifier = evaluation.classifier
    if isinstance(classifier, LearnedTemplates):
        names = asdict(TrainingRecipe())
        recipe = TrainingRecipe(**{name: getattr(classifier, name) for name in names})
        return KeptTemplates(name, recipe, classifier.templates_)
    table = evaluation.table
    place_of = {label: place for place, label in enumerate(evaluation.classes)}
    return KeptAnswers(
        name,
        evaluation.unit,
        evaluation.scored,
        table["index"].to_numpy(int),
        np.array([place_of[label] for label in table["predicted"]], dtype=int),
        table[[f"distance to {label}" for label in evaluation.classes]].to_numpy(float),
        tuple(getattr(classifier, "done", ())),
        tuple(getattr(classifier, "warnings", ())),
        evaluation.attributes,
    )


def restore(kept: KeptAnswers | KeptTemplates, dataset: Dataset) -> Evaluation:
    """The model judged on these data as it was; raises Refused where its shapes do not fit them."""
    if isinstance(kept, KeptTemplates):
        return _templates(kept, dataset)
    return _answers(kept, dataset)


def _templates(kept: KeptTemplates, dataset: Dataset) -> Evaluation:
    classes, pixels = np.unique(dataset.training.labels), int(np.prod(dataset.size))
    _judge(kept.name, "templates", kept.templates, (len(classes), pixels))
    classifier = LearnedTemplates.holding(kept.recipe, classes, kept.templates)
    model = Model("Templates learned here", MODELS["L1 learned"].rule, LearnedTemplates)
    return judge(dataset, model, classifier)


def _answers(kept: KeptAnswers, dataset: Dataset) -> Evaluation:
    classes, n = np.unique(dataset.training.labels), len(kept.index)
    _judge(kept.name, "places", kept.places, (n,))
    _judge(kept.name, "distances", kept.distance, (n, len(classes)), finite=kept.scored)
    index, places = kept.index, kept.places
    if not (
        n
        and (np.diff(index) > 0).all()
        and 0 <= index[0] <= index[-1] < len(dataset.testing)
        and 0 <= places.min() <= places.max() < len(classes)
    ):
        raise Refused(f"{kept.name[:60]!r} names images or classes that these data do not have.")
    model = Model(kept.name, "that the uploaded file gives", lambda: None)
    of = None if n == len(dataset.testing) else index
    return judge(dataset, model, StandIn(classes, kept), kept.distance, places, of)


def _judge(name: str, what: str, array: np.ndarray, shape: tuple, finite: bool = True) -> None:
    if array.shape != shape:
        raise Refused(f"The {what} of {name[:60]!r} are {array.shape}; wanted {shape}.")
    if finite and not np.isfinite(array).all():
        raise Refused(f"The {what} of {name[:60]!r} are not all finite; wanted numbers.")
