from __future__ import annotations

import http.client

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessionctl.connections import Deadline, FailureKind
from sessionctl.connections.http import event_stream
from sessionctl.connections.http.event_stream import EventParser, ServerEvent
from sessionctl.connections.http.http_adapter import HttpAdapter
from tests.connections.adapter_calls import (
    noticed,
    open_failure,
    opened,
    reopened,
    request_for,
)
from tests.connections.servers.event_server import EventServer
from tests.connections.servers.server_process import HOST, wait_until
from tests.connections.servers.tcp_proxy import TcpProxy

ADAPTER = HttpAdapter()


def settings(port):
    return {"driver": "http", "url": f"http://{HOST}:{port}", "events": "/events"}


def test_an_event_that_does_not_end_is_refused():
    parser = EventParser()
    with pytest.raises(http.client.LineTooLong):
        for _ in range(300):
            list(parser.feed(b"data: " + b"x" * 100_000 + b"\n"))
    assert list(EventParser().feed(b"data: x\n\n"))


def parsed(*blocks):
    parser = EventParser()
    return [event for block in blocks for event in parser.feed(block)]


@pytest.mark.parametrize(
    ("text", "events"),
    [
        ("data: a\n\n", [ServerEvent("", "message", "a")]),
        ("data: a\ndata: b\n\n", [ServerEvent("", "message", "a\nb")]),
        ("data:a\r\rdata:  b\r\n\r\n", [
            ServerEvent("", "message", "a"), ServerEvent("", "message", " b"),
        ]),
        ("event: add\nid: 7\ndata\n\n", [ServerEvent("7", "add", "")]),
        ("id: 7\ndata: a\n\ndata: b\n\nid\ndata: c\n\n", [
            ServerEvent("7", "message", "a"), ServerEvent("7", "message", "b"),
            ServerEvent("", "message", "c"),
        ]),
        (": comment\nretry: 10\nother: x\n\n", []),
        ("id: a\0b\ndata: x\n\n", [ServerEvent("", "message", "x")]),
        ("\ufeffdata: \u00e9\n\n", [ServerEvent("", "message", "\u00e9")]),
        ("data: never ended", []),
    ],
)  # fmt: skip
def test_a_stream_is_read_as_the_standard_says(text, events):
    assert parsed(text.encode()) == events


@given(st.data(), st.text(alphabet="\r\n :adientv\u00e9"))
def test_how_a_stream_is_cut_changes_nothing(data, text):
    whole = text.encode() + b"\n\n"
    cuts = sorted(data.draw(st.lists(st.integers(0, len(whole)))))
    blocks = [whole[a:b] for a, b in zip([0, *cuts], [*cuts, len(whole)], strict=True)]
    assert parsed(*blocks) == parsed(whole)


def test_events_go_on_behind_the_last_that_was_taken(tmp_path):
    with EventServer() as server, TcpProxy(server.port) as proxy:
        request = request_for(settings(proxy.port), tmp_path)
        handle, _ = opened(ADAPTER, request)
        server.send("one", "two", "three")
        assert handle.event(Deadline(10)).data == "one"
        assert handle.event(Deadline(10)).data == "two"
        state = ADAPTER.capture(handle, Deadline(10))
        assert state["last_event_id"] == "2"
        proxy.reset()
        noticed(ADAPTER, handle)
        ADAPTER.close(handle)
        server.send("four")
        handle, report = reopened(ADAPTER, request, state)
        assert [handle.event(Deadline(10)).data for _ in range(2)] == ["three", "four"]
        assert report.restored == ("events of /events, behind 2",)
        assert not report.lost
        ADAPTER.close(handle)


def test_where_nobody_takes_events_the_last_that_came_counts(tmp_path):
    with EventServer() as server:
        handle, _ = opened(ADAPTER, request_for(settings(server.port), tmp_path))
        server.send("one", "two")
        wait_until(lambda: handle.stream.received == 2, "the events")
        assert ADAPTER.capture(handle, Deadline(10))["last_event_id"] == "2"
        ADAPTER.close(handle)


def test_events_without_ids_are_reported_as_lost(tmp_path):
    with EventServer(has_ids=False) as server, TcpProxy(server.port) as proxy:
        request = request_for(settings(proxy.port), tmp_path)
        handle, _ = opened(ADAPTER, request)
        server.send("one")
        assert handle.event(Deadline(10)).data == "one"
        state = ADAPTER.capture(handle, Deadline(10))
        ADAPTER.close(handle)
        handle, report = reopened(ADAPTER, request, state)
        ADAPTER.close(handle)
        assert len(report.lost) == 1
        assert not report.restored


def test_events_that_nobody_took_in_time_are_reported(tmp_path):
    with EventServer() as server:
        handle, _ = opened(ADAPTER, request_for(settings(server.port), tmp_path))
        server.send("first")
        assert handle.event(Deadline(10)).data == "first"
        server.send(*map(str, range(1005)))
        wait_until(lambda: handle.stream.received == 1006, "the events")
        assert "5 events" in ADAPTER.probe(handle, Deadline(10)).missed[0]
        assert not ADAPTER.probe(handle, Deadline(10)).missed
        ADAPTER.close(handle)


def test_large_events_that_nobody_takes_do_not_pile_up(tmp_path, monkeypatch):
    monkeypatch.setattr(event_stream, "_KEPT_LETTERS", 10_000)
    with EventServer() as server:
        handle, _ = opened(ADAPTER, request_for(settings(server.port), tmp_path))
        server.send(*("x" * 4000 for _ in range(5)))
        wait_until(lambda: handle.stream.received == 5, "the events")
        assert sum(len(event.data) for event in handle.stream._events) == 8000
        ADAPTER.close(handle)


def test_large_events_that_are_taken_make_room_for_others(tmp_path, monkeypatch):
    monkeypatch.setattr(event_stream, "_KEPT_LETTERS", 10_000)
    with EventServer() as server:
        handle, _ = opened(ADAPTER, request_for(settings(server.port), tmp_path))
        for letter in "abcd":
            server.send(letter * 4000)
            assert handle.event(Deadline(10)).data == letter * 4000
        server.send("x" * 4000, "y" * 4000)
        wait_until(lambda: handle.stream.received == 6, "the events")
        assert [event.data[0] for event in handle.stream._events] == ["x", "y"]
        ADAPTER.close(handle)


def test_a_path_that_sends_no_events_is_incompatible(tmp_path):
    with EventServer(kind="text/html") as server:
        failure = open_failure(ADAPTER, request_for(settings(server.port), tmp_path))
        assert (failure.kind, failure.key) == (FailureKind.INCOMPATIBLE, "events")
