"""What an ssh reports about itself, read line by line, and when it is over."""

from __future__ import annotations

import os

import pytest

from sessionctl.connections.connection_adapter import OpenStep
from sessionctl.connections.deadline import Deadline, DeadlineError
from sessionctl.connections.ssh import ssh_master
from sessionctl.connections.ssh.ssh_master import SshMaster
from tests.connections.adapter_calls import soon


class Process:
    """A program that says nothing by itself."""

    pid, is_running = 7, True

    def __init__(self, _argv, _environ):
        self.ended = False

    def lines(self):
        return iter(())

    def end(self):
        self.ended = True


@pytest.fixture
def master(monkeypatch):
    monkeypatch.setattr(ssh_master, "LoggedProcess", Process)
    master = SshMaster(["ssh"], {})
    master._reader.join(20)
    master._has_ended = False
    return master


def test_its_progress_is_read_and_its_words_are_kept(master):
    assert (master.step, master.pid) == (OpenStep.RESOLVE, 7)
    for line, step in (
        ("debug1: Reading configuration data /x", OpenStep.RESOLVE),
        ("debug1: Connecting to h [1.2.3.4] port 22.", OpenStep.CONNECT),
        ("debug1: Remote protocol version 2.0, remote software version OpenSSH_9.6 x ",
         OpenStep.CONNECT),
        ("debug1: Authenticating to h:22 as 'ada'", OpenStep.AUTHENTICATE),
        ("debug1: Server host key: ssh-ed25519 SHA256:abc", OpenStep.AUTHENTICATE),
    ):  # fmt: skip
        master._take(line)
        assert master.step is step
    assert (master.software, master.place) == ("OpenSSH_9.6 x", "h:22 as ada")
    assert master.host_key == "ssh-ed25519 SHA256:abc"
    master.step = OpenStep.RESOLVE
    master._take("debug1: Executing proxy command: exec x")
    assert master.step is OpenStep.CONNECT
    for number in range(40):
        master._take(f"word {number}")
    assert master.words() == [f"word {number}" for number in range(10, 40)]
    master.forget_words()
    assert master.words() == []


def test_programs_that_run_over_it_are_counted(master):
    for line, count in (
        ("debug1: channel 1: new mux-client-session [client-session] (inactive timeout: 0)", 1),
        ("debug1: channel 2: new client-session", 2),
        ("debug1: channel 3: new direct-tcpip", 2),
        ("debug1: channel 1: free: client-session, nchannels 3", 1),
        ("debug1: channel 2: free: client-session", 0),
        ("debug1: channel 2: free: client-session", 0),
        ("debug1: channel 3: free: direct-tcpip", 0),
    ):  # fmt: skip
        master._take(line)
        assert master.sessions == count, line


def test_it_is_over_when_it_says_no_more_or_does_not_run(master):
    assert not master.has_ended
    master._has_ended = True
    assert master.has_ended
    master._has_ended = False
    master._process.is_running = False
    assert master.has_ended
    master.end()
    assert master._process.ended


def test_what_is_waited_for_comes_or_it_ends_or_it_is_late(master):
    looks = iter([False, False, True])
    assert master.wait(lambda: next(looks), soon(), 0.001) is True
    with pytest.raises(DeadlineError):
        master.wait(lambda: False, Deadline(0), 0.001)
    master._has_ended = True
    assert master.wait(lambda: False, soon(), 0.001) is False
    assert master.wait(lambda: True, soon(), 0.001) is True


def test_a_real_one_is_read_to_its_end():
    master = SshMaster(["/bin/sh", "-c", "echo 'debug1: x' >&2; echo no route >&2"], os.environ)
    assert master.wait(lambda: False, soon(), 0.01) is False
    assert master.words() == ["no route"]
    master.end()
