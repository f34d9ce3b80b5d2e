"""Many viewers of one real server on real MNIST: no page stalls, breaks or shows another's.

In each case a second viewer keeps rerunning a page, which must stay as it is. Nothing is
timed here; `python -m benchmarks.promises` prints the figures.
"""

import contextlib
import http.server
import io
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
import requests
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Common_pb2 import DoubleArray, StringArray
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.exceptions import InvalidStatus

from benchmarks import promises
from tests.support.server import serving
from tests.support.viewer import Steady, Viewer

PAGES = promises.PAGES
GOES_AWAY_S = 60.0  # a hard limit that catches what never goes away
RIGHT = "6,685 of 10,000 test images are right"

# The server is a process of its own; what it leaves open is not this process's doing.
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::ResourceWarning")]


@pytest.fixture
def steady(address) -> Iterator[Steady]:
    # Not on the overview, which rightly says when somebody has had a slow model fitted.
    with Steady(address, "confusion") as steady:
        yield steady


def visit(address: str, page: str = "", query: str = "") -> Viewer:
    """An opened page; the caller closes it."""
    viewer = Viewer(address, page, query)
    viewer.open()
    return viewer


def at_once(number: int, work) -> list:
    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(work, range(number)))


def test_a_viewer_without_a_browser_gets_every_page_and_again_by_a_rerun(address, steady):
    for page in PAGES:
        with visit(address, page) as viewer:
            first = viewer.text.splitlines()[0]
            viewer.rerun()
            assert viewer.exceptions == []
            assert first == viewer.text.splitlines()[0] != ""


PARTS = [
    *((page, "") for page in PAGES),
    ("classify", "classify_from=Data+set"),
    ("classify", "classify_from=Data+set&classify_tab=What+if"),
    ("errors", "reason=The+smallest+change"),
]


@pytest.mark.parametrize(("page", "query"), PARTS)
def test_no_part_of_a_page_that_runs_alone_holds_another(address, page, query):
    """When the outer one runs again, Streamlit drops what it has not sent yet, but not what the
    inner one has not: a browser that is sent this without its place shows nothing any more.
    """
    with visit(address, page, query) as viewer:
        for place, owner in viewer.owners.items():
            around = {viewer.owners.get(place[:depth], "") for depth in range(1, len(place))}
            assert around <= {"", owner}, f"{viewer.elements.get(place)} is in another fragment"


def places(viewer: Viewer) -> dict[tuple[int, ...], str]:
    """What kind of thing is at each place of the page."""
    return {place: type(one).__name__ for place, one in (viewer.elements | viewer.blocks).items()}


def test_waiting_for_a_server_that_has_just_started_moves_nothing(mnist_store):
    """A place less in the second run, and the browser would build all below it anew."""
    with serving(DIGITSCOPE_HOME=str(mnist_store)) as cold, visit(cold.address, "classify") as one:
        first = places(one)
        one.rerun()
        assert places(one) == first


def test_a_value_that_is_set_is_in_the_page(address):
    with visit(address, "playground") as viewer:
        viewer.set("lr", "1e-3")
        viewer.rerun()
        assert "28 times its limit of 3.54e-5" in viewer.text


@pytest.mark.case(32)
def test_twenty_who_open_a_cold_app_share_one_load(mnist_store):
    with serving(DIGITSCOPE_HOME=str(mnist_store)) as server:

        def arrive(_: int) -> str:
            with visit(server.address) as viewer:
                assert viewer.exceptions == []
                return viewer.text

        assert all(RIGHT in text for text in at_once(20, arrive))
        maps = Path(f"/proc/{server.process.pid}/maps").read_text()
        assert 0 < maps.count("mnist.store") <= 7  # its arrays and the whole, once


