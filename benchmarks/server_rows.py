"""The server's rows: start, memory, what happens on the screen, and many viewers at once.

The app is measured beside the small apps in `benchmarks/apps`, under the same settings and with
their imports frozen as well, where nothing else is said.
"""

import statistics
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

from playwright.sync_api import Browser

from benchmarks import screen
from benchmarks.rows import Row
from engine.datasets.mnist.load import load_mnist
from tests.support.browsing import SHIFTS
from tests.support.server import Server, serving
from tests.support.viewer import Viewer

APPS = Path(__file__).parent / "apps"
HELLO, ONE_CHART = str(APPS / "hello.py"), str(APPS / "one_chart.py")
HOME = "dashboard/Home.py"
ROUNDS, TIMES = 5, 8
STARTS = 9  # a browser shows a first heading at once or half a second later, so more rounds
VIEWERS, CROWD_ROUNDS, CROWD_S = 25, 3, 4.0
LINKS = '[data-testid="stMain"] [data-testid^="stPageLink"]'  # what the overview ends with
CELLS = '[aria-roledescription="rect mark"][aria-label*="images:"]'
STOCK = {"BENCHMARK_NO_FREEZE": "1"}
TORCH = {"BENCHMARK_IMPORTS": "torch,sklearn.neighbors,fastai.data.external"}


def rows(home: Path) -> Iterator[Row]:
    """Every row, as soon as it is measured; ``home`` is an empty folder for the store."""
    load_mnist(home=home)
    with screen.chromium() as browser:
        yield from start(browser, str(home))
        yield from on_screen(browser, str(home))
        yield from shifts(browser, str(home))
    yield from crowd(str(home))


def start(browser: Browser, home: str) -> Iterator[Row]:
    """From the start of the process to the heading and to the end of the overview; its memory."""
    last = {HELLO: "h1", HOME: LINKS}
    found = [{app: started(browser, app, last[app], home) for app in last} for _ in range(STARTS)]

    def ratio(what: str) -> float:
        return statistics.median(each[HOME][what] / each[HELLO][what] for each in found)

    def median(app: str, what: str) -> float:
        return statistics.median(each[app][what] for each in found)

    for what, label, goal in (("heading", "heading", 1.1), ("last", "readable overview", 1.7)):
        remark = f"{median(HOME, what):.1f} s and {median(HELLO, what):.1f} s"
        yield Row(f"Process start to {label} ÷ hello-world", goal, ratio(what), True, remark)
    remark = f"{median(HOME, 'mb'):.0f} MB and {median(HELLO, 'mb'):.0f} MB"
    what = "Server memory with the overview open ÷ hello-world"
    yield Row(what, 3.3, ratio("mb"), True, remark)


def started(browser: Browser, app: str, last: str, home: str) -> dict[str, float]:
    """Seconds until the heading and until ``last`` are seen, and the server's memory then in MB."""
    page = browser.new_page(viewport={"width": 1400, "height": 900})
    page.set_default_timeout(120_000)
    begin = time.perf_counter()
    with serving(app=app, DIGITSCOPE_HOME=home) as server:
        page.goto(server.address, wait_until="commit")
        page.wait_for_selector("h1")
        heading = time.perf_counter() - begin
        page.wait_for_selector(last)
        end = time.perf_counter() - begin
        page.wait_for_selector(screen.READY)
        page.wait_for_timeout(1_000)
        page.close()
        return {"heading": heading, "last": end, "mb": resident_mb(server)}


def resident_mb(server: Server) -> float:
    lines = Path(f"/proc/{server.process.pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Rss:")) / 1024


def on_screen(browser: Browser, home: str) -> Iterator[Row]:
    """Sliders and clicks, each beside the slider of the app with one chart."""
    with ExitStack() as stack:

        def page(app: str, path: str = "") -> screen.Page:
            server = stack.enter_context(serving(app=app, DIGITSCOPE_HOME=home))
            return screen.opened(browser, f"{server.address}/{path}")

        one = page(ONE_CHART)
        small = ("text", "templates", "gallery")
        text, templates, gallery = (page(str(APPS / f"{name}.py")) for name in small)
        step, rate = (page(HOME, f"playground?seed={seed}") for seed in (1, 2))
        confusion = page(HOME, "confusion")
        ways: dict[str, Callable[[int], float]] = {
            "one chart": lambda n: screen.press(one, "Step", n),
            "templates": lambda n: screen.press(templates, "Step", n),
            "gallery": lambda n: screen.press(gallery, "Step", n),
            "text": lambda n: screen.press(text, "Step", n),
            "step": lambda n: screen.press(step, "Steps", n, "descent"),
            # Ever onwards, to rates nobody has seen: what has been seen is kept.
            "rate": lambda _: screen.press(rate, "Learning rate", 0),
            "cell": lambda n: screen.click(confusion, CELLS, 11 * n, "gallery"),
        }
        found = [{name: timed(way) for name, way in ways.items()} for _ in range(ROUNDS)]
    yield from screen_rows(found)


