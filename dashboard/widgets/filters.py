"""The filters of test images: one way to choose, the same on every page, all in the link."""

import contextlib
import math
from collections.abc import Sequence
from dataclasses import replace

import pandas as pd
import streamlit as st

from dashboard.services import evaluations
from dashboard.session import keys, url_state
from dashboard.text import numbers
from dashboard.text.markdown import plain
from dashboard.widgets import inputs
from engine.datasets.dataset import class_noun
from engine.evaluation.evaluation import Evaluation
from engine.evaluation.filters import ANSWERS, ANY, TIED, Counts, Filters, in_words, option_counts

NAMES = ("true", "predicted", "answers", "rank")
MARGIN, THOUSANDTHS = "margins", "margin"  # in links; older ones count margins in thousandths
ALL_NAMES = (*NAMES, MARGIN)
MARGIN_STEP = 0.001
COMPARED = "subset"  # the answers looked at on the compare page, where all of them come first
SHAPE, SHAPE_GROUP = "shape", "shape_group"  # an attribute of the shape, and a group by it
REGION = "region"  # drawn on the map
SLICE = "slice"  # a rule that says which images are in a slice
CURED = "cured"  # which cure would make the error right, on the errors page
DEFAULTS = {"true": ANY, "predicted": ANY, "answers": ANSWERS[0], "rank": ANY}


def chosen(name: str, options: Sequence[str], default: str) -> str:
    """What the widget of that name holds, or is about to hold from the link, before it is drawn."""
    value = st.session_state.get(name, st.query_params.get(name, default))
    return value if value in options else default


def pick(label: str, name: str, options: Sequence[str], counts: dict[str, Counts]) -> str:
    """A drop-down whose every option says how many images, and how many errors, it would leave.

    Many options, and those whose names are no plain text in Markdown, are a list to type into.

    ``counts`` is `filters.option_counts`. The choice is bound to the link under ``name``.
    """
    default = options[0]
    url_state.reset_unless(name, lambda value: value in options, default)  # of other data
    now = chosen(name, options, default)
    with st.popover(f"{label}: **{plain(now)}**", width="content"):
        held = {option: counts.get(option, Counts(0, 0)) for option in options}
        if inputs.fits_buttons(options):
            captions = [_holds(held[option]) for option in options]
            return st.radio(label, options, captions=captions, key=name, bind="query-params")
        value = st.selectbox(label, options, key=name, bind="query-params")
        rows = [(option, *some) for option, some in held.items() if some.images]
        inputs.table(
            pd.DataFrame(rows, columns=[label, "images", "wrong"]),
            f"How many images each choice of {label} leaves, and how many of them are wrong",
            height=min(38 + 35 * len(rows), 320),
        )
        return value


def filters(evaluation: Evaluation, answers_in: str = "answers", first: str = "wrong") -> Filters:
    """The row of filters over the test images of ``evaluation``; gives what is chosen.

    Answers without scores, and images that are only counted, have no ranks and no margins to
    choose by.
    Which answers are looked at is held under ``answers_in`` and is ``first`` until it is chosen.
    """
    names = {name: name for name in NAMES} | {"answers": answers_in}
    by_margin = evaluation.scored and not evaluation.is_sample
    if not by_margin:
        del names["rank"]
        url_state.reset(rank=ANY)
    classes = [ANY, *map(str, evaluation.classes)]
    ranks = [ANY, *map(str, range(1, len(evaluation.classes) + 1)), TIED]
    kinds = sorted(ANSWERS, key=lambda kind: kind != first)
    options = {"true": classes, "predicted": classes, "answers": kinds, "rank": ranks}
    url_state.restore((*ALL_NAMES, answers_in), **{names[n]: options[n][0] for n in names})
    labels = {
        "true": f"True {class_noun(evaluation.classes)}",
        "predicted": "Predicted",
        "answers": "Answers",
        "rank": "Rank of true class",
    }
    held = {name: chosen(names[name], options[name], options[name][0]) for name in names}
    now = replace(Filters(), **held)
    leave = evaluations.of_evaluation(evaluation, counts, now)
    picked = {name: pick(labels[name], names[name], options[name], leave[name]) for name in names}
    low, high = _margin(evaluation) if by_margin else (0.0, math.inf)
    url_state.remember(*names.values(), MARGIN)
    return replace(now, **picked, low=low, high=high)


