from __future__ import annotations

import base64
import getpass
import hashlib
import os
import signal
import socket
import subprocess
from pathlib import Path

import pytest

from sessionctl.connections import Deadline, FailureKind, OpenStep
from sessionctl.connections.ssh.socket_directory import is_dead
from sessionctl.connections.ssh.ssh_adapter import SshAdapter
from sessionctl.connections.ssh.ssh_arguments import Forward
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
from tests.connections.servers.server_process import (
    HOST,
    free_port,
    is_listening,
    running,
    wait_until,
)
from tests.connections.servers.ssh_server import SshServer
from tests.connections.servers.tcp_proxy import TcpProxy
from tests.world import REPEATS, repeated

ADAPTER = SshAdapter()


@pytest.fixture
def server():
    with running(SshServer()) as server:
        yield server


def test_a_connection_is_opened_in_steps_and_leaves_nothing(server, tmp_path):
    request = request_for(server.settings(), tmp_path)
    handle, steps = opened(ADAPTER, request)
    try:
        assert steps == [
            OpenStep.RESOLVE, OpenStep.CONNECT, OpenStep.AUTHENTICATE, OpenStep.VALIDATE,
        ]  # fmt: skip
        assert ADAPTER.probe(handle, Deadline(10)).latency_s > 0
        identity = ADAPTER.identity(handle, Deadline(10))
        assert identity.key.startswith("ssh-ed25519 SHA256:")
        assert identity.version.startswith("OpenSSH_")
        place = f"{HOST}:{server.port} as {getpass.getuser()}"
        assert identity.text.endswith(f" on {HOST} ({place})")
    finally:
        ADAPTER.close(handle)
    ADAPTER.close(handle)
    assert not os.listdir(request.scratch)


def test_forwards_come_back_and_programs_are_lost(server, tmp_path):
    port, second = free_port(), free_port()
    settings = server.settings(local_forward=[f"{port}:{HOST}:{server.port}"])
    request = request_for(settings, tmp_path)
    with connection(ADAPTER, request) as handle:
        assert is_listening(port)
        more = Forward("local_forward", f"{second}:{HOST}:{server.port}")
        handle.forward(more, Deadline(10))
        assert is_listening(second)
        state = ADAPTER.capture(handle, Deadline(10))
        assert "programs" not in state
        server.kill()
        noticed(ADAPTER, handle)
    server.start()
    handle, report = reopened(ADAPTER, request, state | {"programs": 2})
    try:
        assert is_listening(port)
        assert is_listening(second)
        assert report.restored == (f"local forward {settings['local_forward'][0]}", more.text)
        assert len(report.lost) == 1
        assert report.lost[0].startswith("2 programs")
    finally:
        ADAPTER.close(handle)


def test_what_runs_over_the_connection_is_counted(server, tmp_path):
    with connection(ADAPTER, request_for(server.settings(), tmp_path)) as handle:
        argv = ["ssh", "-F", os.devnull, "-S", handle.control_path, "peer", "cat"]
        with subprocess.Popen(argv, stdin=subprocess.PIPE) as program:
            wait_until(lambda: "programs" in ADAPTER.capture(handle, Deadline(10)), "the program")
            assert ADAPTER.capture(handle, Deadline(10))["programs"] == 1
            program.stdin.close()
        wait_until(lambda: "programs" not in ADAPTER.capture(handle, Deadline(10)), "its end")


@pytest.mark.parametrize(
    "forced", ["exit 1", "exec sleep 1000"], ids=["ends", "swallows what it gets"]
)
def test_where_no_program_of_ours_may_run_the_probe_is_a_short_one(tmp_path, forced):
    server = SshServer(more=f'ForceCommand test "$SSH_ORIGINAL_COMMAND" = true || {forced}')
    try:
        server.start()
        handle, _ = opened(ADAPTER, request_for(server.settings(), tmp_path), 6)
        assert handle.heartbeat is None
        assert ADAPTER.probe(handle, Deadline(10)).latency_s > 0
        server.kill()
        noticed(ADAPTER, handle)
        ADAPTER.close(handle)
    finally:
        server.remove()


