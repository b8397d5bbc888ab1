"""Settings that cannot work: each is refused before anything is contacted, with its key."""

from __future__ import annotations

import http.client

import pytest

from sessionctl.connections import ConnectionFailure
from sessionctl.connections.connection_adapter import ConnectionRequest
from sessionctl.connections.http.http_site import HttpAddress, HttpOrigin, HttpSite, address_of
from sessionctl.connections.http.http_status import http_failure, redirect_failure
from sessionctl.connections.line.line_manners import manners_of, reply_values
from sessionctl.connections.sqlite.database_header import header_failure
from sessionctl.connections.ssh.ssh_arguments import shell_arguments
from sessionctl.core.secrets.secret import Secret
from tests.together import together

NO_HEADER = "the name of a header has a character that is not allowed"
URL = "https://x.example"


def request(settings, secrets=(), folder="/nowhere"):
    hidden = {key: Secret(value) for key, value in dict(secrets).items()}
    return ConnectionRequest("c", settings, hidden, folder, folder, {}, folder)


def failure_of(call, *arguments):
    """Return the message, the key and the hints of what ``call`` refuses."""
    with pytest.raises(ConnectionFailure) as caught:
        call(*arguments)
    found = caught.value.failure
    assert found.kind.value == "config"
    return found.message, found.key, found.hints


@together(
    "url, message",
    [
        ("http://[::1", "the address is not valid"),
        ("http://x:port", "the address is not valid"),
        ("ftp://x", "the address does not begin with http:// or https:// and a host"),
        ("http:///x", "the address does not begin with http:// or https:// and a host"),
        ("x.example", "the address does not begin with http:// or https:// and a host"),
        ("http://a b/", "the host has a character that no host name has"),
        ("http://a\x7fb/", "the host has a character that no host name has"),
        ("http://ada@x/", "the address has a user or a password in it"),
        ("http://ada:pw@x/", "the address has a user or a password in it"),
        ("http://x/a b", "the address has a character that must be written as %XX"),
        ("http://x/?\u00e9", "the address has a character that must be written as %XX"),
    ],
)
def test_an_address_that_leads_nowhere(url, message):
    assert failure_of(address_of, url) == (message, "url", ())


@together(
    "url, scheme, port, target",
    [
        ("http://x", "http", 80, "/"),
        ("https://x/a?b=c", "https", 443, "/a?b=c"),
        ("https://x:8443?q", "https", 8443, "/?q"),
    ],
)
def test_an_address_has_the_usual_port_and_path(url, scheme, port, target):
    assert address_of(url) == HttpAddress(HttpOrigin(scheme, "x", port), target)


@together(
    "settings, secrets, message, key",
    [
        ({"headers": {"a b": "x"}}, {}, NO_HEADER, "headers.a b"),
        ({"headers": {"": "x"}}, {}, NO_HEADER, "headers."),
        ({"headers": {"X": "a\nb"}}, {},
         "headers.X: a header cannot hold a line end or a control character", "headers.X"),
        ({"headers": {"X": "a\x7f"}}, {},
         "headers.X: a header cannot hold a line end or a control character", "headers.X"),
        ({}, {"headers.Y": "a\r"},
         "headers.Y: a header cannot hold a line end or a control character", "headers.Y"),
        ({}, {"token": "a\n"},
         "token: a header cannot hold a line end or a control character", "token"),
    ],
)  # fmt: skip
def test_a_header_that_cannot_be_sent(settings, secrets, message, key):
    found = failure_of(HttpSite, request({"url": URL, **settings}, secrets))
    assert found == (message, key, ())


def test_a_foreign_host_sees_no_credentials():
    settings = {"url": URL, "user": "ada", "headers": {"x-a": "b\t", "accept": "text/html"}}
    site = HttpSite(request(settings, {"password": "pw"}))
    own = site.headers(site.base.origin)
    assert {name: own[name] for name in ("x-a", "accept", "Authorization")} == {
        "x-a": b"b\t", "accept": b"text/html", "Authorization": b"Basic YWRhOnB3",
    }  # fmt: skip
    assert "Accept" not in own
    assert {*site.headers(HttpOrigin("https", "y", 443))} == {"User-Agent", "accept"}
    token = HttpSite(request({"url": URL}, {"token": "t", "password": "p"}))
    assert token.headers(token.base.origin)["Authorization"] == b"Bearer t"
    failure = redirect_failure(site, "https://y")
    assert failure.message == f"{URL} leads to https://y, which gets no credentials"
    assert failure.hints == (
        "set 'url' to https://y if that is the service, and store the secret for it",
    )


@together(
    "error, kind, message",
    [
        (http.client.RemoteDisconnected(), "transient", "db closed the connection"),
        (http.client.IncompleteRead(b""), "transient", "db closed the connection"),
        (http.client.NotConnected(), "transient", "db: the connection is closed"),
        (http.client.ResponseNotReady(), "transient", "db: the connection is closed"),
        (http.client.BadStatusLine("x"), "incompatible", "db does not speak HTTP"),
        (EOFError(), "transient", "db closed the connection"),
    ],
)
def test_what_breaks_while_http_is_spoken(error, kind, message):
    found = http_failure(error, "db")
    assert (found.kind.value, found.message) == (kind, message)


