"""Prints how soon an edited pixel is answered in the browser: `python -m benchmarks.what_if`.

Starts the app and a headless Chromium (which must be installed), opens the What-if editor of the
Classify page on a test image, sets pixels one at a time, and measures from pointer-up to the new
answer on the screen. Without MNIST the app uses the embedded digits.
"""

import shutil
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from contextlib import suppress
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("chrome")
PAGE = "classify?classify_from=Data+set&classify_tab=What+if"
CLICKS, GOAL_MS = 30, 150
WATCH = """() => {
    document.addEventListener("pointerup", () => { window.lifted = performance.now(); }, true);
    const said = () => [...document.querySelectorAll("h3")].map((h) => h.textContent).join();
    let last = said();
    new MutationObserver(() => {
        if (said() !== last) { last = said(); window.answered = performance.now(); }
    }).observe(document.body, { subtree: true, childList: true, characterData: true });
}"""


def main() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "dashboard/Home.py"]
    server = subprocess.Popen(
        [*command, "--server.port", str(port)], cwd=ROOT, stdout=subprocess.DEVNULL
    )
    try:
        wait_for(f"http://127.0.0.1:{port}/_stcore/health")
        report(measure(f"http://127.0.0.1:{port}/{PAGE}"))
    finally:
        server.terminate()
        server.wait(10)


def wait_for(address: str) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with suppress(OSError), urllib.request.urlopen(address):
            return
        time.sleep(0.1)
    sys.exit("the server did not start within 60 seconds")


def measure(address: str) -> list[float]:
    """Milliseconds from pointer-up to the new answer, one for each pixel set."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1400, "height": 1300})
        page.goto(address)
        page.get_by_text("Nothing is changed yet").wait_for(timeout=120_000)
        page.wait_for_timeout(2_000)
        page.evaluate(WATCH)
        times = [set_pixel(page, place) for place in range(CLICKS)]
        browser.close()
    return times


def set_pixel(page: Page, place: int) -> float:
    box = page.locator("canvas.pixels").bounding_box()
    page.evaluate("() => { window.answered = 0; window.lifted = 1e12; }")
    page.mouse.click(  # along the empty left edge, one pixel each, down and up again
        box["x"] + box["width"] * (0.5 + place // 15) / 28,
        box["y"] + box["height"] * (2.5 + place % 15) / 28,
    )
    page.wait_for_function("() => window.answered > window.lifted", timeout=10_000)
    page.wait_for_timeout(250)
    return page.evaluate("() => window.answered - window.lifted")


def report(times: list[float]) -> None:
    median, most = statistics.median(times), max(times)
    print(f"{len(times)} pixels set in What if: median {median:.0f} ms, longest {most:.0f} ms")
    print(f"Goal: a median below {GOAL_MS} ms: {'met' if median < GOAL_MS else 'missed'}")


if __name__ == "__main__":
    main()
