"""What a viewer's text and files may never do: fetch, write outside the store, run, or stay."""

import ast
import http.server
import io
import itertools
import json
import pickle
import re
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import numpy as np
import pandas as pd
import pytest
import requests
from streamlit.proto.WidgetStates_pb2 import WidgetState

from engine.evaluation.annotations import read_marks
from engine.evaluation.external_predictions import read_predictions, sample_csv
from engine.importers.load import read_upload
from engine.io.csv_export import csv_bytes
from engine.preprocessing.decode import decode
from engine.runtime.errors import Refused
from engine.runtime.limits import MAX_UPLOAD_BYTES
from tests.pages.test_pages import PAGES
from tests.project.test_layers import FILES, imports
from tests.project.test_readme import TITLES
from tests.robustness.test_hostile_pages import written
from tests.support.browsing import MARKS, Visitor
from tests.support.inputs.pictures import saved
from tests.support.server import serving
from tests.support.viewer import Viewer

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def heard() -> Iterator[tuple[str, list[str]]]:
    """A server that nobody should ask: its address, and the requests it got."""
    asked: list[str] = []

    class Bait(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.send_header("Access-Control-Allow-Origin", "*")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Bait)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def machine(tmp_path_factory) -> Path:
    """The folders a server could write to: its home, its temporary files, its store."""
    root = tmp_path_factory.mktemp("machine")
    for name in ("home", "tmp", "store", "fastai"):
        (root / name).mkdir()
    return root


@pytest.fixture(scope="module")
def address(machine) -> Iterator[str]:
    """A server on the embedded digits that has only these folders."""
    folders = {"HOME": "home", "TMPDIR": "tmp", "DIGITSCOPE_HOME": "store", "FASTAI_HOME": "fastai"}
    with serving(**{name: str(machine / folder) for name, folder in folders.items()}) as server:
        yield server.address


def baits(host: str) -> list[str]:
    """Texts that would fetch a picture, break out of the page, or hide what they are."""
    return [
        f"![x]({host}/markdown.png)",
        f"[![x]({host}/linked.png)]({host}/link)",
        f'<img src="{host}/html.png"><script src="{host}/script.js"></script>',
        f"<style>@import url({host}/style.css)</style>",
        f"\u202egnp.x\u202d ![x]({host}/rtl.png)",
        f"![x]({host}/long.png)" + "y" * 3000,
    ]


def zipped(bait: str, classes: tuple[str, str]) -> bytes:
    """A dataset of two classes, with a file of no class that is called as the bait."""
    file, seven = io.BytesIO(), saved("L", "PNG", (28, 28))
    with zipfile.ZipFile(file, "w") as archive:
        for name in classes:
            for number in range(6):
                archive.writestr(f"{name}/{number}.png", seven)
        archive.writestr(f"{classes[0]}/{bait.replace('/', '_')}.png", b"no picture")
        archive.writestr(bait, b"no picture")
    return file.getvalue()


def give(page, label: str, name: str, content: bytes) -> None:
    """Uploads a file of any name to the field with this label."""
    field = page.get_by_test_id("stFileUploader").filter(has_text=re.compile(label))
    file = {"name": name, "mimeType": "application/octet-stream", "buffer": content}
    field.locator('input[type="file"]').set_input_files(file)


@pytest.fixture
def guest(browser, address) -> Iterator[Visitor]:
    guest = Visitor(browser, address)
    guest.page.set_default_timeout(90_000)  # the first to come waits for every import
    yield guest
    guest.context.close()


