from __future__ import annotations

import json
import threading
from datetime import datetime

import pytest

from sessionctl.connections import Deadline, FailureKind, OpenStep
from sessionctl.connections.zmq_json.backend_messages import COMMANDS, BackendRefusal, request_text
from sessionctl.connections.zmq_json.zmq_json_adapter import ZmqJsonAdapter
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
    cut_half_open,
    cut_hung_up,
    cut_reset,
    cut_server_killed,
    end_of_cut,
)
from tests.connections.servers.event_server import EventServer
from tests.connections.servers.server_process import HOST, free_port, need_module, starter
from tests.connections.servers.tcp_proxy import TcpProxy
from tests.connections.servers.zmq_server import ZmqServer
from tests.world import REPEATS, repeated

ADAPTER = ZmqJsonAdapter()
CANARY = "canary-zmq-77Qw9bRt"


@pytest.fixture
def start():
    with starter(ZmqServer) as start:
        yield start


def test_a_backend_is_opened_in_steps_and_probed(start, tmp_path):
    server = start(token=CANARY)
    request = request_for(server.settings(), tmp_path, secrets={"token": CANARY})
    handle, steps = opened(ADAPTER, request)
    assert steps == [
        OpenStep.RESOLVE, OpenStep.CONNECT, OpenStep.AUTHENTICATE, OpenStep.VALIDATE,
    ]  # fmt: skip
    assert ADAPTER.probe(handle, Deadline(10)).latency_s > 0
    identity = ADAPTER.identity(handle, Deadline(10))
    assert identity.key == "b-1"
    assert identity.text == f"Test backend 1.2 at {HOST}:{server.port}"
    assert identity.run
    assert CANARY not in repr(handle.__dict__)
    ADAPTER.close(handle)
    ADAPTER.close(handle)


def test_each_command_has_its_call(start, tmp_path):
    assert len(COMMANDS) == 7
    server = start()
    request = request_for(server.settings(parameters={"client": "laptop"}), tmp_path)
    with connection(ADAPTER, request) as handle:
        assert handle.info(Deadline(10))["state"] == {"client": "laptop"}
        handle.update({"cursor": [3, 4]}, Deadline(10))
        assert handle.info(Deadline(10))["state"]["cursor"] == [3, 4]
        second = handle.create({}, Deadline(10))
        assert handle.sessions(Deadline(10)) == sorted([handle.session, second])
        assert handle.statistics(Deadline(10))["sessions"] == 2
        first = handle.session
        assert handle.restore(second, Deadline(10))["session_id"] == second
        handle.end(first, Deadline(10))
        assert handle.sessions(Deadline(10)) == [second]
        with pytest.raises(BackendRefusal, match="no such session") as caught:
            handle.restore(first, Deadline(10))
        assert caught.value.reply.error_type == "SessionNotFound"
        reply = handle.exchange("list", {}, Deadline(10))
        assert (reply.status, reply.result) == ("success", [second])
        assert datetime.fromisoformat(reply.timestamp)


def test_a_request_has_an_id_a_command_and_parameters():
    assert json.loads(request_text("7", "update", {"session_id": "s", "cursor": [1]})) == {
        "id": "7", "command": "update", "parameters": {"session_id": "s", "cursor": [1]},
    }  # fmt: skip


def test_the_session_of_before_goes_on_and_no_other_is_left(start, tmp_path):
    server = start()
    with TcpProxy(server.port) as proxy:
        request = request_for(server.settings(proxy.port), tmp_path)
        with connection(ADAPTER, request) as handle:
            handle.update({"cursor": 7}, Deadline(10))
            session = handle.session
            state = ADAPTER.capture(handle, Deadline(10))
            proxy.reset()
            noticed(ADAPTER, handle)
        handle, report = reopened(ADAPTER, request, state)
        assert handle.session == session
        assert handle.info(Deadline(10))["state"] == {"cursor": 7}
        assert handle.sessions(Deadline(10)) == [session]
        assert report.restored == (f"session {session}",)
        assert not report.lost
        ADAPTER.close(handle)


