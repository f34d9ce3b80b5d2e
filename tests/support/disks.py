"""Real disks that are full or cannot be written, for tests; only root may mount them."""

import contextlib
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest


@contextlib.contextmanager
def small_disk(place: Path, size: str) -> Iterator[Path]:
    """A file system at ``place`` that holds ``size`` ("400k", "2m") and no more."""
    place.mkdir(parents=True, exist_ok=True)
    with mounted("-t", "tmpfs", "-o", f"size={size}", "none", str(place)):
        yield place


@contextlib.contextmanager
def read_only(place: Path) -> Iterator[Path]:
    """The folder, which even root cannot write to."""
    place.mkdir(parents=True, exist_ok=True)
    with mounted("--bind", str(place), str(place)):
        _mount("-o", "remount,bind,ro", str(place))
        yield place


@contextlib.contextmanager
def mounted(*arguments: str) -> Iterator[None]:
    if os.geteuid() != 0:
        pytest.skip("only root may mount a disk of its own")
    _mount(*arguments)
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", arguments[-1]], check=True)


def _mount(*arguments: str) -> None:
    done = subprocess.run(["mount", *arguments], capture_output=True, text=True)
    if done.returncode:
        pytest.skip(f"this machine mounts no disk for a test: {done.stderr.strip()}")
