"""What is made of a kernel's file and messages: where it listens, what runs, what comes back."""

from __future__ import annotations

import json
import os

import pytest

from sessionctl.connections import ConnectionFailure, ConnectionRequest, Failure, FailureKind
from sessionctl.connections.connection_adapter import PeerIdentity
from sessionctl.connections.deadline import DeadlineError
from sessionctl.connections.jupyter.jupyter_adapter import JupyterAdapter, _introduce, _welcome
from sessionctl.connections.jupyter.kernel_channels import KernelMessage
from sessionctl.connections.jupyter.kernel_file import path_of, read_kernel_file
from sessionctl.connections.jupyter.kernel_handle import KernelHandle
from tests.connections.adapter_calls import soon
from tests.together import together

ADAPTER = JupyterAdapter()
FILE = {"ip": "10.0.0.7", "key": "k3y", "shell_port": 1, "iopub_port": 2, "control_port": 3,
        "hb_port": 4}  # fmt: skip


# -- the file ----------------------------------------------------------------------------------


@together(
    "more, endpoints, scheme, name, place",
    [
        ({}, "tcp://10.0.0.7:", "hmac-sha256", "", "10.0.0.7:1"),
        ({"ip": "::1"}, "tcp://[::1]:", "hmac-sha256", "", "[::1]:1"),
        ({"transport": "ipc", "ip": "/run/k", "signature_scheme": "hmac-md5", "kernel_name": "r"},
         "ipc:///run/k-", "hmac-md5", "r", "/run/k"),
    ],
    ids=str,
)  # fmt: skip
def test_a_file_says_where_a_kernel_listens(tmp_path, more, endpoints, scheme, name, place):
    file = tmp_path / "k.json"
    file.write_text(json.dumps(FILE | more))
    found = read_kernel_file(str(file), was_open=False)
    ports = {"shell": 1, "iopub": 2, "control": 3, "hb": 4}
    assert found.endpoints == {channel: f"{endpoints}{port}" for channel, port in ports.items()}
    assert (found.path, found.scheme, found.name) == (str(file), scheme, name)
    assert (found.place, found.key.reveal()) == (place, b"k3y")


HINT = "name the file of a kernel that runs; 'jupyter --runtime-dir' says where they are"


@together(
    "text, message, hints, kinds",
    [
        (None, "no such file", (HINT,), ("config", "transient")),
        (b"{", "not a connection file of a kernel", (), ("config", "transient")),
        (b"[]", "not a connection file of a kernel", (), ("config", "transient")),
        (b"\xff", "not a connection file of a kernel", (), ("config", "transient")),
        ({"transport": "udp"}, "not a connection file of a kernel", (), ("config", "transient")),
        ({"hb_port": "4"}, "not a connection file of a kernel", (), ("config", "transient")),
        ({"hb_port": True}, "not a connection file of a kernel", (), ("config", "transient")),
        ({"hb_port": 4.0}, "not a connection file of a kernel", (), ("config", "transient")),
    ],
    ids=str,
)
def test_a_file_that_is_not_one_is_named(tmp_path, text, message, hints, kinds):
    file = tmp_path / "k.json"
    if text is not None:
        file.write_bytes(text if isinstance(text, bytes) else json.dumps(FILE | text).encode())
    for was_open, kind in zip((False, True), kinds, strict=False):
        with pytest.raises(ConnectionFailure) as caught:
            read_kernel_file(str(file), was_open=was_open)
        assert caught.value.failure == Failure(
            FailureKind(kind), f"{file}: {message}", hints, key="connection_file"
        )


def test_what_cannot_be_read_stays_wrong_and_a_key_that_is_missing_too(tmp_path):
    for name in FILE:
        file = tmp_path / f"{name}.json"
        file.write_text(json.dumps({key: value for key, value in FILE.items() if key != name}))
        with pytest.raises(ConnectionFailure) as caught:
            read_kernel_file(str(file), was_open=False)
        assert caught.value.failure.message == f"{file}: not a connection file of a kernel"
    with pytest.raises(ConnectionFailure) as caught:
        read_kernel_file(str(tmp_path), was_open=True)
    assert caught.value.failure == Failure(
        FailureKind.CONFIG, f"{tmp_path}: is a directory", key="connection_file"
    )


def test_a_name_is_looked_for_beside_the_session_first(tmp_path):
    def path(text):
        request = ConnectionRequest(
            "c", {"connection_file": text}, {}, str(tmp_path), "/h", {"JUPYTER_RUNTIME_DIR": "/r"},
            "/x",
        )  # fmt: skip
        return path_of(request)

    assert path("k.json") == "/r/k.json"
    assert path("a/k.json") == f"{tmp_path}/a/k.json"
    assert path("/k.json") == "/k.json"
    assert path("~/k.json") == "/h/k.json"
    (tmp_path / "k.json").write_text("")
    assert path("k.json") == os.path.join(tmp_path, "k.json")


