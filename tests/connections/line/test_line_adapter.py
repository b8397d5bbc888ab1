from __future__ import annotations

import json
import threading

import pytest

from sessionctl.connections import Deadline, FailureKind, OpenStep
from sessionctl.connections.line.line_adapter import LineAdapter
from tests.connections.adapter_calls import (
    connection,
    failure_of,
    noticed,
    open_failure,
    opened,
    reopened,
    request_for,
)
from tests.connections.manual_cuts import (
    cut_black_hole,
    cut_half_closed,
    cut_half_open,
    cut_hung_up,
    cut_reset,
    cut_server_killed,
    end_of_cut,
)
from tests.connections.servers.line_server import LineServer
from tests.connections.servers.nginx_server import NginxServer
from tests.connections.servers.server_process import HOST, free_port, starter
from tests.connections.servers.tcp_proxy import TcpProxy
from tests.world import REPEATS, repeated

ADAPTER = LineAdapter()
CANARY = "canary-line-4Zp0"
LOGIN = [
    {"expect": "login: ", "send": "user"},
    {"expect": "Password: ", "send": "password"},
]


@pytest.fixture
def start():
    with starter(LineServer) as start:
        yield start


def test_a_service_is_opened_in_steps_and_probed(start, tmp_path):
    server = start()
    settings = server.settings(
        greeting="Test image", probe="ping", probe_answer="pong", identify="pid", quit="quit"
    )
    handle, steps = opened(ADAPTER, request_for(settings, tmp_path))
    assert steps == [OpenStep.RESOLVE, OpenStep.CONNECT, OpenStep.VALIDATE]
    assert ADAPTER.probe(handle, Deadline(10)).latency_s > 0
    identity = ADAPTER.identity(handle, Deadline(10))
    assert identity.text == f"Test image at {HOST}:{server.port}"
    assert identity.run == str(server.pid)
    assert handle.ask("set a 1", Deadline(10)) == "ok"
    assert handle.ask("get a", Deadline(10)) == "1"
    ADAPTER.close(handle)
    ADAPTER.close(handle)
    with connection(ADAPTER, request_for(settings, tmp_path)) as handle:
        assert "quit" in json.loads(handle.ask("log", Deadline(10)))


@pytest.mark.parametrize("newline", ["lf", "crlf"])
@pytest.mark.parametrize("framing", ["prompt", "line", "blank", "dot"])
def test_each_framing_ends_an_answer(start, tmp_path, framing, newline):
    prompt = "> " if framing == "prompt" else ""
    ends = {"lf": "\n", "crlf": "\r\n"}[newline]
    greeting = "" if framing != "prompt" else "hello" + ends
    server = start(framing=framing, prompt=prompt, greeting=greeting, newline=ends)
    settings = server.settings(framing=framing, probe="ping", newline=newline)
    with connection(ADAPTER, request_for(settings, tmp_path)) as handle:
        if framing != "line":
            lines = "one\n.two\nthree" if framing == "dot" else "one\ntwo\nthree"
            assert handle.ask("many", Deadline(10)) == lines
        assert handle.ask("ping", Deadline(10)) == "pong"
        assert handle.ask("get x", Deadline(10)) == "none"


def test_characters_of_another_encoding_arrive(start, tmp_path):
    server = start(encoding="latin-1")
    with connection(ADAPTER, request_for(server.settings(encoding="latin-1"), tmp_path)) as handle:
        handle.ask("set x \u00e9\u00fc", Deadline(10))
        assert handle.ask("get x", Deadline(10)) == "\u00e9\u00fc"


def test_setup_is_sent_again_and_the_old_session_is_reported_as_lost(start, tmp_path):
    server = start()
    request = request_for(server.settings(identify="pid", setup=["set lang de"]), tmp_path)
    with connection(ADAPTER, request) as handle:
        handle.ask("set mine 1", Deadline(10))
        state = ADAPTER.capture(handle, Deadline(10))
        assert state == {"run": str(server.pid), "lines": 1}
        server.kill()
        noticed(ADAPTER, handle)
    server.start()
    handle, report = reopened(ADAPTER, request, state)
    assert handle.ask("get lang", Deadline(10)) == "de"
    assert handle.ask("get mine", Deadline(10)) == "none"
    ADAPTER.close(handle)
    assert report.restored == ("1 line of setup",)
    assert len(report.lost) == 2
    assert "restarted" in report.lost[0]
    assert "1 line" in report.lost[1]


