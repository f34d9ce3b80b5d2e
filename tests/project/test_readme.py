"""What README and CONTRIBUTING say is still so."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text()
HOME = (ROOT / "dashboard" / "Home.py").read_text()
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text()
ARCHITECTURE = (ROOT / "ARCHITECTURE.md").read_text()
PAGES = re.findall(r'^        "(\w+)": \("(\w+)", "\w+", "[^"]+\?"\),$', HOME, flags=re.M)
TITLES = dict(PAGES)


def test_the_readme_has_a_row_for_every_page_of_the_navigation():
    rows = re.findall(r"^\| (\w+) \| [^|]+\? \|$", README, flags=re.M)
    assert rows == list(TITLES.values())


def test_every_page_file_is_in_the_navigation():
    assert set(TITLES) == {path.stem for path in (ROOT / "pages").glob("*.py")}


def test_the_two_commands_name_files_that_exist():
    commands = re.findall(r"^pip install -r (\S+) && (.+)$", README, flags=re.M)
    assert [run for _, run in commands] == ["streamlit run dashboard/Home.py", "pytest"]
    assert all((ROOT / file).is_file() for file, _ in commands)


@pytest.mark.parametrize(
    "text", [README, CONTRIBUTING, ARCHITECTURE], ids=["README", "CONTRIBUTING", "ARCHITECTURE"]
)
def test_every_file_that_is_named_exists(text):
    linked = re.findall(r"\]\(([\w./-]+)\)", text)
    named = re.findall(r"`((?:dashboard|engine|pages|tests|\.ci|\.streamlit)/[\w./]*)`", text)
    made = {"pages/NAME.py"}
    assert linked or named
    assert [name for name in {*linked, *named} - made if not (ROOT / name).exists()] == []


def test_every_environment_variable_is_documented():
    engine = "".join(path.read_text() for path in (ROOT / "engine").rglob("*.py"))
    variables = set(re.findall(r'"((?:DIGITSCOPE|FASTAI)_[A-Z_]+)"', engine))
    assert variables
    assert {name for name in variables if f"`{name}`" not in README} == set()


def test_the_list_for_community_cloud_adds_only_where_wheels_lie():
    lines = (ROOT / "dashboard" / "requirements.txt").read_text().splitlines()
    rules = [line for line in lines if line and not line.startswith("#")]
    assert rules[-1] == "-r ../requirements.txt"
    assert all(line.startswith("--find-links https://download.pytorch.org/") for line in rules[:-1])


def test_every_package_is_drawn_in_the_architecture():
    packages = {
        p.parent.name for top in ("engine", "dashboard") for p in (ROOT / top).glob("*/*.py")
    }
    drawn = set(re.findall(r"^  (\w+)/ ", ARCHITECTURE, flags=re.M))
    assert drawn == packages