# -- what a kernel says ------------------------------------------------------------------------


class Channels:
    """The channels of a kernel that answers from a script; None is no answer in time."""

    place = "10.0.0.7:1"

    def __init__(self, *answers, iopub=()):
        self.answers, self.iopub, self.sent = list(answers), list(iopub), []

    def send(self, channel, kind, content):
        self.sent.append((channel, kind, content))
        return f"n{len(self.sent)}"

    def reply(self, channel, number, _deadline):
        answer = self.answers.pop(0)
        if answer is None:
            raise DeadlineError
        return KernelMessage("reply", number, "", "run-1", answer)

    def waiting(self, _channel):
        return self.iopub.pop(0) if self.iopub else None

    def receive(self, _channel, _deadline):
        if not self.iopub:
            raise DeadlineError
        return self.iopub.pop(0)


def said(kind, parent="", cause="execute_request", session="run-1", **content):
    return KernelMessage(kind, parent, cause, session, content)


def status(state, parent="", cause="execute_request"):
    return said("status", parent, cause, execution_state=state)


def handle_for(*answers, iopub=(), **facts):
    handle = KernelHandle(Channels(*answers, iopub=iopub))
    handle.__dict__.update(facts)
    return handle


def names(text):
    return {"user_expressions": {"names": {"data": {"text/plain": text}}}}


INFO = {"language_info": {"name": "python", "version": "3.12\x07"}, "protocol_version": "5.4"}


@together(
    "info, history, language, text, count",
    [
        (INFO, [[0, 7, "x"]], "python", "python 3.12 kernel", 7),
        (INFO, [], "python", "python 3.12 kernel", 0),
        (INFO, None, "python", "python 3.12 kernel", 0),
        ({"protocol_version": "5"}, [], "", "kernel", 0),
        ({"protocol_version": "5.0", "language_info": {"name": "R" * 200}}, [], "R" * 200,
         "R" * 100, 0),
    ],
    ids=lambda value: str(value)[:30],
)  # fmt: skip
def test_a_kernel_says_what_it_is(info, history, language, text, count):
    answer = None if history is None else {"history": history}
    handle = handle_for(info, answer)
    request = ConnectionRequest("c", {}, {}, "/", "/", {}, "/")
    _introduce(handle, request, soon())
    assert (handle.language, handle.text, handle.count) == (language, text, count)
    assert ADAPTER.identity(handle, soon()) == PeerIdentity(
        "", f"{text} at 10.0.0.7:1", run="run-1"
    )
    tail = {"output": False, "raw": True, "hist_access_type": "tail", "n": 1, "session": 0}
    assert handle.channels.sent == [
        ("control", "kernel_info_request", {}), ("shell", "history_request", tail),
    ]  # fmt: skip


def test_a_kernel_of_another_protocol_or_without_an_answer():
    request = ConnectionRequest("c", {}, {}, "/", "/", {}, "/")
    for version in ("4.1", "55.0", ""):
        with pytest.raises(ConnectionFailure) as caught:
            _introduce(handle_for({"protocol_version": version}), request, soon())
        message = "the kernel at 10.0.0.7:1 speaks another version of the protocol"
        assert caught.value.failure == Failure(
            FailureKind.INCOMPATIBLE, message, found=version, wanted="5"
        )
    any_version = request._replace(accepts_any_version=True)
    _introduce(handle_for({"protocol_version": "4"}, {}), any_version, soon())
    with pytest.raises(ConnectionFailure) as caught:
        _introduce(handle_for(None), request, soon())
    assert caught.value.failure == Failure(
        FailureKind.BUSY, "the kernel at 10.0.0.7:1 is alive and does not answer this client",
        ("a cell may run, or its connection file has another key by now",),
    )  # fmt: skip
    busy = handle_for(INFO, iopub=[status("busy")])
    _introduce(busy, request, soon())
    assert (busy.count, len(busy.channels.sent)) == (0, 1)


def test_a_welcome_is_taken_and_none_is_no_fault():
    handle = handle_for(iopub=[said("iopub_welcome", session=""), said("iopub_welcome")])
    _welcome(handle, soon())
    assert handle.run == "run-1"
    quiet = handle_for()
    _welcome(quiet, soon())
    assert quiet.run == ""


def test_a_cell_runs_to_its_end_and_its_messages_are_given():
    mine = [status("busy", "n1"), said("execute_input", "n1", execution_count=4),
            said("stream", "n1", text="x"), status("idle", "n1")]  # fmt: skip
    others = [
        said("stream", "other"),
        status("idle", "n9"),
        status("busy", "n1", "history_request"),
    ]
    handle = handle_for(iopub=[*others, *mine])
    assert handle.execute("1+1", soon()) == [others[2], *mine]
    assert (handle.count, handle.running, handle.is_busy) == (4, [], False)
    content = {
        "code": "1+1", "silent": False, "store_history": True, "user_expressions": {},
        "allow_stdin": False, "stop_on_error": True,
    }  # fmt: skip
    assert handle.channels.sent == [("shell", "execute_request", content)]


