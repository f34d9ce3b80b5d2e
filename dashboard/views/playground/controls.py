"""The playground's controls: every choice of a descent, held in the link and checked again here."""

import functools
import math
from dataclasses import dataclass

import numpy as np
import streamlit as st

from dashboard.charting.descent.fit import band_strip, band_tables
from dashboard.charting.palette import Palette
from dashboard.charting.render import draw, sent
from dashboard.services import charts, descents
from dashboard.session import url_state
from dashboard.views.playground.run import PLANES, STEPS
from dashboard.widgets import inputs
from engine.descent.closed_form import QuadraticLoss, bands, quadratic, to_basis
from engine.descent.notebook import BOOK_LR, BOOK_NOISE, BOOK_POINTS, BOOK_SEED, PARAMETERS
from engine.descent.trace import Descent, descend
from engine.io.numbers import learning_rate, short
from engine.runtime.limits import MAX_DESCENT_STEPS, MAX_FITTED_POINTS, RATES

EXPONENTS = {False: (-7, -3), True: (-3, 1)}  # the ladder's ends, raw and standardised time
BOOK = {
    "lr": "1e-5",
    "steps": 10,
    "seed": float(BOOK_SEED),
    "points": float(BOOK_POINTS),
    "noise": BOOK_NOISE,
    "standardise": False,
    "a": None,
    "b": None,
    "c": None,
}
IN_LINK = tuple(name for name in BOOK if name != "lr")  # whose field says itself what was wrong


@dataclass(frozen=True)
class Choice:
    """What the viewer set: a descent, the draw its points came from, and the ladder of rates.

    ``run`` is the same descent with as many steps as there can be.
    """

    descent: Descent
    run: Descent
    seed: int
    points: int
    noise: float
    domain: tuple[float, float]

    @property
    def draw(self) -> tuple[int, int, float]:
        """Seed, number of points and noise: what the points are drawn from."""
        return self.seed, self.points, self.noise

    @property
    def key(self) -> tuple:
        """What tells this choice from every other."""
        return self.key_of_run, self.descent.steps

    @property
    def key_of_run(self) -> tuple:
        """What tells its run from every other."""
        run = self.run
        return self.draw, run.quadratic.scale, tuple(run.start), run.lr


def choose(palette: Palette) -> Choice:
    """Draws the controls and gives the descent they describe; whatever they hold, it can be run."""
    above = st.container()
    standardise = st.toggle(
        "Standardise time",
        key="standardise",
        bind="query-params",
        on_change=_keep_share_of_limit,
        help="Counts time in standard deviations from its mean. The curve that is fitted stays "
        "the same; only the shape of the bowl changes. The learning rate keeps its share of the "
        "limit.",
    )
    start = _data()
    shape = _quadratic(standardise)
    domain = tuple(10.0**end for end in EXPONENTS[standardise])
    with above:
        lr = _learning_rate(shape, domain, palette)
    at = to_basis(shape, start)
    steps = url_state.taken("steps", {str(known): known for known in STEPS})
    descents = (descend(shape, at, lr, last) for last in (steps, MAX_DESCENT_STEPS))
    return Choice(*descents, *_draw(), domain)


def _data() -> np.ndarray:
    """The widgets that `_draw` reads, and those of the start, which it returns as parameters."""
    row = st.container(horizontal=True)
    row.button(
        "Reset to notebook values", on_click=_book_numbers, help="Everything as in the notebook"
    )
    with row.popover("Data and start"):
        inputs.whole_number("Seed", 0, 2**31 - 1, BOOK_SEED, "seed")
        inputs.whole_number("Number of points", 3, MAX_FITTED_POINTS, BOOK_POINTS, "points")
        st.number_input(
            "Noise (standard deviation of the speeds)",
            0.0,
            100.0,
            BOOK_NOISE,
            step=0.5,
            key="noise",
            bind="query-params",
        )
        st.caption("Start of the descent, as parameters of t; empty: drawn from the seed.")
        return _start(descents.points(*_draw()).start)


