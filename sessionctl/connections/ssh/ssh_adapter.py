"""SSH adapter: a connection by the OpenSSH program, with its forwards.

One ssh of our own stays open (a master, in ssh's words), and whatever else goes to the host goes
through it. ``ssh -O check`` only asks that process whether it runs; so the probe asks a program on
the other side, under a deadline of ours.
"""

from __future__ import annotations

import os
import re
import shlex
import time
from typing import NamedTuple

from sessionctl.connections.connection_adapter import (
    API,
    ConnectionFailure,
    Failure,
    FailureKind,
    Health,
    OpenStep,
    PeerIdentity,
    PrintedCommand,
    ResumeReport,
)
from sessionctl.connections.deadline import DeadlineError
from sessionctl.connections.schema_table import schema_table
from sessionctl.connections.ssh.askpass_server import AskpassServer
from sessionctl.connections.ssh.heartbeat import Heartbeat
from sessionctl.connections.ssh.socket_directory import SocketDirectory
from sessionctl.connections.ssh.ssh_arguments import (
    FORWARD_KEYS,
    Forward,
    forwards_of,
    master_arguments,
    mux_arguments,
    shell_arguments,
)
from sessionctl.connections.ssh.ssh_failure import ssh_failure
from sessionctl.connections.ssh.ssh_master import SshMaster
from sessionctl.core.text.plural import counted
from sessionctl.errors import ToolError
from sessionctl.system.process import run_stoppable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sessionctl.connections.connection_adapter import ConnectionRequest
    from sessionctl.connections.deadline import Deadline
    from sessionctl.core.values import Table, Value
    from sessionctl.system.process import ProcessResult

_LOOK_S = 0.1
_FAILED = 255
"""How ssh ends where it is ssh that failed; all else is an answer of the other side."""
_REFUSED_THERE = (b"Session open refused by peer", b"administratively prohibited")
_NEW_KEY = "its host key was not known, and is accepted now"
_ADDED = re.compile(r"Permanently added .* to the list of known hosts")
_TAKEN = re.compile(r"bind \[.*\]:\d+: Address already in use")
_ASKPASS = ("SSH_ASKPASS", "SSH_ASKPASS_REQUIRE")


class _Peer(NamedTuple):
    host: str
    login: str
    """The command that logs in by hand."""


class SshHandle:
    """An open connection."""

    def __init__(
        self, master: SshMaster, directory: SocketDirectory, peer: _Peer, environ: dict[str, str]
    ) -> None:
        self.master = master
        self.directory = directory
        self.peer = peer
        self.environ = environ
        self.forwards: tuple[Forward, ...] = ()
        self.added: list[Forward] = []
        self.heartbeat: Heartbeat | None = None
        self.has_new_key = False
        """Whether ssh accepted a host key that was not known, as the user's options have it."""
        self.is_closed = False

    @property
    def is_over(self) -> bool:
        """Whether there is no connection any more."""
        return self.is_closed or self.master.has_ended

    @property
    def control_path(self) -> str:
        """The socket to go through, for ``ssh -S``."""
        return self.directory.control_path

    def call(self, arguments: Sequence[str], deadline: Deadline) -> ProcessResult:
        """Run ssh through the connection with these arguments.

        Raises:
          DeadlineError: it did not end in time.
        """
        argv = [*mux_arguments(self.control_path), *arguments]
        try:
            return run_stoppable(
                argv,
                lambda: self.is_over,
                cwd=None,
                stdin=b"",
                env=self.environ,
                timeout_s=deadline.timeout_s(),
            )
        except ToolError as error:
            if self.is_over:
                raise ConnectionFailure(self.failure()) from None
            if deadline.remaining_s <= _LOOK_S:
                raise DeadlineError(f"{self.peer.host}: no answer in time") from None
            raise ConnectionFailure(_without_ssh(error)) from error

    def forward(self, forward: Forward, deadline: Deadline) -> None:
        """Add a forward, which comes back when the connection does.

        Raises:
          ConnectionFailure: the port is taken, or the other side refuses.
          DeadlineError: there was no answer in time.
        """
        done = self.call(["-O", "forward", *forward.arguments, "--", "peer"], deadline)
        if done.returncode != 0:
            lines = done.stderr.decode(errors="replace").splitlines()
            raise ConnectionFailure(
                Failure(
                    FailureKind.TRANSIENT,
                    f"{forward.text}: {'; '.join(lines[-2:]) or 'refused'}",
                    key=forward.key,
                )
            )
        self.added.append(forward)

    def failure(self) -> Failure:
        """Return why there is no connection any more."""
        if self.is_closed:
            return Failure(FailureKind.TRANSIENT, "the connection was closed")
        words = self.master.words()
        if not words:
            return Failure(FailureKind.TRANSIENT, f"{self.peer.host}: ssh has ended")
        return ssh_failure(words, self.peer.host, login=self.peer.login)


