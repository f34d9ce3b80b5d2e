"""Which images are doubted, by what, and the review of a hundred of them at a time."""

from typing import NamedTuple

import numpy as np
import pandas as pd
import streamlit as st

from dashboard import text
from dashboard.charting.palette import Palette
from dashboard.components import label_review as component
from dashboard.services import evaluations, label_review
from dashboard.session import label_decisions, url_state
from dashboard.session.viewer_models import name_of, own_evaluations
from dashboard.widgets.panel import Finished
from dashboard.widgets.progress import watched
from engine.datasets.dataset import Dataset
from engine.evaluation.evaluation import PROBABILITY, Evaluation
from engine.label_review.neighbors import NEIGHBORS, TESTING, TRAINING, split_of
from engine.label_review.suspects import Shares, probability_shares, suspects

SIDES = (TESTING, TRAINING)  # as on the screen, so in the link
BY_NEIGHBORS, BY_MODEL = "Nearest images", "The model's probabilities"
AT_ONCE = 100  # suspects sent to the browser
SHOWN = 10  # nearest images beside a suspect
NEAR = 0.15  # of its own length: so near is another image with the same label expected
QUICK = 20_000_000  # comparisons that are made without being asked for: a second
IN_LINK = {"label_side": TESTING, "label_by": BY_NEIGHBORS, "label_page": 1}


class Queue(NamedTuple):
    """The suspects of one side, by whom they were found, and the shares behind them."""

    side: str
    by: str
    shares: Shares
    table: pd.DataFrame


def choose(evaluation: Evaluation) -> Queue:
    """The choices, and what comes of them; ends the page where nothing was looked for yet."""
    dataset = evaluation.dataset
    url_state.restore(**IN_LINK)
    ways = [BY_NEIGHBORS, BY_MODEL] if evaluation.share == PROBABILITY else [BY_NEIGHBORS]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        side = st.segmented_control(
            "Labels of which images", SIDES, key="label_side", required=True, bind="query-params"
        )
        side = side or TESTING  # a link may name another, which is said below
        if side == TRAINING:  # the model has seen these: its probabilities are no judge of them
            ways = [BY_NEIGHBORS]
        url_state.reset_unless("label_by", lambda way: way in ways, BY_NEIGHBORS)
        by = st.selectbox("Judged by", ways, key="label_by", bind="query-params")
    url_state.remember("label_side", "label_by")
    found = probability_shares(evaluation) if by == BY_MODEL else _by_neighbors(dataset, side)
    return Queue(side, by, found, suspects(found, split_of(dataset, side).labels))


def _by_neighbors(dataset: Dataset, side: str) -> Shares:
    """The shares of the nearest images, once somebody has asked for them where it takes long."""
    split, every = split_of(dataset, side), len(dataset.training) + len(dataset.testing)
    slow = len(split) * every > QUICK
    if slow and not label_review.asked_for(dataset, side):
        st.markdown(
            f"Each of the {len(split):,} {side} images is compared with the {every - 1:,} others "
            f"after deskewing; its {NEIGHBORS} nearest vote. {text.labels.WHY_NOT_TEMPLATES}"
        )
        if not st.button("Look for suspects", key="label_look", icon=":material/search:"):
            raise Finished
    attempt = label_review.neighbors(dataset, side)
    if watched(attempt) is None:
        st.error("The images could not be compared; the reason is in the server's log.")
        st.button("Try again", key="label_again", on_click=label_review.again, args=(dataset, side))
        raise Finished
    return attempt.result