CUTS = [cut_server_killed, cut_reset, cut_hung_up, cut_half_open, cut_black_hole]


def cut_and_come_back(server, tmp_path, cut):
    with TcpProxy(server.port) as proxy:
        forwarded = free_port()
        settings = server.settings(proxy.port, local_forward=[f"{forwarded}:{HOST}:{server.port}"])
        request = request_for(settings, tmp_path)
        with connection(ADAPTER, request) as handle:
            identity = ADAPTER.identity(handle, Deadline(10))
            state = ADAPTER.capture(handle, Deadline(10))
            cut(server, proxy)
            failure = noticed(ADAPTER, handle)
            assert failure.message
        end_of_cut(server, proxy, cut)
        handle, report = reopened(ADAPTER, request, state)
        try:
            assert ADAPTER.identity(handle, Deadline(10)).key == identity.key
            assert report.restored == (f"local forward {settings['local_forward'][0]}",)
            assert not report.lost
            assert is_listening(forwarded)
        finally:
            ADAPTER.close(handle)


@pytest.mark.parametrize("cut", CUTS)
def test_a_cut_is_noticed_and_the_connection_comes_back(server, tmp_path, cut):
    cut_and_come_back(server, tmp_path, cut)


@repeated
@pytest.mark.sweep
@pytest.mark.parametrize("cut", CUTS)
def test_repeated_cuts_are_noticed_and_the_connection_comes_back(server, tmp_path, cut):
    for _ in range(REPEATS):
        cut_and_come_back(server, tmp_path, cut)


@pytest.mark.parametrize("number", [signal.SIGSTOP, signal.SIGKILL])
def test_a_master_that_is_stopped_or_killed_is_noticed_and_replaced(server, tmp_path, number):
    request = request_for(server.settings(), tmp_path)
    with connection(ADAPTER, request) as handle:
        os.kill(handle.master.pid, number)
        noticed(ADAPTER, handle)
    handle, _ = reopened(ADAPTER, request)
    ADAPTER.close(handle)
    assert not os.listdir(request.scratch)


def test_closing_lets_a_probe_that_hangs_return(server, tmp_path):
    import threading

    with connection(ADAPTER, request_for(server.settings(), tmp_path)) as handle:
        server.pause()
        timer = threading.Timer(0.5, ADAPTER.close, [handle])
        timer.start()
        failure = failure_of(ADAPTER, lambda: ADAPTER.probe(handle, Deadline(60)))
        timer.join()
        assert failure.kind is FailureKind.TRANSIENT
        server.go_on()


# -- what is refused ---------------------------------------------------------------------------


def test_a_key_that_the_server_does_not_take_is_a_failure_of_authentication(server, tmp_path):
    server.new_key("client_key")
    failure = open_failure(ADAPTER, request_for(server.settings(), tmp_path))
    assert failure.kind is FailureKind.AUTH
    assert "refuses the login" in failure.message


def test_a_key_file_that_is_missing_is_named(server, tmp_path):
    settings = server.settings(identity_file="~/.ssh/none")
    failure = open_failure(ADAPTER, request_for(settings, tmp_path))
    assert (failure.kind, failure.key) == (FailureKind.CONFIG, "identity_file")


def test_a_host_key_that_is_not_known_is_not_accepted(server, tmp_path):
    (server.directory / "known_hosts").write_text("")
    failure = open_failure(ADAPTER, request_for(server.settings(), tmp_path))
    assert failure.kind is FailureKind.PERMANENT
    assert "is not known here" in failure.message
    assert "ssh" in failure.hints[0]
    assert not (server.directory / "known_hosts").read_text()


def test_a_host_key_that_is_not_known_is_not_accepted_where_a_password_is_at_hand(server, tmp_path):
    (server.directory / "known_hosts").write_text("")
    request = request_for(server.settings(), tmp_path, secrets={"password": "yes"})
    failure = open_failure(ADAPTER, request)
    assert failure.kind is FailureKind.PERMANENT
    assert not (server.directory / "known_hosts").read_text()


