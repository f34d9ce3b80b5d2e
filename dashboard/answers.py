"""The answer as it stands beside the pad: the digit large, its picture, or why there is none."""

import html

import numpy as np
import streamlit as st

from dashboard import cached, controls, memory, pictures, say
from dashboard.charts import classify as charts
from dashboard.drawing import draw
from dashboard.names import a_blank, like_any, one, plain, thing
from dashboard.sources import Given
from dashboard.style import Palette
from engine.answer import Answer, farthest, measured
from engine.digits import noun
from engine.framing import Form
from engine.novelty import LIMIT
from engine.preparation import BLANK, STEPS, Prepared, Step, prepare
from engine.study import Study

KEPT_STEPS = "classify_steps"
FAR = "This does not look like {}: every {} is farther than from any test image."
UNFAMILIAR = (
    "This does not look like {}: from each of {:,} training images it is farther than {:.0%} "
    "of the test images are."
)


def ready(given: Given, study: Study, form: Form) -> Prepared:
    """The picture prepared as the switches say; a data set's own image is left as it is."""
    if given.true is not None:
        own = Step("From the data set", given.picture, "already in the data set's form")
        return Prepared((own,), given.picture)
    kept = st.session_state.get(KEPT_STEPS, STEPS)
    left_out = [step for step in STEPS if step not in kept]
    in_pieces = noun(study.classes) != "digit"
    return prepare(given.picture, form, left_out, given.strokes, in_pieces)


def objection(given: Given, prepared: Prepared, found: Answer, study: Study) -> str:
    """Why no answer is due, or ''. A data set's image is of a class, whatever it looks like."""
    if given.true is not None:
        return ""
    if prepared.complaint:
        return prepared.complaint
    if found.distance > farthest(study):
        return FAR.format(like_any(study.classes), noun(study.classes))
    known = cached.familiar(study.digits)
    if known.distance(prepared.image) <= known.limit:
        return ""
    return UNFAMILIAR.format(like_any(study.classes), len(known.images), LIMIT)


def card(
    study: Study, given: Given, prepared: Prepared, found: Answer, palette: Palette
) -> int | str | None:
    """The answer with its distances; gives the class asked about, None without an answer."""
    against = objection(given, prepared, found, study)
    if against and not _all_the_same(prepared, against, _to(given), palette):
        return None
    said, drawn = st.columns([1, 1.15], gap="medium")
    asked = _ask(found)
    with said:
        _say(study, given, prepared.image, found, palette)
    draw(
        charts.answer_bars(found.distances, study.classes, asked, study.unit, palette),
        drawn,
        alt="Distances to the templates, nearest first: "
        + ", ".join(f"{d} {found.distance + found.behind(d):.4f}" for d in found.order.tolist()),
    )
    return asked


def _all_the_same(prepared: Prepared, against: str, to: str, palette: Palette) -> bool:
    """Says why there is no answer, and whether one is wanted nevertheless."""
    place = st.container()
    st.warning(against, icon=":material/help:")
    wanted = against != BLANK and st.toggle("Answer all the same", key="classify_anyway")
    if not wanted:
        with place:
            _headline(prepared.image, "?", f"No answer{to}", palette)
    return wanted


def _say(study: Study, given: Given, image: np.ndarray, found: Answer, palette: Palette) -> None:
    """The digit, the margin, how often that is right, and what it really was."""
    verdict = "" if given.true is None else _verdict(found.digit, given.true)
    _headline(image, str(found.digit), f"the answer{_to(given)}{verdict}", palette)
    st.markdown(say.answers.margin(found))
    like = measured(study.table, found.margin)
    same = measured(study.table, found.margin, found.digit)
    st.markdown(say.answers.trust(like, same, found.digit))


def _verdict(digit: int | str, true: int | str) -> str:
    return ", and right" if digit == true else f"; it is {one(true)}"


def _to(given: Given) -> str:
    """' to seven.png': which picture the answer is to, where it has a name."""
    return f" to {given.name}" if given.name else ""


def _ask(found: Answer) -> int | str:
    """'Is it a 7?' for any class, on one line; the runner-up until one is chosen."""
    line = st.container(horizontal=True, vertical_alignment="center", gap="small")
    line.markdown(f"Is it {a_blank(found.classes)}", width="content")
    names = found.classes.tolist()
    memory.restore(classify_asked=None)
    memory.reset_unless("classify_asked", lambda name: name is None or name in names, None)
    asked = controls.one_of(
        "Is it a …",
        names,
        "classify_asked",
        buttons="pills",
        place=line,
        bind="query-params",
        label_visibility="collapsed",
    )
    memory.remember("classify_asked")
    if asked is None:
        return found.order[min(1, len(found.order) - 1)].item()
    line.markdown(say.answers.is_it(found, asked), width="content")
    return asked


def _headline(image: np.ndarray, name: str, sentence: str, palette: Palette) -> None:
    """The prepared picture and the answer beside it, large. Both texts are escaped."""
    source = pictures.data_uri(image, palette)
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


def invite(source: str, study: Study, palette: Palette) -> None:
    """What to do while there is nothing to answer, and what an image will be compared with."""
    called = noun(study.classes)
    what = thing(study.classes)
    how = {
        "Draw": f"Draw one {what} on the pad. The answer stands here once the pen is lifted.",
        "Upload": f"Upload a picture of one {what}, or several at once for a table of answers.",
        "Camera": f"Hold one {what}, large and dark on light paper, before the camera.",
        "Paste": f"Paste a picture of one {what}.",
    }
    st.subheader(how.get(source, BLANK), anchor=False)
    st.markdown(
        f"It is brought into the form of {plain(study.digits.name)}. The answer is the "
        f"{called} {study.model.rule}."
    )
    if not study.explains:
        return
    digits = [str(digit) for digit in study.classes]
    alts = [f"template of {digit}" for digit in digits]
    in_row = 5 if len(digits) <= 10 else 10
    st.html(pictures.grid(study.templates, digits, alts, palette, most_in_row=in_row))
