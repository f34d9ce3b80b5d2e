"""What the reports share: their templates, their images and the table of marks."""

import datetime
from collections.abc import Mapping
from pathlib import Path

import jinja2
import pandas as pd

from engine.datasets.dataset import Split
from engine.evaluation.annotations import Mark
from engine.io.numbers import in_percent, signed, small
from engine.io.png import data_uri
from engine.runtime.limits import MAX_REPORT_IMAGES

FOLDER = Path(__file__).parent


def filled(template: str, now: datetime.datetime, **values: object) -> str:
    """The template of that name with these values; all text is escaped."""
    loader = jinja2.FileSystemLoader(FOLDER)
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, loader=loader
    )
    environment.filters.update(in_percent=in_percent, small=small, points=_points)
    said = now.strftime("%Y-%m-%d %H:%M %Z").strip()
    return environment.get_template(template).render(now=said, **values)


def pictures(rows: pd.DataFrame, testing: Split, marks: Mapping[int, Mark]) -> list[dict]:
    """The first `MAX_REPORT_IMAGES` rows of `metrics.outcomes`, each with its image and mark."""
    return [
        {
            **row,
            "src": data_uri(testing.images[row["index"]]),
            "mark": marks[row["index"]].mark if row["index"] in marks else "",
        }
        for row in rows.head(MAX_REPORT_IMAGES).to_dict("records")
    ]


def _points(share: float) -> str:
    """'+12.1': a difference of two shares in percentage points; '–' for nan."""
    return signed(100 * share, 1) if share == share else "–"