def test_a_line_of_unknown_outcome_is_sent_once(start, tmp_path):
    server = start()
    with TcpProxy(server.port) as proxy:
        request = request_for(server.settings(proxy.port), tmp_path)
        with connection(ADAPTER, request) as handle:
            proxy.black_hole("down")
            failure_of(ADAPTER, lambda: handle.ask("set paid 1", Deadline(0.5)))
            failure_of(ADAPTER, lambda: ADAPTER.probe(handle, Deadline(5)))
            state = ADAPTER.capture(handle, Deadline(5))
        proxy.go_on()
        handle, _ = reopened(ADAPTER, request, state)
        assert json.loads(handle.ask("log", Deadline(10))).count("set paid 1") == 1
        ADAPTER.close(handle)


def test_a_line_that_is_more_than_one_is_refused(start, tmp_path):
    request = request_for(start().settings(), tmp_path)
    with (
        connection(ADAPTER, request) as handle,
        pytest.raises(ValueError, match="more than one line"),
    ):
        handle.ask("a\nb", Deadline(10))


# -- the login ---------------------------------------------------------------------------------


def login_request(server, tmp_path, password=CANARY, **more):
    settings = server.settings(user="ada", login=LOGIN, **more)
    return request_for(settings, tmp_path, secrets={"password": password})


def test_a_login_dialogue_lets_in(start, tmp_path):
    server = start(user="ada", password=CANARY)
    handle, steps = opened(ADAPTER, login_request(server, tmp_path))
    assert steps[2:] == [OpenStep.AUTHENTICATE, OpenStep.VALIDATE]
    assert handle.ask("ping", Deadline(10)) == "pong"
    assert CANARY not in repr(handle.__dict__) + repr(handle.channel.__dict__)
    ADAPTER.close(handle)


@pytest.mark.parametrize(
    ("options", "more"),
    [
        ({"refusal": "Login incorrect\n"}, {"login_refused": "Login incorrect"}),
        ({"attempts": 3}, {}),
        ({}, {}),
        (
            {"prompt": "", "framing": "line", "refusal": "ERR no\n"},
            {"login_refused": "ERR", "probe": "ping"},
        ),
    ],
    ids=["said", "asked again", "closed", "said without a prompt"],
)
def test_a_wrong_password_is_a_failure_of_authentication(start, tmp_path, options, more):
    server = start(user="ada", password="other", **options)
    failure = open_failure(ADAPTER, login_request(server, tmp_path, **more))
    assert (failure.kind, failure.key) == (FailureKind.AUTH, "password")
    assert CANARY not in repr(failure)


def test_a_service_that_greets_in_another_way_gets_no_password(start, tmp_path):
    server = start(greeting="Other service\n", user="ada", password=CANARY)
    failure = open_failure(ADAPTER, login_request(server, tmp_path, greeting="Test image"))
    assert failure.kind is FailureKind.INCOMPATIBLE
    assert (failure.found, failure.wanted) == ("Other service", "Test image")
    with connection(
        ADAPTER,
        login_request(server, tmp_path, greeting="Test image")._replace(accepts_any_version=True),
    ) as handle:
        assert handle.ask("ping", Deadline(10)) == "pong"


@pytest.mark.parametrize(
    ("settings", "secrets", "key"),
    [
        ({"user": "ada"}, {"password": CANARY}, "login"),
        ({"login": LOGIN}, {"password": CANARY}, "user"),
        ({"login": LOGIN, "user": "ada"}, {}, "password"),
        ({"login": LOGIN, "user": "ada"}, {"password": CANARY + "\nroot"}, "password"),
        ({"encoding": "no-such"}, {}, "encoding"),
        ({"framing": "prompt"}, {}, "framing"),
        ({"probe": "a\nb"}, {}, "setup"),
        ({"tls": True, "ca_file": "none.pem"}, {}, "ca_file"),
        ({"host": "no-such-host.invalid"}, {}, "host"),
    ],
)
def test_settings_that_cannot_work_are_named(tmp_path, settings, secrets, key):
    table = {"driver": "line", "host": HOST, "port": free_port()} | settings
    failure = open_failure(ADAPTER, request_for(table, tmp_path, secrets=secrets))
    assert failure.key == key
    assert failure.kind in {FailureKind.CONFIG, FailureKind.TRANSIENT}
    assert CANARY not in repr(failure)


def test_another_answer_to_the_probe_is_incompatible(start, tmp_path):
    settings = start().settings(probe="ping", probe_answer="PONG")
    failure = open_failure(ADAPTER, request_for(settings, tmp_path))
    assert (failure.kind, failure.found) == (FailureKind.INCOMPATIBLE, "pong")


