"""The downloader against a real server on loopback that misbehaves in each known way."""

import contextlib
import http.server
import io
import tarfile
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from engine import download
from engine.download import DownloadFailed, fetch_mnist
from engine.mnist import load_mnist

Answer = Callable[[http.server.BaseHTTPRequestHandler], None]


@contextlib.contextmanager
def serving(answer: Answer) -> Iterator[str]:
    """The address of an archive on a server that gives ``answer`` to every GET."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            with contextlib.suppress(ConnectionError):
                answer(self)

        def log_message(self, *args: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/mnist_png.tgz"
    finally:
        server.shutdown()
        server.server_close()


def send(body: bytes, length: int | None = None, status: int = 200) -> Answer:
    def answer(handler: http.server.BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        if length != -1:
            handler.send_header("Content-Length", str(len(body) if length is None else length))
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def stay_silent(handler: http.server.BaseHTTPRequestHandler) -> None:
    time.sleep(30)


def stall_half_way(handler: http.server.BaseHTTPRequestHandler) -> None:
    send(b"\x1f\x8b" + b"0" * 1000, length=1_000_000)(handler)
    handler.wfile.flush()
    time.sleep(30)


def small_archive() -> bytes:
    """A well-formed archive that is not MNIST: one digit folder with one file."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        info = tarfile.TarInfo("mnist_png/training/0/0.png")
        info.size = 3
        archive.addfile(info, io.BytesIO(b"png"))
    return buffer.getvalue()


@pytest.fixture
def limits(monkeypatch: pytest.MonkeyPatch, tmp_path) -> pytest.MonkeyPatch:
    monkeypatch.setenv("FASTAI_HOME", str(tmp_path / "fastai"))
    return monkeypatch


CASES = {
    "404": (send(b"<h1>secret page</h1>", status=404), "status 404"),
    "503": (send(b"<h1>secret page</h1>", status=503), "status 503"),
    "captive portal": (send(b"<html>secret page</html>"), "not the archive"),
    "short body": (send(b"\x1f\x8b", length=100_000), "broke off"),
    "another archive": (send(small_archive()), "not MNIST: there is no folder training/1"),
    "silent": (stay_silent, "did not answer within 5 seconds"),
    "stalled": (stall_half_way, "did not answer within 5 seconds"),
}


@pytest.mark.parametrize("case", CASES)
def test_each_fault_of_a_server_has_its_sentence_and_none_of_the_servers_words(
    limits, tmp_path, case
):
    answer, reason = CASES[case]
    with serving(answer) as url:
        limits.setenv("DIGITSCOPE_MNIST_URL", url)
        with pytest.raises(DownloadFailed, match=reason) as caught:
            fetch_mnist(store=tmp_path / "mnist.store")
    assert "secret" not in str(caught.value)
    assert [path.name for path in tmp_path.iterdir()] == ["fastai"]
    assert not list(tmp_path.rglob("*.part"))


def test_a_server_that_drips_is_given_up_at_the_overall_limit(limits):
    def drip(handler):
        send(b"", length=1_000_000)(handler)
        for _ in range(60):
            handler.wfile.write(b"0")
            handler.wfile.flush()
            time.sleep(0.5)

    with serving(drip) as url:
        limits.setenv("DIGITSCOPE_MNIST_URL", url)
        with pytest.raises(DownloadFailed, match="not finished within 8 seconds"):
            fetch_mnist(overall_s=8)


def test_nobody_listening_is_told_apart(limits):
    limits.setenv("DIGITSCOPE_MNIST_URL", "http://127.0.0.1:9/mnist_png.tgz")
    with pytest.raises(DownloadFailed, match=r"cannot be reached \(Connection refused\)"):
        fetch_mnist()


def test_a_half_made_folder_and_a_broken_config_are_mended_by_a_new_download(
    limits, mnist_home, tmp_path
):
    """The real archive, packed from the real files, replaces what an earlier kill left behind."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz", compresslevel=1) as archive:
        archive.add(mnist_home / "data" / "mnist_png", "mnist_png")
    half_made = tmp_path / "fastai" / "data" / "mnist_png" / "training" / "0"
    half_made.mkdir(parents=True)
    (half_made / "1.png").write_bytes(b"")
    (tmp_path / "fastai" / "config.ini").write_text("")
    steps: dict[str, int] = {}
    with serving(send(buffer.getvalue())) as url:
        limits.setenv("DIGITSCOPE_MNIST_URL", url)
        digits = load_mnist(lambda step, done, total: steps.update({step: done}), tmp_path / "home")
    assert steps["Downloading MNIST"] > 0.9 * len(buffer.getvalue())
    assert steps["Decoding images"] == 70_000
    assert (len(digits.training), len(digits.testing)) == (60_000, 10_000)
    assert [p.name for p in (tmp_path / "home").iterdir()] == ["mnist.lock", "mnist.store"]


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OSError(28, "No space left on device"), "the disk said no (No space left on device)"),
        (EOFError(), "what arrived is not the archive"),
        (ConnectionResetError(104, "reset"), "the connection was closed"),
        (KeyError("x"), "the downloader failed (KeyError)"),
    ],
)
def test_other_failures_are_put_in_our_words(error, words):
    assert download.reason_for(error) == words
