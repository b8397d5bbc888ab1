from __future__ import annotations

import pytest

from sessionctl.connections import FailureKind
from sessionctl.connections.ssh.ssh_failure import ssh_failure


@pytest.mark.parametrize(
    ("line", "kind", "key"),
    [
        ("ssh: Could not resolve hostname h: Name or service not known", "config", "host"),
        ("ssh: Could not resolve hostname h: Temporary failure in name resolution",
         "transient", ""),
        ("ssh: connect to host h port 22: Connection refused", "transient", ""),
        ("ssh: connect to host h port 22: Connection timed out", "transient", ""),
        ("ssh: connect to host h port 22: No route to host", "transient", ""),
        ("Timeout, server h not responding.", "transient", ""),
        ("Connection to h closed by remote host.", "transient", ""),
        ("client_loop: send disconnect: Broken pipe", "transient", ""),
        ("kex_exchange_identification: read: Connection reset by peer", "transient", ""),
        ("kex_exchange_identification: banner line contains invalid characters",
         "incompatible", ""),
        ("Unable to negotiate with 1.2.3.4 port 22: no matching host key type found. "
         "Their offer: ssh-dss", "incompatible", ""),
        ("Bad remote protocol version identification: 'HTTP/1.1'", "incompatible", ""),
        ("Not allowed at this time", "busy", ""),
        ('"System is booting up. Unprivileged users are not permitted to log in yet."', "busy", ""),
        ("ada@h: Permission denied (publickey,password).", "auth", ""),
        ("Received disconnect from 1.2.3.4 port 22:2: Too many authentication failures",
         "auth", ""),
        ("Host key verification failed.", "permanent", "host"),
        ("@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @", "permanent", "host"),
        ("Error: remote port forwarding failed for listen port 80", "transient", "remote_forward"),
        ("bind [127.0.0.1]:80: Address already in use", "transient", "local_forward"),
        ("Could not request dynamic forwarding.", "transient", "dynamic_forward"),
        ("command-line: line 0: Bad configuration option: nonsense", "config", "options"),
        ("Bad owner or permissions on /home/ada/.ssh/config", "config", ""),
        ("something that nobody has seen before", "transient", ""),
    ],
)  # fmt: skip
def test_the_last_words_of_ssh_say_whether_to_come_again(line, kind, key):
    failure = ssh_failure([line], "h")
    assert (failure.kind, failure.key) == (FailureKind(kind), key)
    assert failure.message.isprintable()
    if failure.kind is FailureKind.INCOMPATIBLE:
        assert failure.found
        assert failure.wanted


def test_what_a_server_says_cannot_steer_a_terminal():
    failure = ssh_failure(["\x1b]0;evil\x07 x"], "h")
    assert failure.message.isprintable()
    assert ssh_failure([], "h").message == "h: ssh ended without a word"