@together(
    "settings, secrets, message, key",
    [
        ({"framing": "prompt"}, {}, "framing is the prompt, and there is no 'prompt'", "framing"),
        ({"encoding": "klingon"}, {}, "there is no encoding klingon", "encoding"),
        ({}, {"password": "x"}, "password is never sent: there is no 'login'", "login"),
        ({"probe": "a\nb"}, {}, "a line end cannot be sent as part of a line", "setup"),
        ({"identify": "a\r"}, {}, "a line end cannot be sent as part of a line", "setup"),
        ({"quit": "\n"}, {}, "a line end cannot be sent as part of a line", "setup"),
        ({"setup": ["a", "b\n"]}, {}, "a line end cannot be sent as part of a line", "setup"),
    ],
)
def test_a_service_of_lines_that_cannot_be_spoken_to(settings, secrets, message, key):
    asked = request({"host": "h", "port": 1, **settings}, secrets)
    assert failure_of(manners_of, asked)[:2] == (message, key)


@together(
    "settings, secrets, message",
    [
        ({}, {}, "the login sends user, which the connection does not have"),
        ({"user": "a\nb"}, {}, "user: a line end cannot be sent as part of a line"),
        ({}, {"user": "a\r"}, "user: a line end cannot be sent as part of a line"),
    ],
)
def test_a_login_of_lines_that_cannot_be_sent(settings, secrets, message):
    login = [{"expect": "name:", "send": "user"}]
    asked = request({"host": "h", "port": 1, "login": login, **settings}, secrets)
    assert failure_of(reply_values, manners_of(asked), asked) == (message, "user", ())


OPTION = ("write it into ~/.ssh/config, below: Host h",)


@together(
    "settings, message, key, hints",
    [
        ({"host": "-oX"}, "the host begins with a dash", "host", ()),
        ({"port": "-1"}, "port begins with a dash", "port", ()),
        ({"user": "-l"}, "user begins with a dash", "user", ()),
        ({"jump": "-J"}, "jump begins with a dash", "jump", ()),
        ({"identity_file": "none"}, "none: no such file", "identity_file", ()),
        ({"options": {"ProxyCommand": "x"}},
         "the option ProxyCommand is not taken from a session file", "options.ProxyCommand",
         OPTION),
        ({"options": {"a b": "x"}}, "the option a b is not taken from a session file",
         "options.a b", OPTION),
        ({"options": {"Compression": "${X}"}},
         "the option Compression is not taken from a session file", "options.Compression", OPTION),
        ({"options": {"UserKnownHostsFile": "~/.bashrc"}},
         "~/.bashrc: only a file named known_hosts is taken: ssh may write to it",
         "options.UserKnownHostsFile", OPTION),
        ({"options": {"UserKnownHostsFile": "'"}},
         "': only a file named known_hosts is taken: ssh may write to it",
         "options.UserKnownHostsFile", OPTION),
        ({"options": {"UserKnownHostsFile": "%h/known_hosts"}},
         "%h/known_hosts: only a file named known_hosts is taken: ssh may write to it",
         "options.UserKnownHostsFile", OPTION),
    ],
    ids=str,
)  # fmt: skip
def test_what_could_make_ssh_run_or_write_something_else(settings, message, key, hints):
    found = failure_of(shell_arguments, request({"host": "h", **settings}))
    assert found == (message, key, hints)


def header(read=1, write=1):
    return (b"SQLite format 3\0".ljust(18, b"\0") + bytes([write, read])).ljust(100, b"\0")


@together(
    "data, how, message, hints, found",
    [
        (b"** This file contains an SQLite 2.1 database **", {}, "it is a database of SQLite 2",
         ("convert it: sqlite OLD .dump | sqlite3 NEW",), "SQLite 2"),
        (b"x" * 100, {}, "it is not an SQLite database, or it is encrypted",
         ("name another file with the key 'file'",), "another kind of file"),
        (header(write=9), {}, "the file is in format 9 of SQLite, which this one cannot write",
         ("it can still be read: readonly = true",), "format 9"),
        (header(8, 9), {}, "the file is in format 9 of SQLite, which this one cannot read",
         ("install a newer SQLite",), "format 9"),
        (header(8, 9), {"readonly": True},
         "the file is in format 8 of SQLite, which this one cannot read",
         ("install a newer SQLite",), "format 8"),
    ],
    ids=lambda value: str(value)[:40],
)  # fmt: skip
def test_a_file_that_is_no_database_of_this_sqlite(data, how, message, hints, found):
    failure = header_failure(data, **{"readonly": False, "accepts_any": False, **how})
    assert failure is not None
    assert (failure.message, failure.hints, failure.found) == (message, hints, found)
    assert (failure.kind.value, failure.key) == ("incompatible", "file")


def test_a_file_that_this_sqlite_can_open():
    for data, readonly, accepts_any in (
        (b"", False, False), (header(), False, False), (header(2, 2), False, False),
        (header(write=9), True, False), (header(9, 9), False, True),
    ):  # fmt: skip
        assert header_failure(data, readonly=readonly, accepts_any=accepts_any) is None
