"""A network that fails in each known way, on this machine only: real sockets, real name servers.

`FAULTS` holds each way by its name. Those that need a name server or a mount namespace need root,
and raise `NotHere` without it.
"""

import contextlib
import os
import socket
import struct
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

Answer = Callable[[BaseHTTPRequestHandler], None]
FILE = "/mnist_png.tgz"
NAME_SERVER = "127.83.0.53"  # loopback, where nothing else listens
SECRET = "secret page"  # what a server sends and no viewer must ever read


class NotHere(RuntimeError):
    """This machine or this user cannot make the fault; the message says what is wanted."""


@dataclass
class Network:
    """What a server finds when it wants MNIST from ``url``.

    ``before`` goes in front of the server's command; ``requests`` holds the paths that were asked
    for; ``answer`` may be changed at any time, and is None where nobody could answer.
    """

    url: str
    answer: Answer | None = None
    before: tuple[str, ...] = ()
    requests: list[str] = field(default_factory=list)


@contextlib.contextmanager
def answering(answer: Answer) -> Iterator[Network]:
    """A server on loopback that gives ``answer``, or what takes its place, to every GET."""
    network = Network("", answer)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            network.requests.append(self.path)
            with contextlib.suppress(ConnectionError):
                network.answer(self)

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads, server.network = True, network
    threading.Thread(target=server.serve_forever, daemon=True).start()
    network.url = f"http://127.0.0.1:{server.server_port}{FILE}"
    try:
        yield network
    finally:
        server.shutdown()
        server.server_close()


def send(body: bytes, length: int | None = None, status: int = 200) -> Answer:
    """``body``, said to have ``length`` bytes: None for the truth, -1 for no word about it."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        if length != -1:
            handler.send_header("Content-Length", str(len(body) if length is None else length))
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def stay_silent(handler: BaseHTTPRequestHandler) -> None:
    time.sleep(30)


def stall_half_way(handler: BaseHTTPRequestHandler) -> None:
    send(b"\x1f\x8b" + b"0" * 1000, length=1_000_000)(handler)
    handler.wfile.flush()
    time.sleep(30)


def drip(handler: BaseHTTPRequestHandler) -> None:
    """A byte every half second, for as long as someone listens and this is the answer."""
    send(b"\x1f\x8b", length=1_000_000)(handler)
    while handler.server.network.answer is drip:
        handler.wfile.write(b"0")
        handler.wfile.flush()
        time.sleep(0.5)


def redirect_to(url: str) -> Answer:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(302, SECRET)
        handler.send_header("Location", url)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    return answer


def noise(length: int) -> bytes:
    """Bytes that begin as an archive does and go on as nothing that could be unpacked."""
    return b"\x1f\x8b\x08\x00" + bytes(i * i % 251 for i in range(length - 4))


PAGE = f"<html><h1>{SECRET}</h1></html>".encode()
ANSWERS: dict[str, Answer] = {
    "status 404": send(PAGE, status=404),
    "status 503": send(PAGE, status=503),
    "captive portal": send(PAGE),
    "short body": send(noise(1000), length=100_000),
    "wrong bytes": send(noise(200_000)),
    "no length": send(noise(200_000), length=-1),
    "redirect loop": redirect_to(FILE),
    "silent": stay_silent,
    "stalled": stall_half_way,
    "drip": drip,
}


@contextlib.contextmanager
def refused() -> Iterator[Network]:
    """Nobody listens at the port, which is kept so that nobody can come to do so."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield Network(f"http://127.0.0.1:{taken.getsockname()[1]}{FILE}")


@contextlib.contextmanager
def dropped() -> Iterator[Network]:
    """Nobody answers a call at all: the queue of those who wait for the server is full."""
    with contextlib.ExitStack() as held:
        server = held.enter_context(socket.socket())
        server.bind(("127.0.0.1", 0))
        server.listen(0)
        for _ in range(8):
            waiting = held.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(server.getsockname())
        yield Network(f"http://127.0.0.1:{server.getsockname()[1]}{FILE}")


@contextlib.contextmanager
def names_by(answer: Callable[[bytes], bytes | None]) -> Iterator[Network]:
    """A machine whose only name server gives ``answer`` to each question, or None: silence."""
    network = Network(f"http://digitscope.example{FILE}")
    with name_server(answer) as network.before:
        yield network


@contextlib.contextmanager
def name_server(answer: Callable[[bytes], bytes | None]) -> Iterator[tuple[str, ...]]:
    """What to put in front of a command so that it asks this name server, and no other."""
    if os.geteuid() != 0:
        raise NotHere("a name server and a mount namespace of its own need root")
    over = threading.Event()
    with tempfile.TemporaryDirectory() as folder, socket.socket(type=socket.SOCK_DGRAM) as server:
        server.bind((NAME_SERVER, 53))
        server.settimeout(0.2)
        thread = threading.Thread(target=_serve_names, args=(server, answer, over), daemon=True)
        thread.start()
        config = Path(folder) / "resolv.conf"
        config.write_text(f"nameserver {NAME_SERVER}\n")
        script = f'mount --bind {config} /etc/resolv.conf && exec "$@"'
        yield ("unshare", "--mount", "sh", "-c", script, "sh")
        over.set()
        thread.join()


def _serve_names(
    server: socket.socket, answer: Callable[[bytes], bytes | None], over: threading.Event
) -> None:
    while not over.is_set():
        with contextlib.suppress(TimeoutError):
            question, asker = server.recvfrom(512)
            reply = answer(question)
            if reply is not None:
                server.sendto(reply, asker)


def no_such_name(question: bytes) -> bytes:
    """NXDOMAIN, by RFC 1035: the question again under a header with response code 3."""
    return question[:2] + struct.pack(">H", 0x8183) + question[4:6] + bytes(6) + question[12:]


FAULTS: dict[str, Callable[[], contextlib.AbstractContextManager[Network]]] = {
    "refused": refused,
    "dropped": dropped,
    "no such name": lambda: names_by(no_such_name),
    "name unanswered": lambda: names_by(lambda question: None),
    **{name: lambda answer=answer: answering(answer) for name, answer in ANSWERS.items()},
}
