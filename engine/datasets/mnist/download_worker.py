"""The program that `mnist.download` runs: says a line a piece of news, the last with the outcome.

The archive is decoded as it is; one that is not as expected is unpacked by `untar_data`.
"""

import configparser
import json
import os
import shutil
import sys
import tarfile
from pathlib import Path
from urllib.error import ContentTooShortError, HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import urlopen

from engine.datasets.mnist.archive import OddArchive, store_archive
from engine.datasets.mnist.folder import BadFolder, whole_mnist
from engine.runtime.child_process import end_with_parent
from engine.runtime.limits import STEP_S

MARK = "digitscope "  # begins the lines meant for us among what fastai prints
URL_VARIABLE = "DIGITSCOPE_MNIST_URL"  # a mirror of the archive, for whoever starts the server
MNIST_URL = "https://s3.amazonaws.com/fast-ai-imageclas/mnist_png.tgz"  # URLs.MNIST, without torch
FASTAI_FOLDERS = {"data": "data", "archive": "archive", "storage": "tmp", "model": "models"}
BLOCK_BYTES = 1 << 18  # read at a time, and a report for each
NO_ARCHIVE = (tarfile.TarError, shutil.ReadError, EOFError)


def main(store: Path | None) -> None:
    """Says the path of MNIST's folder, null when ``store`` was written instead, or the reason."""
    end_with_parent()
    try:
        stored = store is not None and _store_from_archive(store)
        _say(path=None if stored else str(_checked_folder()))
    except Exception as error:  # whatever fastai raises becomes one line for the parent
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        _say(reason=reason_for(error))


def _store_from_archive(store: Path) -> bool:
    """Downloads the archive and decodes it into ``store``; whether that was possible."""
    archive = _download()
    try:
        store_archive(archive, store, _report)
    except (OddArchive, OSError) as error:
        print(f"{archive} is unpacked instead: {error}", file=sys.stderr)
        return False
    return True


def _download() -> Path:
    """The archive where `untar_data` looks for it, fetched unless fastai's check finds it right.

    Fetched here, because fastai's own way has no time limit.
    """
    downloader, url = _downloader(), _url()
    archive = downloader.arch_path() / Path(urlsplit(url).path).name
    if not (archive.is_file() and downloader.check(url, archive)):
        archive.parent.mkdir(parents=True, exist_ok=True)
        save(url, archive)
    if not downloader.check(url, archive):
        raise tarfile.ReadError(f"{archive.stat().st_size:,} bytes arrived, not the archive")
    return archive


def _downloader():
    """fastai's, of which only the places and the check are used."""
    import fastai.data
    import fastdownload.core

    _remove_broken_config()
    config = fastdownload.core.Config(fastai_home(), "config.ini", create=FASTAI_FOLDERS)
    return fastdownload.core.FastDownload(config, module=fastai.data)


def save(url: str, file: Path) -> None:
    """Saves what ``url`` sends, whole or not at all; no step of it waits longer than `STEP_S`.

    Raises OSError (urllib's kinds of it) when the server does not answer, or breaks off.
    """
    part = file.with_name(file.name + ".part")
    try:
        with urlopen(url, timeout=STEP_S) as answer, part.open("wb") as target:
            total = int(answer.headers.get("Content-Length") or 0)
            while block := answer.read(BLOCK_BYTES):
                target.write(block)
                _report("Downloading MNIST", target.tell(), total)
            if target.tell() < total:
                raise ContentTooShortError(f"{target.tell():,} of {total:,} bytes", None)
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)


def _checked_folder() -> Path:
    try:
        return whole_mnist(_untar())
    except (BadFolder, *NO_ARCHIVE):  # left by an earlier run that was killed or misled
        _downloader().rm(_url())
        return whole_mnist(_untar())


def _untar() -> Path:
    """The unpacked folder; `untar_data` finds the archive, and so downloads nothing itself."""
    from fastai.data.external import untar_data

    _download()
    return Path(untar_data(_url()))


def _url() -> str:
    return os.environ.get(URL_VARIABLE, MNIST_URL)


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


def reason_for(error: BaseException) -> str:
    """Why the download failed, in our words: what a server sent back is never shown."""
    known = [
        (BadFolder, f"the downloaded folder is not MNIST: {error}"),
        (HTTPError, f"the server answered with status {getattr(error, 'code', '?')}"),
        (ContentTooShortError, "the connection broke off before the end of the file"),
        (TimeoutError, f"the server did not answer within {STEP_S:.0f} seconds"),
        (URLError, f"the server cannot be reached ({_cause(error)})"),
        (ConnectionError, "the connection was closed"),
        (NO_ARCHIVE, "what arrived is not the archive"),
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


def fastai_home() -> Path:
    """Where fastai keeps its config.ini and, unless that says otherwise, its data."""
    return Path(os.getenv("FASTAI_HOME", "~/.fastai")).expanduser()


def _say(**message: object) -> None:
    print(MARK + json.dumps(message), flush=True)


def _report(step: str, done: int, total: int) -> None:
    _say(step=step, done=done, total=total)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if sys.argv[1:] else None)
