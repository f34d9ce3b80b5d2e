"""The process that runs a stranger's model, seen from the side that asks it."""

import contextlib
import importlib.util
import json
import os
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from engine.own_models.forms import Form
from engine.own_models.outputs import Output
from engine.own_models.pool import make_room
from engine.runtime.errors import Refused
from engine.runtime.limits import (
    MAX_CLASSES,
    MAX_MODEL_BYTES,
    MODEL_ANSWER_S,
    MODEL_LOAD_S,
    MODEL_START_S,
)

ROOT = Path(__file__).resolve().parents[2]
HANDED_ON = ("PATH", "PYTHONPATH", "LD_LIBRARY_PATH", "SYSTEMROOT")  # no proxies, no secrets
BATCH = 250  # images at a time, so that many take little memory
PIPE_BYTES = 1 << 20  # so that a batch goes through at once, where the system lets it
LINE_BYTES = 100_000  # bytes of a message's first line: the labels of a batch, as texts
REMOVED = "The model was removed; wanted one that is still here."
INSTALL = "pip install -r requirements-onnx.txt"


class Stopped(Refused):
    """The model took too long, wanted too much memory or broke the process; the next try would."""


@dataclass(frozen=True)
class Described:
    """A model's input, its shape with None for what may have any size, and its outputs' names."""

    shape: tuple[int | None, ...]
    type: str
    outputs: tuple[str, ...]


def read_model(source: bytes | str | os.PathLike) -> bytes:
    """The bytes of an ONNX file, or those given. Raises Refused where they are too many; OSError.

    Nothing of a file that is too large is read.
    """
    if not isinstance(source, bytes):
        _refuse_large(Path(source).stat().st_size)
        source = Path(source).read_bytes()
    _refuse_large(len(source))
    return source


def _refuse_large(found: int) -> None:
    if found > MAX_MODEL_BYTES:
        raise Refused(
            f"The model has {found:,} bytes; wanted {MAX_MODEL_BYTES:,} at most, 5 million weights."
        )


