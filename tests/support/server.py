"""A server process as the README starts it, on a free port of this machine."""

import contextlib
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
START_S = 60.0


@dataclass(frozen=True)
class Server:
    """A running server: where it listens, its process, and the file that holds its log."""

    address: str
    process: subprocess.Popen
    log: Path


@contextlib.contextmanager
def serving(
    before: Sequence[str] = (),
    options: Sequence[str] = (),
    app: str = "dashboard/Home.py",
    module: str = "streamlit",
    **environment: str,
) -> Iterator[Server]:
    """A healthy server of ``app`` with these options and variables set, stopped in the end.

    ``before`` goes in front of its command, and must become it (by ``exec``) in the end. ``module``
    is what runs the app: streamlit, or `benchmarks.launch`.
    """
    port = free_port()
    command = [*before, sys.executable, "-m", module, "run", app]
    place = ["--server.port", str(port), "--server.address", "127.0.0.1"]
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "server.log"
        with log.open("w") as out:
            process = subprocess.Popen(
                [*command, *place, *options],
                cwd=ROOT,
                env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
                stdout=out,
                stderr=subprocess.STDOUT,
            )
        server = Server(f"http://127.0.0.1:{port}", process, log)
        try:
            wait_until_healthy(server)
            yield server
        finally:
            process.terminate()
            process.wait(20)


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def wait_until_healthy(server: Server) -> None:
    """RuntimeError with the end of the log when the server does not get well."""
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline and server.process.poll() is None:
        with (
            contextlib.suppress(OSError),
            urllib.request.urlopen(f"{server.address}/_stcore/health"),
        ):
            return
        time.sleep(0.1)
    raise RuntimeError(f"not healthy within {START_S:.0f} s:\n{server.log.read_text()[-2000:]}")
