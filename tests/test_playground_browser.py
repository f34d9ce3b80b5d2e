"""The playground in a real browser: slider, click in a chart, switch, and the link they leave."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="no Chromium on this machine"),
]


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "dashboard/Home.py"]
    command += ["--server.port", str(port), "--server.address", "127.0.0.1"]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, env=os.environ.copy())
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(f"{address}/_stcore/health")
        yield address
    finally:
        process.terminate()
        process.wait(10)


def _wait_for(address: str) -> None:
    for _ in range(100):
        try:
            urllib.request.urlopen(address, timeout=1)
            return
        except OSError:
            time.sleep(0.2)
    raise TimeoutError(f"no answer from {address}")


def test_the_playground_answers_to_slider_and_click_and_keeps_its_link(server: str) -> None:
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as p:
        browser = p.chromium.launch(executable_path=CHROMIUM)
        page = browser.new_page(viewport={"width": 1400, "height": 1000})
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(f"{server}/playground")
        page.get_by_text("93 times the optimum of 7.305").wait_for(timeout=60_000)
        page.get_by_role("slider", name="Steps").press("ArrowRight")
        page.get_by_text("After 11 steps the loss is").wait_for()
        assert "steps=11" in page.url
        box = page.locator(".st-key-loss_chart").bounding_box()
        page.mouse.click(box["x"] + 0.75 * box["width"], box["y"] + 0.4 * box["height"])
        page.wait_for_function("/steps=(2|3|4)\\d/.test(location.search)")
        page.get_by_text("Standardise time").click()
        page.get_by_text("condition number 7.7").wait_for()
        assert not errors
        browser.close()