def _draw() -> tuple[int, int, float]:
    """Seed, points and noise as set, rounded: the link lets any float through, even denormals."""
    state = st.session_state
    noise = round(float(state.get("noise", BOOK_NOISE)), 2)
    return int(state.get("seed", BOOK_SEED)), int(state.get("points", BOOK_POINTS)), noise


def _start(drawn: np.ndarray) -> np.ndarray:
    start = drawn.copy()
    for place, name in enumerate(PARAMETERS):
        chosen = st.number_input(
            f"Start {name}",
            -10_000.0,
            10_000.0,
            None,
            key=name,
            bind="query-params",
            placeholder=f"{drawn[place]:.4f} (from the seed)",
            format="%.4f",
        )
        if chosen is not None:
            start[place] = round(chosen, 4)
    return start


def _quadratic(standardise: bool) -> QuadraticLoss:
    data = descents.points(*_draw())
    return quadratic(data.time, data.speed, standardise)


@functools.cache
def _ladder(domain: tuple[float, float]) -> tuple[float, ...]:
    """Twenty rungs a decade, three digits each, so that equal steps are equal ratios."""
    count = round(20 * math.log10(domain[1] / domain[0])) + 1
    return tuple(float(f"{value:.3g}") for value in np.geomspace(*domain, count))


def _learning_rate(shape: QuadraticLoss, domain: tuple[float, float], palette: Palette) -> float:
    """The slider, its bands and the field for the exact value, which alone is in the link."""
    above = st.container()
    lr, notice = typed_rate(
        st.text_input("Exact learning rate", "1e-5", max_chars=24, key="lr", bind="query-params")
    )
    if notice:
        st.text(notice)
    on_ladder = min(max(lr, domain[0]), domain[1])
    ladder = sorted({*_ladder(domain), on_ladder})  # the exact value is a rung of its own
    st.session_state["ladder"] = on_ladder
    borders = bands(shape)
    crawl, smooth, limit = (learning_rate(edge) for edge in borders["To"][:3])
    with above:
        st.select_slider(
            "Learning rate",
            ladder,
            key="ladder",
            format_func=learning_rate,
            on_change=lambda: st.session_state.update(lr=learning_rate(st.session_state["ladder"])),
        )
        draw(
            charts.structure(band_strip, domain, palette),
            tables=sent(band_tables(borders, lr, domain)),
            alt=f"Bands of the learning rate: crawls to {crawl}, smooth to {smooth}, overshoots "
            f"to {limit}, diverges beyond",
        )
        st.caption(
            f"Crawls to {crawl}, smooth to {smooth}, overshoots but converges to {limit}, "
            "diverges beyond."
        )
    return lr


def typed_rate(text: str) -> tuple[float, str]:
    """The learning rate in a text and, if it cannot be used, why the notebook's stands in."""
    try:
        lr = float(text)
    except ValueError:
        lr = math.nan
    if RATES[0] <= lr <= RATES[1]:
        return lr, ""
    wanted = f"a number from {learning_rate(RATES[0])} to {RATES[1]:g}"
    instead = learning_rate(BOOK_LR)
    return BOOK_LR, f"Learning rate: found “{text}”, wanted {wanted}. Using {instead}."


def take(told: object) -> None:
    """Where a hand rests in the browser becomes the steps and the plane; it may be anything."""
    if not isinstance(told, dict):
        return
    for name, known in (("steps", STEPS), ("plane", PLANES)):
        if type(told.get(name)) in (int, str) and told[name] in known:
            st.session_state[name] = told[name]


def _book_numbers() -> None:
    st.session_state.update(BOOK)


def _keep_share_of_limit() -> None:
    """Carries the learning rate over to the other bowl as the same share of its limit.

    More digits are kept on the way there than on the way back, so that there and back is the same.
    """
    now = st.session_state["standardise"]
    lr, _ = typed_rate(st.session_state["lr"])
    moved = lr * _quadratic(now).limit / _quadratic(not now).limit
    moved = min(max(moved, RATES[0]), RATES[1])
    st.session_state["lr"] = short(f"{moved:.7g}" if now else f"{moved:.5g}")
