"""A viewer's own model on its way, and the form in which its input and its output are read."""

import functools
import math
import re
from pathlib import Path

import streamlit as st

from dashboard.session import keys, own_models, uploads
from dashboard.text.markdown import plain
from dashboard.widgets.progress import watched
from engine.own_models.classifier import OnnxClassifier
from engine.own_models.process import INSTALL, is_installed
from engine.runtime.errors import Refused

RECIPES = re.compile(r"^## From (\S+)\n(.*?)(?=^## |\Z)", re.M | re.S)
DOCUMENT = Path(__file__).resolve().parents[3] / "docs" / "onnx.md"


def ask_for_it() -> bool:
    """What a file may hold, with the recipes; False, and why, where no model can be run."""
    if not is_installed():
        st.caption(
            "A model itself, as an ONNX file, can be brought where onnxruntime is installed on "
            f"the server: `{INSTALL}`."
        )
        return False
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(
            "**The model itself**, as an ONNX file: it then answers drawings, changed images and "
            "corrupted ones, too.",
            width="content",
        )
        with st.popover("How to write one", type="tertiary", icon=":material/help:"):
            for name, recipe in recipes().items():
                st.markdown(f"**From {name}**\n{recipe}")
    return True


@functools.cache
def recipes() -> dict[str, str]:
    """By framework how it writes an ONNX file, in Markdown, as docs/onnx.md has it."""
    return dict(RECIPES.findall(DOCUMENT.read_text(encoding="utf-8")))


def on_their_way() -> None:
    """A bar for each model that is being tested; the page goes on when they have arrived."""
    for place, (name, one) in enumerate(list(own_models.arriving().items())):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{plain(name)}** answers the test images.", width="content")
            st.button("Stop", key=f"data_stop_{place}", on_click=own_models.stop, args=(name,))
        watched(one.task, math.inf)
    if own_models.arriving():
        st.rerun()  # the sidebar, already drawn, can offer them now


def change_form(name: str, model: object) -> None:
    """Two lists: how the model's input is read, and its output; of a model in a file only."""
    if not isinstance(model, OnnxClassifier):
        return
    turn = st.session_state.get(keys.turn("own_model"), 0)
    with st.container(horizontal=True):
        for what, label, options, now in (
            ("input", "Its input is read as", model.readings, model.words(model.chosen.form)),
            ("output", "Its output is read as", list(model.kinds), model.chosen.kind),
        ):
            st.selectbox(
                label,
                options,
                index=options.index(now),
                key=f"data_{what}_{name}_{turn}",
                on_change=_changed,
                args=(name, turn),
                width=330,
            )


def _changed(name: str, turn: int) -> None:
    """The form that was found for the output stays to be found while nobody has chosen another."""
    reading, kind = (st.session_state[f"data_{what}_{name}_{turn}"] for what in ("input", "output"))
    now = uploads.models()[name].classifier
    found = not now.kind and kind == now.chosen.kind
    try:
        own_models.read_as(name, reading, "" if found else kind)
    except Refused as refusal:
        st.session_state.setdefault(keys.UPLOADS_CAME, {})["data_model"] = refusal
