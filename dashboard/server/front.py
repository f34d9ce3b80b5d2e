"""What stands between strangers and Streamlit: each message and file is judged before it is read.

`life` is what goes on beside the pages while the server runs.
"""

import asyncio
import contextlib
import logging
import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from typing import Any

from streamlit import net_util

from dashboard.server import ending, memory, upload_store, visits_over
from dashboard.server.embedding import HEADERS
from engine.runtime.limits import (
    MAX_MESSAGE_BYTES,
    MAX_MESSAGE_PARTS,
    MAX_MESSAGES_AT_ONCE,
    MAX_MESSAGES_PER_S,
    MAX_UPLOAD_BYTES,
    MAX_WAITING_BYTES,
    MAX_WAITING_FILES,
)

log = logging.getLogger(__name__)
# ASGI's own terms, https://asgi.readthedocs.io
Scope = Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
ASGIApp = Callable[[Scope, Receive, Send], Awaitable[None]]

UPLOAD = re.compile(r"/_stcore/upload_file/([^/]+)/([^/]+)$")
TOO_BIG, TOO_MANY = 1009, 1008  # why a WebSocket is closed, by RFC 6455

# At a connection from a foreign page Streamlit would ask a foreign host for this machine's address,
# in the one thread that serves everybody, to see whether the page is this machine's own.
net_util.get_external_ip = lambda: None


class Front:
    """Refuses messages and files that are too large, and adds `HEADERS` to all answers."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes on what is allowed."""
        if scope["type"] == "websocket":
            await self.app(scope, _judged(receive, send), send)
        elif scope["type"] == "http":
            await self._answer(scope, receive, _with_headers(send))
        else:
            await self.app(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        place = UPLOAD.search(scope["path"]) if scope["method"] == "PUT" else None
        if place is None:
            await self.app(scope, receive, send)
            return
        length = dict(scope["headers"]).get(b"content-length", b"")
        size = int(length) if length.isdigit() else MAX_UPLOAD_BYTES
        if fault := _fault(place[1], size):
            log.warning("An upload is refused: %s", fault)
            await _refuse(send, fault)
            return
        with upload_store.arriving(*place.groups(), size):
            await self.app(scope, receive, send)


MIDDLEWARE = [(Front, (), {})]  # as Starlette's Middleware has it: a class and its arguments


async def _refuse(send: Send, why: str) -> None:
    """The answer 413: too large."""
    about = [(b"content-type", b"text/plain; charset=utf-8")]
    await send({"type": "http.response.start", "status": 413, "headers": about})
    await send({"type": "http.response.body", "body": why.encode()})


def _fault(session: str, size: int) -> str:
    """Why a file of that size is not taken from that session; '' where it is."""
    held = upload_store.nbytes(session) + size
    if held > MAX_WAITING_BYTES:
        return f"{held:,} bytes would wait to be read; at most {MAX_WAITING_BYTES:,} of one visit."
    if upload_store.count(session) >= MAX_WAITING_FILES:
        return f"{MAX_WAITING_FILES} files wait to be read; that is the most of one visit."
    if size > memory.BUDGET.free:
        return f"It has {size:,} bytes; {memory.BUDGET.free:,} are free for what viewers bring."
    return ""


def _judged(receive: Receive, send: Send) -> Receive:
    """Ends the connection at a message that no page of ours would send, or at a flood of them."""
    allowance = Allowance()

    async def judged() -> Message:
        message = await receive()
        content = message.get("bytes") or b""
        if len(content) > MAX_MESSAGE_BYTES or _parts(content) > MAX_MESSAGE_PARTS:
            log.warning("A message of %s bytes is refused", f"{len(content):,}")
            return await _ended(send, TOO_BIG)
        if not allowance.take():
            log.warning("Messages came faster than %s a second", MAX_MESSAGES_PER_S)
            return await _ended(send, TOO_MANY)
        return message

    return judged


async def _ended(send: Send, code: int) -> Message:
    with contextlib.suppress(RuntimeError, OSError):  # it may be closed by now
        await send({"type": "websocket.close", "code": code})
    return {"type": "websocket.disconnect", "code": code}


class Allowance:
    """How many messages may still come at once: used up by each, and filled again with time."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._left, self._at = clock, float(MAX_MESSAGES_AT_ONCE), clock()

    def take(self) -> bool:
        """Whether one more may come now."""
        now = self._clock()
        filled = self._left + (now - self._at) * MAX_MESSAGES_PER_S
        self._left, self._at = min(filled, MAX_MESSAGES_AT_ONCE) - 1, now
        return self._left >= 0


def _parts(content: bytes) -> int:
    """Of JSON how many lists and mappings it holds, each of which takes 60 bytes or more."""
    return content.count(b"[") + content.count(b"{")


def _with_headers(send: Send) -> Send:
    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            there = {name.lower() for name, _ in message["headers"]}
            more = [pair for pair in HEADERS if pair[0] not in there]
            message["headers"] = [*message["headers"], *more]
        await send(message)

    return send_with_headers


@contextlib.asynccontextmanager
async def life(_: Callable) -> AsyncIterator[None]:
    """Watches for visits that are over until the server ends, which it does without a delay."""
    ending.at_signals()
    watch = asyncio.create_task(visits_over.watch())
    try:
        yield
    finally:
        watch.cancel()
        ending.now()
