"""Gets the MNIST folder by fastai's `untar_data`, in a process that can be stopped.

A process of its own, because `untar_data` has no time limit and cannot be interrupted, and because
importing it costs memory that the server would never get back.
"""

import configparser
import json
import os
import subprocess
import sys
import threading
from pathlib import Path

from engine.digits import Progress, no_progress
from engine.folders import (
    MNIST_FILES,
    SPLITS,
    BadFolder,
    list_files,
    missing_files,
    refuse_if_bad,
)
from engine.limits import OVERALL_S, STEP_S

ROOT = Path(__file__).resolve().parents[1]
MARK = "digitscope "  # begins the lines meant for us among what fastai prints
URL_VARIABLE = "DIGITSCOPE_MNIST_URL"  # a mirror of the archive, for whoever starts the server


class DownloadFailed(RuntimeError):
    """MNIST could not be had; the message says why in words fit for the screen."""


def fetch_mnist(progress: Progress = no_progress, overall_s: float = OVERALL_S) -> Path:
    """The folder that holds MNIST's ``training`` and ``testing``, downloaded if need be.

    A folder that is there is checked first, and fetched anew when more than one file in a hundred
    is missing. Raises DownloadFailed with the reason: no network, no answer, not an archive, no
    space, or not finished within ``overall_s`` seconds. Source: notebook, "Variables" 1.
    """
    progress("Looking for MNIST", 0, 0)
    return _already_here() or _fetch(progress, overall_s)


def _already_here() -> Path | None:
    """The whole folder where `untar_data` leaves it, found without importing fastai."""
    folder = fastai_home() / "data" / "mnist_png"
    try:
        return _verified(folder)
    except (BadFolder, OSError):
        return None


def fastai_home() -> Path:
    """Where fastai keeps its config.ini and, unless that says otherwise, its data."""
    return Path(os.getenv("FASTAI_HOME", "~/.fastai")).expanduser()


def _fetch(progress: Progress, overall_s: float) -> Path:
    child = subprocess.Popen(
        [sys.executable, "-m", "engine.download"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        stdin=subprocess.DEVNULL,
        text=True,
    )
    alarm = threading.Timer(overall_s, child.kill)
    alarm.start()
    try:
        return _listen(child, progress, overall_s)
    finally:
        alarm.cancel()
        child.kill()
        child.wait()
        child.stdout.close()


def _listen(child: subprocess.Popen, progress: Progress, overall_s: float) -> Path:
    for line in child.stdout:
        if not line.startswith(MARK):
            continue
        message = json.loads(line.removeprefix(MARK))
        if "path" in message:
            return Path(message["path"])
        if "reason" in message:
            raise DownloadFailed(message["reason"])
        progress(message["step"], message["done"], message["total"])
    if child.wait() < 0:
        raise DownloadFailed(f"the download was not finished within {overall_s:.0f} seconds")
    raise DownloadFailed("the download ended without an answer")


def _say(**message: object) -> None:
    print(MARK + json.dumps(message), flush=True)


def _main() -> None:
    """The child's side: one line a piece of news, the last with the path or the reason."""
    try:
        _say(path=str(_checked_folder()))
    except Exception as error:  # whatever fastai raises becomes one line for the parent
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        _say(reason=reason_for(error))


def _checked_folder() -> Path:
    try:
        return _verified(_untar(force=False))
    except BadFolder:  # left half-made by an earlier run that was killed or ran out of disk
        return _verified(_untar(force=True))


def _verified(root: Path) -> Path:
    files = {split: list_files(root, split) for split in SPLITS}
    refuse_if_bad(missing_files(files, MNIST_FILES), MNIST_FILES)
    return root


def _untar(force: bool) -> Path:
    import fastdownload.core
    from fastai.data.external import URLs, untar_data

    _remove_broken_config()
    fastdownload.core.urlsave = _urlsave
    return Path(untar_data(os.environ.get(URL_VARIABLE, URLs.MNIST), force_download=force))


def _remove_broken_config() -> None:
    """fastai writes its config.ini on first use; one that a kill left empty stops it for ever."""
    path = fastai_home() / "config.ini"
    parser = configparser.ConfigParser()
    try:
        parser.read(path)
        whole = {"data", "archive"} <= set(parser["DEFAULT"])
    except (configparser.Error, UnicodeDecodeError):
        whole = False
    if not whole:
        path.unlink(missing_ok=True)


def _urlsave(url: str, dest: Path, reporthook=None, headers=None, timeout=None) -> Path:
    """fastcore's own, with the time limit it leaves out and progress as our lines."""
    import fastcore.net

    def report(blocks: int, size: int, total: int) -> None:
        if blocks % 16 == 0:
            _say(step="Downloading MNIST", done=blocks * size, total=max(total, 0))

    if not hasattr(fastcore.net, "ContentTooShortError"):  # named there, but never imported
        from urllib.error import ContentTooShortError

        fastcore.net.ContentTooShortError = ContentTooShortError
    return fastcore.net.urlsave(url, dest, report, headers, STEP_S)


def reason_for(error: BaseException) -> str:
    """Why the download failed, in our words: what a server sent back is never shown."""
    import shutil
    import tarfile
    from urllib.error import ContentTooShortError, HTTPError, URLError

    known = [
        (BadFolder, f"the downloaded folder is not MNIST: {error}"),
        (HTTPError, f"the server answered with status {getattr(error, 'code', '?')}"),
        (ContentTooShortError, "the connection broke off before the end of the file"),
        (TimeoutError, f"the server did not answer within {STEP_S:.0f} seconds"),
        (URLError, f"the server cannot be reached ({_cause(error)})"),
        (ConnectionError, "the connection was closed"),
        ((tarfile.TarError, shutil.ReadError, EOFError), "what arrived is not the archive"),
        (OSError, f"the disk said no ({getattr(error, 'strerror', None) or 'unknown error'})"),
    ]
    for kind, words in known:
        if isinstance(error, kind):
            return words
    return f"the downloader failed ({type(error).__name__})"


def _cause(error: BaseException) -> str:
    reason = getattr(error, "reason", None)
    if isinstance(reason, TimeoutError):
        return f"no answer within {STEP_S:.0f} seconds"
    return getattr(reason, "strerror", None) or "no network"


if __name__ == "__main__":
    _main()
