"""A real server without MNIST: whatever the network does, every viewer has a page that says why."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import pytest

from benchmarks.offline import (
    AGAIN,
    ON_MNIST,
    at_once,
    bystander,
    has,
    offline_server,
    until_mnist,
    why,
)
from tests.support.network import (
    ANSWERS,
    SECRET,
    Network,
    NotHere,
    answering,
    dropped,
    name_server,
    no_such_name,
    redirect_to,
    refused,
    send,
)
from tests.support.server import Server
from tests.support.viewer import HANG_S, Viewer

# The server is a process of its own; what it leaves open is not this process's doing.
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::ResourceWarning")]

REASONS = {
    "status 404": "the server answered with status 404",
    "status 503": "the server answered with status 503",
    "captive portal": "what arrived is not the archive",
    "short body": "the connection broke off",
    "wrong bytes": "what arrived is not the archive",
    "no length": "what arrived is not the archive",
    "redirect loop": "the server answered with status 302",
    "silent": "the server did not answer within 4 seconds",
    "stalled": "the server did not answer within 4 seconds",
    "refused": "Connection refused",
    "dropped": "no answer within 4 seconds",
    "no such name": "Name or service not known",
    "name unanswered": "Temporary failure in name resolution",
}


def until(happens: Callable[[], object]) -> None:
    """Waits for it, and fails at the hard limit."""
    deadline = time.monotonic() + HANG_S
    while not happens():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.2)


@dataclass
class Place:
    """A server whose network can be changed while it runs."""

    server: Server
    network: Network
    names: list  # holds the answer of the name server; empty where there is none

    def turn_to(self, fault: str, held: ExitStack) -> None:
        """From now on MNIST's address fails in this way."""
        if fault in ANSWERS:
            self.network.answer = ANSWERS[fault]
        elif fault in ("refused", "dropped"):
            network = held.enter_context({"refused": refused, "dropped": dropped}[fault]())
            self.network.answer = redirect_to(network.url)
        elif not self.names:
            pytest.skip("a name server and a mount namespace of its own need root")
        else:
            self.names[0] = no_such_name if fault == "no such name" else lambda question: None
            self.network.answer = redirect_to("http://digitscope.example/mnist_png.tgz")


@pytest.fixture(scope="module")
def place() -> Iterator[Place]:
    names = [no_such_name]
    with ExitStack() as held:
        network = held.enter_context(answering(ANSWERS["status 404"]))
        try:
            network.before = held.enter_context(name_server(lambda question: names[0](question)))
        except NotHere:
            names.clear()
        yield Place(held.enter_context(offline_server(network)), network, names)


def waited_for(viewer: Viewer) -> str:
    """What the page says once the attempt is over, and until then that it is under way."""

    def over() -> bool:
        if not has(viewer, AGAIN):
            assert "MNIST is still on its way" in why(viewer)
            assert has(viewer, "mnist_look_again")
            viewer.rerun()
        return has(viewer, AGAIN)

    until(over)
    return why(viewer)


@pytest.mark.case(39, 40)
@pytest.mark.parametrize("fault", REASONS)
def test_the_page_is_there_with_the_reason_and_a_way_to_try_again(place, fault):
    with ExitStack() as held, Viewer(place.server.address) as viewer:
        place.turn_to(fault, held)
        viewer.open()
        waited_for(viewer)
        place.network.requests.clear()
        with bystander(place.server):
            viewer.click(AGAIN)
            viewer.rerun()
            said = waited_for(viewer)
        assert REASONS[fault] in said
        assert SECRET not in viewer.text
        # A bad archive is fetched a second time; a loop is followed four times.
        assert len(place.network.requests) <= (10 if fault == "redirect loop" else 2)


def test_a_download_that_drips_is_said_to_be_under_way_and_then_to_have_broken_off(place):
    with Viewer(place.server.address) as viewer:
        viewer.open()
        waited_for(viewer)
        place.turn_to("drip", ExitStack())
        place.network.requests.clear()
        viewer.click(AGAIN)
        with bystander(place.server):
            viewer.rerun()
            assert "still on its way: nothing of it has arrived yet" in why(viewer)
        until(lambda: place.network.requests)
        place.turn_to("status 404", ExitStack())
        assert "broke off" in waited_for(viewer)


@pytest.mark.case(33)
def test_one_attempt_serves_twenty_who_come_at_once():
    with answering(ANSWERS["silent"]) as network, offline_server(network) as server:
        at_once(server, 20)
        assert len(network.requests) == 1


def test_mnist_is_there_for_all_when_the_network_heals(place, mnist_archive):
    with Viewer(place.server.address) as one, Viewer(place.server.address) as other:
        for viewer in (one, other):
            viewer.open()
        place.network.answer = send(mnist_archive.read_bytes())
        place.network.requests.clear()
        one.click(AGAIN)
        with bystander(place.server):
            one.rerun()
            until_mnist(place.server.address)
        for viewer in (one, other):
            viewer.rerun()
            assert ON_MNIST in viewer.text
        assert len(place.network.requests) == 1
