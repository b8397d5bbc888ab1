"""What ssh asks with: a program and a socket in a directory of their own, gone at the end."""

from __future__ import annotations

import os
import socket
import sys
import tempfile

import pytest

from sessionctl.connections.ssh.askpass_server import AskpassServer
from sessionctl.core.secrets.secret import Secret
from tests.together import together


def test_all_that_is_made_is_in_the_directory_for_the_user_alone_and_goes_again():
    with tempfile.TemporaryDirectory(prefix="sc-") as directory:
        server = AskpassServer(directory, {})
        try:
            environ = server.environment()
            program = environ["SSH_ASKPASS"]
            assert os.path.dirname(program) == directory
            assert os.stat(program).st_mode & 0o777 == 0o700
            assert environ == {
                "SSH_ASKPASS": f"{directory}/ask", "SSH_ASKPASS_REQUIRE": "force", "DISPLAY": ":0",
            }  # fmt: skip
            assert len(os.listdir(directory)) == 2
        finally:
            server.close()
        assert os.listdir(directory) == []


ASKED = [
    (b"ada@h's password: ", b"pw\n", "password"),
    (b"ada@h's password: ", b"", "other"),
    (b"Enter passphrase for key '/k': ", b"phrase\n", "passphrase"),
    (b"Enter passphrase for key '/k': ", b"", "other"),
    (b"Are you sure you want to continue connecting (yes/no)? ", b"", "other"),
]


@pytest.mark.skipif(sys.platform != "linux", reason="who asks is known on Linux")
@together(
    "asked",
    [
        ASKED,
        [(b"\xff\xfe's password: ", b"pw\n", "password")],
        [(b"Verification code: ", b"", "other"), (b"Password: ", b"pw\n", "password")],
    ],
)
def test_each_question_of_the_ssh_that_asks_has_its_answer_once(asked):
    secrets = {"password": Secret("pw"), "passphrase": Secret("phrase")}
    with tempfile.TemporaryDirectory(prefix="sc-") as directory:
        server = AskpassServer(directory, secrets)
        try:
            assert answer_to(directory, b"ada@h's password: ") == b""  # not the one to answer
            assert server.asked == []
            server.asker = os.getppid()
            assert [answer_to(directory, prompt) for prompt, _, _ in asked] == [
                answer for _, answer, _ in asked
            ]
            assert server.asked == [what for _, _, what in asked]
        finally:
            server.close()


def answer_to(directory, prompt):
    with socket.socket(socket.AF_UNIX) as channel:
        channel.settimeout(10)
        channel.connect(f"{directory}/a")
        channel.sendall(prompt)
        channel.shutdown(socket.SHUT_WR)
        return channel.recv(100)
