"""MNIST's archive for a server on loopback: the one that is named, or packed from the folder."""

import os
import tarfile
from pathlib import Path

VARIABLE = "DIGITSCOPE_MNIST_ARCHIVE"


def mnist_archive(folder: Path, fastai_home: Path | None = None) -> Path | None:
    """The archive as fast.ai serves it; packed into ``folder`` where $DIGITSCOPE_MNIST_ARCHIVE
    names none; None where there is no folder of MNIST either."""
    named = os.environ.get(VARIABLE, "")
    if Path(named).is_file():
        return Path(named)
    home = fastai_home or Path(os.environ.get("FASTAI_HOME", "~/.fastai")).expanduser()
    if not (home / "data" / "mnist_png" / "training").is_dir():
        return None
    packed = folder / "mnist_png.tgz"
    with tarfile.open(packed, "w:gz", compresslevel=1) as archive:
        archive.add(home / "data" / "mnist_png", "mnist_png")
    return packed
