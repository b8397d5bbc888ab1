"""Calls through an open ssh, when it has ended, hangs or refuses: without a server."""

from __future__ import annotations

import io
import os
import socket
import threading
from types import SimpleNamespace

import pytest

from sessionctl.connections.connection_adapter import (
    ConnectionFailure,
    Failure,
    FailureKind,
    Health,
)
from sessionctl.connections.deadline import Deadline, DeadlineError
from sessionctl.connections.ssh import askpass, heartbeat, ssh_adapter
from sessionctl.connections.ssh.heartbeat import Heartbeat
from sessionctl.connections.ssh.ssh_adapter import SshAdapter, SshHandle, _Peer
from sessionctl.connections.ssh.ssh_arguments import Forward, mux_arguments
from sessionctl.connections.ssh.ssh_failure import ssh_failure
from sessionctl.errors import ToolError
from tests.together import together

ADAPTER = SshAdapter()
ENDED = Failure(FailureKind.TRANSIENT, "db: ssh has ended")
CLOSED = Failure(FailureKind.TRANSIENT, "the connection was closed")


class World:
    """The ssh that holds a connection, its directory, and what is run through it."""

    def __init__(self, monkeypatch):
        self.said, self.has_ended, self.done, self.runs, self.ended = [], False, None, [], []
        master = SimpleNamespace(
            words=lambda: self.said, end=lambda: self.ended.append("master"), wait=self.wait
        )
        type(master).has_ended = property(lambda _self: self.has_ended)
        directory = SimpleNamespace(
            control_path="/run/50%", remove=lambda: self.ended.append("directory")
        )
        self.handle = SshHandle(master, directory, _Peer("db", "ssh ada@db"), {"LC_ALL": "C"})
        monkeypatch.setattr(ssh_adapter, "run_stoppable", self.run)

    def wait(self, is_ready, deadline, every_s):
        self.ended.append((is_ready(), every_s))

    def run(self, argv, is_over, **how):
        self.runs.append((argv, is_over(), how))
        if isinstance(self.done, Exception):
            raise self.done
        return self.done


@pytest.fixture
def world(monkeypatch):
    # A class of its own for each: its property is that of this world.
    monkeypatch.setattr(f"{__name__}.SimpleNamespace", type("Part", (SimpleNamespace,), {}))
    return World(monkeypatch)


def ran(code=0, stderr=b""):
    return SimpleNamespace(returncode=code, stderr=stderr)


def failure_of(function, *arguments):
    with pytest.raises(ConnectionFailure) as raised:
        function(*arguments)
    return raised.value.failure


def test_a_call_goes_through_the_connection_by_its_deadline(world):
    world.done = ran()
    deadline = Deadline(5)
    assert world.handle.call(["-O", "check"], deadline) is world.done
    [(argv, is_over, how)] = world.runs
    assert argv == [*mux_arguments("/run/50%"), "-O", "check"]
    assert not is_over
    assert 0 < how.pop("timeout_s") <= 5
    assert how == {"cwd": None, "stdin": b"", "env": {"LC_ALL": "C"}}
    world.done = ToolError("ssh: not found", hints=["install it"])
    missing = Failure(FailureKind.CONFIG, "ssh: not found", ("install it",))
    assert failure_of(world.handle.call, [], Deadline(5)) == missing
    with pytest.raises(DeadlineError, match=r"\Adb: no answer in time\Z"):
        world.handle.call([], Deadline(ssh_adapter._LOOK_S))
    world.has_ended = True
    assert failure_of(world.handle.call, [], Deadline(5)) == ENDED
    assert world.runs[-1][1] is True


def test_why_it_has_ended_is_what_ssh_said_last(world):
    handle = world.handle
    assert (handle.is_over, handle.failure()) == (False, ENDED)
    world.said = ["Host key verification failed."]
    said = handle.failure()
    assert said == ssh_failure(world.said, "db", login="ssh ada@db")
    assert "db" in said.message
    assert any("ssh ada@db" in hint for hint in said.hints), said
    handle.heartbeat = SimpleNamespace(end=lambda: world.ended.append("heartbeat"))
    ADAPTER.close(handle)
    assert world.ended == ["master", "heartbeat", "directory"]
    assert (handle.is_over, handle.failure()) == (True, CLOSED)


def test_a_forward_is_kept_or_refused_with_the_last_lines(world):
    forward = Forward("local_forward", "1:db:2")
    for stderr, words in (
        (b"", "refused"), (b"one\n", "one"), (b"one\ntwo \xff\nthree\n", "two \ufffd; three"),
    ):  # fmt: skip
        world.done = ran(255, stderr)
        message = f"local forward 1:db:2: {words}"
        refused = Failure(FailureKind.TRANSIENT, message, key="local_forward")
        assert failure_of(world.handle.forward, forward, Deadline(5)) == refused
    assert world.handle.added == []
    world.done = ran()
    world.handle.forward(forward, Deadline(5))
    assert world.handle.added == [forward]
    wanted = ["-O", "forward", *forward.arguments, "--", "peer"]
    assert world.runs[-1][0][-len(wanted) :] == wanted


