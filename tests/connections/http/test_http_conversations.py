"""Whole conversations over HTTP: each byte that is sent, and all that is said of the answers."""

from __future__ import annotations

import pytest

from sessionctl._version import __version__
from sessionctl.connections import (
    ConnectionFailure,
    ConnectionRequest,
    Failure,
    FailureKind,
    Secret,
)
from sessionctl.connections.connection_adapter import PeerIdentity
from sessionctl.connections.http.http_adapter import HttpAdapter
from sessionctl.connections.http.http_channel import HttpAnswer
from sessionctl.connections.http.http_site import HttpOrigin, HttpSite, address_of
from sessionctl.connections.http.http_status import retry_after_s, status_failure
from tests.connections.adapter_calls import soon
from tests.connections.servers.played_peer import PlayedPeer
from tests.connections.servers.server_process import HOST, wait_until
from tests.together import together

AGENT = f"User-Agent: sessionctl/{__version__}\r\n".encode()
OK = b"HTTP/1.1 200 OK\r\nServer: s\x01 1\r\nContent-Length: 2\r\n\r\nok"
STREAM = b"HTTP/1.1 200 OK\r\nContent-Type: Text/Event-Stream; charset=utf-8\r\n\r\n"
URL = "http://127.0.0.1:PORT"


def asked(target, method="GET", more=b"", accept=b"*/*", body=b""):
    """Return a request as it is sent; ``more`` are headers."""
    length = b"Content-Length: %d\r\n" % len(body) if body else b""
    usual = b"Host: 127.0.0.1:PORT\r\nAccept-Encoding: identity\r\n"
    return b"%s %s HTTP/1.1\r\n%s%s%s%s%s\r\n%s" % (
        method.encode(), target.encode(), usual, length, AGENT,
        b"Accept: %s\r\n" % accept if accept else b"", more, body,
    )  # fmt: skip


def answer(status, *headers, body=b""):
    lines = [f"HTTP/1.1 {status}", *headers, f"Content-Length: {len(body)}", "", ""]
    return "\r\n".join(lines).encode() + body


def request(settings, secrets=None, port=0):
    values = {key: Secret(value) for key, value in (secrets or {}).items()}
    table = {k: v.replace("PORT", str(port)) if k == "url" else v for k, v in settings.items()}
    return ConnectionRequest("c", table, values, "/s", "/h", {}, "/x")


def opened(adapter, peer, settings, secrets=None):
    steps = []
    wanted = request({"url": URL, **settings}, secrets, peer.port)
    return adapter.open(wanted, soon(), lambda step: steps.append(step.value)), steps


BEARER = b"Authorization: Bearer t\r\n"


@together(
    "settings, secrets, script, last",
    [
        ({}, {}, [(asked("/"), OK)], "validate"),
        ({"probe": "/up"}, {}, [(asked("/up"), OK)], "validate"),
        ({"url": URL + "/v1", "probe": "up?x=1"}, {}, [(asked("/v1/up?x=1"), OK)], "validate"),
        ({}, {"token": "t"}, [(asked("/", more=BEARER), OK)], "authenticate validate"),
        ({}, {}, [(asked("/"), answer(404, "Server: s 1"))], "validate"),
        ({}, {}, [(asked("/"), answer(301, "Server: s 1"))], "validate"),
        ({}, {"token": "t"},
         [(asked("/", more=BEARER), answer(302, "Location: a")),
          (asked("/a", more=BEARER), answer(308, "Location: /b")),
          (asked("/b", more=BEARER), OK)],
         "authenticate authenticate authenticate validate"),
        # The body of a probe is read to its limit; the rest goes with its connection.
        ({}, {}, [(asked("/"), answer(200, "Server: s 1", body=b"x" * 70000))], "validate"),
    ],
    ids=lambda value: str(value)[:50],
)  # fmt: skip
def test_a_service_is_asked_for_its_path(settings, secrets, script, last):
    adapter = HttpAdapter()
    with PlayedPeer(script) as peer:
        handle, steps = opened(adapter, peer, settings, secrets)
        adapter.close(handle)
        adapter.close(handle)
    assert peer.heard == peer.expected
    assert steps == ["resolve", "connect", *last.split()]
    where = f"http://{HOST}:{peer.port}"
    assert adapter.identity(handle, soon()) == PeerIdentity("", f"s 1 at {where}", "s 1")
    assert adapter.capture(handle, soon()) == {}
    assert adapter.resume(handle, {"last_event_id": "7"}, soon()) == ((), (), ())


