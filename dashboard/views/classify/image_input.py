"""Getting an image in: drawn, uploaded, photographed, pasted, or taken from the dataset."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import streamlit as st

from dashboard.charting.palette import Palette
from dashboard.components.pad import pad
from dashboard.components.paste import paste
from dashboard.server import upload_store
from dashboard.session import keys, url_state
from dashboard.text.markdown import one, plain, thing
from dashboard.widgets import image_grid
from engine.datasets.dataset import Dataset
from engine.io.file_names import short_name
from engine.io.numbers import JOIN
from engine.preprocessing.decode import FORMATS, decode, size_before
from engine.preprocessing.strokes import Stroke, draw
from engine.runtime.errors import Refused
from engine.runtime.limits import MAX_PICTURE_BYTES, MAX_PICTURES_AT_ONCE


class Way(StrEnum):
    """How a picture comes in, by the words on its button."""

    DRAW = "Draw"
    UPLOAD = "Upload"
    CAMERA = "Camera"
    PASTE = "Paste"
    DATASET = "Data set"


SOURCES = tuple(way.value for way in Way)
SPLITS = ("Test images", "Training images")
DEFAULTS = {"classify_from": SOURCES[0], "classify_split": SPLITS[0], "classify_index": 0.0}
TAKEN = ("png", "jpg", "jpeg", "bmp", "webp")

_one_decoding = threading.Lock()  # so that the memory it takes is needed once on the server


@dataclass(frozen=True, eq=False)
class Given:
    """A picture ``uint8`` (rows, columns[, 3]) and where it is from, or why there is none.

    ``strokes`` are those it was drawn from; ``true`` is the label of a dataset's image, which is
    in the dataset's form already. ``problem`` is one sentence when the picture was refused.
    ``size`` are the rows and columns of its file, if it is from one.
    """

    source: str
    picture: np.ndarray | None = None
    strokes: tuple[Stroke, ...] = ()
    true: int | str | None = None
    problem: str = ""
    way: Way = Way.UPLOAD
    size: tuple[int, int] | None = None

    @property
    def name(self) -> str:
        """Its file, or its place in the dataset; '' for a picture that was made here."""
        return "" if self.way in (Way.DRAW, Way.CAMERA, Way.PASTE) else self.source

    @property
    def is_ink(self) -> bool:
        """Whether the picture counts ink, as a drawing and a dataset's image do."""
        return bool(self.strokes) or self.true is not None


def choose_source() -> str:
    """The way in that is chosen."""
    chosen = st.segmented_control(
        "Where the image comes from",
        SOURCES,
        default=SOURCES[0],
        required=True,
        key="classify_from",
        bind="query-params",
        label_visibility="collapsed",
    )
    return chosen or SOURCES[0]


def take(source: str, dataset: Dataset, palette: Palette) -> list[Given]:
    """The pictures that the chosen way gives now: none, one, or of uploads several."""
    if source == Way.UPLOAD:
        return _uploaded(thing(np.unique(dataset.training.labels)))
    if source == Way.CAMERA:
        return _photographed(thing(np.unique(dataset.training.labels)))
    if source == Way.PASTE:
        return _pasted()
    if source == Way.DATASET:
        return [_from_data(dataset, palette)]
    strokes = pad("classify_pad", palette)
    return [Given("drawn", draw(strokes), strokes, way=Way.DRAW)] if strokes else []


def _uploaded(what: str) -> list[Given]:
    away = "classify_files" not in st.session_state  # the field is new: back from elsewhere
    files = st.file_uploader(
        f"Pictures of one {what} each",
        type=TAKEN,
        accept_multiple_files=True,
        key="classify_files",
        max_upload_size=MAX_PICTURE_BYTES // 1_000_000,
        help=f"{', '.join(FORMATS)}, up to {MAX_PICTURE_BYTES / 1e6:.0f}{JOIN}MB each. They stay "
        "in this server's memory while you look at them and are written nowhere.",
    )
    if len(files) > MAX_PICTURES_AT_ONCE:
        st.info(
            f"The first {MAX_PICTURES_AT_ONCE} of {len(files)} files are taken, "
            "the rest is left out."
        )
        upload_store.empty(files[MAX_PICTURES_AT_ONCE:])
    chosen = [(file.file_id, file.name, file) for file in files[:MAX_PICTURES_AT_ONCE]]
    return _remembered(Way.UPLOAD, chosen, away)


