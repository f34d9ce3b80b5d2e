"""One self-contained HTML file of what was seen: figures, matrix, pairs and images, no network."""

import datetime
from pathlib import Path

import jinja2
import pandas as pd

from engine.datasets.dataset import class_noun
from engine.evaluation import metrics
from engine.evaluation.evaluation import Evaluation
from engine.evaluation.filters import BEHIND
from engine.io.numbers import in_percent, small
from engine.io.png import data_uri
from engine.runtime.limits import MAX_REPORT_IMAGES, MAX_REPORT_PAIRS

TEMPLATE = Path(__file__).with_name("report.html.jinja")


def report(
    evaluation: Evaluation,
    rows: pd.DataFrame,
    what: str,
    address: str,
    now: datetime.datetime,
    by: str = "margin",
) -> str:
    """The report of ``rows`` of ``evaluation.table`` in their order, as one HTML document.

    ``what`` says in a sentence which rows these are; ``address`` is the link that shows the same
    view. All text is escaped; images are inlined, the first `MAX_REPORT_IMAGES` of them, each
    with its ``by``, a column of `BEHIND`.
    """
    low, high = metrics.wilson(evaluation.n_right, evaluation.n_images)
    return _template().render(
        evaluation=evaluation,
        class_noun=class_noun(evaluation.classes),
        what=what,
        address=address,
        now=now.strftime("%Y-%m-%d %H:%M %Z").strip(),
        interval=(float(low), float(high)),
        counts=evaluation.counts.tolist(),
        most=int(evaluation.counts.max()),
        scores=evaluation.scores.to_dict("records"),
        pairs=metrics.most_confused(evaluation.counts, evaluation.classes)
        .head(MAX_REPORT_PAIRS)
        .to_dict("records"),
        templates=[data_uri(template) for template in evaluation.templates]
        if evaluation.explains
        else [],
        n_rows=len(rows),
        by=by,
        behind=BEHIND[by],
        images=[
            {**row, "src": data_uri(evaluation.dataset.testing.images[row["index"]])}
            for row in rows.head(MAX_REPORT_IMAGES).to_dict("records")
        ],
    )


def _template() -> jinja2.Template:
    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined)
    environment.filters.update(in_percent=in_percent, small=small)
    return environment.from_string(TEMPLATE.read_text())