def test_messages_that_no_one_takes_are_dropped_and_counted():
    handle = handle_for(iopub=[said("stream", str(number)) for number in range(1002)])
    handle.listen()
    assert handle.dropped == 2
    assert handle.message(soon()).parent == "2"


@together(
    "answers, facts, found, asked",
    [
        ([names("'a b'")], {}, ("a", "b"), 1),
        ([names("''")], {}, (), 1),
        ([{}], {}, (), 1),
        ([names(f"'{'x ' * 300}'")], {}, ("x",) * 200, 1),
        ([None], {}, None, 1),
        ([], {"language": "R"}, None, 0),
        ([], {"is_busy": True}, None, 0),
        ([], {"running": ["n1"]}, None, 0),
        ([], {"_names_at": 3, "known_names": ("k",)}, ("k",), 0),
        # A question that had no answer yet is waited for first.
        ([None], {"_asked": "n0"}, None, 0),
        ([{}, names("'a'")], {"_asked": "n0"}, ("a",), 1),
    ],
    ids=lambda value: str(value)[:40],
)  # fmt: skip
def test_the_names_of_the_variables(answers, facts, found, asked):
    handle = handle_for(*answers, **{"language": "python", "count": 3, **facts})
    assert handle.names(soon()) == found
    assert len(handle.channels.sent) == asked
    if found is not None:
        assert handle.names(soon()) == found  # nothing ran: nothing is asked
        assert len(handle.channels.sent) == asked


@together(
    "answers, facts, state",
    [
        ([names("'a b'")], {}, {"run": "run-1", "cell": 3, "variables": ["a", "b"]}),
        ([None], {"known_names": ("k",)}, {"run": "run-1", "cell": 3, "variables": ["k"]}),
        ([names("''")], {}, {"run": "run-1", "cell": 3}),
        ([], {"running": ["n1", "n2"]}, {"run": "run-1", "cell": 3, "running": 2}),
    ],
    ids=str,
)
def test_what_is_captured(answers, facts, state):
    handle = handle_for(*answers, **{"language": "python", "count": 3, "run": "run-1", **facts})
    assert ADAPTER.capture(handle, soon()) == state


SAME = "the kernel, the same as before"
LATER = "what was printed meanwhile by the cell that runs"
OTHER = "the kernel and its state: another one runs, or it was restarted"


@together(
    "state, answers, facts, report",
    [
        ({"run": "run-0", "variables": ["a", "b"]}, [], {}, ((), (OTHER, "variables: a, b"), ())),
        ({}, [], {}, ((), (OTHER,), ())),
        ({"run": "run-1", "cell": 5}, [{"history": [[0, 5, ""]]}, names("''")], {},
         ((SAME,), (), ())),
        ({"run": "run-1", "cell": 4, "running": 1}, [{"history": [[0, 5, ""]]}, names("''")], {},
         ((SAME,), ("what 1 cell of yours printed since the connection broke",
                    "the output of 1 cell that ran meanwhile"), ())),
        ({"run": "run-1", "cell": 1, "running": 2, "variables": ["a", "c"]},
         [{"history": [[0, 5, ""]]}, names("'a b'")], {},
         ((SAME, "variables: a"), ("what 2 cells of yours printed since the connection broke",
                                   "the output of 4 cells that ran meanwhile"), ())),
        ({"run": "run-1", "variables": ["a"]}, [], {"is_busy": True},
         ((SAME, "variables: a"), (LATER,), ())),
        ({"run": "run-1"}, [None, None], {}, ((SAME,), (LATER,), ())),
    ],
    ids=lambda value: str(value)[:60],
)  # fmt: skip
def test_what_comes_back(state, answers, facts, report):
    handle = handle_for(*answers, **{"language": "python", "count": 3, "run": "run-1", **facts})
    assert ADAPTER.resume(handle, state, soon()) == report


def test_a_question_without_an_answer_is_waited_for_before_the_next():
    replies = []

    class Slow(Channels):
        def reply(self, channel, number, deadline):
            replies.append((channel, number))
            return super().reply(channel, number, deadline)

    handle = KernelHandle(Slow(None, None, {"history": [[0, 4, ""]]}, names("'a'")))
    handle.language, handle.count = "python", 1
    assert handle.last_cell(soon()) is None
    assert handle.last_cell(soon()) is None  # its answer is still to come
    assert len(handle.channels.sent) == 1
    assert handle.names(soon()) == ("a",)
    assert replies == [("shell", "n1"), ("shell", "n1"), ("shell", "n1"), ("shell", "n2")]
    assert len(handle.channels.sent) == 2
