"""What stands before Streamlit refuses by size alone, before anything is read, and adds headers."""

import asyncio
import itertools
from concurrent.futures import ThreadPoolExecutor

import pytest
from streamlit import net_util

from dashboard.server import front, memory, upload_store
from dashboard.server.embedding import headers
from engine.runtime.limits import (
    MAX_MESSAGE_BYTES,
    MAX_MESSAGE_PARTS,
    MAX_MESSAGES_AT_ONCE,
    MAX_MESSAGES_PER_S,
    MAX_WAITING_BYTES,
)

PUT = {
    "type": "http",
    "method": "PUT",
    "path": "/_stcore/upload_file/a-session/a-file",
    "headers": [],
}


def asked(scope: dict, *messages: dict) -> tuple[list[dict], list[dict]]:
    """What Streamlit gets to read, and what the browser gets."""
    left, read, sent = list(messages), [], []

    async def receive() -> dict:
        return left.pop(0)

    async def send(message: dict) -> None:
        sent.append(message)

    async def streamlit(scope: dict, receive, send) -> None:
        for _ in messages:
            read.append(await receive())
            if read[-1]["type"] == "websocket.disconnect":
                return
        if scope["type"] == "http":
            await send({"type": "http.response.start", "status": 204, "headers": []})

    with ThreadPoolExecutor(1) as pool:  # a test of a browser may leave a loop in this thread
        pool.submit(asyncio.run, front.Front(streamlit)(scope, receive, send)).result()
    return read, sent


def message(content: bytes) -> dict:
    return {"type": "websocket.receive", "bytes": content}


def test_an_honest_message_is_passed_on():
    drawn = message(b"[[0.1,0.2]," * 20_000)
    assert asked({"type": "websocket"}, drawn) == ([drawn], [])


@pytest.mark.parametrize(
    "content", [b"x" * (MAX_MESSAGE_BYTES + 1), b"{}," * (MAX_MESSAGE_PARTS + 1)]
)
def test_a_message_of_too_many_bytes_or_parts_ends_the_connection_unread(content):
    read, sent = asked({"type": "websocket"}, message(content))
    assert [one["type"] for one in read] == ["websocket.disconnect"]
    assert sent == [{"type": "websocket.close", "code": 1009}]


def test_a_flood_of_messages_ends_its_connection_and_a_busy_page_does_not():
    small = [message(b"{}")] * (MAX_MESSAGES_AT_ONCE + 200)
    read, sent = asked({"type": "websocket"}, *small)
    assert MAX_MESSAGES_AT_ONCE <= len(read) - 1 < MAX_MESSAGES_AT_ONCE + 200
    assert read[-1]["type"] == "websocket.disconnect"
    assert sent == [{"type": "websocket.close", "code": 1008}]
    ticks = itertools.count(step=1 / MAX_MESSAGES_PER_S)
    steady = front.Allowance(lambda: next(ticks))
    assert all(steady.take() for _ in range(10 * MAX_MESSAGES_AT_ONCE))


def put(length: int) -> int:
    scope = {**PUT, "headers": [(b"content-length", str(length).encode())]}
    _, sent = asked(scope, {"type": "http.request", "body": b"", "more_body": False})
    return sent[0]["status"]


def test_a_file_is_counted_on_its_way_and_refused_where_there_is_no_room(monkeypatch):
    assert put(1_000) == 204
    assert upload_store.nbytes() == 0
    with upload_store.arriving("a-session", "another", MAX_WAITING_BYTES):
        assert memory.BUDGET.held >= MAX_WAITING_BYTES
        assert put(1_000) == 413
    assert put(1_000) == 204
    monkeypatch.setattr(memory.BUDGET, "most", 500)
    assert put(1_000) == 413


def test_too_many_files_of_one_visit_are_refused(monkeypatch):
    monkeypatch.setattr(upload_store, "count", lambda session: 100)
    assert put(1_000) == 413


def test_every_answer_says_who_may_embed_it():
    _, (start,) = asked({"type": "http", "method": "GET", "path": "/", "headers": []}, {"type": ""})
    found = dict(start["headers"])
    assert found[b"x-content-type-options"] == b"nosniff"
    assert found[b"content-security-policy"] == b"frame-ancestors 'self'"
    assert found[b"x-frame-options"] == b"SAMEORIGIN"


def test_whoever_hosts_it_may_name_who_embeds_it():
    found = dict(headers("https://school.example  https://*.example.org"))
    policy = b"frame-ancestors 'self' https://school.example https://*.example.org"
    assert found[b"content-security-policy"] == policy
    assert b"x-frame-options" not in found  # it would forbid what the policy allows


def test_nobody_is_asked_for_this_machines_address(monkeypatch):
    monkeypatch.setattr(net_util, "_make_blocking_http_get", lambda *_, **__: pytest.fail("asked"))
    assert net_util.get_external_ip() is None