def counts(evaluation: Evaluation, now: Filters) -> dict[str, dict[str, Counts]]:
    """`engine.evaluation.filters.option_counts` of each filter."""
    return {name: option_counts(evaluation.counted, now, name) for name in NAMES}


def _take_older_margin() -> None:
    """A link that bounds the margin in thousandths bounds it in the model's unit from now on."""
    parts = ",".join(st.query_params.get_all(THOUSANDTHS)).split(",")
    if parts == [""]:
        return
    del st.query_params[THOUSANDTHS]
    with contextlib.suppress(ValueError):  # what is not two numbers bounds nothing
        low, high = (float(part) / 1000 for part in parts)
        if 0 <= low <= high:
            url_state.reset(**{MARGIN: (low, high)})
            st.session_state[keys.ADDRESS_LAGS] = True


def _margin(evaluation: Evaluation) -> tuple[float, float]:
    """The bounds of the margin, as figures under the images have it; infinite when left open."""
    largest = evaluation.table["margin"].max() if len(evaluation.table) else 0.0
    steps = math.ceil(largest / MARGIN_STEP)
    most = round(max(steps, 1) * MARGIN_STEP, 3)
    before = st.session_state.get(keys.MARGIN_END, most)
    # For `clear`, which runs before the next table is known.
    st.session_state[keys.MARGIN_END] = most
    # Up to the largest margin there is: of another model that is another one.
    url_state.change(MARGIN, lambda held: (held[0], most) if held[1] == before else held)
    url_state.restore(ALL_NAMES, **{MARGIN: (0.0, most)})
    _take_older_margin()
    url_state.reset_unless(MARGIN, lambda bounds: bounds[1] <= most, (0.0, most))
    with st.popover(f"Margin: **{_margin_held(most)}**", width="content"):
        low, high = st.slider(
            in_words("margin", evaluation.unit).capitalize(),
            0.0,
            most,
            (0.0, most),
            MARGIN_STEP,
            "%.3f",
            key=MARGIN,
            bind="query-params",
        )
    return low, (high if high < most else math.inf)


def _margin_held(most: float) -> str:
    """'0.003 to 0.009', as the slider holds it or is about to hold it from the link; or 'any'."""
    held = st.session_state.get(MARGIN, st.query_params.get_all(MARGIN))
    with contextlib.suppress(ValueError):
        low, high = (float(part) for part in held)
        if 0 <= low <= high <= most and (low, high) != (0.0, most):
            return f"{low:.3f} to {high:.3f}"
    return ANY


def clear() -> None:
    """Lets all filters go; for ``on_click``."""
    most = st.session_state.get(keys.MARGIN_END, MARGIN_STEP)
    others = {COMPARED: "all", CURED: ANY, SHAPE: ANY, SLICE: "", REGION: ""}
    url_state.reset(**DEFAULTS, **others, **{MARGIN: (0.0, most)})


def compare_these() -> None:
    """Opens the compare page on the images of these filters; for ``on_click``."""
    kept = {name: st.session_state.get(name) for name in (*ALL_NAMES, SLICE)}
    url_state.go("compare", **{COMPARED: kept.pop("answers") or "all"}, **kept)


def only(**choices: object) -> dict[str, object]:
    """These choices, and all filters, the page and the opened image at their defaults."""
    return (
        DEFAULTS
        | dict.fromkeys((MARGIN, CURED, SHAPE, SLICE, REGION))
        | {"page": 1, "image": None}
        | choices
    )


def open_image(index: int, **more: object) -> None:
    """Opens the errors page on one test image, whatever it was called; for ``on_open``."""
    url_state.go("errors", **only(answers="all", image=float(index), **more))


def _holds(counts: Counts) -> str:
    images, wrong = counts
    if not images:
        return "no images"
    some = "all wrong" if wrong == images > 1 else "none wrong" if not wrong else f"{wrong:,} wrong"
    return f"{numbers.count(images, 'image')}, {some}"
