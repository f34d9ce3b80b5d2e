"""Every package that is imported is named with its reason, and none is named that is not used."""

import ast
import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
APP, TOOLS = ROOT / "requirements.txt", ROOT / "requirements-dev.txt"
EXTRAS = [ROOT / "requirements-onnx.txt", ROOT / "requirements-dask.txt"]
CALLED = {
    "PIL": "pillow",
    "sklearn": "scikit-learn",
    "skimage": "scikit-image",
    "axe_playwright_python": "axe-playwright-python",
}
RUN = {"pytest-xdist", "ruff", "pip-audit", "import-linter"}  # by their commands, never imported
WANTED = {"torchvision"}  # by fastai when it starts
PARTS = {"fastcore", "fastdownload"}  # of fastai
OURS = {path.stem for place in (ROOT, ROOT / "tests") for path in place.iterdir()}


def named(file: Path) -> set[str]:
    lines = file.read_text().splitlines()
    return {re.split(r"[=<>]", line)[0] for line in lines if re.match(r"[a-z]", line)}


def imported(rooms: list[str]) -> set[str]:
    """The packages that the files of these rooms import, as the index calls them."""
    found = set()
    for path in (path for room in rooms for path in (ROOT / room).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                found |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                found.add((node.module or "").split(".")[0])
            elif isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.importorskip":
                found.add(node.args[0].value.split(".")[0])
    return {CALLED.get(name, name) for name in found - set(sys.stdlib_module_names) - OURS - PARTS}


@pytest.mark.parametrize(
    ("rooms", "files", "besides"),
    [
        (["engine", "dashboard", "pages"], [APP, *EXTRAS], WANTED),
        (
            ["engine", "dashboard", "pages", "tests", "benchmarks"],
            [APP, *EXTRAS, TOOLS],
            WANTED | RUN,
        ),
    ],
)
def test_what_is_imported_is_what_is_named(rooms, files, besides):
    assert imported(rooms) == set().union(*map(named, files)) - besides
