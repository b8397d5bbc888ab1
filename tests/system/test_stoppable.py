"""A program that can be stopped, one that has the terminal, and a value handed on in memory."""

from __future__ import annotations

import os
import signal
import subprocess

import pytest

from sessionctl.core.secrets.secret import Secret
from sessionctl.errors import ToolError
from sessionctl.system import process
from sessionctl.system.process import (
    ProcessResult,
    failure,
    run,
    run_interactive,
    run_stoppable,
    value_file,
)
from tests.connections.servers.server_process import wait_until
from tests.together import together


def sh(script):
    return ["/bin/sh", "-c", script]


def ran(script, *, stdin=b"", is_stopped=lambda: False, timeout_s=60, cwd=None, env=None):
    environ = dict(os.environ) if env is None else env
    return run_stoppable(
        sh(script), is_stopped, cwd=cwd, stdin=stdin, env=environ, timeout_s=timeout_s
    )


def runs(pid):
    """Return whether a process runs; a zombie only waits to be seen."""
    done = subprocess.run(["ps", "-o", "stat=", "-p", pid], capture_output=True, text=True)
    return done.stdout.strip()[:1] not in ("", "Z")


def test_one_that_ends_says_what_it_said(tmp_path):
    data = b"x" * 300_000  # more than a pipe holds
    done = ran("cat; pwd >&2; exit 3", stdin=data, cwd=tmp_path)
    assert done == ProcessResult(
        tuple(sh("cat; pwd >&2; exit 3")), 3, data, f"{tmp_path}\n".encode()
    )
    env = {"PATH": os.environ["PATH"], "A": "1", "SESSIONCTL_IDENTITY": "AGE-SECRET-KEY-1"}
    assert ran("echo $A $SESSIONCTL_IDENTITY", env=env).stdout == b"1\n"
    pid, group = ran("echo $$; ps -o pgid= -p $$").stdout.split()
    assert pid == group  # away from our terminal


def test_one_that_is_slow_to_read_gets_all_of_it(monkeypatch):
    monkeypatch.setattr(process, "_LOOK_S", 0.01)
    data = b"y" * 300_000
    assert ran("sleep 0.1; cat", stdin=data).stdout == data


@together(
    "is_stopped, timeout_s, what",
    [
        (lambda: True, 60, "stopped"),
        (lambda: False, 0.02, "no answer within 0.02 seconds, stopped"),
    ],
    ids=["stopped", "late"],
)
def test_one_that_is_stopped_ends_with_all_that_it_started(
    monkeypatch, tmp_path, is_stopped, timeout_s, what
):
    monkeypatch.setattr(process, "_LOOK_S", 0.01)
    mark = tmp_path / "mark"
    asked = []

    def stopped():
        asked.append(mark.exists())
        return is_stopped() and mark.exists()

    script = f"sleep 60 & echo $! > {mark}; echo first >&2; echo last words >&2; wait"
    if timeout_s == 60:
        with pytest.raises(ToolError) as caught:
            ran(script, is_stopped=stopped)
    else:
        with pytest.raises(ToolError) as caught:
            ran("exec sleep 60", timeout_s=timeout_s)
    assert caught.value.message.startswith(f"/bin/sh: {what}")
    if mark.exists() and mark.read_text().strip():
        wait_until(lambda: not runs(mark.read_text().strip()), "what it started ends")


def test_one_that_ignores_us_is_killed(monkeypatch):
    monkeypatch.setattr(process, "_LOOK_S", 0.01)
    monkeypatch.setattr(process, "_GRACE_S", 0.05)
    with pytest.raises(ToolError, match=r"\A/bin/sh: no answer within 0\.05 seconds, stopped"):
        ran("trap '' TERM; exec sleep 60", timeout_s=0.05)


def test_one_that_cannot_start_says_why():
    with pytest.raises(ToolError) as caught:
        run_stoppable(["/no/such"], lambda: False, cwd=None, stdin=b"", env={}, timeout_s=1)
    assert caught.value.message == "/no/such: cannot start: No such file or directory"


def test_one_that_has_the_terminal_has_its_keys_too(monkeypatch):
    before = [signal.getsignal(key) for key in (signal.SIGINT, signal.SIGQUIT)]
    meanwhile = []
    real = subprocess.Popen.wait

    def wait(self, timeout=None):
        meanwhile.append([signal.getsignal(key) for key in (signal.SIGINT, signal.SIGQUIT)])
        return real(self, timeout)

    monkeypatch.setattr(subprocess.Popen, "wait", wait)
    environ = {"PATH": os.environ["PATH"], "SESSIONCTL_IDENTITY": "x"}
    assert run_interactive(sh('test -z "$SESSIONCTL_IDENTITY" && exit 7'), environ) == 7
    assert meanwhile[0] == [signal.SIG_IGN, signal.SIG_IGN]
    assert [signal.getsignal(key) for key in (signal.SIGINT, signal.SIGQUIT)] == before
    with pytest.raises(ToolError, match=r"\Ano-such-editor: not found on PATH\Z"):
        run_interactive(["no-such-editor"], {"PATH": "/nowhere"})
    assert [signal.getsignal(key) for key in (signal.SIGINT, signal.SIGQUIT)] == before


@together("has_memory", [True, False])
def test_a_value_is_read_by_children_from_memory(monkeypatch, has_memory):
    if not has_memory:
        monkeypatch.delattr(os, "memfd_create", raising=False)
    elif not hasattr(os, "memfd_create"):
        pytest.skip("this system has no files in memory")
    path = value_file(Secret(b"hunter2\0\xff"))
    descriptor = int(path.rpartition("/")[2])
    try:
        assert path == f"/dev/fd/{descriptor}"
        done = subprocess.run(["cat", path], capture_output=True, close_fds=False, check=True)
        assert done.stdout == b"hunter2\0\xff"
    finally:
        os.close(descriptor)


@together(
    "code, stderr, message",
    [
        (1, b"", "p: exit code 1"), (-9, b"", "p: ended by signal 9"),
        (2, b"one\n\ntwo\nthree\nfour\n", "p: exit code 2: two; three; four"),
        (2, b"a hunter2 b\n", "p: exit code 2: a *** b"),
    ],
)  # fmt: skip
def test_a_failure_is_told_with_its_last_lines_and_without_a_secret(code, stderr, message):
    found = failure(ProcessResult(("p", "arg"), code, b"", stderr), b"hunter2")
    assert "hunter2" not in found
    assert found.partition("a ")[0] == message.partition("a ")[0]
    one = failure(ProcessResult(("p",), code, b"", stderr), most=1)
    assert one.count(";") == 0


def test_what_a_program_prints_is_no_secret_unless_it_is_said():
    script = "echo topsecretvalue; echo topsecretvalue >&2; exit 1"
    with pytest.raises(ToolError) as caught:
        run(sh(script), is_secret=True)
    assert "topsecretvalue" not in caught.value.message
    with pytest.raises(ToolError) as caught:
        run(sh("echo plain >&2; exit 1"))
    assert caught.value.message == "/bin/sh: exit code 1: plain"