def test_what_changes_nothing_is_asked_again_and_all_else_once():
    adapter = HttpAdapter()
    put = asked("/v/x", "PUT", body=b"1")
    with PlayedPeer(
        [(asked("/v"), OK), (asked("/v/a"), OK), (asked("/b"), answer(500)), (asked("/v/c"), None)],
        [(asked("/v/c"), answer(204))],
        [(put, answer("201 Made", "X-A: b"))],
        [(put, None)],
        [(asked("/v/e", "HEAD"), OK[:-2]), (asked("/v"), OK)],
    ) as peer:
        handle, _ = opened(adapter, peer, {"url": URL + "/v"})
        found = handle.request("GET", "a", soon())
        assert found == (200, {"server": "s\x01 1", "content-length": "2"}, b"ok")
        assert handle.request("GET", "//b", soon()).status == 500
        assert handle.request("GET", "c", soon()).status == 204
        made = handle.request("PUT", "x", soon(), body=b"1")
        assert (made.status, made.headers["x-a"], made.body) == (201, "b", b"")
        with pytest.raises(ConnectionError):
            handle.request("PUT", "x", soon(), body=b"1")
        assert handle.request("HEAD", "e", soon()).body == b""
        health = adapter.probe(handle, soon())
        assert 0 < health.latency_s < 20
        assert (health.is_skipped, health.missed) == (False, ())
        with pytest.raises(ConnectionFailure) as caught:
            handle.event(soon())
        adapter.close(handle)
        with pytest.raises(ConnectionError):
            handle.request("GET", "a", soon())
    assert caught.value.failure == Failure(
        FailureKind.CONFIG, "no stream of events is set", key="events"
    )
    assert peer.heard == peer.expected


def failure(kind, message, *hints, key="", **more):
    return Failure(FailureKind(kind), message, hints, key=key, **more)


@together(
    "settings, secrets, script, expected",
    [
        ({}, {}, [(asked("/"), b"SSH-2.0-x\r\n")],
         failure("incompatible", f"{URL} does not speak HTTP", found="BadStatusLine",
                 wanted="HTTP/1.1", key="url")),
        ({}, {}, [(asked("/"), None)], failure("transient", f"{URL} closed the connection")),
        ({"probe": "/a"}, {}, [(asked("/a"), answer("404 Not Found"))],
         failure("config", f"{URL} answers 404 Not Found at /a",
                 f"name a path that is there with 'probe', or leave it out for {URL}",
                 key="probe")),
        ({}, {}, [(asked(f"/{'' if n == 0 else n}"), answer(307, f"Location: /{n + 1}"))
                  for n in range(5)],
         failure("config", f"{URL} redirects in a circle", key="url")),
        ({}, {"token": "t"}, [(asked("/", more=BEARER), answer(302, "Location: http://y.example"))],
         failure("config", f"{URL} leads to http://y.example, which gets no credentials",
                 "set 'url' to http://y.example if that is the service,"
                 " and store the secret for it", key="url")),
    ],
    ids=lambda value: str(value)[:50],
)  # fmt: skip
def test_why_a_service_cannot_be_used(settings, secrets, script, expected):
    with PlayedPeer(script) as peer, pytest.raises(ConnectionFailure) as caught:
        opened(HttpAdapter(), peer, settings, secrets)
    assert peer.heard == peer.expected
    found = caught.value.failure
    found = found._replace(
        message=found.message.replace(str(peer.port), "PORT"),
        hints=tuple(hint.replace(str(peer.port), "PORT") for hint in found.hints),
    )
    assert found == expected