def test_a_probe_asks_the_heartbeat_and_without_one_starts_nothing(world):
    handle, beats = world.handle, []

    def beat(deadline, is_over):
        beats.append(is_over())
        world.has_ended = ends
        return answers

    def put_heartbeat():
        handle.heartbeat = SimpleNamespace(beat=beat, end=lambda: world.ended.append("beat"))

    answers, ends = True, False
    put_heartbeat()
    health = ADAPTER.probe(handle, Deadline(5))
    assert health == Health(health.latency_s)
    assert (beats, world.runs, 0 <= health.latency_s < 5) == ([False], [], True)
    answers, ends = False, True
    assert failure_of(ADAPTER.probe, handle, Deadline(5)) == ENDED
    assert failure_of(ADAPTER.probe, handle, Deadline(5)) == ENDED
    assert len(beats) == 2
    world.has_ended = ends = False
    for done, is_answer in (
        (ran(1), True), (ran(255), False), (ran(255, b"Session open refused by peer"), True),
        (ran(255, b"channel 2: administratively prohibited"), True), (ran(255, b"else"), False),
    ):  # fmt: skip
        put_heartbeat()
        world.done, world.ended = done, []
        if is_answer:
            assert ADAPTER.probe(handle, Deadline(5)).latency_s >= 0
        else:
            assert failure_of(ADAPTER.probe, handle, Deadline(5)) == ENDED
        waited = [] if is_answer else [(False, ssh_adapter._LOOK_S / 2)]
        assert (handle.heartbeat, world.ended) == (None, ["beat", *waited])
        assert world.runs[-1][0][-3:] == ["--", "peer", "true"]


@together(
    "error, failure",
    [
        (ConnectionFailure(ENDED), ENDED),
        (ToolError("no ssh", hints=["a"]), Failure(FailureKind.CONFIG, "no ssh", ("a",))),
        (OSError("cut"), Failure(FailureKind.TRANSIENT, "cut")),
        (BrokenPipeError(), Failure(FailureKind.TRANSIENT, "BrokenPipeError")),
        (ValueError("a value"), Failure(FailureKind.PERMANENT, "ValueError")),
    ],
    ids=repr,
)
def test_an_error_of_its_own_calls_is_classified(error, failure):
    assert ADAPTER.classify(error) == failure


def test_a_heart_that_does_not_beat_is_not_kept(world, monkeypatch):
    made = []

    def heartbeat(argv, environ):
        def beat(deadline, is_over):
            assert 0 < deadline.remaining_s <= 5
            answer = answers.pop()
            if isinstance(answer, Exception):
                raise answer
            return answer

        made.append((argv, environ))
        return SimpleNamespace(beat=beat, end=lambda: world.ended.append("beat"))

    monkeypatch.setattr(ssh_adapter, "Heartbeat", heartbeat)
    answers = [DeadlineError("late"), False, True]
    for is_kept in (True, False, False):
        world.ended = []
        ssh_adapter._start_heartbeat(world.handle, Deadline(10))
        assert (world.handle.heartbeat is not None) == is_kept
        assert world.ended == ([] if is_kept else ["beat"])
    argv = [*mux_arguments("/run/50%", has_input=True), "--", "peer"]
    assert made == [(argv, {"LC_ALL": "C"})] * 3


def test_askpass_prints_what_comes_from_the_socket_alone(tmp_path, monkeypatch, capsys):
    path = os.path.relpath(tmp_path / "s")  # a socket has a short path
    heard, answers = [], [b"", b"hunter2"]
    printed = SimpleNamespace(buffer=io.BytesIO())
    monkeypatch.setattr(askpass.sys, "stdout", printed)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(path)
        listener.listen()

        def serve():
            while answers:
                with listener.accept()[0] as channel:
                    question = b""
                    while chunk := channel.recv(100):
                        question += chunk
                    heard.append(question)
                    channel.sendall(answers.pop())

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        assert askpass.main(path, "Pass\udcff?") == 0
        assert printed.buffer.getvalue() == b"hunter2"
        assert askpass.main(path, "again") == 1
        thread.join(10)
    assert heard == [b"Pass??", b"again"]
    assert askpass.main(str(tmp_path / "none"), "x") == 1
    assert printed.buffer.getvalue() == b"hunter2"


def test_a_beat_is_answered_by_its_own_word_alone(monkeypatch):
    ready, end = os.pipe()
    os.write(end, b"x")  # there is always something to look for
    said, written, ended = [], [], []
    process = SimpleNamespace(
        fileno=lambda: ready, write=written.append, read=lambda: said.pop(0),
        end=lambda: ended.append(True),
    )  # fmt: skip
    monkeypatch.setattr(heartbeat, "PipedProcess", lambda *how: ended.append(how) or process)
    made = Heartbeat(["ssh", "peer"], {"A": "b"})
    assert ended.pop() == (["ssh", "peer", "exec cat"], {"A": "b"})
    word = f"sessionctl {made._name} "
    said += [b"a profile says hello\n", f"{word}1".encode(), b"\n"]
    assert made.beat(Deadline(10), lambda: False) is True
    said += [f"{word}1\n".encode(), f"{word}2\n".encode()]
    assert made.beat(Deadline(10), lambda: False) is True
    assert (written, said) == ([f"{word}{number}\n".encode() for number in (1, 2)], [])
    said += [b"", None]
    assert made.beat(Deadline(10), lambda: False) is False
    said.append(b"")
    over = [False, True]
    assert made.beat(Deadline(10), lambda: over.pop(0)) is False
    said += [b"y" * heartbeat._MOST_BYTES, f"{word}4\n".encode(), f"{word}5\n".encode()]
    assert made.beat(Deadline(10), lambda: False) is True
    said += [b""] * 10_000
    with pytest.raises(DeadlineError):
        made.beat(Deadline(0.01), lambda: False)
    made.end()
    assert ended == [True]
    os.close(ready)
    os.close(end)
