"""A box that takes a picture from the clipboard."""

import base64
import binascii
from pathlib import Path

import streamlit as st

from engine.runtime.errors import Refused
from engine.runtime.limits import MAX_PASTED_CHARACTERS

ASSETS = Path(__file__).parent / "frontend"

_component = st.components.v2.component(
    "digit_paste",
    html=(ASSETS / "paste.html").read_text(),
    css=(ASSETS / "paste.css").read_text(),
    js=(ASSETS / "paste.js").read_text(),
)


def paste(key: str) -> bytes | None:
    """The pasted picture as the bytes of a file, not yet judged; None while there is none.

    Raises Refused for one that is too large.
    """
    return picture_of(_component(key=key, on_picture_change=lambda: None).get("picture"))


def picture_of(letters: object) -> bytes | None:
    """The bytes that a browser sent as base64; empty for what is none. Raises Refused."""
    if not isinstance(letters, str):
        return None
    if len(letters) > MAX_PASTED_CHARACTERS:
        raise Refused(
            f"The pasted picture has {len(letters):,} letters in base64; at most "
            f"{MAX_PASTED_CHARACTERS:,} are taken."
        )
    try:
        return base64.b64decode(letters, validate=True)
    except (binascii.Error, ValueError):
        return b""