def test_a_path_that_was_there_may_come_again():
    adapter = HttpAdapter()
    gone, denied = answer("404 Not Found"), answer("401 Unauthorized")
    with PlayedPeer(
        [(asked("/a"), OK), (asked("/a"), gone), (asked("/a"), denied)], [(asked("/a"), gone)]
    ) as peer:
        handle, _ = opened(adapter, peer, {"probe": "/a"})
        found = []
        for _ in range(2):
            with pytest.raises(ConnectionFailure) as caught:
                adapter.probe(handle, soon())
            found.append((caught.value.failure.kind.value, caught.value.failure.key))
        adapter.close(handle)
        with pytest.raises(ConnectionFailure) as caught:
            opened(adapter, peer, {"probe": "/a"})
        found.append((caught.value.failure.kind.value, caught.value.failure.key))
    assert found == [("transient", "probe"), ("auth", ""), ("transient", "probe")]


EVENTS = {"events": "/e", "headers": {"accept": "x/y"}}
FIRST = asked("/", accept=b"", more=b"accept: x/y\r\n")


def listened(last_id=b""):
    more = b"accept: x/y\r\nAccept: text/event-stream\r\nCache-Control: no-store\r\n"
    return asked(
        "/e", accept=b"", more=more + (b"Last-Event-ID: %s\r\n" % last_id if last_id else b"")
    )


def test_events_are_taken_and_go_on_behind_the_last():
    adapter = HttpAdapter()
    sent = b"id: 1\nevent: a\ndata: x\n\nid: 2\ndata: y\n\n"
    with PlayedPeer(
        [(FIRST, OK), (FIRST, OK)],
        [(listened(), STREAM + sent)],
        [(listened(b"1"), STREAM + b"data: z\n\n"), (b"", None)],
    ) as peer:
        handle, steps = opened(adapter, peer, EVENTS)
        assert steps == ["resolve", "connect", "validate"]
        wait_until(lambda: handle.stream.received == 2, "the events")
        assert adapter.capture(handle, soon()) == {"events_received": True, "last_event_id": "2"}
        assert handle.event(soon()) == ("1", "a", "x")
        assert adapter.probe(handle, soon()).missed == ()
        state = adapter.capture(handle, soon())
        assert state == {"events_received": True, "last_event_id": "1"}
        report = adapter.resume(handle, state, soon())
        assert report == (("events of /e, behind 1",), (), ())
        assert handle.event(soon()) == ("1", "message", "z")
        assert adapter.capture(handle, soon()) == state
        with pytest.raises(ConnectionFailure) as caught:
            handle.event(soon())
        where = f"http://{HOST}:{peer.port}"
        assert caught.value.failure == failure("transient", f"{where} ended the stream of events")
        without_ids = "events that were sent meanwhile: the service gives them no ids"
        assert adapter.resume(handle, {"events_received": True}, soon()) == ((), (without_ids,), ())
        assert adapter.resume(handle, {"events_received": False}, soon()) == ((), (), ())
        assert adapter.resume(handle, {"last_event_id": ""}, soon()) == ((), (), ())
        adapter.close(handle)
    assert peer.heard == peer.expected


@together(
    "reply, expected",
    [
        (answer("204 No Content"), failure("permanent", f"{URL} has no more events", key="events")),
        (answer("200 OK", "Content-Type: text/html; x=y"),
         failure("incompatible", f"{URL} sends no stream of events at this path",
                 found="200 text/html", wanted="text/event-stream", key="events")),
        (answer("404 Not Found"),
         failure("incompatible", f"{URL} sends no stream of events at this path",
                 found="404", wanted="text/event-stream", key="events")),
        (answer("403 Forbidden", "Content-Type: text/event-stream"),
         failure("auth", f"{URL} answers 403 Forbidden",
                 "it wants to know who asks: add 'token', or 'user' and 'password'")),
    ],
    ids=lambda value: str(value)[:50],
)  # fmt: skip
def test_a_path_without_events(reply, expected):
    with (
        PlayedPeer([(FIRST, OK)], [(listened(), reply)]) as peer,
        pytest.raises(ConnectionFailure) as caught,
    ):
        opened(HttpAdapter(), peer, EVENTS)
    found = caught.value.failure
    assert found._replace(message=found.message.replace(str(peer.port), "PORT")) == expected
    assert peer.heard == peer.expected