def test_a_session_that_the_backend_forgot_is_reported_as_lost(start, tmp_path):
    server = start()
    request = request_for(server.settings(), tmp_path)
    with connection(ADAPTER, request) as handle:
        state = ADAPTER.capture(handle, Deadline(10))
        server.kill()
        noticed(ADAPTER, handle)
    server.start()
    handle, report = reopened(ADAPTER, request, state)
    assert not report.restored
    assert report.lost == (f"session {state['session']}: the backend no longer has it",)
    assert ADAPTER.probe(handle, Deadline(10))
    ADAPTER.close(handle)


def test_a_request_of_unknown_outcome_is_sent_once_and_its_late_answer_discarded(start, tmp_path):
    server = start()
    with TcpProxy(server.port) as proxy:
        request = request_for(server.settings(proxy.port), tmp_path)
        with connection(ADAPTER, request) as handle:
            proxy.black_hole("down")
            failure_of(ADAPTER, lambda: handle.update({"paid": 1}, Deadline(0.5)))
            state = ADAPTER.capture(handle, Deadline(5))
            assert state["unanswered"] == 1
            proxy.go_on()
            assert handle.info(Deadline(10))["state"] == {"paid": 1}
            assert ADAPTER.probe(handle, Deadline(10)).missed == (
                "1 answer came too late for whoever asked",
            )
        handle, report = reopened(ADAPTER, request, state)
        ADAPTER.close(handle)
        assert report.lost == ("the answer to 1 request, not sent again",)
    assert server.commands().count("update") == 1


# -- what is refused ---------------------------------------------------------------------------


def test_a_wrong_token_is_a_failure_of_authentication_and_not_repeated_in_words(start, tmp_path):
    server = start(token="another-token-16")
    request = request_for(server.settings(), tmp_path, secrets={"token": CANARY})
    failure = open_failure(ADAPTER, request)
    assert (failure.kind, failure.key) == (FailureKind.AUTH, "token")
    assert CANARY not in repr(failure)
    assert server.commands() == ["create"]


def test_too_many_sessions_are_a_reason_to_wait(start, tmp_path):
    failure = open_failure(ADAPTER, request_for(start(most=0).settings(), tmp_path))
    assert failure.kind is FailureKind.BUSY


@pytest.mark.parametrize(
    "options",
    [
        {"raw": "hello"},
        {"raw": "[1, 2]"},
        {"raw": '{"status": "ok"}'},
        {"answer": {"result": {}}},
    ],
)
def test_answers_of_another_protocol_are_incompatible(start, tmp_path, options):
    failure = open_failure(ADAPTER, request_for(start(**options).settings(), tmp_path))
    assert failure.kind is FailureKind.INCOMPATIBLE
    assert failure.wanted


def test_a_server_that_does_not_speak_zeromq_is_not_ready(tmp_path):
    need_module("zmq")
    with EventServer() as server:
        settings = {"driver": "zmq-json", "host": HOST, "port": server.port}
        failure = open_failure(ADAPTER, request_for(settings, tmp_path), 2)
    assert failure.kind in {FailureKind.INCOMPATIBLE, FailureKind.TRANSIENT}


@pytest.mark.parametrize(
    ("settings", "secrets", "key", "kinds"),
    [
        ({"host": "no-such-host.invalid"}, {}, "host", "config transient"),
        ({"server_key": "x" * 40}, {"secret_key": "short"}, "secret_key", "config"),
        ({}, {"secret_key": "x" * 40}, "secret_key", "config"),
        ({"parameters": {"when": object()}}, {}, "parameters", "config"),
    ],
)
def test_settings_that_cannot_work_are_named(start, tmp_path, settings, secrets, key, kinds):
    table = start().settings() | settings
    failure = open_failure(ADAPTER, request_for(table, tmp_path, secrets=secrets))
    assert failure.key == key
    assert failure.kind.value in kinds.split()


def test_a_port_where_nobody_listens_may_come_back(tmp_path):
    need_module("zmq")
    settings = {"driver": "zmq-json", "host": HOST, "port": free_port()}
    failure = open_failure(ADAPTER, request_for(settings, tmp_path))
    assert failure.kind is FailureKind.TRANSIENT
    assert "refuses the connection" in failure.message


