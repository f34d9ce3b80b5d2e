"""MNIST, from the local store or else from its folder, which is downloaded if need be."""

import contextlib
import logging
import os
import tempfile
from pathlib import Path

from filelock import FileLock, Timeout

from engine.datasets.cache_file import BadStore, read_store, remove_remains, write_store
from engine.datasets.dataset import Dataset, Reason
from engine.datasets.mnist.download import DownloadFailed, fetch_mnist
from engine.datasets.mnist.folder import (
    MNIST_FILES,
    MNIST_NAME,
    MNIST_SIZE,
    BadFolder,
    read_folder,
)
from engine.runtime.errors import Explained
from engine.runtime.limits import OVERALL_S
from engine.runtime.progress import Progress, no_progress

log = logging.getLogger(__name__)
HOME_VARIABLE = "DIGITSCOPE_HOME"


class MnistUnavailable(Explained, RuntimeError):
    """There is no MNIST on this machine and none can be had; the message is fit for the screen."""


def load_mnist(progress: Progress = no_progress, home: Path | None = None) -> Dataset:
    """MNIST's 60,000 training and 10,000 test images of 28×28 pixels.

    Later starts read one store file under ``home``; the first one decodes the archive, or the
    folder where there is one, and writes it. Two processes never do so at once. Raises
    MnistUnavailable with the reason.
    """
    store = (home or store_folder()) / "mnist.store"
    dataset = _stored(store)
    if dataset is None:
        dataset = _locked_first_load(store, progress)
    return dataset


def store_folder() -> Path:
    """Where the store lies: $DIGITSCOPE_HOME, the user's cache folder, or a temporary one."""
    if os.environ.get(HOME_VARIABLE):
        return Path(os.environ[HOME_VARIABLE])
    try:
        folder = Path.home() / ".cache" / "digitscope"
        folder.mkdir(parents=True, exist_ok=True)
    except (OSError, RuntimeError):  # no home, or one that cannot be written
        folder = Path(tempfile.gettempdir()) / "digitscope"
    return folder


def _stored(store: Path) -> Dataset | None:
    """What the store holds, or None when there is no store that can be believed."""
    try:
        return _only_mnist(read_store(store))
    except FileNotFoundError:
        return None
    except (BadStore, OSError, ValueError, KeyError, EOFError) as error:
        log.warning("The store %s is not used and will be rebuilt: %s", store, error)
        return None


def _only_mnist(dataset: Dataset) -> Dataset:
    """The same dataset; BadStore for one that is whole but not MNIST, left there by other hands."""
    counts = {"training": len(dataset.training), "testing": len(dataset.testing)}
    if (dataset.name, counts, dataset.size) != (MNIST_NAME, MNIST_FILES, MNIST_SIZE):
        found = f"{dataset.name} of {counts} images of {dataset.size}"
        raise BadStore(f"it holds {found}; wanted {MNIST_NAME} of {MNIST_FILES}")
    return dataset


def _locked_first_load(store: Path, progress: Progress) -> Dataset:
    """The first load, while any other process waits for it and then reads its store."""
    lock = FileLock(store.with_suffix(".lock"), timeout=OVERALL_S)
    try:
        store.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout:
        raise MnistUnavailable("another process has been loading MNIST for too long") from None
    except OSError:  # the folder cannot be written: no store and no lock, but still the images
        return _first_load(store, progress)
    try:
        return _stored(store) or _first_load(store, progress)
    finally:
        with contextlib.suppress(OSError):  # the images are here all the same
            remove_remains(store)  # of this process's downloader, or of any that was killed
        lock.release()


def _first_load(store: Path, progress: Progress) -> Dataset:
    try:
        folder = fetch_mnist(progress, store=store)
        if folder is None:
            return read_store(store)
        dataset = read_folder(folder, MNIST_NAME, progress=progress)
    except (DownloadFailed, BadFolder, BadStore) as error:
        raise MnistUnavailable(str(error)) from error
    # An incomplete set is read anew each time, until it is mended.
    if all(skipped.reason is Reason.FOREIGN for skipped in dataset.skipped):
        _try_to_store(store, dataset)
    return dataset


def _try_to_store(store: Path, dataset: Dataset) -> None:
    try:
        write_store(store, dataset)
    except OSError as error:  # read-only or full: the next start decodes again
        log.warning("The store %s could not be written: %s", store, error)