class SshAdapter:
    """Connections by the OpenSSH program: ssh_config, agent, jump hosts are its own."""

    kind = "ssh"
    api = API

    def schema(self) -> Table:
        """Return the schema of its table."""
        return schema_table(self.kind)

    def open(
        self, request: ConnectionRequest, deadline: Deadline, step: Callable[[OpenStep], None]
    ) -> SshHandle:
        """Start ssh and wait until it lets a program through.

        A host key that is not known, or another one, is never accepted here.
        """
        step(OpenStep.RESOLVE)
        directory = SocketDirectory(request.scratch)
        askpass: AskpassServer | None = None
        master: SshMaster | None = None
        handle: SshHandle | None = None
        try:
            argv = master_arguments(request, directory.control_path)
            environ = {k: v for k, v in request.environ.items() if k not in _ASKPASS}
            login_environ = environ
            if request.secrets:
                askpass = AskpassServer(directory.path, request.secrets)
                login_environ = environ | askpass.environment()
            master = SshMaster(argv, login_environ)
            if askpass is not None:
                askpass.asker = master.pid
            login = shlex.join(shell_arguments(request._replace(settings=_login_only(request))))
            peer = _Peer(str(request.settings["host"]), login)
            handle = SshHandle(master, directory, peer, environ)
            handle.forwards = forwards_of(request.settings)
            _wait_for_login(handle, deadline, step, askpass)
            step(OpenStep.VALIDATE)
            _start_heartbeat(handle, deadline)
            if handle.heartbeat is None:
                self.probe(handle, deadline)
            _refuse_half_forwards(handle)
        except BaseException:
            if master is not None:
                master.end()
            if handle is not None and handle.heartbeat is not None:
                handle.heartbeat.end()
            if askpass is not None:
                askpass.close()
            directory.remove()
            raise
        if askpass is not None:
            askpass.close()
        handle.has_new_key = any(_ADDED.search(line) for line in master.words())
        master.forget_words()
        return handle

    def probe(self, handle: SshHandle, deadline: Deadline) -> Health:
        """Ask the program on the other side, or start one there that does nothing."""
        if handle.is_over:
            raise ConnectionFailure(handle.failure())
        before_s = time.monotonic()
        if handle.heartbeat is not None:
            if handle.heartbeat.beat(deadline, lambda: handle.is_over):
                return Health(time.monotonic() - before_s)
            if handle.is_over:
                raise ConnectionFailure(handle.failure())
            handle.heartbeat.end()
            handle.heartbeat = None
        done = handle.call(["--", "peer", "true"], deadline)
        is_answer = done.returncode != _FAILED or any(t in done.stderr for t in _REFUSED_THERE)
        if not is_answer:
            handle.master.wait(lambda: False, deadline.within(_LOOK_S), _LOOK_S / 2)
            raise ConnectionFailure(handle.failure())
        return Health(time.monotonic() - before_s)

    def identity(self, handle: SshHandle, deadline: Deadline) -> PeerIdentity:
        """Return the server's host key, which ssh has checked."""
        master = handle.master
        notes = [note for note in (master.place, _NEW_KEY if handle.has_new_key else "") if note]
        place = f" ({'; '.join(notes)})" if notes else ""
        text = f"{master.software or 'SSH'} on {handle.peer.host}{place}"
        return PeerIdentity(master.host_key, _printable(text), _printable(master.software))

    def capture(self, handle: SshHandle, deadline: Deadline) -> Table:
        """Return the forwards, and how many programs run over the connection."""
        state: dict[str, Value] = {"forwards": [f"{f.key} {f.spec}" for f in handle.forwards]}
        if handle.added:
            state["added"] = [f"{f.key} {f.spec}" for f in handle.added]
        programs = handle.master.sessions - (handle.heartbeat is not None)
        if programs > 0:
            state["programs"] = programs
        return state

    def resume(self, handle: SshHandle, state: Table, deadline: Deadline) -> ResumeReport:
        """Bring back forwards that were added; those of the session file stand already."""
        restored = [f.text for f in _forwards_in(state, "forwards") if f in handle.forwards]
        lost: list[str] = []
        for forward in _forwards_in(state, "added"):
            try:
                if forward not in handle.added:
                    handle.forward(forward, deadline)
                restored.append(forward.text)
            except (ConnectionFailure, DeadlineError) as error:
                lost.append(str(error))
        programs = state.get("programs", 0)
        if isinstance(programs, int) and programs:
            lost.append(
                f"{counted(programs, 'program')} that ran over the connection; in tmux or screen "
                "there, they run on"
            )
        return ResumeReport(tuple(restored), tuple(lost))

    def classify(self, error: BaseException) -> Failure:
        """Return what an error of its own calls means."""
        if isinstance(error, ConnectionFailure):
            return error.failure
        if isinstance(error, ToolError):
            return _without_ssh(error)
        if isinstance(error, OSError):
            return Failure(FailureKind.TRANSIENT, str(error) or type(error).__name__)
        return Failure(FailureKind.PERMANENT, type(error).__name__)

    def close(self, handle: SshHandle) -> None:
        """End ssh."""
        handle.is_closed = True
        handle.master.end()
        if handle.heartbeat is not None:
            handle.heartbeat.end()
        handle.directory.remove()

    def command(self, request: ConnectionRequest) -> PrintedCommand:
        """Return the ssh that opens the same; it asks for a password itself."""
        return PrintedCommand(shell_arguments(request))


