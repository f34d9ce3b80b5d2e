"""Many viewers of one real server on real MNIST: no page stalls, breaks or shows another's."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.viewer import Viewer

PAGES = sorted(path.stem for path in (Path(__file__).parents[1] / "pages").glob("*.py"))

# The server is a process of its own; what it leaves open is not this process's doing.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")


@pytest.fixture
def viewer(address) -> Iterator[Viewer]:
    with Viewer(address, "playground") as viewer:
        viewer.open()
        yield viewer


def test_a_viewer_without_a_browser_gets_every_page_and_again_by_a_rerun(address):
    for page in PAGES:
        with Viewer(address, "" if page == "overview" else page) as viewer:
            viewer.open()
            first = viewer.text.splitlines()[0]
            viewer.rerun()
            assert viewer.exceptions == []
            assert first == viewer.text.splitlines()[0] != ""


def test_a_value_that_is_set_is_in_the_page(viewer):
    viewer.set("steps", ["1000"])
    viewer.rerun()
    assert "After 1,000 steps the loss is" in viewer.text
