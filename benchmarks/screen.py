"""What a viewer waits for on the screen, measured inside the page of a real Chromium.

From the key or the pointer going down to the last change in the main part of the page: a changed
node, a drawn canvas, a loaded image. What follows, painting the frame, is not counted.
"""

import contextlib
import shutil
from collections.abc import Iterator

from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("chrome")
READY = '[data-testid="stApp"][data-test-script-state="notRunning"]'
QUIET_MS = 400  # without a change for so long, the last one was the last
WATCH = """(() => {
    window.changed = {};  // the last change in each kind of place: any, a gallery, a descent
    const kinds = { gallery: ".tiles", descent: ".descent svg" };
    const seen = (node) => {
        const element = node.nodeType === 1 ? node : node.parentElement;
        window.changed.any = performance.now();
        for (const [kind, selector] of Object.entries(kinds)) {
            if (element && element.closest(selector)) window.changed[kind] = performance.now();
        }
    };
    const inside = (root, node) => {
        const element = node.nodeType === 1 ? node : node.parentElement;
        return root !== document || (element && element.closest('[data-testid="stMain"]'));
    };
    const watch = (root) => {
        new MutationObserver((records) => {
            for (const { target } of records) if (inside(root, target)) seen(target);
        }).observe(root, { subtree: true, childList: true, characterData: true, attributes: true });
        root.addEventListener("load", ({ target }) => seen(target), true);
    };
    watch(document);
    const attach = Element.prototype.attachShadow;
    Element.prototype.attachShadow = function (options) {
        const root = attach.call(this, options);
        watch(root);
        return root;
    };
    for (const name of ["clearRect", "fill", "stroke", "fillText", "drawImage"]) {
        const own = CanvasRenderingContext2D.prototype[name];
        CanvasRenderingContext2D.prototype[name] = function (...values) {
            if (this.canvas.isConnected) seen(this.canvas);
            return own.apply(this, values);
        };
    }
    for (const kind of ["keydown", "pointerdown"]) {
        document.addEventListener(kind, () => { window.pressed = performance.now(); }, true);
    }
})();"""
SETTLED = f"""(kind) => window.changed[kind] > window.pressed
    && performance.now() - window.changed.any > {QUIET_MS}"""


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


def opened(browser: Browser, address: str) -> Page:
    """The page at ``address`` when it is drawn and nothing moves any more."""
    page = browser.new_page(viewport={"width": 1400, "height": 900})
    page.set_default_timeout(120_000)
    page.add_init_script(WATCH)
    page.goto(address)
    page.wait_for_selector("h1")
    page.wait_for_selector(READY)
    page.wait_for_timeout(2_000)
    return page


def press(page: Page, slider: str, nth: int, kind: str = "any") -> float:
    """Milliseconds from one step of the slider to the last change of that ``kind``.

    A step on if ``nth`` is even, else back, so that the slider never comes to its end.
    """
    page.get_by_role("slider", name=slider).focus()
    page.keyboard.press("ArrowLeft" if nth % 2 else "ArrowRight")
    return _waited(page, kind)


def click(page: Page, place: str, nth: int, kind: str = "any") -> float:
    """Milliseconds from a click on the nth element found at ``place`` to the last change."""
    page.locator(place).nth(nth).click()
    return _waited(page, kind)


def _waited(page: Page, kind: str) -> float:
    page.wait_for_function(SETTLED, arg=kind)
    return page.evaluate("(kind) => window.changed[kind] - window.pressed", kind)