def _wait_for_login(
    handle: SshHandle,
    deadline: Deadline,
    step: Callable[[OpenStep], None],
    askpass: AskpassServer | None,
) -> None:
    """Wait until others can go through ssh, and report its steps on the way.

    Raises:
      ConnectionFailure: ssh ended before.
      DeadlineError: it took too long.
    """
    order = list(OpenStep)
    last = OpenStep.RESOLVE

    def is_ready() -> bool:
        nonlocal last
        while order.index(last) < order.index(handle.master.step):
            last = order[order.index(last) + 1]
            step(last)
        return os.path.exists(handle.control_path)  # noqa: PTH110

    if not handle.master.wait(is_ready, deadline, _LOOK_S):
        is_ready()
        asked = () if askpass is None else tuple(askpass.asked)
        words = handle.master.words()
        raise ConnectionFailure(
            ssh_failure(words, handle.peer.host, asked=asked, login=handle.peer.login)
        )


def _start_heartbeat(handle: SshHandle, deadline: Deadline) -> None:
    """Start a program on the other side that answers, where one may be started there."""
    argv = [*mux_arguments(handle.control_path, has_input=True), "--", "peer"]
    heartbeat = Heartbeat(argv, handle.environ)
    handle.heartbeat = heartbeat
    try:
        share = deadline.within(deadline.remaining_s / 2)
        if heartbeat.beat(share, lambda: handle.is_over):
            return
    except DeadlineError:
        pass  # something runs there that swallows what it gets
    handle.heartbeat = None
    heartbeat.end()


def _refuse_half_forwards(handle: SshHandle) -> None:
    """Raise where another program has one of the two addresses of localhost at a port.

    ssh calls that a success: it listens at the other one.
    """
    if any(_TAKEN.match(line) for line in handle.master.words()):
        raise ConnectionFailure(handle.failure())


def _login_only(request: ConnectionRequest) -> Table:
    """Return the settings that say where to log in."""
    left_out = {"cwd", "run", *FORWARD_KEYS}
    return {key: value for key, value in request.settings.items() if key not in left_out}


def _forwards_in(state: Table, name: str) -> list[Forward]:
    texts = state.get(name, [])
    pairs = [str(text).partition(" ") for text in texts] if isinstance(texts, list) else []
    return [Forward(key, spec) for key, _, spec in pairs if key in FORWARD_KEYS and spec]


def _printable(text: str) -> str:
    return "".join(c for c in text[:200] if c.isprintable())


def _without_ssh(error: ToolError) -> Failure:
    return Failure(FailureKind.CONFIG, str(error), tuple(error.hints))