def test_a_host_key_that_options_accept_is_not_accepted_in_silence(server, tmp_path):
    (server.directory / "known_hosts").write_text("")
    request = request_for(
        server.settings(options={"StrictHostKeyChecking": "accept-new"}), tmp_path
    )
    with connection(ADAPTER, request) as handle:
        text = ADAPTER.identity(handle, Deadline(10)).text
        assert text.endswith("; its host key was not known, and is accepted now)")
    with connection(ADAPTER, request) as handle:
        assert "accepted" not in ADAPTER.identity(handle, Deadline(10)).text


def test_another_host_key_is_reported_as_such(server, tmp_path):
    server.stop()
    server.new_key("host_key")
    server.start()
    failure = open_failure(ADAPTER, request_for(server.settings(), tmp_path))
    assert failure.kind is FailureKind.PERMANENT
    assert "another host key" in failure.message
    assert f"ssh-keygen -R '[{HOST}]:{server.port}'" in failure.hints[1]
    assert str(server.directory) in failure.hints[1]
    # The hint works as it is typed; the key is not accepted by that.
    subprocess.run(failure.hints[1].partition(": ")[2], shell=True, check=True, capture_output=True)
    failure = open_failure(ADAPTER, request_for(server.settings(), tmp_path))
    assert "is not known here" in failure.message
    login = failure.hints[0].partition(": ")[2]
    done = subprocess.run(
        login, shell=True, stdin=subprocess.DEVNULL, capture_output=True, start_new_session=True
    )
    assert b"Host key verification failed" in done.stderr


def test_a_name_that_does_not_resolve_is_a_mistake_of_the_host(server, tmp_path):
    settings = server.settings(host="no-such-host.invalid")
    failure = open_failure(ADAPTER, request_for(settings, tmp_path))
    assert failure.kind in {FailureKind.CONFIG, FailureKind.TRANSIENT}
    assert "no-such-host.invalid" in failure.message


def test_a_server_that_is_down_may_come_back(server, tmp_path):
    server.kill()
    failure = open_failure(ADAPTER, request_for(server.settings(), tmp_path))
    assert failure.kind is FailureKind.TRANSIENT
    assert "refuses the connection" in failure.message


def test_what_does_not_speak_ssh_is_incompatible(server, tmp_path):
    with socket.create_server((HOST, 0)) as other:
        import threading

        def serve():
            channel, _ = other.accept()
            with channel:
                channel.sendall(b"SSH-1.5-old\r\n")
                channel.recv(1000)

        thread = threading.Thread(target=serve)
        thread.start()
        settings = server.settings(port=other.getsockname()[1])
        failure = open_failure(ADAPTER, request_for(settings, tmp_path))
        thread.join()
    assert failure.kind is FailureKind.INCOMPATIBLE


def test_a_server_that_says_nothing_ends_with_the_deadline(server, tmp_path):
    with TcpProxy(server.port) as proxy:
        proxy.black_hole()
        failure = open_failure(ADAPTER, request_for(server.settings(proxy.port), tmp_path), 1)
    assert failure.kind is FailureKind.TRANSIENT


def test_a_port_that_is_taken_is_named(server, tmp_path):
    with socket.create_server((HOST, 0)) as taken:
        spec = f"{taken.getsockname()[1]}:{HOST}:1"
        request = request_for(server.settings(local_forward=[spec]), tmp_path)
        failure = open_failure(ADAPTER, request)
    assert (failure.kind, failure.key) == (FailureKind.TRANSIENT, "local_forward")


