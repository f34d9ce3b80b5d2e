"""The downloader against a real server on loopback that misbehaves in each known way."""

import io
import tarfile

import pytest

from engine.datasets.mnist.download import DownloadFailed, fetch_mnist
from engine.datasets.mnist.download_worker import reason_for
from engine.datasets.mnist.load import load_mnist
from tests.support.network import ANSWERS, SECRET, answering, send


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


REASONS = {
    "status 404": "status 404",
    "status 503": "status 503",
    "captive portal": "not the archive",
    "short body": "broke off",
    "wrong bytes": "not the archive",
    "no length": "not the archive",
    "redirect loop": "status 302",
    "another archive": "not MNIST: there is no folder training/1",
    "silent": "did not answer within 4 seconds",
    "stalled": "did not answer within 4 seconds",
}


@pytest.mark.parametrize("case", REASONS)
def test_each_fault_of_a_server_has_its_sentence_and_none_of_the_servers_words(
    limits, tmp_path, case
):
    with answering(ANSWERS.get(case) or send(small_archive())) as network:
        limits.setenv("DIGITSCOPE_MNIST_URL", network.url)
        with pytest.raises(DownloadFailed, match=REASONS[case]) as caught:
            fetch_mnist(store=tmp_path / "mnist.store")
    assert SECRET not in str(caught.value)
    assert [path.name for path in tmp_path.iterdir()] == ["fastai"]
    assert not list(tmp_path.rglob("*.part"))


@pytest.mark.slow
def test_a_server_that_drips_is_given_up_at_the_overall_limit(limits):
    with answering(ANSWERS["drip"]) as network:
        limits.setenv("DIGITSCOPE_MNIST_URL", network.url)
        with pytest.raises(DownloadFailed, match="not finished within 8 seconds"):
            fetch_mnist(overall_s=8)


def test_nobody_listening_is_told_apart(limits):
    limits.setenv("DIGITSCOPE_MNIST_URL", "http://127.0.0.1:9/mnist_png.tgz")
    with pytest.raises(DownloadFailed, match=r"cannot be reached \(Connection refused\)"):
        fetch_mnist()


@pytest.mark.case(41)
def test_a_half_made_folder_and_a_broken_config_are_mended_by_a_new_download(
    limits, mnist_archive, tmp_path
):
    """The real archive replaces what an earlier kill left behind."""
    half_made = tmp_path / "fastai" / "data" / "mnist_png" / "training" / "0"
    half_made.mkdir(parents=True)
    (half_made / "1.png").write_bytes(b"")
    (tmp_path / "fastai" / "config.ini").write_text("")
    steps: dict[str, int] = {}
    with answering(send(mnist_archive.read_bytes())) as network:
        limits.setenv("DIGITSCOPE_MNIST_URL", network.url)
        dataset = load_mnist(
            lambda step, done, total: steps.update({step: done}), tmp_path / "home"
        )
    assert steps["Downloading MNIST"] > 0.9 * mnist_archive.stat().st_size
    assert steps["Decoding images"] == 70_000
    assert (len(dataset.training), len(dataset.testing)) == (60_000, 10_000)
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
    assert reason_for(error) == words