def _pasted() -> list[Given]:
    try:
        data = paste("classify_paste")
    except Refused as refusal:
        return [Given("pasted", problem=str(refusal), way=Way.PASTE)]
    return [] if data is None else [_judged("pasted", data, Way.PASTE)]


def _photographed(what: str) -> list[Given]:
    away = "classify_camera" not in st.session_state
    asked = f"Photograph one {what}, large and in good light"
    shot = st.camera_input(asked, key="classify_camera")
    chosen = [(shot.file_id, "photographed", shot)] if shot else []
    return _remembered(Way.CAMERA, chosen, away)


def _remembered(way: Way, files: Sequence[tuple[str, str, object]], away: bool) -> list[Given]:
    """Each file decoded once; what was decoded is forgotten with its file.

    Not so when the viewer was ``away`` from the field, which comes back empty: the pictures of
    before stay until they are removed or others come.
    """
    every = st.session_state.setdefault(keys.DECODED, {})
    stay = st.session_state.setdefault(keys.STAY, set())
    known = every.get(way, {})
    if files:
        stay.discard(way)
    elif away and known:
        stay.add(way)
    if way in stay:
        _offer_to_remove(way, known)
    else:
        every[way] = {
            number: known.get(number) or _judged(short_name(name), file.getvalue(), way)
            for number, name, file in files
        }
        upload_store.empty([file for _, _, file in files])  # decoded they are small
    return list(every[way].values())


def _offer_to_remove(way: Way, known: dict[str, Given]) -> None:
    """What is there from before, as the empty field shows nothing of it."""

    def remove() -> None:
        st.session_state[keys.DECODED].pop(way, None)
        st.session_state[keys.STAY].discard(way)

    with st.container(horizontal=True, vertical_alignment="center"):
        names = ", ".join(given.source for given in known.values())
        st.markdown(f"Still here: {plain(names[:200])}", width="stretch")
        st.button("Remove", key=f"classify_remove_{way.name.lower()}", on_click=remove)


def _judged(name: str, data: bytes, way: Way) -> Given:
    try:
        with _one_decoding:
            picture = decode(data)
        return Given(name, picture, way=way, size=size_before(data, picture))
    except Refused as refusal:
        return Given(name, problem=str(refusal), way=way)


def _from_data(dataset: Dataset, palette: Palette) -> Given:
    """An image of the dataset by its index, as the errors page counts them."""
    name = st.selectbox("Images", SPLITS, key="classify_split", bind="query-params")
    split = dataset.testing if name == SPLITS[0] else dataset.training
    url_state.reset_unless("classify_index", lambda index: index < len(split), 0.0)

    def any_other() -> None:
        st.session_state["classify_index"] = float(np.random.default_rng().integers(len(split)))

    row = st.container(horizontal=True, vertical_alignment="bottom")
    last = float(len(split) - 1)
    # a float, because Streamlit turns "1e400" in a link to a whole-number field into an exception
    field = row.number_input(
        "Index", 0.0, last, 0.0, 1.0, "%.0f", key="classify_index", bind="query-params", width=150
    )
    row.button("Another one", key="classify_any", on_click=any_other, icon=":material/casino:")
    index = int(field)
    image, true, kind = (
        split.images[index],
        split.labels[index].item(),
        name.removesuffix("s").lower(),
    )
    name = one(true)
    st.html(image_grid.grid([image], [name], [f"{kind} {index:,}, {name}"], palette, 1))
    return Given(f"{kind} {index:,}", image, true=true, way=Way.DATASET)