@pytest.mark.parametrize(
    "name",
    [
        "ProxyCommand", "localcommand", "PermitLocalCommand", "KnownHostsCommand", "SendEnv", "a b",
        "SmartcardDevice", "StreamLocalBindUnlink", "ForkAfterAuthentication",
    ],
)  # fmt: skip
def test_an_option_for_the_users_own_configuration_is_not_taken_from_a_session_file(tmp_path, name):
    settings = {"driver": "ssh", "host": "h", "options": {name: "touch x"}}
    failure = open_failure(ADAPTER, request_for(settings, tmp_path))
    assert (failure.kind, failure.key) == (FailureKind.CONFIG, f"options.{name}")
    assert failure.hints == ("write it into ~/.ssh/config, below: Host h",)


def test_a_forward_deletes_no_file_of_this_machine(server, tmp_path):
    precious = tmp_path / "notes"
    precious.write_text("mine")
    more = {
        "local_forward": [f"{precious}:/nowhere"],
        "options": {"StreamLocalBindUnlink": True},
    }
    failure = open_failure(ADAPTER, request_for(server.settings(**more), tmp_path))
    assert failure.kind is FailureKind.CONFIG
    assert precious.read_text() == "mine"


@pytest.mark.parametrize("named", ["rc", "known_hosts"])
def test_a_host_key_is_added_to_no_other_file(server, tmp_path, named):
    rc = tmp_path / "rc"
    rc.write_text("alias ll=ls\n")
    if named != "rc":
        (tmp_path / named).symlink_to(rc)
    options = {
        "UserKnownHostsFile": str(tmp_path / named),
        "StrictHostKeyChecking": "no",
        "HostKeyAlias": "touch x;",
    }
    failure = open_failure(ADAPTER, request_for(server.settings(options=options), tmp_path))
    assert (failure.kind, failure.key) == (FailureKind.CONFIG, "options.UserKnownHostsFile")
    assert rc.read_text() == "alias ll=ls\n"


@pytest.mark.parametrize(
    ("more", "key"),
    [
        ({"remote_forward": ["/tmp/${CANARY}:localhost:1"]}, "remote_forward"),
        ({"options": {"User": "${CANARY}"}}, "options.User"),
    ],
)
def test_a_variable_of_this_machine_goes_nowhere(tmp_path, more, key):
    request = request_for({"driver": "ssh", "host": "h"} | more, tmp_path)
    failure = open_failure(ADAPTER, request)
    assert (failure.kind, failure.key) == (FailureKind.CONFIG, key)
    assert failure_of(ADAPTER, lambda: ADAPTER.command(request)).key == key


@pytest.mark.parametrize("key", ["host", "user", "jump"])
def test_what_ssh_would_take_for_an_option_is_refused(tmp_path, key):
    settings = {"driver": "ssh", "host": "h", key: "-oProxyCommand=touch x"}
    failure = open_failure(ADAPTER, request_for(settings, tmp_path))
    assert (failure.kind, failure.key) == (FailureKind.CONFIG, key)


def test_an_option_that_is_unknown_is_a_mistake_of_the_options(server, tmp_path):
    settings = server.settings(options={"NoSuchOption": 1})
    failure = open_failure(ADAPTER, request_for(settings, tmp_path))
    assert (failure.kind, failure.key) == (FailureKind.CONFIG, "options")


def test_without_ssh_it_is_said_what_to_install(tmp_path):
    request = request_for({"host": "h"}, tmp_path, environ={"PATH": str(tmp_path)})
    failure = open_failure(ADAPTER, request)
    assert failure.kind is FailureKind.CONFIG
    assert "install ssh" in failure.hints[0]


# -- the user's configuration ------------------------------------------------------------------


def test_an_alias_of_the_configuration_in_the_home_is_used(server, tmp_path):
    folder = tmp_path / ".ssh"
    folder.mkdir(mode=0o700)
    (folder / "known_hosts").write_text((server.directory / "known_hosts").read_text())
    (folder / "config").write_text(
        f"Host build\n  HostName {HOST}\n  Port {server.port}\n  IdentityAgent none\n"
        f"  IdentityFile {server.directory}/client_key\n  ControlMaster auto\n"
        f"  ControlPath {tmp_path}/theirs\n  ControlPersist yes\n"
    )
    with connection(ADAPTER, request_for({"driver": "ssh", "host": "build"}, tmp_path)) as handle:
        assert ADAPTER.probe(handle, Deadline(10))
    assert not (tmp_path / "theirs").exists()


