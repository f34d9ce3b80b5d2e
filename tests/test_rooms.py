"""Who may import whom: the rules of the house, read from the code itself."""

import ast
import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
FORBIDDEN = {
    "engine": {"streamlit", "altair", "dashboard", "pages"},
    "dashboard/charts": {"streamlit", "torch", "fastai", "pages"},
    "dashboard/say": {"streamlit", "altair", "torch", "fastai", "pages"},
    "dashboard": {"pages", "torch", "fastai"},
    "pages": {"torch", "fastai", "PIL", "sklearn", "pages", "altair"},
}


def imports(path: Path) -> set[str]:
    """The first names of all modules a file imports, wherever in the file."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {name.name.split(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add((node.module or "").split(".")[0])
    return found


def room_of(path: Path) -> str:
    place = path.relative_to(ROOT).as_posix()
    return next(room for room in FORBIDDEN if place.startswith(f"{room}/"))


FILES = [p for room in ("engine", "dashboard", "pages") for p in (ROOT / room).rglob("*.py")]


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_a_file_imports_only_what_its_room_may(path):
    assert not imports(path) & FORBIDDEN[room_of(path)]


def test_home_draws_the_heading_before_anything_slow_is_imported():
    """Home and the modules it takes from here import the standard library and Streamlit only."""
    home = ROOT / "dashboard" / "Home.py"
    quick = sys.stdlib_module_names | {"streamlit"}
    ours = re.findall(r"^\s*from dashboard\.(\w+) import", home.read_text(), flags=re.M)
    assert imports(home) <= quick | ({"dashboard"} if ours else set())
    assert "from dashboard import" not in home.read_text()
    assert all(imports(home.with_name(f"{name}.py")) <= quick for name in ours)


def test_nothing_is_in_a_cache_that_any_viewer_can_clear():
    assert not [p for p in FILES if re.search(r"^\s*@st\.cache_", p.read_text(), flags=re.M)]


def test_every_chart_is_drawn_in_one_way():
    used = [p for p in FILES if re.search(r"\.(altair|vega_lite)_chart\(", p.read_text())]
    assert used == [ROOT / "dashboard" / "drawing.py"]


def test_no_module_is_imported_under_two_names():
    """`import cached` would make a second module with a second cache beside dashboard.cached."""
    own = {p.stem for p in (ROOT / "dashboard").glob("*.py")} | {"charts", "say"}
    assert not [p for p in FILES if imports(p) & own]


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_fastai_vision_is_never_imported(path):
    assert "fastai.vision" not in path.read_text()


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_every_file_says_what_it_is_and_every_function_is_short(path):
    tree = ast.parse(path.read_text())
    assert ast.get_docstring(tree)
    functions = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)]
    long = {f.name: f.end_lineno - f.lineno + 1 for f in functions}
    assert not {name: lines for name, lines in long.items() if lines > 40}


def test_pages_define_no_classes():
    """A class in a page is a new class on every rerun, so caches and isinstance fail quietly."""
    pages = [p for p in FILES if room_of(p) == "pages"]
    classes = [n for p in pages for n in ast.walk(ast.parse(p.read_text()))]
    assert not [n.name for n in classes if isinstance(n, ast.ClassDef)]
