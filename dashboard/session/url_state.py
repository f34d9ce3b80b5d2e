"""Choices that outlive a page, also those that came with the link and were not touched yet.

A page calls `restore` before it draws its widgets and `remember` after. A link is taken whole: when
it names one choice of a group, the others of that group are at their defaults.

Streamlit 1.67's own ``bind`` keeps a widget's value in the address of its page only. Tried on two
toy pages, alone and with ``persist_state="session"``: the same key on the other page starts at its
default, so that data and model would be chosen anew on each; `st.switch_page` refuses parameters
that widgets are bound to; and the browser's 'back' did not bring the choices back.
"""

import contextlib
from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_run_context import ScriptRunContext

from dashboard.session import keys


def restore(group: tuple[str, ...] = (), **defaults: object) -> None:
    """On arrival at a page, gives these widgets what they last held, or else their defaults.

    ``group`` names further choices that a link would bring along with these.
    """
    kept = st.session_state.get(keys.KEPT, {})
    st.session_state.setdefault(keys.DEFAULTS, {}).update(defaults)
    named = any(name in st.query_params for name in (*group, *defaults))
    linked = named and st.session_state.get(keys.TAKEN_TO) != st.session_state.get(keys.PAGE_NOW)
    for name, default in defaults.items():
        times = _times_shown(name)
        if times == 0 and default is not None and st.query_params.get(name) == "":
            del st.query_params[name]  # named without a value: Streamlit would let go of all
        if times == 0 and name not in st.query_params:
            held = None if linked else kept.get(name)
            st.session_state[name] = default if held is None else held
            if held not in (None, default):
                st.session_state[keys.ADDRESS_LAGS] = True
        elif times == 1 and name in st.session_state:  # only now does it get into the address
            st.session_state[name] = st.session_state[name]


def remember(*names: str) -> None:
    """Keeps what the widgets of these names hold now, and that this page has shown them."""
    kept = st.session_state.setdefault(keys.KEPT, {})
    shown = st.session_state.setdefault(keys.SHOWN_ON, {})
    its = st.session_state.setdefault(keys.CHOICES_OF, {}).setdefault(
        st.session_state.get(keys.PAGE_NOW), set()
    )
    its.update(names)
    for name in names:
        shown[name] = (st.session_state.get(keys.PAGE_NOW), _times_shown(name) + 1)
        if name in st.session_state:
            kept[name] = st.session_state[name]


def follow_history(page: str) -> None:
    """After Back and Forward the address alone says what ``page`` shows: forgets what it held.

    Streamlit gives widgets what the address says; pages read some choices before these are drawn.
    """
    context = get_script_run_ctx()
    if not getattr(context, "is_history_navigation", False):
        return
    _take_whole(context)
    kept = st.session_state.get(keys.KEPT, {})
    for name in st.session_state.get(keys.CHOICES_OF, {}).get(page, ()):
        kept.pop(name, None)
        st.session_state.pop(name, None)
    st.session_state.update({keys.SHOWN_ON: {}, keys.TAKEN_TO: None})


def _take_whole(context: ScriptRunContext) -> None:
    """Takes the address as it is, also what Streamlit drops as the page's before: data and model.

    By private ways: where an update has moved them, Back to another page forgets its choices.
    """
    with contextlib.suppress(AttributeError), context.session_state.query_params() as parameters:
        parameters.populate_from_query_string(context.query_string)
        parameters.set_initial_query_params(context.query_string)
        parameters._send_query_param_msg()


def _times_shown(name: str) -> int:
    """How often the page now open has shown this choice since it was opened."""
    page, times = st.session_state.get(keys.SHOWN_ON, {}).get(name, (None, 0))
    return times if page == st.session_state.get(keys.PAGE_NOW) else 0


def go(page: str, /, **choices: object) -> None:
    """Opens another page on these choices; for ``on_click`` and the like."""
    st.session_state.setdefault(keys.KEPT, {}).update(choices)
    st.session_state.update({keys.GO_TO: page, keys.TAKEN_TO: page})


def taken(name: str, known: Mapping[str, object]) -> Any:
    """What a choice holds that no widget of Streamlit's is bound to; after `restore`.

    ``known`` are its values by how an address writes them; of any other it is at its default.
    """
    if not _times_shown(name) and name in st.query_params:
        st.session_state[name] = known.get(in_address(name))
    if st.session_state.get(name) not in known.values():
        st.session_state[name] = st.session_state[keys.DEFAULTS][name]
    return st.session_state[name]


def into_address(*names: str) -> None:
    """Writes these choices into the address, which Streamlit does for its own widgets only."""
    there = as_parameters({name: st.session_state[name] for name in names})
    for name in names:
        if name not in there:
            st.query_params.pop(name, None)
        elif in_address(name) != there[name]:
            st.query_params[name] = there[name]


def as_parameters(choices: dict[str, Any]) -> dict[str, str | list[str]]:
    """Choices that are not at their defaults, as they stand in an address."""
    defaults = st.session_state.get(keys.DEFAULTS, {})
    return {
        name: [as_text(part) for part in value]
        if isinstance(value, tuple | list)
        else as_text(value)
        for name, value in choices.items()
        if value is not None and value != defaults.get(name)
    }


def as_text(value: object) -> str:
    """A value as a link has it: whole numbers without a point, switches in lower case."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return ",".join(map(as_text, value))
    return f"{value:.15g}" if isinstance(value, float) else str(value)


def in_address(name: str) -> str:
    """What the address says of this choice; '' for nothing."""
    return ",".join(st.query_params.get_all(name))


def here() -> dict[str, Any]:
    """The choices this page shows."""
    shown = st.session_state.get(keys.SHOWN_ON, {})
    return {name: st.session_state.get(name) for name in shown if _times_shown(name)}


def reset(**defaults: object) -> None:
    """Gives the widgets of these names these values, as if nobody had touched them.

    What the address still says of them, until it follows, is no longer asked for.
    """
    st.session_state.setdefault(keys.OVERRULED, {}).update({n: in_address(n) for n in defaults})
    st.session_state.update(defaults)
    st.session_state.setdefault(keys.KEPT, {}).update(defaults)


def change(name: str, how: Callable[[Any], Any]) -> None:
    """Puts ``how`` of what this choice holds in its place, wherever it is held."""
    for place in (st.session_state, st.session_state.get(keys.KEPT, {})):
        if place.get(name) is not None:
            place[name] = how(place[name])


def reset_unless(name: str, fits: Callable[[Any], bool], default: object) -> None:
    """Resets a held choice that no longer fits, before its widget would refuse it."""
    if name in st.session_state and not fits(st.session_state[name]):
        reset(**{name: default})