def shifts(browser: Browser, home: str) -> Iterator[Row]:
    """How far what is seen moves while a page comes: of all pages, the one where it moves most."""
    found = {}
    with serving(app=HOME, DIGITSCOPE_HOME=home) as server:
        for name in sorted(path.stem for path in Path("pages").glob("*.py")):
            page = browser.new_page(viewport={"width": 1400, "height": 900})
            page.add_init_script(SHIFTS)
            page.goto(f"{server.address}/{'' if name == 'overview' else name}")
            page.wait_for_selector(screen.READY)
            page.wait_for_timeout(2_500)
            found[name] = sum(value for value, _ in page.evaluate("window.shifted"))
            page.close()
    worst = max(found, key=found.get)
    yield Row("Layout shift of a page as it comes, at most", 0.05, found[worst], True, worst)


def timed(way: Callable[[int], float]) -> float:
    """The median of some times, the first of which only wakes the page up."""
    return statistics.median([way(n) for n in range(TIMES)][1:])


def screen_rows(found: list[Mapping[str, float]]) -> Iterator[Row]:
    lines = (
        (
            "step",
            "A step on the playground to its four charts ÷ to the chart of a one-chart app",
            0.5,
        ),
        ("rate", "A learning rate to the last change on the playground ÷ one chart", 2.5),
        ("templates", "Ten templates on screen ÷ one chart", 0.8),
        ("gallery", "A gallery of 200 on screen ÷ one chart", 1.0),
        ("cell", "Click on a matrix cell to its images ÷ one chart", 1.5),
    )
    one, text = (statistics.median(each[name] for each in found) for name in ("one chart", "text"))
    for name, what, goal in lines:
        ratio = statistics.median(each[name] / each["one chart"] for each in found)
        took = statistics.median(each[name] for each in found)
        yield Row(what, goal, ratio, True, f"{took:.0f}, {one:.0f}, a line of text {text:.0f} ms")


def crowd(home: str) -> Iterator[Row]:
    """Viewers who each ask again as soon as they are answered: our settings beside stock ones."""
    for app, name in ((ONE_CHART, "a page of one chart"), (HOME, "the overview")):
        for imports, extra, goal in (({}, "", 5), (TORCH, ", torch and all loaded", 12)):
            found = [both(app, home, imports) for _ in range(CROWD_ROUNDS)]
            ours, stock = (statistics.median(each[n]["runs"] for each in found) for n in (0, 1))
            ratio = statistics.median(one["runs"] / other["runs"] for one, other in found)
            what = f"{VIEWERS} viewers rerun {name}{extra}: reruns a second ÷ stock settings"
            yield Row(what, goal, ratio, remark=f"{ours:.0f} and {stock:.0f} a second")
            if app == HOME and not imports:
                mb = statistics.median(one["mb"] for one, _ in found)
                yield Row("Extra server memory for each viewer of the overview, MB", 1, mb, True)


def both(app: str, home: str, imports: dict[str, str]) -> tuple[dict[str, float], ...]:
    """The same crowd before our settings and before stock ones: file watcher on, no freeze."""
    watched = ("--server.fileWatcherType", "auto")
    common = {"app": app, "module": "benchmarks.launch", "DIGITSCOPE_HOME": home, **imports}
    with serving(**common) as server:
        ours = pressed(server)
    with serving(options=watched, **common, **STOCK) as server:
        return ours, pressed(server)


def pressed(server: Server) -> dict[str, float]:
    """Reruns a second of `VIEWERS` viewers, and what each but the first adds to memory in MB."""
    with ExitStack() as stack:
        viewers = [stack.enter_context(Viewer(server.address)) for _ in range(VIEWERS)]
        viewers[0].open()
        viewers[0].rerun()
        before = resident_mb(server)
        for viewer in viewers[1:]:
            viewer.open()
        runs = together(viewers)
        more = (resident_mb(server) - before) / (VIEWERS - 1)
    return {"runs": runs, "mb": more}


def together(viewers: list[Viewer]) -> float:
    """Reruns a second while all viewers go on asking."""
    begin, counts = time.perf_counter(), [0] * len(viewers)

    def go_on(place: int) -> None:
        while time.perf_counter() < begin + CROWD_S:
            viewers[place].rerun()
            counts[place] += 1

    threads = [threading.Thread(target=go_on, args=(n,)) for n in range(len(viewers))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / (time.perf_counter() - begin)
