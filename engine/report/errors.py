"""One self-contained HTML file of what was seen: conclusion, images, marks, matrix, no network."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import pandas as pd

from engine.datasets.dataset import class_noun
from engine.evaluation import metrics
from engine.evaluation.annotations import Mark, marks_table
from engine.evaluation.evaluation import Evaluation
from engine.evaluation.filters import in_words
from engine.io.png import data_uri
from engine.models.registry import listed_name
from engine.report.conclusion import conclusion
from engine.report.pages import filled, pictures
from engine.runtime.limits import MAX_REPORT_PAIRS

NO_MARKS: Mapping[int, Mark] = MappingProxyType({})


@dataclass(frozen=True)
class Opened:
    """The test image that is looked at, by index, and why it got its answer, in sentences."""

    index: int
    said: tuple[str, ...]


@dataclass(frozen=True)
class Cures:
    """What would make errors right: ``tags`` of images by index, and ``said`` of each change."""

    tags: Mapping[int, Sequence[str]]
    said: Sequence[str]


NO_CURES = Cures(MappingProxyType({}), ())


def report(
    evaluation: Evaluation,
    rows: pd.DataFrame,
    what: str,
    address: str,
    now: datetime.datetime,
    by: str = "margin",
    opened: Opened | None = None,
    marks: Mapping[int, Mark] = NO_MARKS,
    cures: Cures = NO_CURES,
) -> str:
    """The report of ``rows`` of ``evaluation.table`` in their order, as one HTML document.

    It begins with the `conclusion`. ``what`` says in a sentence which rows these are; ``address``
    is the link, or the command, that gives the same again. ``marks`` are by index. All text is
    escaped; images are inlined, the first `MAX_REPORT_IMAGES` of them, each with its ``by``, a
    column of `BEHIND`.
    """
    return filled(
        "errors.html.jinja",
        now,
        evaluation=evaluation,
        name=listed_name(evaluation.model),
        class_noun=class_noun(evaluation.classes),
        said=conclusion(evaluation),
        what=what,
        address=address,
        opened=_opened(evaluation, opened, marks),
        marks=marks_table(dict(marks), evaluation.table, "").to_dict("records"),
        **_figures(evaluation),
        n_rows=len(rows),
        by=by,
        behind=in_words(by, evaluation.unit),
        cures=cures,
        images=pictures(rows, evaluation.dataset.testing, marks),
    )


def _figures(evaluation: Evaluation) -> dict[str, object]:
    """The matrix, the rates of each class, the most confused pairs, and the templates."""
    pairs = metrics.most_confused(evaluation.counts, evaluation.classes)
    templates = evaluation.templates if evaluation.has_templates else ()
    return {
        "counts": evaluation.counts.tolist(),
        "most": int(evaluation.counts.max()),
        "scores": evaluation.scores.to_dict("records"),
        "pairs": pairs.head(MAX_REPORT_PAIRS).to_dict("records"),
        "templates": [data_uri(template) for template in templates],
    }


def _opened(
    evaluation: Evaluation, opened: Opened | None, marks: Mapping[int, Mark]
) -> dict | None:
    if opened is None:
        return None
    row = evaluation.table[evaluation.table["index"] == opened.index]
    (picture,) = pictures(row, evaluation.dataset.testing, marks)
    note = marks[opened.index].note if opened.index in marks else ""
    return picture | {"said": opened.said, "note": note}