class TestBrowser:
    pytestmark = MARKS

    def test_the_bait_is_heard_when_it_is_taken(self, guest, heard):
        host, asked = heard
        guest.open()
        guest.page.evaluate("url => fetch(url)", f"{host}/taken")
        assert asked == ["/taken"]
        asked.clear()

    @pytest.mark.slow
    @pytest.mark.case(27)
    @pytest.mark.parametrize("last", [False, True], ids=["mixed", "long"])
    def test_no_text_of_a_viewer_fetches_anything(self, guest, heard, small_evaluation, last):
        host, asked = heard
        bait = baits(host)[-1][:200] if last else " ".join(baits(host)[:-1])
        page = guest.open("data?data=Embedded")
        give(page, "Predictions for", f"{bait}.csv", sample_csv(small_evaluation))
        page.get_by_text(re.compile("Taken as ")).first.wait_for()
        give(
            page,
            "A dataset of images",
            f"{bait}.zip",
            zipped(bait, ("0", "y" * 41 + bait.split("/")[0])),
        )
        page.get_by_text("Nothing was taken").first.wait_for()
        give(page, "A dataset of images", f"{bait}.zip", zipped(bait, ("0", "1")))
        page.get_by_text("My ").first.wait_for()
        guest.settle()
        for title in TITLES.values():
            page.get_by_role("link", name=title, exact=True).click()
            page.wait_for_url(re.compile(f"{title.lower()}|/(\\?|$)"))
            guest.settle()
            if title == "Errors":
                self._marked(guest, bait)
            if title == "Classify":
                self._classified(guest, bait)
        assert asked == []
        guest.content()

    def _marked(self, guest: Visitor, bait: str) -> None:
        page = guest.page
        note = page.get_by_label("Note")
        note.fill(bait[:500])
        note.press("Enter")
        page.get_by_text("Your marks (1)").click()
        marks = pd.DataFrame([{"data": bait, "index": bait, "mark": bait, "note": bait}])
        give(page, "Load marks", f"{bait}.csv", csv_bytes(marks))
        page.get_by_text("could not be used").wait_for()
        guest.settle()

    def _classified(self, guest: Visitor, bait: str) -> None:
        page = guest.page
        page.get_by_text("Upload", exact=True).click()
        guest.settle()
        give(page, "Pictures of one digit", f"{bait}.png", b"no picture")
        page.get_by_text("This is not a picture").first.wait_for()
        give(page, "Pictures of one digit", f"{bait}.png", saved("L", "PNG", (280, 280)))
        guest.settle()

    @pytest.mark.slow
    @pytest.mark.case(27, 28)
    @pytest.mark.parametrize("page", PAGES)
    def test_no_link_fetches_anything(self, guest, heard, page):
        host, asked = heard
        names = [*written(), "true", "predicted", "answers", "seed"]
        choices = dict(zip(names, itertools.cycle(baits(host)), strict=False))
        guest.open(f"{page if page != 'overview' else ''}?{urlencode(choices)}")
        assert asked == []
        guest.content()


def tree(*roots: Path) -> dict[str, float]:
    """Every file under these folders, and when it was last changed."""
    files = [path for root in roots for path in root.rglob("*") if path.is_file()]
    own = re.compile(r"__pycache__|/\.(git|pytest_cache|ruff_cache|hypothesis)/")
    return {str(path): path.stat().st_mtime for path in files if not own.search(f"{path}/")}


@pytest.mark.case(12, 16)
def test_uploads_are_written_nowhere_and_too_large_ones_are_turned_away(
    address, machine, small_evaluation
):
    with Viewer(address, "data", "data=Embedded") as viewer:
        viewer.open()
        before = tree(machine, ROOT)
        viewer.upload(field(viewer, "predictions"), "../../evil.csv", sample_csv(small_evaluation))
        archive = zipped("../../evil.png", ("0", "1"))
        viewer.upload(field(viewer, "images"), "/etc/evil.zip", archive)
        with pytest.raises(requests.HTTPError, match="413"):
            viewer.upload(field(viewer, "images"), "large.zip", bytes(MAX_UPLOAD_BYTES + 2_000_000))
        viewer.rerun()
        assert viewer.exceptions == []
        assert "evil" in viewer.text
    assert [path for path in tree(machine, ROOT).items() if path not in before.items()] == []


def field(viewer: Viewer, name: str) -> str:
    """The key of the upload field for these; it is another after each upload."""
    keys = [one.id.rsplit("-", 1)[-1] for one in viewer.elements.values() if hasattr(one, "id")]
    return next(key for key in keys if key.startswith(f"data_{name}"))


