"""What strangers may send to a server, each made to cost it much, and what each has cost.

The server should forget visits soon (`SOON`), so that what is left of one is measured at once.
"""

import contextlib
import io
import json
import time
import zipfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import numpy as np
import requests
from PIL import Image
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.exceptions import ConnectionClosed, InvalidStatus

from tests.support.inputs.lying_parquet import lying_parquet
from tests.support.server import Server
from tests.support.viewer import Viewer

SOON = ("--server.disconnectedSessionTTL=1",)
FORGOTTEN_S = 20.0  # a hard limit on how long what a visit held stays after it
CALM_MB = 20.0  # more than before at which nothing is left of it


class Cost(NamedTuple):
    """Of the server: seconds of the attack, and megabytes more than before, at most and after."""

    seconds: float
    peak: float
    after: float


def cost_of(server: Server, attack: Callable[[str], object]) -> Cost:
    """Attacks by ``attack(address)``; waits for what is left when the visits are over."""
    status = Path(f"/proc/{server.process.pid}")
    before = memory(server)
    (status / "clear_refs").write_text("5")  # the peak is counted from here
    began = time.monotonic()
    attack(server.address)
    seconds = time.monotonic() - began
    deadline = time.monotonic() + FORGOTTEN_S
    while memory(server) > before + CALM_MB and time.monotonic() < deadline:
        time.sleep(0.5)
    return Cost(seconds, memory(server, "VmHWM") - before, memory(server) - before)


