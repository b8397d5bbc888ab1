from __future__ import annotations

import pytest

from sessionctl.connections import FailureKind
from sessionctl.connections.ssh.ssh_failure import ssh_failure
from tests.together import together


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


IN_USE = "a port to forward is already in use"
TOLD = [
    (
        ["ssh: Could not resolve hostname h: Name or service not known"],
        (),
        "h: no host has this name",
        (),
        ("host", "", ""),
    ),
    (
        ["ssh: connect to host h port 22: Connection refused"],
        (),
        "h refuses the connection",
        (),
        ("", "", ""),
    ),
    (
        ["ssh: connect to host h port 22: Connection timed out"],
        (),
        "h does not answer",
        (),
        ("", "", ""),
    ),
    (
        ["ssh: connect to host h port 22: No route to host"],
        (),
        "h cannot be reached",
        (),
        ("", "", ""),
    ),
    (["Timeout, server h not responding."], (), "h does not answer", (), ("", "", "")),
    (["Connection to h closed by remote host."], (), "h closed the connection", (), ("", "", "")),
    (
        ["kex_exchange_identification: banner line contains invalid characters"],
        (),
        "h does not speak SSH as this ssh does",
        (),
        ("", "kex_exchange_identification: banner line contains invalid characters", "SSH 2.0"),
    ),
    (
        [
            "Unable to negotiate with 1.2.3.4 port 22: no matching host key type found."
            " Their offer: ssh-dss"
        ],
        (),
        "h does not speak SSH as this ssh does",
        (),
        ("", "ssh-dss", "another host key type"),
    ),
    (
        ["Bad remote protocol version identification: 'HTTP/1.1'"],
        (),
        "h does not speak SSH as this ssh does",
        (),
        ("", "Bad remote protocol version identification: 'HTTP/1.1'", "SSH 2.0"),
    ),
    (["Not allowed at this time"], (), "h takes no logins for now", (), ("", "", "")),
    (
        ['"System is booting up. Unprivileged users are not permitted to log in yet."'],
        (),
        "h takes no logins for now",
        (),
        ("", "", ""),
    ),
    (
        ["ada@h: Permission denied (publickey,password)."],
        (),
        "h refuses the login (it takes publickey, password)",
        (),
        ("", "", ""),
    ),
    (
        ["ada@h: Permission denied (publickey,password)."],
        ("password",),
        "h refuses the login (it takes publickey, password)",
        (),
        ("password", "", ""),
    ),
    (
        ["ada@h: Permission denied (publickey)."],
        ("passphrase", "other"),
        "h refuses the login (it takes publickey)",
        ("it asks for more than is stored; log in by hand: ssh h",),
        ("passphrase", "", ""),
    ),
    (
        ["Received disconnect from 1.2.3.4 port 22:2: Too many authentication failures"],
        (),
        "h refuses the login",
        (),
        ("", "", ""),
    ),
    (
        ["Host key verification failed."],
        (),
        "the host key of h is not known here",
        ("compare its fingerprint, and accept it once: ssh h",),
        ("host", "", ""),
    ),
    (
        [
            "@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @",
            "Offending ED25519 key in /home/ada/.ssh/known_hosts:3",
            "Host key for [h]:2222 has changed and you have requested strict checking.",
            "Host key verification failed.",
        ],
        (),
        "h shows another host key than the one that is known",
        (
            "ask who runs h whether its key was replaced; it may be another server",
            "if it was, delete the old key: ssh-keygen -R '[h]:2222' -f /home/ada/.ssh/known_hosts",
        ),
        ("host", "", ""),
    ),
    (
        [
            "No ED25519 host key is known for h and you have requested strict checking.",
            "Host key verification failed.",
        ],
        (),
        "the host key of h is not known here",
        ("compare its fingerprint, and accept it once: ssh h",),
        ("host", "", ""),
    ),
    (
        ["Error: remote port forwarding failed for listen port 80"],
        (),
        f"{IN_USE}: Error: remote port forwarding failed for listen port 80",
        ("end what uses it, or take another one",),
        ("remote_forward", "", ""),
    ),
    (
        ["bind [127.0.0.1]:80: Address already in use", "Could not request local forwarding."],
        (),
        f"{IN_USE}: bind [127.0.0.1]:80: Address already in use",
        ("end what uses it, or take another one",),
        ("local_forward", "", ""),
    ),
    (
        [
            "channel_setup_fwd_listener_tcpip: cannot listen to port: 80",
            "Could not request",
            "dynamic forwarding.",
        ],
        (),
        f"{IN_USE}: channel_setup_fwd_listener_tcpip: cannot listen to port: 80",
        ("end what uses it, or take another one",),
        ("dynamic_forward", "", ""),
    ),
    (
        ["command-line: line 0: Bad configuration option: nonsense"],
        (),
        "command-line: line 0: Bad configuration option: nonsense",
        (),
        ("options", "", ""),
    ),
    (
        ["Bad owner or permissions on /home/ada/.ssh/config"],
        (),
        "Bad owner or permissions on /home/ada/.ssh/config",
        (),
        ("", "", ""),
    ),
    (
        ["first", "something\x1b[31m that nobody has seen", "  "],
        (),
        "h: something [31m that nobody has seen",
        (),
        ("", "", ""),
    ),
    ([], (), "h: ssh ended without a word", (), ("", "", "")),
    (["x" * 500], (), f"h: {'x' * 200}", (), ("", "", "")),
]


@together("lines, asked, message, hints, more", TOLD, ids=lambda value: str(value)[:60])
def test_what_ssh_said_is_told_word_by_word(lines, asked, message, hints, more):
    failure = ssh_failure(lines, "h", asked=asked)
    assert (failure.message, failure.hints) == (message, hints)
    assert (failure.key, failure.found, failure.wanted) == more