def test_a_jump_host_is_gone_through_and_its_end_is_noticed(server, tmp_path):
    gate = SshServer()
    try:
        gate.start()
        folder = tmp_path / ".ssh"
        folder.mkdir(mode=0o700)
        (folder / "config").write_text(
            f"Host gate\n  HostName {HOST}\n  Port {gate.port}\n  IdentityAgent none\n"
            f"  IdentityFile {gate.directory}/client_key\n"
            f"  UserKnownHostsFile {gate.directory}/known_hosts\n"
        )
        request = request_for(server.settings(jump="gate"), tmp_path)
        with connection(ADAPTER, request) as handle:
            key = (server.directory / "host_key.pub").read_text().split()[1]
            gate_key = (gate.directory / "host_key.pub").read_text().split()[1]
            fingerprint = handle.master.host_key.split()[1]
            assert fingerprint in {fingerprint_of(key)} - {fingerprint_of(gate_key)}
            gate.kill()
            noticed(ADAPTER, handle)
        gate.start()
        handle, _ = reopened(ADAPTER, request)
        ADAPTER.close(handle)
    finally:
        gate.remove()


def fingerprint_of(key):
    """Return the fingerprint of a public key, as ssh shows it."""
    digest = hashlib.sha256(base64.b64decode(key)).digest()
    return "SHA256:" + base64.b64encode(digest).decode().rstrip("=")


def test_the_printed_command_opens_the_same(tmp_path):
    settings = {
        "driver": "ssh", "host": "build", "port": 2222, "user": "ada", "jump": "gate",
        "run": ["tail", "-F", "a b"], "cwd": "~/my dir", "local_forward": ["8080:localhost:80"],
        "options": {"Compression": True},
    }  # fmt: skip
    printed = ADAPTER.command(request_for(settings, tmp_path, secrets={"password": "hunter2"}))
    assert printed.argv == (
        "ssh", "-p", "2222", "-l", "ada", "-J", "gate", "-o", "Compression=yes",
        "-L", "8080:localhost:80", "-t", "--", "build", "cd ~/'my dir' && tail -F 'a b'",
    )  # fmt: skip


# -- sockets that were left --------------------------------------------------------------------


def test_a_connection_whose_process_was_killed_is_ended_by_the_next(server, tmp_path):
    port = free_port()
    settings = server.settings(local_forward=[f"{port}:{HOST}:{server.port}"])
    request = request_for(settings, tmp_path)
    handle, _ = opened(ADAPTER, request)
    pid = next(pid for pid in range(2**22 - 1, 0, -1) if not Path(f"/proc/{pid}").exists())
    left = Path(handle.directory.path).with_name(f"sc-ssh-{pid}-12345678")
    os.rename(handle.directory.path, left)
    second, _ = opened(ADAPTER, request)
    try:
        assert not left.exists()
        assert is_listening(port)
    finally:
        ADAPTER.close(second)
        ADAPTER.close(handle)


def test_only_a_socket_that_surely_has_no_listener_is_dead(tmp_path):
    path = str(tmp_path / "s")
    assert is_dead(path)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(path)
        listener.listen(0)
        assert not is_dead(path)
        waiting = [socket.socket(socket.AF_UNIX) for _ in range(3)]
        for one in waiting:
            one.setblocking(False)
            one.connect_ex(path)
        assert not is_dead(path)
        for one in waiting:
            one.close()
    assert is_dead(path)
    (tmp_path / "f").write_text("")
    assert is_dead(str(tmp_path / "f")) is is_dead(path)


def test_a_long_scratch_directory_is_replaced_by_a_short_one(server, tmp_path):
    deep = tmp_path / ("d" * 100)
    deep.mkdir()
    with connection(ADAPTER, request_for(server.settings(), deep)) as handle:
        assert len(handle.control_path) < 87
        directory = handle.directory.path
    assert not os.path.exists(directory)
