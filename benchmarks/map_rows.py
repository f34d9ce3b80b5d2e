"""The rows of the map: first paint, frames, and lasso to gallery, with 10,000 and 70,000 points.

Runs alone: `python -m benchmarks map_rows`.
"""

import math
import statistics
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from playwright.sync_api import Browser, Page

from benchmarks import screen
from benchmarks.rows import Row
from engine.datasets.mnist.load import load_mnist
from tests.support.server import serving

TIMES = 5
PLANE = "slices?slices_tab=Map"
COMPONENTS = "Principal components"
MAP = "canvas.points"
LARGE = 35_000  # bytes of a message that brings points
WATCH = f"""(() => {{
    window.came = [];
    const Socket = window.WebSocket;
    window.WebSocket = class extends Socket {{
        constructor(...values) {{
            super(...values);
            this.addEventListener("message", ({{ data }}) => {{
                if ((data.byteLength ?? data.size) > {LARGE}) window.came.push(performance.now());
            }});
        }}
    }};
    window.paints = [];
    const put = CanvasRenderingContext2D.prototype.putImageData;
    CanvasRenderingContext2D.prototype.putImageData = function (...values) {{
        const all = put.apply(this, values);
        if (this.canvas.matches(".points")) window.paints.push(performance.now());
        return all;
    }};
    document.addEventListener("pointerup", () => {{ window.pressed = performance.now(); }}, true);
}})();"""
FIRST = """() => {
    const came = window.came[0];
    return came && window.paints.find((time) => time > came) - came;
}"""
FRAMES = """async (canvas) => {
    const box = canvas.getBoundingClientRect(), times = [];
    const at = { clientX: box.left + box.width / 2, clientY: box.top + box.height / 2 };
    for (let k = 0; k < 61; k++) {
        const deltaY = k % 30 < 15 ? -60 : 60;
        canvas.dispatchEvent(new WheelEvent("wheel", { ...at, deltaY, ctrlKey: true }));
        times.push(await new Promise(requestAnimationFrame));
    }
    return times.slice(1).map((time, k) => time - times[k]);
}"""


def rows(home: Path) -> Iterator[Row]:
    dataset = load_mnist(home=home)
    with screen.chromium() as browser:
        with serving(DIGITSCOPE_HOME=str(home)) as server:
            yield from measured(
                browser, f"{server.address}/{PLANE}", "10,000", goals=(300, 30, 200)
            )
        train, test = dataset.training, dataset.testing
        every, labels = (
            np.concatenate([getattr(part, name) for part in (train, test)])
            for name in ("images", "labels")
        )
        file = home / "large.npz"
        few = slice(0, 10_000)
        np.savez(
            file, x_train=test.images[few], y_train=test.labels[few], x_test=every, y_test=labels
        )
        with serving(DIGITSCOPE_HOME=str(home), DIGITSCOPE_DATA=str(file)) as server:
            address = f"{server.address}/{PLANE}&data=Data+large"
            yield from measured(browser, address, "70,000", goals=(1_000, 10, 1_000))


def measured(
    browser: Browser, address: str, points: str, goals: tuple[float, float, float]
) -> Iterator[Row]:
    """Three rows for so many points."""
    said = f"a map of {points} points"
    first = [components(browser, address) for _ in range(TIMES + 1)][1:]  # one makes them
    cold = statistics.median(cold for cold, _, _ in first)
    remark = f"with the whole page, from its first data on: {cold:.0f} ms"
    paint = statistics.median(paint for _, paint, _ in first)
    yield Row(f"First paint of {said} after its data, ms", goals[0], paint, True, remark)
    page = first[-1][-1]
    frames = page.locator(MAP).evaluate(FRAMES)
    slow = max(frames)
    remark = f"the slowest frame took {slow:.0f} ms"
    yield Row(
        f"Frames a second while {said} is zoomed",
        goals[1],
        1000 / statistics.mean(frames),
        remark=remark,
    )
    waited = [lasso(page, 0.12 + 0.01 * nth) for nth in range(TIMES)]
    remark = f"the longest of {TIMES} took {max(waited):.0f} ms"
    yield Row(f"Lasso to gallery on {said}, ms", goals[2], statistics.median(waited), True, remark)
    page.close()


def components(browser: Browser, address: str) -> tuple[float, float, Page]:
    """Milliseconds from the points to their paint: as a page opens, and for another view on it."""
    page = browser.new_page(viewport={"width": 1400, "height": 900})
    page.set_default_timeout(180_000)
    page.add_init_script(screen.WATCH)
    page.add_init_script(WATCH)
    page.goto(address)
    found = []
    for _ in range(2):
        found.append(page.wait_for_function(FIRST).json_value())
        page.wait_for_selector(screen.READY)
        page.wait_for_timeout(2_500)
        if len(found) == 1:
            page.evaluate("() => { window.came = []; window.paints = []; }")
            page.get_by_text(COMPONENTS, exact=True).click()
    return *found, page


def lasso(page: Page, radius: float) -> float:
    """Milliseconds from letting go of a lasso to the last change of the gallery."""
    box = page.locator(MAP).bounding_box()
    turns = [2 * math.pi * k / 60 for k in range(60)]
    for k, turn in enumerate(turns):
        across, down = (0.5 + radius * f(turn) for f in (math.cos, math.sin))
        page.mouse.move(box["x"] + across * box["width"], box["y"] + down * box["height"])
        if not k:
            page.mouse.down()
    page.mouse.up()
    page.wait_for_function(screen.SETTLED, arg="gallery")
    return page.evaluate("window.changed.gallery - window.pressed")
