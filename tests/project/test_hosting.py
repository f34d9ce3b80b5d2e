"""What is needed to host the app: the Dockerfile says what is there, and its commands are right."""

import ast
import json
import re
import runpy
import subprocess
import tomllib
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
STEPS = [
    line.split(" ", 1)
    for line in re.sub(r"\\\n\s*", "", (ROOT / "Dockerfile").read_text()).splitlines()
    if line and not line.startswith("#")
]


def of(word: str) -> list[str]:
    """What follows this instruction, in order."""
    return [rest for name, rest in STEPS if name == word]


def test_every_file_that_is_copied_exists_and_is_let_into_the_build():
    let_in = {line[1:] for line in (ROOT / ".dockerignore").read_text().split() if line[0] == "!"}
    sources = [part for rest in of("COPY") for part in rest.split()[:-1]]
    assert sources and all((ROOT / source).exists() for source in sources)
    assert {source.split("/")[0] for source in sources} == let_in
    rooms = {"engine", "dashboard", "pages", ".streamlit"}
    assert rooms <= set(sources)


def test_it_does_not_run_as_root():
    names = [name for name, _ in STEPS]
    assert of("USER") == ["digitscope"]
    assert names.index("USER") < names.index("CMD")
    assert not [rest for name, rest in STEPS[names.index("USER") :] if name == "RUN"]


def test_the_store_is_a_volume_that_the_user_owns_and_the_app_knows():
    variables = dict(pair.split("=") for pair in of("ENV")[0].split())
    assert [variables["DIGITSCOPE_HOME"]] == of("VOLUME") == ["/store"]
    assert "chown digitscope:digitscope /store" in of("RUN")[0]


def test_the_start_command_is_the_readmes_and_the_port_is_the_exposed_one():
    command = json.loads(of("CMD")[0])
    assert command[:3] == ["streamlit", "run", "dashboard/Home.py"]
    assert f"--server.port={of('EXPOSE')[0]}" in command
    assert tomllib.loads((ROOT / ".streamlit/config.toml").read_text())["server"]["headless"]


def test_the_health_check_asks_a_real_server(server):
    options, check = of("HEALTHCHECK")[0].split(" CMD ")
    program = json.loads(check)
    assert "--timeout=" in options and program[:2] == ["python", "-c"]
    ast.parse(program[2])
    path = re.search(r"127\.0\.0\.1:8501(/[\w/]+)", program[2])[1]
    with urllib.request.urlopen(f"{server.address}{path}", timeout=10) as answer:
        assert answer.status == 200


def test_what_is_installed_is_the_list_that_names_the_cpu_wheels():
    assert "pip install --no-cache-dir -r dashboard/requirements.txt" in of("RUN")
    assert (ROOT / "dashboard" / "requirements.txt").read_text().count("--find-links") == 2


AUDIT = runpy.run_path(str(ROOT / ".ci" / "audit"), run_name="audit")["main"]
CLEAN = [{"name": "a", "vulns": []}, {"name": "b", "skip_reason": "not there"}]
BAD = [{"name": "pillow", "vulns": [{"id": "CVE-1", "fix_versions": ["12.3"]}]}]


@pytest.mark.parametrize(
    ("answers", "code", "said"),
    [
        ([BAD, CLEAN], 0, "0 advisories for 2 packages, not known: ['b']"),
        ([BAD, BAD], 1, "pillow: CVE-1, fixed in 12.3"),
        ([CLEAN], 0, "skipped"),
        ([subprocess.TimeoutExpired("pip-audit", 60)], 0, "skipped"),
        ([FileNotFoundError("no pip-audit")], 0, "skipped"),
        ([BAD, ValueError("no JSON")], 0, "skipped"),
    ],
)
def test_the_audit_fails_for_an_advisory_and_passes_in_one_line_offline(
    monkeypatch, capsys, answers, code, said
):
    answers = iter(answers)

    def audit(*_: object) -> list[dict]:
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setitem(AUDIT.__globals__, "audit", audit)
    assert AUDIT() == code
    assert said in capsys.readouterr().out
