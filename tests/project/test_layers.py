"""What the layer contracts leave open: what each package uses, and how it is written."""

import ast
import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HOME = ROOT / "dashboard" / "Home.py"
FILES = [p for top in ("engine", "dashboard", "pages") for p in (ROOT / top).rglob("*.py")]
PAGES = [p for p in FILES if p.parent == ROOT / "pages"]
MOST_MODULES = 14  # in one folder: more is a crowd in which nobody finds anything


def imports(path: Path) -> set[str]:
    """The first names of all modules a file imports, wherever in the file."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {name.name.split(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add((node.module or "").split(".")[0])
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.stem)
def test_a_page_computes_and_draws_nothing_by_itself(page):
    assert not imports(page) & {"torch", "fastai", "PIL", "sklearn", "pages", "altair"}


def test_home_draws_the_heading_before_anything_slow_is_imported():
    """Home and the modules it takes from here import the standard library and Streamlit only."""
    quick = sys.stdlib_module_names | {"streamlit"}
    ours = re.findall(r"^from (dashboard[\w.]*) import (\w+)", HOME.read_text(), flags=re.M)
    assert ours and imports(HOME) <= quick | {"dashboard"}
    assert not imports(ROOT / "dashboard" / "session" / "keys.py")
    for module, name in ours:
        path = ROOT / f"{module.replace('.', '/')}.py"
        path = path if path.exists() else path.with_suffix("") / f"{name}.py"
        text = path.read_text().replace("from dashboard.session import keys\n", "")
        assert "dashboard" not in re.findall(r"^\s*(?:from|import) (\w+)", text, flags=re.M)
        assert imports(path) <= quick | {"dashboard"}
        assert imports(path.with_name("__init__.py")) == set()


def test_nothing_is_in_a_cache_that_any_viewer_can_clear():
    assert not [p for p in FILES if re.search(r"^\s*@st\.cache_", p.read_text(), flags=re.M)]


def test_every_chart_is_drawn_in_one_way():
    used = [p for p in FILES if re.search(r"\.(altair|vega_lite)_chart\(", p.read_text())]
    assert used == [ROOT / "dashboard" / "charting" / "render.py"]


def test_no_module_is_imported_under_two_names():
    """Streamlit puts dashboard/ on the path: `import services` would make a second cache."""
    own = {p.name.removesuffix(".py") for p in (ROOT / "dashboard").iterdir()}
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


def test_no_folder_is_a_crowd():
    folders = {p.parent for p in FILES}
    modules = {f: [p for p in f.glob("*.py") if p.name != "__init__.py"] for f in folders}
    assert not {f.name: len(m) for f, m in modules.items() if len(m) > MOST_MODULES}


def test_pages_define_no_classes():
    """A class in a page is a new class on every rerun, so caches and isinstance fail quietly."""
    classes = [n for p in PAGES for n in ast.walk(ast.parse(p.read_text()))]
    assert not [n.name for n in classes if isinstance(n, ast.ClassDef)]