# -- statuses ----------------------------------------------------------------------------------


SITE = "https://x.example"
NOT_IN = f"{SITE} answers 401 Unauthorized"
ASKS_WHO = "it wants to know who asks: add 'token', or 'user' and 'password'"
NAME_A_PATH = f"name a path that is there with 'probe', or leave it out for {SITE}"


@together(
    "status, headers, words, expected",
    [
        (401, {}, "401 Unauthorized", ("auth", (ASKS_WHO,))),
        (403, {}, "403 Forbidden", ("auth", (ASKS_WHO,))),
        (407, {}, "407 Proxy Authentication Required", ("auth", (ASKS_WHO,))),
        (402, {}, "", None), (405, {}, "", None), (418, {}, "", None), (200, {}, "", None),
        (499, {}, "", None), (404, {}, "", None), (410, {}, "", None), (300, {}, "", None),
        (429, {}, "429 Too Many Requests", ("busy", ())),
        (429, {"retry-after": " 7 "}, "429 Too Many Requests", ("busy", (), 7.0)),
        (503, {"retry-after": "x"}, "503 Service Unavailable", ("busy", ())),
        (500, {"retry-after": "0"}, "500 Internal Server Error", ("busy", (), 0.0)),
        (418, {"retry-after": "7"}, "", None),
        (500, {}, "500 Internal Server Error", ("transient", ())),
        (599, {}, "599", ("transient", ())),
        (408, {}, "408 Request Timeout", ("transient", ())),
        (425, {}, "425 Too Early", ("transient", ())),
        (511, {}, "511 Network Authentication Required", ("transient", ())),
        (426, {"upgrade": "h2c"}, "426 Upgrade Required",
         ("incompatible", (), None, "HTTP/1.1", "h2c")),
        (501, {}, "501 Not Implemented", ("incompatible", (), None, "HTTP/1.1", "")),
        (505, {}, "505 HTTP Version Not Supported", ("incompatible", (), None, "HTTP/1.1", "")),
        (400, {}, "400 Bad Request", ("permanent", (), None, "", "", "url")),
        (421, {}, "421 Misdirected Request", ("permanent", (), None, "", "", "url")),
        (431, {}, "431 Request Header Fields Too Large", ("permanent", (), None, "", "", "url")),
    ],
    ids=str,
)  # fmt: skip
def test_what_each_status_means(status, headers, words, expected):
    site = HttpSite(request({"url": SITE}))
    found = status_failure(HttpAnswer(status, headers, b""), site)
    if expected is None:
        assert found is None
    else:
        kind, *rest = expected
        assert found == Failure(FailureKind(kind), f"{SITE} answers {words}", *rest)


@together(
    "settings, secrets, status, expected",
    [
        ({"probe": "/a?b"}, {}, 404, Failure(FailureKind.CONFIG,
         f"{SITE} answers 404 Not Found at /a?b", (NAME_A_PATH,), key="probe")),
        ({"probe": "/a"}, {}, 410,
         Failure(FailureKind.CONFIG, f"{SITE} answers 410 Gone at /a", (NAME_A_PATH,),
                 key="probe")),
        ({}, {"password": "x"}, 401,
         Failure(FailureKind.AUTH, NOT_IN, key="password")),
        ({}, {"headers.X-Key": "x", "token": "y"}, 401,
         Failure(FailureKind.AUTH, NOT_IN, key="token")),
        ({}, {"headers.X-Key": "x"}, 401,
         Failure(FailureKind.AUTH, NOT_IN, key="headers.X-Key")),
        ({"headers": {"A": "b", "COOKIE": "c"}}, {}, 401,
         Failure(FailureKind.AUTH, NOT_IN, key="headers.COOKIE")),
        ({"headers": {"authorization": "b"}}, {}, 401,
         Failure(FailureKind.AUTH, NOT_IN, key="headers.authorization")),
        ({"headers": {"A": "b"}}, {}, 401,
         Failure(FailureKind.AUTH, NOT_IN, (ASKS_WHO,))),
    ],
    ids=str,
)  # fmt: skip
def test_a_refusal_names_the_key_at_fault(settings, secrets, status, expected):
    site = HttpSite(request({"url": SITE, **settings}, secrets))
    assert status_failure(HttpAnswer(status, {}, b""), site) == expected