# -- TLS ---------------------------------------------------------------------------------------


def test_tls_is_checked(start, tmp_path):
    certificates = NginxServer()
    try:
        cert, key = (str(certificates.directory / f"{name}.pem") for name in ("cert", "key"))
        server = start(cert=cert, key=key)
        settings = server.settings(tls=True, host="localhost", ca_file=cert)
        with connection(ADAPTER, request_for(settings, tmp_path)) as handle:
            assert handle.ask("ping", Deadline(10)) == "pong"
            assert ADAPTER.probe(handle, Deadline(10))
        failure = open_failure(ADAPTER, request_for(server.settings(tls=True), tmp_path))
        assert (failure.kind, failure.key) == (FailureKind.CONFIG, "tls")
    finally:
        certificates.remove()


def test_a_service_without_tls_is_named(start, tmp_path):
    failure = open_failure(ADAPTER, request_for(start().settings(tls=True), tmp_path))
    assert (failure.kind, failure.key) == (FailureKind.CONFIG, "tls")


# -- cuts --------------------------------------------------------------------------------------


CUTS = [
    cut_server_killed, cut_reset, cut_hung_up, cut_half_open, cut_black_hole, cut_half_closed,
]  # fmt: skip


def cut_and_come_back(server, tmp_path, cut):
    with TcpProxy(server.port) as proxy:
        request = request_for(server.settings(proxy.port), tmp_path)
        with connection(ADAPTER, request) as handle:
            state = ADAPTER.capture(handle, Deadline(10))
            cut(server, proxy)
            noticed(ADAPTER, handle)
        end_of_cut(server, proxy, cut)
        handle, report = reopened(ADAPTER, request, state)
        assert handle.ask("ping", Deadline(10)) == "pong"
        assert not report.lost
        ADAPTER.close(handle)


@pytest.mark.parametrize("cut", CUTS)
def test_a_cut_is_noticed_and_the_connection_comes_back(start, tmp_path, cut):
    cut_and_come_back(start(), tmp_path, cut)


@repeated
@pytest.mark.sweep
@pytest.mark.parametrize("cut", CUTS)
def test_repeated_cuts_are_noticed_and_the_connection_comes_back(start, tmp_path, cut):
    server = start()
    for _ in range(REPEATS):
        cut_and_come_back(server, tmp_path, cut)


def test_without_a_probe_an_end_is_noticed(start, tmp_path):
    server = start(prompt="", framing="line", greeting="")
    with connection(ADAPTER, request_for(server.settings(), tmp_path)) as handle:
        assert ADAPTER.probe(handle, Deadline(10))
        server.kill()
        noticed(ADAPTER, handle)


def test_a_slow_service_is_waited_for_until_the_deadline(start, tmp_path):
    server = start(delay_s=0.5)
    with connection(ADAPTER, request_for(server.settings(), tmp_path)) as handle:
        assert handle.ask("slow 0.3", Deadline(10)) == "done"
    server = start(delay_s=100)
    failure = open_failure(ADAPTER, request_for(server.settings(), tmp_path), 1)
    assert failure.kind is FailureKind.TRANSIENT


def test_closing_lets_a_probe_that_hangs_return(start, tmp_path):
    server = start()
    with connection(ADAPTER, request_for(server.settings(), tmp_path)) as handle:
        server.pause()
        timer = threading.Timer(0.3, ADAPTER.close, [handle])
        timer.start()
        failure = failure_of(ADAPTER, lambda: ADAPTER.probe(handle, Deadline(60)))
        timer.join()
        assert failure.kind is FailureKind.TRANSIENT
        server.go_on()


def test_a_port_where_nobody_listens_may_come_back(tmp_path):
    table = {"driver": "line", "host": HOST, "port": free_port()}
    failure = open_failure(ADAPTER, request_for(table, tmp_path))
    assert failure.kind is FailureKind.TRANSIENT
    assert "refuses the connection" in failure.message


def test_the_printed_command_connects_a_terminal(tmp_path):
    table = {"driver": "line", "host": "repl.example.org", "port": 7888}
    assert ADAPTER.command(request_for(table, tmp_path)).argv == ("nc", "repl.example.org", "7888")
    argv = ADAPTER.command(request_for(table | {"tls": True}, tmp_path)).argv
    assert argv == ("openssl", "s_client", "-quiet", "-connect", "repl.example.org:7888")