def test_without_pyzmq_it_is_said_what_to_install(tmp_path, monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "zmq", None)
    failure = open_failure(ADAPTER, request_for({"driver": "zmq-json"}, tmp_path))
    assert (failure.kind, failure.key) == (FailureKind.CONFIG, "driver")
    assert "-m pip install 'pyzmq>=" in failure.hints[0]


# -- other ways there --------------------------------------------------------------------------


def test_a_unix_socket_leads_there_too(start, tmp_path):
    import tempfile

    with tempfile.TemporaryDirectory() as directory:
        server = start(endpoint=f"ipc://{directory}/s")
        settings = {"driver": "zmq-json", "socket": f"{directory}/s"}
        handle, steps = opened(ADAPTER, request_for(settings, tmp_path))
        assert OpenStep.RESOLVE not in steps
        assert ADAPTER.probe(handle, Deadline(10))
        server.kill()
        noticed(ADAPTER, handle)
        ADAPTER.close(handle)


def curve(start):
    zmq = need_module("zmq")
    if not zmq.has("curve"):
        pytest.skip("this pyzmq is built without CURVE")
    public, secret = (key.decode() for key in zmq.curve_keypair())
    mine, my_secret = (key.decode() for key in zmq.curve_keypair())
    keys = {"public": public, "secret": secret, "client": mine}
    return start(curve=keys), public, my_secret


def test_curve_encrypts_with_a_secret_key_by_reference(start, tmp_path):
    server, public, secret = curve(start)
    settings = server.settings(server_key=public)
    with connection(
        ADAPTER, request_for(settings, tmp_path, secrets={"secret_key": secret})
    ) as handle:
        assert ADAPTER.probe(handle, Deadline(10))
        assert secret not in repr(handle.__dict__) + repr(handle.link.__dict__)


def test_a_curve_key_that_is_not_let_in_is_a_failure_of_authentication(start, tmp_path):
    server, public, _ = curve(start)
    failure = open_failure(ADAPTER, request_for(server.settings(server_key=public), tmp_path))
    assert (failure.kind, failure.key) == (FailureKind.AUTH, "secret_key")


def test_a_backend_that_wants_curve_is_incompatible_without(start, tmp_path):
    server, _, _ = curve(start)
    failure = open_failure(ADAPTER, request_for(server.settings(), tmp_path))
    # Both sides see that at once; where the other one closes first, that is all we see.
    assert failure.kind in {FailureKind.INCOMPATIBLE, FailureKind.TRANSIENT}
    assert "server_key" in failure.hints[0]


# -- cuts --------------------------------------------------------------------------------------


CUTS = [cut_server_killed, cut_reset, cut_hung_up, cut_half_open, cut_black_hole]


def cut_and_come_back(server, tmp_path, cut):
    with TcpProxy(server.port) as proxy:
        request = request_for(server.settings(proxy.port), tmp_path)
        with connection(ADAPTER, request) as handle:
            state = ADAPTER.capture(handle, Deadline(10))
            cut(server, proxy)
            noticed(ADAPTER, handle)
        end_of_cut(server, proxy, cut)
        handle, report = reopened(ADAPTER, request, state)
        assert handle.session == state["session"]
        assert report.restored == (f"session {state['session']}",)
        assert not report.lost
        ADAPTER.close(handle)


@pytest.mark.parametrize("cut", CUTS)
def test_a_cut_is_noticed_and_the_session_comes_back(start, tmp_path, cut):
    cut_and_come_back(start(store=str(tmp_path / "store")), tmp_path, cut)


@repeated
@pytest.mark.sweep
@pytest.mark.parametrize("cut", CUTS)
def test_repeated_cuts_are_noticed_and_the_session_comes_back(start, tmp_path, cut):
    server = start(store=str(tmp_path / "store"), most=50)
    for _ in range(REPEATS):
        cut_and_come_back(server, tmp_path, cut)


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