class ModelProcess:
    """A model in a process of its own, started when it is asked, and again if it rested or died.

    What it is asked waits for the batch that was asked before. ``close`` ends it, as does
    forgetting it.
    """

    def __init__(self, content: bytes) -> None:
        self.content = content
        self._lock = threading.RLock()
        self._child: subprocess.Popen | None = None
        self._forget = lambda: None
        self._closed, self.asked_at = False, time.monotonic()
        self.described = self._loaded()

    @property
    def running(self) -> bool:
        return self._child is not None

    def close(self) -> None:
        """Kills the process at once; asked again, the model is gone."""
        self._closed = True
        self._forget()

    def rest(self) -> bool:
        """Ends the process until it is asked again; False where it is at work."""
        if not self._lock.acquire(blocking=False):
            return False
        try:
            self._forget()
            self._child = None
        finally:
            self._lock.release()
        return True

    def ask(self, images: np.ndarray, form: Form, seconds: int = MODEL_ANSWER_S) -> Output:
        """The answers to images (n, h, w), uint8 or ink in 0…1, up to `BATCH` in ``seconds``.

        Raises Refused when the model fails, is too slow, or gives no answer to each.
        """
        parts = [images[at : at + BATCH] for at in range(0, len(images), BATCH)] or [images]
        return _joined([self._ask(part, form, seconds) for part in parts])

    def _ask(self, images: np.ndarray, form: Form, seconds: int) -> Output:
        with self._lock:  # a pixel edited meanwhile waits for one batch only
            if self._child is None:
                self._loaded()
            return self._answer(images, form, seconds)

    def _answer(self, images: np.ndarray, form: Form, seconds: int) -> Output:
        self.asked_at = time.monotonic()
        dtype = np.dtype(np.uint8 if images.dtype == np.uint8 else np.float32)
        content = np.ascontiguousarray(images, dtype).tobytes()
        request = {"images": images.shape, "dtype": dtype.name, "form": _plain(form)}
        reply, given = self._exchange(request | {"seconds": seconds}, content, seconds)
        return _output(reply, given, len(images))

    def _loaded(self) -> Described:
        """Starts the process and gives it the model. Raises Refused."""
        if self._closed:
            raise Stopped(REMOVED)
        with self._lock:
            self._start()
            try:
                reply, _ = self._exchange({"load": True}, self.content, MODEL_LOAD_S)
            except Refused:
                self.rest()
                raise
        return Described(tuple(reply["shape"]), reply["type"], tuple(reply["outputs"]))

    def _start(self) -> None:
        make_room(self)
        child = subprocess.Popen(
            [sys.executable, "-m", "engine.own_models.worker"],
            cwd=ROOT,
            env=_environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            pipesize=PIPE_BYTES,
        )
        self._child, self._forget = child, weakref.finalize(self, _end, child)
        ready, _ = self._read(MODEL_START_S)
        if not ready.get("ready"):
            self.rest()
            raise Refused(f"A model in an ONNX file needs onnxruntime: {INSTALL}.")

    def _exchange(self, message: dict, content: bytes, seconds: float) -> tuple[dict, bytes]:
        line = json.dumps(message | {"bytes": len(content)}).encode() + b"\n"
        return self._read(seconds, line + content)

    def _read(self, seconds: float, request: bytes = b"") -> tuple[dict, bytes]:
        """What the process replies to ``request`` in that time; else it is killed, and Refused."""
        child, late = self._child, threading.Event()
        alarm = threading.Timer(seconds, lambda: (late.set(), child.kill()))
        alarm.daemon = True
        alarm.start()
        try:
            child.stdin.write(request)
            child.stdin.flush()
            reply = _reply(child)
        except (OSError, ValueError, KeyError, TypeError):
            self.rest()
            if self._closed:
                raise Stopped(REMOVED) from None
            raise Stopped(_broken(late.is_set(), child.returncode, seconds)) from None
        finally:
            alarm.cancel()
        if "refused" in reply[0]:
            kind = Stopped if reply[0].get("stopped") else Refused
            raise kind(str(reply[0]["refused"])[:400])
        return reply


def is_installed() -> bool:
    """Whether onnxruntime is here, which is not imported to find out."""
    return importlib.util.find_spec("onnxruntime") is not None


def _environment() -> dict[str, str]:
    handed_on = {name: os.environ[name] for name in HANDED_ON if name in os.environ}
    return handed_on | {"MALLOC_ARENA_MAX": "2"}  # each arena takes address space


def _reply(child: subprocess.Popen) -> tuple[dict, bytes]:
    """One message; ValueError and its like where there is none."""
    line = child.stdout.readline(LINE_BYTES)
    message = json.loads(line)
    if not 0 <= message["bytes"] <= BATCH * MAX_CLASSES * 8:
        raise ValueError("more than any answer")
    return message, child.stdout.read(message["bytes"])


def _broken(late: bool, status: int | None, seconds: float) -> str:
    if late or status in (-24, -9):  # SIGXCPU: of processor time, by the process's own limit
        return f"The model did not answer within {seconds:.0f} seconds; wanted a faster one."
    return "The model broke the process that runs it; wanted one that onnxruntime runs."


def _end(child: subprocess.Popen) -> None:
    child.kill()
    child.wait()
    for pipe in (child.stdin, child.stdout):
        with contextlib.suppress(OSError):  # what was not yet written has nobody to read it
            pipe.close()


def _plain(form: Form) -> list[object]:
    return [form.layout, form.scale, form.output]


def _output(reply: dict, given: bytes, count: int) -> Output:
    if "labels" in reply:
        return Output(labels=tuple(map(str, reply["labels"])))
    scores = np.frombuffer(given).reshape(count, -1)
    return Output(scores, names=tuple(map(str, reply["names"])))


def _joined(parts: Sequence[Output]) -> Output:
    """The answers of several batches as one."""
    labels = tuple(label for part in parts for label in part.labels)
    if parts[0].scores is None:
        return Output(labels=labels)
    return Output(np.concatenate([part.scores for part in parts]), names=parts[0].names)
