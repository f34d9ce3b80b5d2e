"""The keys of a visit's state that are no widget's stand in one place."""

import ast
import functools
from collections.abc import Iterator
from pathlib import Path

import pytest

from dashboard.session import keys

ROOT = Path(__file__).resolve().parents[3]
TREES = {
    path.relative_to(ROOT).as_posix(): ast.parse(path.read_text())
    for top in ("dashboard", "pages")
    for path in (ROOT / top).rglob("*.py")
}


def asked_for(tree: ast.Module) -> Iterator[ast.expr]:
    """The expressions by which a module asks the state, by whatever name, for a key."""
    names = {name for name, value in given(tree) if getattr(value, "attr", "") == "session_state"}

    def is_state(node: ast.AST | None) -> bool:
        named = isinstance(node, ast.Name) and node.id in names
        return named or (isinstance(node, ast.Attribute) and node.attr == "session_state")

    for node in ast.walk(tree):
        if isinstance(node, ast.Subscript) and is_state(node.value):
            yield node.slice
        elif isinstance(node, ast.Compare) and any(map(is_state, node.comparators)):
            yield node.left
        elif isinstance(node, ast.Call) and is_state(getattr(node.func, "value", None)):
            yield from (ast.Constant(word.arg) for word in node.keywords if word.arg)
            for first in node.args[:1]:
                yield from first.keys if isinstance(first, ast.Dict) else [first]


def given(tree: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    """Each name that is given a value, with the value; `a, b = 1, 2` gives two."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            sides = [getattr(side, "elts", [side]) for side in (node.targets[0], node.value)]
            yield from ((a.id, b) for a, b in zip(*sides, strict=False) if isinstance(a, ast.Name))


GIVEN = {name: list(given(tree)) for name, tree in TREES.items() if Path(name).stem != "keys"}


def values(node: ast.expr, tree: ast.Module) -> list[ast.expr]:
    """What a name holds, here or as another module's constant; anything else is itself."""
    if isinstance(node, ast.Name):
        return [value for name, value in given(tree) if name == node.id]
    if not (isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)):
        return [node]
    homes = [pairs for name, pairs in GIVEN.items() if Path(name).stem == node.value.id]
    return [value for pairs in homes for name, value in pairs if name == node.attr]


def texts(node: ast.expr, tree: ast.Module) -> set[str]:
    """What is written out there: a text, or the source of an f-string."""
    return {
        value.value if isinstance(value, ast.Constant) else ast.unparse(value)
        for value in values(node, tree)
        if isinstance(value, ast.JoinedStr | ast.Constant)
    }


@functools.cache
def widgets() -> set[str]:
    """The keys that widgets are given: by `key=`, by a field of `inputs`, or as a bound choice."""
    found = set()
    for tree in TREES.values():
        for call in (n for n in ast.walk(tree) if isinstance(n, ast.Call)):
            bearing = [word.value for word in call.keywords if word.arg == "key"]
            called = getattr(call.func, "attr", "")
            bearing += call.args if called in {"one_of", "whole_number"} else []
            found |= {text for one in bearing for text in texts(one, tree)}
            if called == "restore":
                found |= {word.arg for word in call.keywords if word.arg}
    return found


def written_out(tree: ast.Module) -> set[str]:
    """The keys of the state that a module writes out and no widget bears."""
    return {text for node in asked_for(tree) for text in texts(node, tree)} - widgets()


@pytest.mark.parametrize(
    "source",
    [
        'st.session_state["of_mine"]',
        'st.session_state.get("of_mine", {})',
        '"of_mine" in st.session_state',
        "st.session_state.update(of_mine={})",
        'st.session_state.update({"of_mine": 1})',
        'MINE = "of_mine"\nst.session_state.pop(MINE)',
        'a, MINE = 1, "of_mine"\nst.session_state[MINE] = 1',
        'state = st.session_state\nstate.setdefault("of_mine", 1)',
        'kept, state = {}, st.session_state\ndel state["of_mine"]',
    ],
)
def test_a_key_is_found_however_it_is_written(source):
    assert written_out(ast.parse(source)) == {"of_mine"}


def test_a_key_put_together_is_found():
    found = written_out(ast.parse('key = f"{name}_of_mine"\nst.session_state[key]'))
    assert found == {"f'{name}_of_mine'"}


@pytest.mark.parametrize(
    "source",
    [
        "st.session_state[keys.KEPT]",
        "st.session_state[keys.turn(name)]",
        'st.session_state["model"]',
        "{}['of_mine']",
    ],
)
def test_a_listed_key_and_a_widgets_are_none(source):
    assert not written_out(ast.parse(source))


@pytest.mark.parametrize("name", TREES)
def test_no_module_writes_out_a_key_that_is_not_a_widgets(name):
    assert not written_out(TREES[name])


def test_every_listed_key_is_another_one_and_is_used():
    names = {name: value for name, value in vars(keys).items() if name.isupper()}
    assert len(set(names.values())) == len(names)
    text = "".join((ROOT / name).read_text() for name in TREES)
    assert not {name for name in names if f"keys.{name}" not in text}
