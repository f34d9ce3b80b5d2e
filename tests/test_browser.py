"""A real Chromium against a real server on real MNIST: what an analyst does, step by step."""

import contextlib
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

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

ROOT = Path(__file__).resolve().parents[1]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("chrome")
PAGES = sorted(path.stem for path in (ROOT / "pages").glob("*.py"))
READY = '[data-testid="stApp"][data-test-script-state="notRunning"]'
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium on this machine"),
    # The server is a process of its own; what it leaves open is not this process's doing.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


@pytest.fixture(scope="session")
def address(mnist_store: Path) -> Iterator[str]:
    """A server as the README starts it, with MNIST in its store."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "dashboard/Home.py"]
    options = ["--server.port", str(port), "--server.address", "127.0.0.1"]
    environment = {**os.environ, "DIGITSCOPE_HOME": str(mnist_store)}
    server = subprocess.Popen(
        command + options, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL
    )
    try:
        yield _when_healthy(f"http://127.0.0.1:{port}", server)
    finally:
        server.terminate()
        server.wait(10)


def _when_healthy(address: str, server: subprocess.Popen) -> str:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and server.poll() is None:
        with contextlib.suppress(OSError), urllib.request.urlopen(f"{address}/_stcore/health"):
            return address
        time.sleep(0.1)
    raise RuntimeError("the server did not become healthy within 60 seconds")


@pytest.fixture(scope="session")
def browser() -> Iterator:
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


class Visitor:
    """One browser window, its complaints, and every request it made."""

    def __init__(self, browser, address: str, **options) -> None:
        self.context = browser.new_context(viewport={"width": 1400, "height": 900}, **options)
        self.page = self.context.new_page()
        self.page.set_default_timeout(30_000)
        self.address, self.complaints, self.requests = address, [], []
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda request: self.requests.append(request.url))

    def _console(self, message) -> None:
        # On a deep link Streamlit first asks for its own paths under the page's name: its 404s.
        own = "/_stcore/" in (message.location or {}).get("url", "")
        if message.type == "error" and not own:
            self.complaints.append(message.text)

    def open(self, path: str = ""):
        self.page.goto(f"{self.address}/{path}")
        return self.settle()

    def settle(self):
        self.page.wait_for_selector("h1")
        self.page.wait_for_selector(READY)
        return self.page

    def content(self) -> None:
        """Nothing went wrong: no error box, no complaint in the console, no foreign host."""
        assert self.page.locator('[data-testid="stException"]').count() == 0
        assert self.page.locator('[data-testid="stAlertContentError"]').count() == 0
        assert self.complaints == []
        own = (self.address, self.address.replace("http", "ws"), "data:", "blob:")
        assert [url for url in self.requests if not url.startswith(own)] == []


@pytest.fixture
def visitor(browser, address) -> Iterator[Visitor]:
    visitor = Visitor(browser, address)
    yield visitor
    visitor.context.close()


@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens_on_mnist_by_its_own_address(visitor, page):
    shown = visitor.open("" if page == "overview" else page)
    sync_api.expect(shown.locator("h1")).to_have_count(1)
    sync_api.expect(shown.get_by_text("because MNIST")).to_have_count(0)
    visitor.content()


def test_every_page_can_be_reached_from_the_navigation(visitor):
    shown = visitor.open()
    links = shown.locator('[data-testid="stSidebarNavLink"]')
    assert links.count() == len(PAGES)
    for place in range(links.count()):
        links.nth(place).click()
        visitor.settle()
        visitor.content()


def test_the_overview_says_the_notebooks_figures(visitor):
    shown = visitor.open()
    sync_api.expect(shown.get_by_text("6,685 of 10,000 test images are right")).to_be_visible()
    sync_api.expect(shown.get_by_text("3,278 images are called 1, 1,135 are")).to_be_visible()
    visitor.content()


def test_the_dark_theme_turns_ink_and_paper_round(browser, address):
    visitor = Visitor(browser, address, color_scheme="dark")
    try:
        shown = visitor.open()
        sync_api.expect(shown.locator("figure img").first).to_be_visible()
        paper = shown.evaluate("getComputedStyle(document.querySelector('.stApp')).backgroundColor")
        assert paper == "rgb(25, 24, 21)"
        corner = shown.evaluate(
            """() => { const image = document.querySelector('figure img');
                const canvas = new OffscreenCanvas(1, 1).getContext('2d');
                canvas.drawImage(image, 0, 0);
                return canvas.getImageData(0, 0, 1, 1).data[0]; }"""
        )
        assert corner == 0
        visitor.content()
    finally:
        visitor.context.close()


def test_a_click_on_a_cell_leads_to_its_images_and_one_of_them_to_its_reasons(visitor):
    shown = visitor.open("confusion")
    shown.locator('[aria-roledescription="rect mark"][aria-label*="446"]').first.click()
    sync_api.expect(shown.get_by_text("446 of 1,032 true 2s")).to_be_visible()
    shown.get_by_text("All 446 images on the errors page").click()
    sync_api.expect(shown.get_by_text("446 answers on true 2s that say 1")).to_be_visible()
    chosen = shown.locator(".tiles button").nth(5).get_attribute("aria-label")
    shown.locator(".tiles button").nth(5).click()
    pressed = shown.locator('.tiles button[aria-pressed="true"]')
    sync_api.expect(pressed).to_have_attribute("aria-label", chosen)
    index = chosen.split(":")[0].removeprefix("test image ").replace(",", "")
    shown.wait_for_url(f"**image={index}**")
    visitor.content()

    again = Visitor(shown.context.browser, visitor.address)
    try:
        copy = again.open(shown.url.removeprefix(visitor.address + "/"))
        sync_api.expect(copy.get_by_text("446 answers on true 2s that say 1")).to_be_visible()
        sync_api.expect(copy.locator('.tiles button[aria-pressed="true"]')).to_have_attribute(
            "aria-label", chosen
        )
        again.content()
    finally:
        again.context.close()