@contextlib.contextmanager
def failing_slowly() -> Iterator[tuple[str, list[str]]]:
    """A server that lets everyone wait for a second and then has nothing, and who asked it."""
    asked = []

    class Failing(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            time.sleep(1)
            self.send_error(503)

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Failing) as httpd:
        threading.Thread(target=httpd.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{httpd.server_port}/mnist_png.tgz", asked
        httpd.shutdown()


@pytest.mark.case(33)
def test_twenty_who_wait_for_a_load_that_fails_share_one_attempt(tmp_path):
    with failing_slowly() as (url, asked):
        places = {name: str(tmp_path) for name in ("DIGITSCOPE_HOME", "FASTAI_HOME")}
        with serving(DIGITSCOPE_MNIST_URL=url, **places) as server:

            def arrive(_: int) -> str:
                with visit(server.address) as viewer:
                    assert viewer.exceptions == []
                    return viewer.text

            texts = at_once(20, arrive)
    assert all("because MNIST could not be loaded" in text for text in texts)
    assert all("status 503" in text for text in texts)
    assert len(asked) == 1


@pytest.mark.case(31)
@pytest.mark.parametrize("number", [4, pytest.param(20, marks=pytest.mark.long)])
def test_all_who_are_at_the_maximum_of_the_playground_get_their_races(address, steady, number):
    def play(place: int) -> None:
        with visit(address, "playground", promises.HEAVIEST.format(100 * number + place)) as viewer:
            assert viewer.exceptions == []
            assert "The goal is a loss of" in viewer.text

    at_once(number, play)


def test_a_training_is_seen_live_and_holds_up_nobody(address, steady):
    with visit(address, "training", "epochs=1") as viewer:
        viewer.click("train")
        viewer.rerun()
        deadline = time.monotonic() + GOES_AWAY_S
        while "Results on the test set" not in viewer.text and time.monotonic() < deadline:
            viewer.play(1)
        assert "Results on the test set" in viewer.text
        assert viewer.exceptions == []


def test_the_largest_file_and_ten_arrivals_hold_up_nobody(server, steady):
    promises.largest_upload(server)
    promises.ten_arrivals(server)


@pytest.mark.case(34)
def test_what_a_stranger_clears_is_not_missed(address, steady):
    with visit(address, "errors", "true=2&predicted=1") as viewer, visit(address) as stranger:
        before = viewer.text
        stranger.clear_cache()
        stranger.rerun()
        viewer.rerun()
        assert viewer.text == before
        assert viewer.exceptions == stranger.exceptions == []


def forged(id: str) -> dict[str, WidgetState]:
    """What no widget of ours sends, by what is wrong with it."""
    return {
        "a string": WidgetState(id=id, string_value="![](http://127.0.0.1/x.png)<script>"),
        "not a number": WidgetState(id=id, double_value=float("nan")),
        "infinite": WidgetState(id=id, double_array_value=DoubleArray(data=[float("inf")])),
        "no such option": WidgetState(id=id, string_array_value=StringArray(data=["nothing"])),
        "huge": WidgetState(id=id, double_array_value=DoubleArray(data=[1e300] * 10_000)),
        "a number": WidgetState(id=id, int_value=-(2**60)),
        "bytes": WidgetState(id=id, bytes_value=b"\x80\x04."),
        "JSON": WidgetState(id=id, json_value='{"opened": "x", "strokes": [{"points": 7}]}'),
        "cut JSON": WidgetState(id=id, json_value='{"opened":'),
        "a trigger": WidgetState(id=id, trigger_value=True),
    }


# On the overview a forged value presses the button that fits 5 neighbours: some 20 s on MNIST.
@pytest.mark.case(45)
@pytest.mark.parametrize("page", PAGES)
def test_forged_values_bring_no_traceback_and_disturb_nobody(address, steady, page):
    for what in forged(""):
        with visit(address, page) as viewer:
            ids = [one.id for one in viewer.elements.values() if getattr(one, "id", "")]
            viewer.states = {id: forged(id)[what] for id in [*ids, "$$ID-nothing-at-all"]}
            viewer.rerun()
            assert [one for one in viewer.drawn("exception") if one.stack_trace] == [], what
            assert "Traceback" not in viewer.text and "site-packages" not in viewer.text, what


@pytest.mark.parametrize(
    "garbage",
    [b"", b"\0" * 100, b"\xff" * 5_000, b"GET / HTTP/1.1\r\n\r\n", bytes(range(256)) * 400],
    ids=["empty", "zeros", "ones", "another protocol", "all bytes"],
)
@pytest.mark.case(45)
def test_bytes_that_are_no_message_disturb_nobody(address, steady, garbage):
    with visit(address) as viewer:
        viewer.send(garbage)
    with visit(address) as another:
        assert RIGHT in another.text


def test_messages_for_developers_are_not_obeyed(address, steady):
    with visit(address) as viewer:
        viewer.send(BackMsg(debug_shutdown_runtime=True))
        viewer.send(BackMsg(debug_disconnect_websocket=True))
        viewer.rerun()
        assert RIGHT in viewer.text


@pytest.mark.case(45)
def test_a_foreign_page_may_not_connect(address, steady):
    with pytest.raises(InvalidStatus, match="403"):
        Viewer(address, Origin="http://elsewhere.example")


def put(viewer: Viewer, url: str, content: bytes = b"index,predicted\n", **options) -> int:
    file = {"file": ("x.csv", content)}
    return requests.put(viewer.address + url, files=file, timeout=60, **options).status_code


@pytest.mark.case(45)
def test_an_upload_needs_the_token_and_a_session_that_is_there(address, steady):
    with visit(address, "data") as viewer:
        url = viewer.file_address("x.csv").upload_url
        assert put(viewer, url) == 403
        assert put(viewer, url, headers={"X-Xsrftoken": "guessed"}) == 403
        nobody = url.replace(viewer.session_id, "00000000-0000-0000-0000-000000000000")
        assert put(viewer, nobody, **viewer.token()) == 400
        assert put(viewer, url, **viewer.token()) == 204


@pytest.mark.case(12)
def test_the_server_itself_turns_away_more_than_an_upload_may_have(address, steady):
    with visit(address, "data") as viewer:
        url, token = viewer.file_address("x.csv").upload_url, viewer.token()
        megabyte = b"0" * 1024 * 1024
        assert put(viewer, url, content=megabyte * 31, **token) == 413

        def pieces() -> Iterator[bytes]:  # without a length that could be believed
            yield from [megabyte] * 31

        answer = requests.put(address + url, data=pieces(), timeout=60, **token)
        assert answer.status_code in (400, 413)


def test_a_file_put_into_anothers_session_changes_nothing_there(address, steady):
    with visit(address, "data") as viewer, visit(address, "data") as stranger:
        before = viewer.text
        mine = stranger.file_address("x.csv").upload_url
        put(stranger, mine.replace(stranger.session_id, viewer.session_id), **stranger.token())
        viewer.rerun()
        assert viewer.text == before


@pytest.mark.case(42, 43)
@pytest.mark.parametrize("visits", [20, pytest.param(300, marks=pytest.mark.long)])
def test_connections_cut_in_the_middle_of_a_run_leave_no_thread(server, steady, visits):
    before, _ = promises.threads_and_files(server)
    for place in range(visits):
        viewer = Viewer(server.address, PAGES[place % len(PAGES)])
        viewer.ask()
        viewer.cut()
        viewer.close()
    deadline = time.monotonic() + GOES_AWAY_S
    while promises.threads_and_files(server)[0] > before and time.monotonic() < deadline:
        time.sleep(0.5)
    assert promises.threads_and_files(server)[0] <= before


MANY = 60_000  # rows: Streamlit tells tables of 50,000 apart by a sample of their rows only


def many_digits() -> bytes:
    """Two classes of 4×4 pixels with very many test images, as an NPZ."""
    numbers = np.random.default_rng(1)
    labels = np.arange(MANY, dtype=np.uint8) % 2
    pictures = numbers.integers(0, 100, (MANY, 4, 4)) + 120 * labels[:, None, None]
    content = io.BytesIO()
    np.savez_compressed(
        content,
        x_train=pictures[:100].astype(np.uint8),
        y_train=labels[:100],
        x_test=pictures.astype(np.uint8),
        y_test=labels,
    )
    return content.getvalue()


def bring_predictions(address: str, wrong: int) -> tuple[str, str]:
    """The data page after a viewer brought ``wrong`` wrong answers, and the overview of them."""
    labels = np.arange(MANY) % 2
    labels[:wrong] = 1 - labels[:wrong]
    rows = "\n".join(f"{index},{label}" for index, label in enumerate(labels))
    with visit(address, "data") as viewer:
        viewer.upload("data_images_0", "many.npz", many_digits())
        viewer.set("data", "My many")
        viewer.rerun()
        viewer.upload("data_predictions_0", "answers.csv", f"index,predicted\n{rows}\n".encode())
        page = viewer.text
        viewer.set("model", viewer.by_key("model").options[-1])
        viewer.rerun()
        viewer.go("")
        assert viewer.exceptions == []
        return page, viewer.text


@pytest.mark.case(46)
def test_two_who_bring_almost_the_same_rows_see_their_own(address, steady):
    wrong = [1, 2]
    with ThreadPoolExecutor(2) as pool:
        seen = list(pool.map(lambda number: bring_predictions(address, number), wrong))
    for number, texts in zip(wrong, seen, strict=True):
        right = f"{MANY - number:,} of {MANY:,} test images are right"
        assert [right in text for text in texts] == [True, True], texts
