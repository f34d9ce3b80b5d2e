"""Every limit has one place, is documented with its value, and the server's settings agree."""

import ast
import re
import tomllib
from pathlib import Path

import pytest

from engine.runtime import limits

ROOT = Path(__file__).resolve().parents[3]
SOURCE = (ROOT / "engine" / "runtime" / "limits.py").read_text()
ROWS = dict(
    re.findall(r"^\| `([\w.]+)` \| ([^|]+) \|", (ROOT / "docs/limits.md").read_text(), re.M)
)
CONFIG = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())
SETTINGS = ("maxUploadSize", "maxMessageSize", "disconnectedSessionTTL")
OTHER_PLACES = [
    path
    for room in ("engine", "dashboard", "pages")
    for path in (ROOT / room).rglob("*.py")
    if path.name != "limits.py"
]


def named() -> dict[str, object]:
    """The limits by name; those of a dataset as ``UPLOAD.packed`` and so on."""
    found = {}
    for name, value in vars(limits).items():
        if isinstance(value, limits.Limits):
            found |= {f"{name}.{part}": each for part, each in vars(value).items()}
        elif name.isupper():
            found[name] = value
    return found


def written(value: object) -> str:
    return " to ".join(map(written, value)) if isinstance(value, tuple) else f"{value:,}"


@pytest.mark.parametrize("name", named())
def test_every_limit_is_documented_with_its_value(name):
    assert ROWS[name].split(" ")[0] == written(named()[name]).split(" ")[0]
    assert ROWS[name].startswith(written(named()[name]))


def test_nothing_is_documented_that_is_no_limit():
    assert set(ROWS) == {*named(), *SETTINGS}


@pytest.mark.parametrize("name", SETTINGS)
def test_the_servers_own_limits_are_documented_with_their_values(name):
    assert ROWS[name].startswith(str(CONFIG["server"][name]).removesuffix("mb"))


def test_the_server_takes_the_largest_file_that_the_app_takes_and_no_larger():
    largest = max(limits.MAX_UPLOAD_BYTES, limits.MAX_PICTURE_BYTES, limits.MAX_ANNOTATION_BYTES)
    assert CONFIG["server"]["maxUploadSize"] * 1_000_000 == largest


def test_every_limit_has_its_unit_and_its_reason_beside_it():
    lines = SOURCE.splitlines()

    def said(node):
        return "\n".join(lines[node.lineno - 1 : node.end_lineno])

    names = [node for node in ast.parse(SOURCE).body if isinstance(node, ast.Assign)]
    assert not [ast.unparse(n) for n in names if not re.search("  # .|Limits", said(n))]


@pytest.mark.parametrize("path", OTHER_PLACES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_no_limit_hides_in_another_place(path):
    """A name for a largest, longest or most is a limit; a chart's own is no visitor's to reach."""
    found = re.findall(
        r"^((?:MOST|LONGEST|LARGEST|LEAST|MAX|MIN)_\w+)[^=\n]*= ", path.read_text(), re.M
    )
    known = {"MOST_SHIFT", "LEAST_SHARE", "MOST_BAD", "MAX_HEADER_BYTES"}
    known |= {"MOST_BUTTONS"}  # a layout: more are shown otherwise
    assert "charting" in path.parts or not set(found) - known


@pytest.mark.parametrize("name", named())
def test_every_limit_is_used(name):
    word = re.compile(rf"\b{name.split('.')[0]}\b")
    used = [path for path in OTHER_PLACES if word.search(path.read_text())]
    assert used or len(word.findall(SOURCE)) > 1
