"""The answer as it stands beside the pad: the digit large, its picture, or why there is none."""

import html
from collections.abc import Iterator

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard import text
from dashboard.charting import distances as charts
from dashboard.charting.palette import Palette
from dashboard.charting.render import draw
from dashboard.services import calibration
from dashboard.session import url_state
from dashboard.text.markdown import a_blank, one, plain, thing
from dashboard.views.classify.image_input import Given
from dashboard.views.cures import as_compared
from dashboard.widgets import image_grid, inputs
from engine.datasets.dataset import class_noun
from engine.evaluation.evaluation import Evaluation
from engine.inference.classify import Classification, Reference, classify, classify_own
from engine.inference.prediction import Answer
from engine.inference.rejection import BLANK
from engine.io.numbers import told_apart
from engine.preprocessing.ink_checks import Rejection
from engine.preprocessing.pipeline import STEPS

KEPT_STEPS = "classify_steps"


def classified(given: Given, evaluation: Evaluation, measures: Reference) -> Classification:
    """What the model says of it, prepared as the switches say; a dataset's own as it is."""
    if given.true is not None:
        return classify_own(given.picture, evaluation)
    kept = st.session_state.get(KEPT_STEPS, STEPS)
    left_out = [step for step in STEPS if step not in kept]
    return classify(
        given.picture,
        evaluation,
        measures,
        skip_steps=left_out,
        strokes=given.strokes,
        came=given.size,
    )


def card(
    evaluation: Evaluation, given: Given, result: Classification, palette: Palette
) -> int | str | None:
    """The answer with its distances; gives the class that it is compared with.

    That is the one asked about, or the runner-up; None without an answer.
    """
    found, image = result.prediction, result.prepared.image
    if result.rejection and not _all_the_same(result, _to(given), palette):
        return None
    said, drawn = st.columns([1, 1.15], gap="medium")
    asked = _ask(found, evaluation.share)
    with said:
        _say(evaluation, given, image, found, palette)
        if result.doubt:
            st.warning(result.doubt, icon=":material/help:")
    if found.scored:
        _bars(evaluation, found, asked, drawn, palette)
    return found.order[min(1, len(found.order) - 1)].item() if asked is None else asked


def _bars(
    evaluation: Evaluation,
    found: Answer,
    asked: int | str | None,
    place: DeltaGenerator,
    palette: Palette,
) -> None:
    draw(
        charts.distance_bars(
            found.distances,
            evaluation.classes,
            found.digit,
            asked,
            charts.Role.ASKED,
            evaluation.unit,
            palette,
        ),
        place,
        alt=f"{evaluation.share.capitalize() or 'Distance'} by class, the prediction first: "
        + ", ".join(f"{name} {written}" for name, written in _ordered(found, evaluation.share)),
    )


def _ordered(found: Answer, share: str) -> Iterator[tuple[int | str, str]]:
    """The classes with their distances, or shares, as text, the nearest first."""
    classes = found.order.tolist()
    distances = [found.distance + found.behind(name) for name in classes]
    shown = [1 - far for far in distances] if share else distances
    return zip(classes, told_apart(shown), strict=True)


def _all_the_same(result: Classification, to: str, palette: Palette) -> bool:
    """Says why there is no answer, and whether one is wanted nevertheless."""
    place = st.container()
    st.warning(result.reason, icon=":material/help:")
    wanted = result.rejection is not Rejection.BLANK and st.toggle(
        "Answer all the same", key="classify_anyway"
    )
    if not wanted:
        with place:
            _headline(result.prepared.image, "?", f"No answer{to}", palette)
    return wanted


def _say(
    evaluation: Evaluation, given: Given, image: np.ndarray, found: Answer, palette: Palette
) -> None:
    """The digit, the margin, how often that is right, and what it really was."""
    verdict = "" if given.true is None else _verdict(found.digit, given.true)
    stages = as_compared.after_each(image, evaluation)
    picture = stages[-1][1] if stages else image
    _headline(picture, str(found.digit), f"the answer{_to(given)}{verdict}", palette)
    st.markdown(text.prediction.margin(found, evaluation.share))
    trust = calibration.of_answer(evaluation, found.margin, found.digit)
    st.markdown(text.prediction.trust(trust, found.digit, found.scored))


def _verdict(digit: int | str, true: int | str) -> str:
    return ", and right" if digit == true else f"; it is {one(true)}"


def _to(given: Given) -> str:
    """' to seven.png': which picture the answer is to, where it has a name."""
    return f" to {given.name}" if given.name else ""


def _ask(found: Answer, share: str) -> int | str | None:
    """'Is it a 7?' for any class, on one line; None until one is chosen."""
    line = st.container(horizontal=True, vertical_alignment="center", gap="small")
    line.markdown(
        f"**Compare:** is it {a_blank(found.classes)}",
        width="content",
        help="Compares the answer with this class, here and in the tabs below. Until one is "
        "chosen, the tabs compare it with the runner-up. Nothing is recorded.",
    )
    names = found.classes.tolist()
    url_state.restore(classify_asked=None)
    url_state.reset_unless("classify_asked", lambda name: name is None or name in names, None)
    asked = inputs.one_of(
        "Is it a …",
        names,
        "classify_asked",
        buttons="pills",
        place=line,
        bind="query-params",
        label_visibility="collapsed",
    )
    url_state.remember("classify_asked")
    if asked is not None:
        line.markdown(text.prediction.is_it(found, asked, share), width="content")
    return asked


def _headline(image: np.ndarray, name: str, sentence: str, palette: Palette) -> None:
    """The prepared picture and the answer beside it, large. Both texts are escaped."""
    source = image_grid.data_uri(image, palette)
    size = "5rem" if len(name) < 4 else "2.4rem" if len(name) < 16 else "1.5rem"
    st.html(
        f'<div style="display:flex;gap:1.2rem;align-items:center">'
        f'<img src="{source}" alt="the image as it was compared" style="width:6.5rem;'
        f"aspect-ratio:1;object-fit:contain;image-rendering:pixelated;"
        f'border:1px solid {palette.faint}55">'
        f'<div role="status" style="line-height:1.1">'
        f'<div style="font-family:serif;font-size:{size};line-height:0.95;overflow-wrap:anywhere">'
        f"{html.escape(name)}</div>"
        f'<div style="color:{palette.faint};font-size:0.95rem;padding-top:0.3rem">'
        f"{html.escape(sentence)}</div>"
        f"</div></div>"
    )


def refuse(given: Given) -> None:
    """Why a picture was not taken. Its name is shown as plain text only."""
    st.warning(given.problem, icon=":material/block:")
    st.text(given.source)


def invite(source: str, evaluation: Evaluation, palette: Palette) -> None:
    """What to do while there is nothing to answer, and what an image will be compared with."""
    called = class_noun(evaluation.classes)
    what = thing(evaluation.classes)
    how = {
        "Draw": f"Draw one {what} on the pad. The answer stands here once the pen is lifted.",
        "Upload": f"Upload a picture of one {what}, or several at once for a table of answers.",
        "Camera": f"Hold one {what}, large and dark on light paper, before the camera.",
        "Paste": f"Paste a picture of one {what}.",
    }
    st.subheader(how.get(source, BLANK), anchor=False)
    st.markdown(
        f"It is brought into the form of {plain(evaluation.dataset.name)}. The answer is the "
        f"{called} {evaluation.model.rule}."
    )
    if evaluation.has_templates:
        st.html(image_grid.templates(evaluation, palette))