SUNDAY = "Sun, 06 Nov 1994 08:49:37 GMT"


@together(
    "headers, seconds",
    [
        ({}, None), ({"retry-after": ""}, None), ({"retry-after": "1.5"}, None),
        ({"retry-after": "\u0667"}, None), ({"retry-after": "120"}, 120.0),
        ({"retry-after": SUNDAY, "date": "Sun, 06 Nov 1994 08:49:07 GMT"}, 30.0),
        ({"retry-after": SUNDAY, "date": "Sun, 06 Nov 1994 09:49:07 +0100"}, 30.0),
        # Without a zone it is that of Greenwich.
        ({"retry-after": "Sun, 06 Nov 1994 08:49:37 -0000", "date": SUNDAY}, 0.0),
        ({"retry-after": SUNDAY, "date": "Sun, 06 Nov 1994 08:49:38 GMT"}, 0.0),
        ({"retry-after": SUNDAY}, 0.0), ({"retry-after": SUNDAY, "date": "x"}, 0.0),
    ],
    ids=str,
)  # fmt: skip
def test_how_long_a_server_asks_to_wait(headers, seconds):
    assert retry_after_s(HttpAnswer(503, headers, b"")) == seconds


# -- addresses and the command -----------------------------------------------------------------


@together(
    "url, path, target",
    [
        ("http://x", "a", "/a"), ("http://x/", "/a", "/a"), ("http://x/b", "a", "/b/a"),
        ("http://x/b/", "a", "/b/a"), ("http://x/b", "/a", "/a"), ("http://x/b", "//y/a", "/y/a"),
        ("http://x/b", "?q", "/b/?q"), ("http://x/b", "../a", "/a"), ("http://x/b", "", "/b/"),
    ],
)  # fmt: skip
def test_a_path_counts_from_the_base_or_the_root(url, path, target):
    site = HttpSite(request({"url": url, "probe": path, "events": path}))
    assert site.address(path) == (HttpOrigin("http", "x", 80), target)
    assert (site.probe.target, site.events.target, site.has_probe) == (target, target, True)
    plain = HttpSite(request({"url": url}))
    assert (plain.probe, plain.events, plain.has_probe) == (plain.base, None, False)
    assert repr(plain) == f"HttpSite({url})"


def test_an_origin_is_written_without_what_is_usual():
    for url in ("http://x", "https://x", "http://x:443", "https://[::1]:8443", "http://[::1]"):
        assert address_of(url).origin.text == url
    assert address_of("https://x:443/").origin.text == "https://x"
    assert address_of("http://X:80").origin.text == "http://x"


@together(
    "settings, secrets, argv, variables",
    [
        ({}, {}, (), {}),
        ({"verify": False, "ca_file": "a.pem"}, {}, ("--insecure", "--cacert", "/s/a.pem"), {}),
        ({"ca_file": "~/a.pem"}, {}, ("--cacert", "/h/a.pem"), {}),
        ({"user": "ada"}, {"token": "t", "password": "p"},
         ("--variable", "%SESSIONCTL_TOKEN", "--expand-header",
          "Authorization: Bearer {{SESSIONCTL_TOKEN}}"), {"SESSIONCTL_TOKEN": "token"}),
        ({"user": "ada"}, {"password": "p"},
         ("--variable", "%SESSIONCTL_PASSWORD", "--expand-user", "ada:{{SESSIONCTL_PASSWORD}}"),
         {"SESSIONCTL_PASSWORD": "password"}),
    ],
    ids=str,
)  # fmt: skip
def test_the_curl_that_asks_the_same(settings, secrets, argv, variables):
    wanted = request({"url": "https://x/v1", "probe": "/up", **settings}, secrets)
    found = HttpAdapter().command(wanted)
    assert found == (("curl", "--include", *argv, "https://x/up"), {}, variables)
