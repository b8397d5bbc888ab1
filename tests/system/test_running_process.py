"""Programs beside this one: what they say and hear, how they end, what a pager is given."""

from __future__ import annotations

import io
import os
import select
import signal
import subprocess

import pytest

from sessionctl.errors import ToolError
from sessionctl.system import running_process
from sessionctl.system.running_process import LoggedProcess, PagedText, PagerProgram, PipedProcess

PATIENCE_S = 20


def sh(script):
    return ["/bin/sh", "-c", script]


def said(process, wanted=None):
    """Return all that a process says until it has said ``wanted``, or closed its side."""
    found = b""
    while wanted is None or wanted not in found:
        assert select.select([process], [], [], PATIENCE_S)[0], found
        block = process.read()
        if block is None:
            return found
        found += block
    return found


def test_one_that_is_spoken_to_answers_and_ends_when_it_is_left():
    process = PipedProcess(
        sh("cat; echo $A; echo gone >&2"), {"PATH": os.environ["PATH"], "A": "1"}
    )
    assert process.read() == b""
    process.write(b"hello\n" * 3)
    assert said(process, b"hello\n" * 3) == b"hello\n" * 3
    process._process.stdin.close()
    assert said(process) == b"1\n"
    assert process.read() is None
    process.end()
    assert process._process.returncode == 0


def test_one_that_has_gone_does_not_hear_us():
    process = PipedProcess(sh("exit 3"), os.environ)
    assert said(process) == b""
    process._process.wait(PATIENCE_S)
    process.write(b"nobody hears\n")
    process.end()
    assert process._process.returncode == 3


def test_more_than_a_pipe_holds_is_read_at_once():
    process = PipedProcess(sh("head -c 200000 /dev/zero"), os.environ)
    assert said(process) == bytes(200000)
    process.end()


def test_one_that_does_not_end_is_killed(monkeypatch):
    monkeypatch.setattr(running_process, "_END_S", 0.05)
    process = PipedProcess(sh("echo up; exec sleep 60"), os.environ)
    assert said(process, b"up") == b"up\n"
    process.end()
    assert process._process.returncode == -signal.SIGKILL
    assert process._process.stdout.closed


def test_it_is_away_from_our_terminal():
    process = PipedProcess(sh("ps -o pgid= -p $$"), os.environ)
    assert int(said(process)) == process._process.pid
    process.end()


def test_a_log_is_read_by_lines_and_its_program_ends_with_all_that_it_started():
    process = LoggedProcess(
        sh("printf 'one\\r\\ntw\\377o\\n' >&2; echo unseen; sleep 60 & echo last >&2; wait"),
        os.environ,
    )
    assert process.is_running
    lines = process.lines()
    assert [next(lines) for _ in range(3)] == ["one", "tw\ufffdo", "last"]
    process.end()
    assert list(lines) == []  # what it started holds its stderr no more
    assert not process.is_running
    assert process._process.returncode == -signal.SIGTERM
    process.end()


def test_a_log_of_one_that_ignores_us_is_killed(monkeypatch):
    monkeypatch.setattr(running_process, "_GRACE_S", 0.05)
    process = LoggedProcess(sh("trap '' TERM; echo up >&2; exec sleep 60"), os.environ)
    lines = process.lines()
    assert next(lines) == "up"
    process.end()
    assert process._process.wait(PATIENCE_S) == -signal.SIGKILL
    assert list(lines) == []


def test_a_program_that_is_missing_is_named():
    for kind in (PipedProcess, LoggedProcess):
        with pytest.raises(ToolError) as caught:
            kind(["no-such-program", "x"], {"PATH": "/nowhere"})
        assert caught.value.message == "no-such-program: not found on PATH"


def test_a_pager_has_the_text_and_the_manners_that_git_gives_it(tmp_path):
    out = tmp_path / "out"
    pager = PagerProgram(
        sh(f'cat > {out}; echo "$LESS $LV $MORE" >> {out}'), {"PATH": os.environ["PATH"]},
        terminal=7, encoding="ascii",
    )  # fmt: skip
    assert (pager.text.isatty(), pager.text.fileno()) == (True, 7)
    before = signal.getsignal(signal.SIGINT)
    pager.text.write("caf\u00e9\n")
    pager.end()
    assert out.read_text() == "caf\\xe9\nFRX -c \n"
    assert signal.getsignal(signal.SIGINT) is before
    environ = {"PATH": os.environ["PATH"], "LESS": "R", "MORE": "x"}
    script = f'echo "$LESS $LV $MORE" > {out}'
    pager = PagerProgram(sh(script), environ, terminal=7, encoding="utf-8")
    pager._process.wait(PATIENCE_S)
    pager.text.write("nobody reads\n")
    pager.end()
    assert out.read_text() == "R -c x\n"
    with pytest.raises(OSError):
        PagerProgram(["/no/such/pager"], {}, terminal=7, encoding="utf-8")


def test_the_signal_of_a_key_is_the_pager_s_until_it_ends(monkeypatch):
    pager = PagerProgram(sh("cat >/dev/null"), os.environ, terminal=7, encoding="utf-8")
    meanwhile = []
    real = subprocess.Popen.wait

    def wait(self, timeout=None):
        meanwhile.append(signal.getsignal(signal.SIGINT))
        return real(self, timeout)

    monkeypatch.setattr(subprocess.Popen, "wait", wait)
    pager.end()
    assert meanwhile == [signal.SIG_IGN]
    assert pager._process.returncode == 0


def test_what_is_paged_keeps_its_line_ends():
    pipe = io.BytesIO()
    text = PagedText(pipe, 3, "latin-1")
    text.write("a\n\u20ac\r\n")
    text.flush()
    assert pipe.getvalue() == b"a\n\\u20ac\r\n"