FORGED = [
    *("null", "[]", "7", '"x"', "{}", '{"strokes": null}', '{"strokes": {"a": 1}}'),
    *('{"strokes": NaN}', '{"strokes": [[1e999]]}', '{"strokes": "' + "x" * 100_000 + '"}'),
    '{"strokes": ' + json.dumps([{"pen": 1e308, "points": [[0.5, 0.5]] * 50_000}]) + "}",
    '{"strokes": [' + '{"points": [[0.1, 0.1]]},' * 20_000 + "{}]}",
]


@pytest.mark.parametrize("forged", FORGED, ids=lambda text: text[:20])
def test_a_forged_message_to_the_pad_leaves_the_page_whole(address, forged):
    with Viewer(address, "classify", "data=Embedded") as viewer:
        viewer.open()
        pad = viewer.id_of("classify_pad")
        viewer.states[pad] = WidgetState(id=pad, json_value=forged)
        viewer.rerun()
        assert viewer.exceptions == []
        assert "picture of yours" in viewer.text


@pytest.mark.parametrize("forged", ["", "{", "[" * 100_000], ids=["nothing", "cut", "deep"])
def test_what_streamlit_itself_cannot_read_costs_only_the_forger(address, forged):
    with Viewer(address, "classify", "data=Embedded") as viewer:
        viewer.open()
        pad = viewer.id_of("classify_pad")
        viewer.states[pad] = WidgetState(id=pad, json_value=forged)
        viewer.rerun()
        assert all("Traceback" not in said and ".py" not in said for said in viewer.exceptions)
    with Viewer(address, "classify", "data=Embedded") as other:
        other.open()
        assert other.exceptions == []
        assert "picture of yours" in other.text


class Planted:
    """Unpickled, it leaves a file behind."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def __reduce__(self):
        return Path.touch, (self.file,)


def planted_files(file: Path) -> dict[str, bytes]:
    """Files in each format with a pickle where a careless reader would load it."""
    import pyarrow as pa
    from pyarrow import parquet

    code = pickle.dumps(Planted(file))
    npy, npz, table, mixed = io.BytesIO(), io.BytesIO(), io.BytesIO(), io.BytesIO()
    np.save(npy, np.array([Planted(file)], dtype=object), allow_pickle=True)
    with zipfile.ZipFile(npz, "w") as archive:
        for name in ("index", "predicted", "images", "labels"):
            archive.writestr(f"{name}.npy", npy.getvalue())
    about = {b"ARROW:extension:name": b"arrow.py_extension_type", b"ARROW:extension:metadata": code}
    schema = pa.schema([pa.field("index", pa.int64(), metadata=about)], metadata={b"pandas": code})
    parquet.write_table(pa.table({"index": [0]}, schema=schema), table)
    with zipfile.ZipFile(mixed, "w") as archive:
        archive.writestr("0/a.png", code)
        archive.writestr("data.pkl", code)
    files = {"npy": npy, "npz": npz, "parquet": table, "zip": mixed}
    return {"pickle": code, **{name: each.getvalue() for name, each in files.items()}}


@pytest.mark.parametrize("form", ["pickle", "npy", "npz", "parquet", "zip"])
def test_nothing_that_a_viewer_sends_is_unpickled(small, tmp_path, form):
    file = tmp_path / "ran"
    content = planted_files(file)[form]
    for read, about in ((read_predictions, (small,)), (read_upload, ("x",)), (decode, ())):
        with pytest.raises(Refused):
            read(content, *about)
    assert read_marks(content, "d", list("0123456789")).refused
    assert not file.exists()
    pickle.loads(pickle.dumps(Planted(file)))
    assert file.exists()  # so it would have been seen


RUNS = {"eval", "exec", "__import__", "read_pickle", "Unpickler"}
MODULES = {"pickle", "cPickle", "marshal", "shelve", "dill", "joblib", "cloudpickle"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_source_unpickles_or_runs_text(path):
    text = path.read_text()
    calls = [node.func for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)]
    called = {getattr(call, "attr", getattr(call, "id", "")) for call in calls}
    assert not (MODULES & imports(path)) | (RUNS & called)
    if path.name == "foreign_formats.py":
        return  # its sentences give others the line that converts their file
    assert not re.search(r"allow_pickle=True|torch\.load|\.query\(|pd\.eval", text)
