"""Panels that give the reasons for one answer: the contrast, the smallest flip, the neighbours."""

import numpy as np
import pandas as pd
import streamlit as st

from dashboard import cached, controls, pictures, say, words
from dashboard.charts import pixels, reasons
from dashboard.drawing import draw
from dashboard.names import as_text, one, plain
from dashboard.style import Palette
from engine.contrast import Contrast, as_shares, contrast, smallest_flip
from engine.digits import noun
from engine.study import Study

Name = int | str  # of a class
NEIGHBOURS = 5
DECIDING = 20


def why(image: np.ndarray, study: Study, winner: Name, other: Name, palette: Palette) -> None:
    """Why ``winner`` and not ``other``, pixel by pixel, beside both templates, if there are any."""
    if not study.explains:
        st.info(say.images.no_templates(plain(study.model.label)))
        return
    places = list(study.classes)
    first, second = (study.templates[places.index(digit)] for digit in (winner, other))
    found = contrast(image, first, second, study.metric)
    said = say.images.why(found, winner, other, DECIDING)
    st.markdown(said)
    left, middle, right = st.columns([4, 5, 5], gap="medium")
    left.html(
        pictures.grid(
            [image, first, second],
            ["image", f"template {winner}", f"template {other}"],
            ["the image", f"the template of {winner}", f"the template of {other}"],
            palette,
            most_in_row=3,
            least_px=72,
        )
    )
    draw(
        cached.chart(
            pixels.difference_heatmap,
            found.parts * found.parts.size,
            f"Green speaks for {winner}, purple for {other}",
            palette,
            "per pixel",
        ),
        middle,
        width="content",
        alt=f"Each pixel's part in the margin. {as_text(said)}",
    )
    with right:
        _balance(found, winner, other, palette)


def _balance(found: Contrast, winner: Name, other: Name, palette: Palette) -> None:
    """What ink that is there and ink that is missing add up to, and the strongest pixels."""
    draw(
        cached.chart(reasons.balance_chart, found, str(winner), str(other), palette),
        alt=_balance_alt(found, winner, other),
    )
    _on_demand(
        f"The {DECIDING} pixels that decide most",
        "deciding",
        found.deciding(DECIDING),
        "Row, column and part in the margin of the strongest pixels",
        signed={"part": "+.5f"},
    )


def _on_demand(name: str, key: str, *table: object, **options: object) -> None:
    """A `controls.table` that is sent when its name is clicked."""
    with st.expander(name, key=key, on_change="rerun") as below:
        if below.open:
            controls.table(*table, height=240, **options)


def _balance_alt(found: Contrast, winner: Name, other: Name) -> str:
    there, missing = say.images.parts(found)
    return (
        f"Ink that is there adds {there} and ink that is missing {missing} to the margin "
        f"of {winner} over {other}, {words.minus(f'{found.margin:.4f}')} in all"
    )


def flip(image: np.ndarray, study: Study, winner: Name, target: Name, palette: Palette) -> None:
    """The smallest change that makes ``target`` beat ``winner``, and what is answered then."""
    if not study.explains:
        st.info(say.images.no_templates(plain(study.model.label)))
        return
    found = smallest_flip(image, study.templates, study.classes, winner, target, study.metric)
    if found is None:
        names = f"{plain(winner)} and {plain(target)}"
        st.info(f"The templates of {names} are the same; no change can tell them.")
        return
    said = say.images.flip(found, image.size)
    st.markdown(said)
    margin = _margin_between(image, study, winner, target)
    left, right = st.columns([1, 1], gap="large")
    left.html(
        pictures.grid(
            [image, found.image, np.abs(found.image - as_shares(image))],
            ["before", f"after: {found.answer}", "what changed"],
            [
                "the image before",
                f"the image after {words.count(len(found.steps), 'pixel')} changed, now nearest to "
                f"{found.answer}",
                "the amount of change at each pixel",
            ],
            palette,
            most_in_row=3,
            least_px=90,
        )
    )
    with left:
        _on_demand(
            "Step by step",
            "flip_steps",
            found.steps,
            "Each changed pixel with its ink before and after and the margin left",
            signed={"ink before": ".3f", "ink after": ".3f", "margin left": "+.5f"},
        )
    draw(reasons.flip_chart(found, margin, noun(study.classes), palette), right, alt=as_text(said))


def _margin_between(image: np.ndarray, study: Study, winner: Name, target: Name) -> float:
    places = list(study.classes)
    both = (study.templates[places.index(digit)] for digit in (winner, target))
    return contrast(image, *both, study.metric).margin


def neighbours(
    image: np.ndarray, name: str, study: Study, label: Name | None, palette: Palette
) -> None:
    """The nearest training images overall and of ``label``, with a warning when they disagree.

    ``name`` identifies the image for the cache; ``label`` is what it is said to be, if known.
    """
    table = cached.nearest_images(study, name, image, NEIGHBOURS)
    overall = table[table["overall"] <= NEIGHBOURS].sort_values("overall")
    if label is not None:
        _warn_if_neighbours_disagree(overall["label"], label, noun(study.classes))
    st.caption(f"The {len(overall)} training images nearest to it")
    st.html(_strip(overall, study, palette))
    if label is not None:
        own = table[(table["label"] == label) & (table["place"] <= NEIGHBOURS)]
        st.caption(f"The {len(own)} nearest that are labelled {plain(label)}")
        st.html(_strip(own.sort_values("place"), study, palette))


def _warn_if_neighbours_disagree(labels: pd.Series, label: Name, called: str) -> None:
    others = labels[labels != label]
    if len(others) * 2 > len(labels):
        likely = others.mode().iloc[0]
        n, own = int((others == likely).sum()), len(labels) - len(others)
        if n <= own:  # no other class is nearer than its own
            st.caption(f"No more than {own} of {len(labels)} carry its label.")
            return
        st.warning(
            f"{n} of the {len(labels)} nearest training images are labelled {plain(likely)}, not "
            f"{plain(label)}: this image is unusual for its {called}, or its label is wrong."
        )
    elif len(others):
        st.caption(f"{len(labels) - len(others)} of {len(labels)} carry its label.")


def _strip(rows: pd.DataFrame, study: Study, palette: Palette) -> str:
    return pictures.grid(
        [study.digits.training.images[index] for index in rows["index"]],
        [f"{row.label} · {words.small(row.distance)}" for row in rows.itertuples()],
        [
            f"training image {row.index_:,}, {one(row.label)}, at distance {row.distance:.4f}"
            for row in rows.rename(columns={"index": "index_"}).itertuples()
        ],
        palette,
        most_in_row=8,
        least_px=76,
    )
