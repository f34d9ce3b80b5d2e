"""The datasets that whoever starts the server names: on the command line or in the environment."""

import argparse
import functools
import glob
import logging
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from engine.io.file_names import safe_name
from engine.runtime.errors import Refused

VARIABLE = "DIGITSCOPE_DATA"  # paths, separated as in PATH
WANTED = "--data PATH or --model MODEL"

log = logging.getLogger(__name__)


def named_paths(arguments: Sequence[str], environment: Mapping[str, str]) -> dict[str, Path]:
    """Where each dataset lies, by the name it has on screen: "Data" and the file's own.

    ``arguments`` are those after ``--`` of ``streamlit run``: ``--data PATH``, as often as there
    are datasets; what else is there is logged and left alone. Two of one name are numbered.
    """
    paths = [*parsed(tuple(arguments)).data, *environment.get(VARIABLE, "").split(os.pathsep)]
    named: dict[str, Path] = {}
    for path in (Path(path).expanduser() for path in paths if path):
        name = plain = f"Data {safe_name(_called(path))}"
        number = 1
        while name in named and named[name] != path:
            number += 1
            name = f"{plain} {number}"
        named[name] = path
    return named


def scheduler(arguments: Sequence[str]) -> str | None:
    """The address of the Dask scheduler that ``--scheduler`` names, for shards; or None."""
    return parsed(tuple(arguments)).scheduler


def _called(path: Path) -> str:
    """The file's or folder's own name; of a pattern of files the last part that is none."""
    parts = path.absolute().parts
    plain = [part for part in parts if not glob.has_magic(part)]
    return path.absolute().name if path.exists() or not plain else plain[-1]


@functools.cache  # asked on every run of a page, logged once
def parsed(arguments: tuple[str, ...]) -> argparse.Namespace:
    """Lists ``data`` and ``model``, and ``scheduler``; all empty where they cannot be read."""
    parser = argparse.ArgumentParser(add_help=False, exit_on_error=False, allow_abbrev=False)
    for name in ("--data", "--model"):
        parser.add_argument(name, action="append", default=[])
    parser.add_argument("--scheduler")
    try:
        known, unknown = parser.parse_known_args(arguments)
    except argparse.ArgumentError as error:
        log.warning("Wanted %s after --: %s", WANTED, error)
        return argparse.Namespace(data=[], model=[], scheduler=None)
    if unknown:
        log.warning("Wanted %s after --, found also %s", WANTED, " ".join(unknown))
    return known


def why_unread(error: Exception) -> str:
    """Why a named dataset cannot be shown, without the path it lies at: viewers read it."""
    if isinstance(error, Refused):
        return str(error)
    if isinstance(error, OSError) and error.strerror:
        return f"{error.strerror}."
    if isinstance(error, MemoryError):
        return "The server has not enough memory for it."
    return "The reason is in the server's log."
