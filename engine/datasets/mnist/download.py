"""Gets MNIST to where fastai keeps it, in a process that can be stopped.

A process of its own, because unpacking cannot be interrupted, and because what fastai imports
costs memory that the server would never get back.
"""

import json
import os
import subprocess
import sys
import threading
from pathlib import Path

from engine.datasets.mnist.download_worker import MARK, fastai_home
from engine.datasets.mnist.folder import BadFolder, whole_mnist
from engine.runtime.limits import OVERALL_S
from engine.runtime.progress import Progress, no_progress

ROOT = Path(__file__).resolve().parents[3]
NAMES_IN_TIME = "timeout:2 attempts:2"  # else a silent name server is waited for 10 s and more


class DownloadFailed(RuntimeError):
    """MNIST could not be had; the message says why in words fit for the screen."""


def fetch_mnist(
    progress: Progress = no_progress, overall_s: float = OVERALL_S, store: Path | None = None
) -> Path | None:
    """The folder that holds MNIST's ``training`` and ``testing``, downloaded if need be.

    A folder that is there is checked first, and fetched anew when more than one file in a hundred
    is missing. With ``store`` there need be no folder: None means that the archive was decoded
    into that file. Raises DownloadFailed with the reason: no network, no answer, not an archive, no
    space, or not finished within ``overall_s`` seconds. Source: notebook, "Variables" 1.
    """
    progress("Looking for MNIST", 0, 0)
    return _already_here() or _fetch(progress, overall_s, store)


def _already_here() -> Path | None:
    """The whole folder where `untar_data` leaves it, found without importing fastai."""
    folder = fastai_home() / "data" / "mnist_png"
    try:
        return whole_mnist(folder)
    except (BadFolder, OSError):
        return None


def _fetch(progress: Progress, overall_s: float, store: Path | None) -> Path | None:
    child = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "engine.datasets.mnist.download_worker",
            *([str(store.absolute())] if store else []),
        ],
        cwd=ROOT,
        env={"RES_OPTIONS": NAMES_IN_TIME, **os.environ},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        stdin=subprocess.PIPE,  # its end tells the child that this process is gone
        text=True,
    )
    late = threading.Event()
    alarm = threading.Timer(overall_s, lambda: (late.set(), child.kill()))
    alarm.start()
    try:
        return _listen(child, progress)
    except DownloadFailed:
        if not late.is_set():
            raise
        too_late = f"the download was not finished within {overall_s:.0f} seconds"
        raise DownloadFailed(too_late) from None
    finally:
        alarm.cancel()
        child.kill()
        child.wait()
        child.stdout.close()
        child.stdin.close()


def _listen(child: subprocess.Popen, progress: Progress) -> Path | None:
    for line in child.stdout:
        if not line.startswith(MARK):
            continue
        message = json.loads(line.removeprefix(MARK))
        if "path" in message:
            return message["path"] and Path(message["path"])
        if "reason" in message:
            raise DownloadFailed(message["reason"])
        progress(message["step"], message["done"], message["total"])
    raise DownloadFailed("the download ended without an answer")