def show(queue: Queue, evaluation: Evaluation, palette: Palette) -> None:
    """The sentence on all suspects, and the review of a hundred of them."""
    n_images = len(queue.shares.index)
    st.markdown(text.labels.found(queue.table, n_images, queue.side, queue.by == BY_NEIGHBORS))
    if queue.table.empty:
        return
    n_pages = -(-len(queue.table) // AT_ONCE)
    url_state.reset_unless("label_page", lambda page: page <= n_pages, 1)
    page = 1
    if n_pages > 1:
        st.caption(f"The surest first, {AT_ONCE} at a time.")
        page = st.pagination(n_pages, key="label_page", bind="query-params")
    url_state.remember("label_page")
    _review(queue, queue.table.iloc[(page - 1) * AT_ONCE : page * AT_ONCE], evaluation, palette)


def _review(queue: Queue, rows: pd.DataFrame, evaluation: Evaluation, palette: Palette) -> None:
    dataset, classes = evaluation.dataset, [str(name) for name in evaluation.classes]
    told, places = _told(queue, rows, evaluation)

    def decided(sent: object) -> None:
        label_decisions.take(dataset, label_decisions.judged(sent, dataset, classes))

    component.review(
        key="label_review",
        store=dataset.key,
        turn=label_decisions.turn(dataset),
        held=label_decisions.as_rows(label_decisions.of(dataset)),
        suspects=told,
        images=np.concatenate([dataset.training.images[:0], *(_image(dataset, p) for p in places)]),
        classes=classes,
        side=queue.side,
        palette=palette,
        on_decided=decided,
    )
    st.caption(
        "Nothing is changed in the data before it is applied below. Every decision is kept in this "
        "browser at once, also when the tab is closed."
    )


def _image(dataset: Dataset, place: int) -> np.ndarray:
    """The image at that place in training and test images put one after the other, (1, h, w)."""
    n = len(dataset.training)
    split, index = (dataset.training, place) if place < n else (dataset.testing, place - n)
    return split.images[index : index + 1]


def _told(
    queue: Queue, rows: pd.DataFrame, evaluation: Evaluation
) -> tuple[list[component.Suspect], list[int]]:
    """What is told of each suspect, and the places of all the images that are shown with them."""
    dataset, shares = evaluation.dataset, queue.shares
    split, first = split_of(dataset, queue.side), _first(dataset, queue.side)
    every = np.concatenate([dataset.training.labels, dataset.testing.labels])
    row_of = {index: row for row, index in enumerate(shares.index.tolist())}
    answers = _answers(queue, evaluation)
    agreed = text.labels.AGREED[queue.by == BY_NEIGHBORS]
    told, places = [], []
    for suspect in rows.to_dict("records"):
        row, index = row_of[suspect["index"]], suspect["index"]
        near = shares.nearest[row]
        given, proposed = str(suspect["given"]), str(suspect["proposed"])
        length = float(np.linalg.norm(split.images[index].astype(float)))
        said = [
            text.labels.by_neighbors(every[near], given, proposed)
            if len(near)
            else text.labels.by_probability(suspect),
            text.labels.twin(shares.distance[row], every[near], suspect["given"], length, NEAR),
            text.labels.model_line({name: table.get(index) for name, table in answers.items()}),
        ]
        told.append(
            component.Suspect(
                index,
                str(split.files[index]),
                given,
                proposed,
                agreed if suspect["agreed"] else "",
                tuple(filter(None, said)),
                tuple(map(str, every[near[:SHOWN]])),
                len(places),
            )
        )
        places += [first + index, *near[:SHOWN].tolist()]
    return told, places


def _first(dataset: Dataset, side: str) -> int:
    return 0 if side == TRAINING else len(dataset.training)


def _answers(queue: Queue, evaluation: Evaluation) -> dict[str, dict[int, object]]:
    """By model the answers to the test images by index; of training images there are none.

    The templates come last: they are the weakest judges of a label.
    """
    if queue.side == TRAINING:
        return {}
    shown = {name_of(evaluation): evaluation, **own_evaluations(evaluation.dataset)}
    templates = evaluations.evaluation(evaluation.dataset, "L2 mean")
    shown |= {name_of(templates): templates}
    return {
        name: dict(zip(one.table["index"].tolist(), one.table["predicted"].tolist(), strict=True))
        for name, one in shown.items()
    }
