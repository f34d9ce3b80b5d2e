"""Datasets named by whoever starts the server: command line, environment, and what goes wrong."""

import os
from pathlib import Path

import pytest

from engine.datasets.server_datasets import named_paths, why_unread
from engine.runtime.errors import Refused


def test_the_command_line_and_the_environment_are_both_taken():
    variable = {"DIGITSCOPE_DATA": os.pathsep.join(["c/letters.npz", ""])}
    named = named_paths(["--data", "a/shapes.zip", "--data=b/Scans 2024"], variable)
    assert named == {
        "Data shapes": Path("a/shapes.zip"),
        "Data Scans 2024": Path("b/Scans 2024"),
        "Data letters": Path("c/letters.npz"),
    }


def test_two_of_one_name_are_both_there_and_one_path_is_there_once():
    named = named_paths(["--data", "a/set", "--data", "b/set", "--data", "a/set"], {})
    assert named == {"Data set": Path("a/set"), "Data set 2": Path("b/set")}


def test_a_folder_by_another_name_is_called_as_it_is(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    (home, where), *_ = named_paths(["--data", "~/digits"], {}).items()
    assert (home, where) == ("Data digits", tmp_path / "digits")
    assert list(named_paths(["--data", "."], {})) != ["Data without a name"]


@pytest.mark.parametrize("arguments", [["--data"], ["--dat", "x"], ["x.zip"], ["--help"]])
def test_what_is_not_understood_is_logged_and_names_nothing(arguments, caplog):
    assert named_paths(arguments, {}) == {}
    assert "Wanted --data PATH" in caplog.text


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (Refused("The data have 1 class."), "The data have 1 class."),
        (FileNotFoundError(2, "No such file", "/home/me/x"), "No such file."),
        (MemoryError(), "The server has not enough memory for it."),
        (RuntimeError("/home/me/x"), "The reason is in the server's log."),
    ],
)
def test_the_reason_is_one_sentence_without_a_path(error, sentence):
    assert why_unread(error) == sentence