def memory(server: Server, what: str = "VmRSS") -> float:
    """Megabytes of the server's process, now or (VmHWM) at most."""
    lines = Path(f"/proc/{server.process.pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(what)) * 1024 / 1e6


def brings(field: str, name: str, content: bytes, wait_for: str = "") -> Callable[[str], None]:
    """The attack of a viewer who brings this file on the page of the data."""

    def attack(address: str) -> None:
        with Viewer(address, "data", "data=Embedded") as viewer:
            viewer.open()
            viewer.upload(field, name, content)
            assert viewer.exceptions == [] and wait_for in viewer.text, viewer.text

    return attack


def one_image_of_a_class() -> bytes:
    """An NPZ of 100 MB unpacked that is refused once it has been read."""
    images = np.zeros((99_000, 28, 28), np.uint8)
    labels = np.zeros(len(images), np.uint8)
    labels[-1] = 1
    content = io.BytesIO()
    np.savez_compressed(content, images=images, labels=labels)
    return content.getvalue()


def long_names() -> bytes:
    """A zip with two names of 60,000 letters among thousands of short ones."""
    content = io.BytesIO()
    picture = io.BytesIO()
    Image.new("L", (8, 8), 9).save(picture, "PNG")
    with zipfile.ZipFile(content, "w") as archive:
        for number in range(2_000):
            archive.writestr(f"{number % 2}/{number}.png", picture.getvalue())
        for name in "ab":
            archive.writestr(f"0/{name * 60_000}.png", picture.getvalue())
    return content.getvalue()


def unnamed_uploads(address: str, number: int = 40, size: int = 20_000_000) -> list[int]:
    """Files put into one's own session that no field of the page names; the answers' status."""
    with Viewer(address, "data", "data=Embedded") as viewer:
        viewer.open()
        token = viewer.token()

        def put(_: int) -> int:
            url = address + viewer.file_address("x.csv").upload_url
            with contextlib.suppress(requests.ConnectionError):  # refused before all was sent
                file = {"file": ("x.csv", bytes(size))}
                return requests.put(url, files=file, timeout=60, **token).status_code
            return 413

        return [put(place) for place in range(number)]


def millions_of_strokes(address: str) -> None:
    """A drawing of 5.5 million strokes without points, in one message of 16 MB."""
    with Viewer(address, "classify", "data=Embedded") as viewer:
        viewer.open()
        id = viewer.id_of("classify_pad")
        drawing = json.dumps({"strokes": [{}]}).replace("{}", ",".join(["{}"] * 5_500_000))
        viewer.states[id] = WidgetState(id=id, json_value=drawing)
        with contextlib.suppress(ConnectionClosed):
            viewer.rerun()
            raise AssertionError("the drawing was taken")


def photograph(megapixels: int = 24) -> bytes:
    """A large photograph in colour."""
    noise = np.random.default_rng(0).integers(0, 255, (375, 500, 3), np.uint8)
    size = round((megapixels * 1e6 * 4 / 3) ** 0.5), round((megapixels * 1e6 * 3 / 4) ** 0.5)
    content = io.BytesIO()
    Image.fromarray(noise).resize(size).save(content, "JPEG", quality=60)
    return content.getvalue()


def photographs_at_once(address: str, viewers: int = 3, each: int = 8) -> None:
    """Several viewers who bring large photographs to Classify at the same moment."""
    content = photograph()

    def bring(_: int) -> None:
        with Viewer(address, "classify", "data=Embedded&classify_from=Upload") as viewer:
            viewer.open()
            viewer.upload_all("classify_files", [(f"{n}.jpg", content) for n in range(each)])
            assert viewer.exceptions == []

    with ThreadPoolExecutor(viewers) as pool:
        list(pool.map(bring, range(viewers)))


def foreign_handshakes(address: str, number: int = 10) -> None:
    """Connections that a page of another host asks for."""
    for _ in range(number):
        with contextlib.suppress(InvalidStatus):
            Viewer(address, Origin="http://elsewhere.example").close()
            raise AssertionError("a foreign page may connect")


def flood_of_messages(address: str, number: int = 4_000) -> None:
    """Requests for a run of the page, as fast as they can be sent, with nobody who waits."""
    with Viewer(address, "confusion", "data=Embedded") as viewer:
        viewer.open()
        with contextlib.suppress(ConnectionClosed, OSError):
            for _ in range(number):
                viewer.ask()


def many_classes(tests: int = 99_700, classes: int = 100) -> bytes:
    """A dataset of tiny images whose answers take far more memory than they do."""
    numbers = np.random.default_rng(0)
    content = io.BytesIO()
    np.savez_compressed(
        content,
        x_train=numbers.integers(0, 255, (3 * classes, 4, 4), np.uint8),
        y_train=np.arange(3 * classes) % classes,
        x_test=numbers.integers(0, 255, (tests, 4, 4), np.uint8),
        y_test=np.arange(tests) % classes,
    )
    return content.getvalue()


def three_models_of_many_classes(address: str) -> None:
    """Own data of a hundred classes, judged by three quick models one after another."""
    with Viewer(address, "data", "data=Embedded") as viewer:
        viewer.open()
        viewer.upload("data_images_0", "many.npz", many_classes())
        viewer.set("data", "My many")
        for model in ("L1 mean", "L2 mean", "L1 median"):
            viewer.rerun()
            viewer.set("model", model)
        viewer.rerun()
        assert viewer.exceptions == []


LYING = lying_parquet(["index", "predicted"], 5_000_000, 100)
ATTACKS: dict[str, Callable[[str], object]] = {
    "a refused NPZ of 78 MB unpacked": brings(
        "data_images_0", "x.npz", one_image_of_a_class(), "Nothing was taken"
    ),
    "40 files of 20 MB that no field names": unnamed_uploads,
    "a drawing of 5.5 million strokes": millions_of_strokes,
    "a zip with names of 60,000 letters": brings("data_images_0", "x.zip", long_names()),
    "24 photographs of 24 megapixels at once": photographs_at_once,
    "predictions in a Parquet file that lies": brings(
        "data_predictions_0", "x.parquet", LYING, "Nothing was taken"
    ),
    "images in a Parquet file that lies": brings(
        "data_images_0",
        "x.parquet",
        lying_parquet(["label", *(f"p{n}" for n in range(4))], 5_000_000, 100),
        "Nothing was taken",
    ),
    "three models of 100 classes and 99,700 images": three_models_of_many_classes,
    "ten handshakes from a foreign page": foreign_handshakes,
}
LARGE = ("three models of 100 classes and 99,700 images",)  # what is taken, and counted, is large


def small_files() -> list[tuple[str, bytes]]:
    """Files of every kind that some field takes, whole and broken, by name."""
    numbers = np.random.default_rng(0)
    picture, npz, zipped = io.BytesIO(), io.BytesIO(), io.BytesIO()
    Image.fromarray(numbers.integers(0, 255, (60, 60), np.uint8)).save(picture, "PNG")
    images, labels = numbers.integers(0, 255, (600, 28, 28), np.uint8), np.arange(600) % 10
    np.savez(npz, images=images, labels=labels)
    with zipfile.ZipFile(zipped, "w") as archive:
        for number in range(40):
            archive.writestr(f"{number % 2}/{number}.png", picture.getvalue())
    rows = "\n".join(f"{n},{n % 10}" for n in range(599))
    return [
        ("predictions.csv", f"index,predicted\n{rows}\n".encode()),
        ("images.npz", npz.getvalue()),
        ("images.zip", zipped.getvalue()),
        ("picture.png", picture.getvalue()),
        ("names.txt", b"0 zero\n1 one\n"),
        ("marks.csv", b"index,file,true,predicted,mark,note\n3,3,3,3,bad label,x\n"),
        ("cut.npz", npz.getvalue()[:-9]),
        ("refused.csv", b"index,predicted\n0,x\n" * 1_000),
        ("garbage.parquet", b"PAR1" + bytes(100_000)),
        ("model.onnx", bytes(range(256)) * 100),
    ]


FORGED = ('{"strokes": [{}]}', '{"opened": 3}', '{"decisions": [[0]]}', '{"kept": {"marks x": ""}}')


def send_everything(address: str, rounds: range, pages: Sequence[str]) -> None:
    """A viewer who brings a file to every field of each page, and forges each component's word."""
    files = small_files()
    for turn in rounds:
        with Viewer(address, pages[0], "data=Embedded") as viewer:
            viewer.open()
            for page in pages:
                viewer.go(page, "data=Embedded&classify_from=Upload")
                for field in [one.label for one in viewer.drawn("fileuploader")]:
                    with contextlib.suppress(KeyError):  # gone with what the last file brought
                        viewer.upload(field, *files[turn % len(files)])
                for part in viewer.drawn("bidicomponent"):
                    value = FORGED[turn % len(FORGED)]
                    viewer.states[part.id] = WidgetState(id=part.id, json_value=value)
                viewer.rerun()
                viewer.states.clear()
                assert not [one for one in viewer.drawn("exception") if one.stack_trace]
