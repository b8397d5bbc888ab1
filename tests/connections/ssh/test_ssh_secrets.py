"""Passwords and passphrases of ssh: they reach it, and are seen nowhere else."""

from __future__ import annotations

import os
import tempfile
import threading
from pathlib import Path

import pytest

from sessionctl.connections import FailureKind
from sessionctl.connections.ssh.askpass_server import AskpassServer
from sessionctl.connections.ssh.ssh_adapter import SshAdapter
from sessionctl.connections.ssh.ssh_failure import ssh_failure
from sessionctl.core.secrets.secret import Secret
from tests.connections.adapter_calls import open_failure, opened, request_for
from tests.connections.servers.server_process import descendants
from tests.connections.servers.ssh_server import SshServer

ADAPTER = SshAdapter()
CANARY = "canary-7Hq2-Zx81"


@pytest.fixture
def server():
    server = SshServer(password=CANARY)
    try:
        server.start()
        yield server
    finally:
        server.remove()


class Onlooker:
    """Looks at the processes below this one, and at the files in a directory, all the time."""

    def __init__(self, directory):
        self.directory = directory
        self.places = set()
        self.programs = set()
        self.is_over = False
        self.thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.is_over = True
        self.thread.join()

    def _look(self):
        needle = CANARY.encode()
        while not self.is_over:
            for pid in descendants(os.getpid()):
                for name in ("environ", "cmdline"):
                    self._read(Path(f"/proc/{pid}/{name}"), needle)
            for file in Path(self.directory).rglob("*"):
                if file.is_file():
                    self._read(file, needle)

    def _read(self, path, needle):
        try:
            data = path.read_bytes()
        except OSError:
            return
        if needle in data:
            self.places.add(str(path))
        if path.name == "cmdline":
            self.programs.add(data.split(b"\0")[0])


def test_a_password_reaches_ssh_and_no_argument_variable_or_file(server, tmp_path):
    settings = server.settings(options={"PubkeyAuthentication": False})
    request = request_for(settings, tmp_path, secrets={"password": CANARY})
    with Onlooker(tmp_path) as onlooker:
        handle, _ = opened(ADAPTER, request)
    try:
        assert b"ssh" in onlooker.programs
        assert not onlooker.places
        assert CANARY not in repr(handle.__dict__)
        assert not list(Path(handle.directory.path).glob("a*"))
        environ = Path(f"/proc/{handle.master.pid}/environ").read_bytes()
        assert CANARY.encode() not in environ
    finally:
        ADAPTER.close(handle)
    assert CANARY not in server.log.read_text()


def test_a_wrong_password_is_asked_for_once_and_never_repeated(server, tmp_path):
    settings = server.settings(options={"PubkeyAuthentication": False})
    request = request_for(settings, tmp_path, secrets={"password": "wrong-" + CANARY})
    failure = open_failure(ADAPTER, request)
    assert (failure.kind, failure.key) == (FailureKind.AUTH, "password")
    assert CANARY not in repr(failure)
    log = server.log.read_text()
    assert log.count("Failed password") == 1
    assert CANARY not in log


def test_a_server_that_asks_for_more_says_how_to_log_in_by_hand():
    denied = ["ada@db: Permission denied (publickey,keyboard-interactive)."]
    failure = ssh_failure(denied, "db", asked=("password", "other"), login="ssh -- db")
    assert (failure.kind, failure.key) == (FailureKind.AUTH, "password")
    assert failure.hints == ("it asks for more than is stored; log in by hand: ssh -- db",)


def test_the_passphrase_of_a_key_reaches_ssh(server, tmp_path):
    server.new_key("client_key", passphrase=CANARY)
    (server.directory / "client_key.pub").rename(server.directory / "authorized")
    request = request_for(server.settings(), tmp_path, secrets={"passphrase": CANARY})
    with Onlooker(tmp_path) as onlooker:
        handle, _ = opened(ADAPTER, request)
    ADAPTER.close(handle)
    assert not onlooker.places


def test_a_wrong_passphrase_is_a_failure_of_the_passphrase(server, tmp_path):
    server.new_key("client_key", passphrase=CANARY)
    (server.directory / "client_key.pub").rename(server.directory / "authorized")
    request = request_for(server.settings(), tmp_path, secrets={"passphrase": "another"})
    failure = open_failure(ADAPTER, request)
    assert "Failed password" not in server.log.read_text()
    assert (failure.kind, failure.key) == (FailureKind.AUTH, "passphrase")


def test_a_jump_host_gets_no_password(server, tmp_path):
    gate = SshServer(password=CANARY)
    try:
        gate.start()
        options = {"PubkeyAuthentication": False}
        config = tmp_path / ".ssh"
        config.mkdir(mode=0o700)
        known = gate.directory / "known_hosts"
        (config / "config").write_text(
            f"Host gate\n  HostName 127.0.0.1\n  Port {gate.port}\n  PubkeyAuthentication no\n"
            f"  UserKnownHostsFile {known}\n"
        )
        settings = server.settings(jump="gate", options=options)
        request = request_for(settings, tmp_path, secrets={"password": CANARY})
        failure = open_failure(ADAPTER, request)
        assert failure.kind is FailureKind.AUTH
        assert "Accepted password" not in gate.log.read_text()
    finally:
        gate.remove()


@pytest.mark.parametrize(
    ("prompt", "answer"),
    [
        ("ada@db.example.org's password: ", b"pw\n"),
        ("ada@token.example.org's password: ", b"pw\n"),
        ("(ada@db.example.org) Password: ", b"pw\n"),
        ("Enter passphrase for key '/home/ada/.ssh/id': ", b"phrase\n"),
        ("(ada@db) Enter passphrase for key 'x': ", b"pw\n"),
        ("(ada@db) Verification code: ", b""),
        ("(ada@db) One-time password: ", b""),
        ("Are you sure you want to continue connecting (yes/no/[fingerprint])? ", b""),
    ],
)
def test_each_question_gets_its_own_answer_or_none(tmp_path, prompt, answer):
    with tempfile.TemporaryDirectory() as directory:
        secrets = {"password": Secret("pw"), "passphrase": Secret("phrase")}
        asker = AskpassServer(directory, secrets)
        try:
            assert asker._answer(prompt) == answer
            assert asker._answer(prompt) == b""
        finally:
            asker.close()
