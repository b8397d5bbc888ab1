"""A server that a test starts on loopback: in a directory of its own, ended by its id."""

from __future__ import annotations

import contextlib
import importlib
import os
import random
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.connections.servers.forked_program import ForkedProcess, can_fork, fork_program
from tests.world import IN_CI, need

HOST = "127.0.0.1"
PATIENCE_S = 30
_PORTS = range(10240, 32768)
"""Below the ports that connections going out get: one that a stopped server had stays free."""


def lacking(reason: str) -> None:
    """Skip the test because of what this machine lacks; in CI it fails."""
    pytest.fail(reason) if IN_CI else pytest.skip(reason)


def need_module(name: str):
    """Return the module ``name``; a missing one skips the test, but fails it in CI."""
    try:
        return importlib.import_module(name)
    except ImportError:
        return lacking(f"the module {name} is not installed")


def need_server(name: str) -> str:
    """Return the path of a server, which Debian keeps out of the PATH of most users."""
    place = f"/usr/sbin/{name}"
    return place if os.access(place, os.X_OK) else need(name)


def free_port() -> int:
    """Return a port of loopback that nobody listens at."""
    while True:
        port = random.choice(_PORTS)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((HOST, port))
            return port


def let_pass(directory: str) -> None:
    """Let other users go through a directory of this test; a shared one stays as it is."""
    mode = os.stat(directory).st_mode & 0o7777
    if mode | 0o011 != mode:
        os.chmod(directory, mode | 0o011)


def server_directory(kind: str) -> Path:
    """Return a new directory that servers of other users can reach; the caller removes it."""
    let_pass(tempfile.gettempdir())
    directory = Path(tempfile.mkdtemp(prefix=f"{kind}-"))
    directory.chmod(0o755)
    return directory


def wait_until(holds, what: str, patience_s: float = PATIENCE_S) -> None:
    """Wait until ``holds()`` is true."""
    end_s = time.monotonic() + patience_s
    while not holds():
        assert time.monotonic() < end_s, f"{what}: not within {patience_s} s"
        time.sleep(0.01)


def is_listening(port: int, host: str = HOST) -> bool:
    """Return whether somebody accepts connections at a port."""
    try:
        socket.create_connection((host, port), timeout=1).close()
    except OSError:
        return False
    return True


def descendants(pid: int) -> list[int]:
    """Return the processes below ``pid``, those that made a session of their own too."""
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            for child in task.read_text().split():
                found += [int(child), *descendants(int(child))]
    return found


def send(pids: list[int], number: int) -> None:
    """Send a signal to processes; those that are gone are ignored."""
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)


class ServerProcess:
    """A server as a child of the test. A kind of server says how, by ``argv`` and ``is_ready``.

    It keeps its port when it is stopped and started again.
    """

    kind = "server"
    user: str | None = None
    stop_signal = signal.SIGTERM
    modules: tuple[str, ...] = ()
    """What to load before a program in Python that is forked; without, it starts by itself."""

    def __init__(self):
        self.directory = server_directory(self.kind)
        self.port = free_port()
        self.process: subprocess.Popen[bytes] | ForkedProcess | None = None

    def argv(self) -> list[str]:
        """Return the command that stays in the foreground and listens at ``port``."""
        raise NotImplementedError

    def is_ready(self) -> bool:
        """Return whether it answers; it may be starting still."""
        return is_listening(self.port)

    @property
    def log(self) -> Path:
        """The file that holds all it prints."""
        return self.directory / "server.log"

    def start(self) -> None:
        """Start it, and wait until it answers. Another port is taken when this one is not free."""
        for attempt in range(5):
            if attempt:
                self.port = free_port()
            self._spawn()
            end_s = time.monotonic() + PATIENCE_S
            while self.process.poll() is None and time.monotonic() < end_s:
                if self.is_ready():
                    return
                time.sleep(0.01)
            is_dead = self.process.poll() is not None
            self.kill()
            assert is_dead, f"{self.kind} does not answer: {self.log.read_text()[-2000:]}"
        raise AssertionError(f"{self.kind} does not start: {self.log.read_text()[-2000:]}")

    def _spawn(self) -> None:
        env = {"PATH": os.environ["PATH"], "HOME": str(self.directory), "LC_ALL": "C.UTF-8"}
        if self.modules and can_fork():
            argv = self.argv()[1:]
            self.process = fork_program(self.modules, argv, self.directory, self.log, env)
            return
        rights = {"user": self.user, "group": self.user, "extra_groups": []} if self.user else {}
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.argv(),
                cwd=self.directory,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                env=env,
                **rights,
            )

    @property
    def pid(self) -> int:
        """The id of its first process."""
        return self.process.pid

    def pids(self) -> list[int]:
        """Return all its processes."""
        return [self.pid, *descendants(self.pid)]

    def pause(self) -> None:
        """Stop all its processes where they stand: connections are half open from now on."""
        pids = self.pids()
        send(pids, signal.SIGSTOP)
        # Other threads go on until the signal has reached them.
        wait_until(lambda: not any(map(_goes_on, pids)), f"the stop of {self.kind}")

    def go_on(self) -> None:
        """Let its processes go on."""
        send(self.pids(), signal.SIGCONT)

    def kill(self) -> None:
        """End it at once, as a crash does."""
        if self.process is not None:
            pids = self.pids()
            send(pids, signal.SIGKILL)
            self.process.wait(PATIENCE_S)
            self.process = None
            wait_until(lambda: not any(map(_is_running, pids)), f"the end of {self.kind}")

    def stop(self) -> None:
        """End it as an administrator does."""
        if self.process is not None:
            self.go_on()
            send([self.pid], self.stop_signal)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(PATIENCE_S)
            self.kill()

    def remove(self) -> None:
        """End it and remove its directory."""
        self.kill()
        shutil.rmtree(self.directory, ignore_errors=True)


def _is_running(pid: int) -> bool:
    return _state(pid) not in ("", "Z")


def _goes_on(pid: int) -> bool:
    return any(_state(pid, task.name) not in ("", "Z", "T") for task in _tasks(pid))


def _tasks(pid: int) -> list[Path]:
    try:
        return list(Path(f"/proc/{pid}/task").iterdir())
    except OSError:
        return []


def _state(pid: int, task: str = "") -> str:
    """Return the state of a process or one of its threads, "" where it is gone."""
    place = f"/proc/{pid}/task/{task}/stat" if task else f"/proc/{pid}/stat"
    try:
        return Path(place).read_text().rpartition(")")[2].split()[0]
    except OSError:
        return ""


@contextmanager
def running(server):
    """Start a server and give it; it is removed at the end."""
    try:
        server.start()
        yield server
    finally:
        server.remove()


@contextmanager
def starter(make):
    """Give what makes servers by ``make`` and starts them; all are removed at the end."""
    servers = []

    def start(*arguments, **options):
        server = make(*arguments, **options)
        servers.append(server)
        server.start()
        return server

    try:
        yield start
    finally:
        for server in servers:
            server.remove()
