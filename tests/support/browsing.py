"""A server as the README starts it and a real Chromium before it, for the browser tests."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.server import Server, serving

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("chrome")
READY = '[data-testid="stApp"][data-test-script-state="notRunning"]'
ROLES_GIVEN = '[data-testid="stSidebarNavItems"][role]'  # a moment after the page, by a script
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
MARKS = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium on this machine"),
    # The server is a process of its own; what it leaves open is not this process's doing.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]

# Keeps in window.shifted how far things moved on the screen, and what they were. Not the page as a
# whole: before the first message Streamlit draws no list of pages, which then pushes it aside.
SHIFTS = """window.shifted = [];
new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
        const places = entry.sources.map(({ node }) =>
            node?.parentElement?.closest("[data-testid]")?.dataset.testid);
        const whole = ["stAppViewContainer", "stMain", "stSidebarContent"];
        if (places.every((place) => whole.includes(place))) continue;
        window.shifted.push([entry.value, places]);
    }
}).observe({ type: "layout-shift", buffered: true });"""


@pytest.fixture(scope="session")
def server(mnist_store: Path) -> Iterator[Server]:
    """A server as the README starts it, with MNIST in its store."""
    with serving(DIGITSCOPE_HOME=str(mnist_store)) as server:
        yield server


@pytest.fixture(scope="session")
def address(server: Server) -> str:
    return server.address


@pytest.fixture(scope="session")
def browser() -> Iterator:
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    sync_api.expect.set_options(timeout=30_000)  # tests are not timed: a busy machine may be slow
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


def serious_faults(page) -> list[tuple[str, list[str]]]:
    """What axe calls serious or critical on the page: the rule, and three of the elements."""
    axe = pytest.importorskip(
        "axe_playwright_python.sync_playwright", reason="axe is not installed"
    )
    page.wait_for_selector(ROLES_GIVEN, state="attached")
    page.wait_for_timeout(500)
    return [
        (rule["id"], [node["html"][:160] for node in rule["nodes"]][:3])
        for rule in axe.Axe().run(page).response["violations"]
        if rule["impact"] in ("serious", "critical")
    ]


@pytest.fixture
def visitor(browser, address) -> Iterator[Visitor]:
    visitor = Visitor(browser, address)
    yield visitor
    visitor.context.close()
