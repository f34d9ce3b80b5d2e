"""One self-contained HTML file of what was seen: figures, matrix, pairs and images, no network."""

import datetime
from pathlib import Path

import jinja2
import pandas as pd

from engine import evaluation
from engine.digits import noun
from engine.limits import MOST_REPORT_IMAGES, MOST_REPORT_PAIRS
from engine.pictures import data_uri
from engine.selection import BEHIND
from engine.study import Study

TEMPLATE = Path(__file__).with_name("report.html.jinja")


def report(
    study: Study,
    rows: pd.DataFrame,
    what: str,
    address: str,
    now: datetime.datetime,
    by: str = "margin",
) -> str:
    """The report of ``rows`` of ``study.table`` in their order, as one HTML document.

    ``what`` says in a sentence which rows these are; ``address`` is the link that shows the same
    view. All text is escaped; images are inlined, the first `MOST_REPORT_IMAGES` of them, each
    with its ``by``, a column of `BEHIND`.
    """
    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined)
    low, high = evaluation.wilson(study.n_right, study.n_images)
    return environment.from_string(TEMPLATE.read_text()).render(
        study=study,
        noun=noun(study.classes),
        what=what,
        address=address,
        now=now.strftime("%Y-%m-%d %H:%M %Z").strip(),
        interval=(float(low), float(high)),
        counts=study.counts.tolist(),
        most=int(study.counts.max()),
        scores=study.scores.to_dict("records"),
        pairs=evaluation.most_confused(study.counts, study.classes)
        .head(MOST_REPORT_PAIRS)
        .to_dict("records"),
        templates=[data_uri(template) for template in study.templates] if study.explains else [],
        n_rows=len(rows),
        by=by,
        behind=BEHIND[by],
        images=[
            {**row, "src": data_uri(study.digits.testing.images[row["index"]])}
            for row in rows.head(MOST_REPORT_IMAGES).to_dict("records")
        ],
    )
