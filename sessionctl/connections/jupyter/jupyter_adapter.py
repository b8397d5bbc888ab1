"""Jupyter adapter: a kernel that runs, with its variables.

The kernel lives without us. What a client loses with its connection is what was printed in the
meantime, for kernels send that to whoever listens, once.
"""

from __future__ import annotations

import time

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
from sessionctl.connections.jupyter.kernel_channels import KernelChannels
from sessionctl.connections.jupyter.kernel_file import path_of, read_kernel_file
from sessionctl.connections.jupyter.kernel_handle import KernelHandle
from sessionctl.connections.network_failure import network_failure
from sessionctl.connections.schema_table import schema_table
from sessionctl.core.text.plural import counted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from sessionctl.connections.connection_adapter import ConnectionRequest
    from sessionctl.connections.deadline import Deadline
    from sessionctl.core.values import Table, Value

_PROTOCOL = "5"
_WELCOME_S = 0.5
_ASK_S = 1.0
_LONGEST = 100


class JupyterAdapter:
    """Kernels, found by their connection files."""

    kind = "jupyter"
    api = API

    def __init__(self) -> None:
        self._were_open: set[str] = set()

    def schema(self) -> Table:
        """Return the schema of its table."""
        return schema_table(self.kind)

    def open(
        self, request: ConnectionRequest, deadline: Deadline, step: Callable[[OpenStep], None]
    ) -> KernelHandle:
        """Connect to the kernel's sockets, and let it say what it is."""
        step(OpenStep.RESOLVE)
        path = path_of(request)
        channels = KernelChannels(read_kernel_file(path, was_open=path in self._were_open))
        handle = KernelHandle(channels)
        try:
            step(OpenStep.CONNECT)
            channels.connect(deadline)
            handle.beats += 1
            channels.beat(handle.beats, deadline)
            step(OpenStep.AUTHENTICATE)
            _welcome(handle, deadline)
            step(OpenStep.VALIDATE)
            _introduce(handle, request, deadline)
        except (OSError, EOFError) as error:
            channels.close()
            raise ConnectionFailure(network_failure(error, _kernel(channels))) from None
        except BaseException:
            channels.close()
            raise
        self._were_open.add(path)
        return handle

    def probe(self, handle: KernelHandle, deadline: Deadline) -> Health:
        """Ask the heart of the kernel; a cell that runs is not disturbed."""
        before_s = time.monotonic()
        try:
            handle.beats += 1
            handle.channels.beat(handle.beats, deadline)
            handle.listen()
        except (OSError, EOFError) as error:
            peer = _kernel(handle.channels)
            raise ConnectionFailure(network_failure(error, peer)) from None
        dropped, handle.dropped = handle.dropped, 0
        words = f"{counted(dropped, 'message')} of cells came before older ones were taken"
        return Health(time.monotonic() - before_s, missed=(words,) if dropped else ())

    def identity(self, handle: KernelHandle, deadline: Deadline) -> PeerIdentity:
        """Return the kernel's language, and its own session, which a restart changes."""
        text = f"{handle.text or 'kernel'} at {handle.channels.place}"
        return PeerIdentity("", text, run=handle.run)

    def capture(self, handle: KernelHandle, deadline: Deadline) -> Table:
        """Return which kernel it was, its last cell, and the names of its variables."""
        try:
            names = handle.names(deadline.within(_ASK_S))
        except (OSError, EOFError) as error:
            peer = _kernel(handle.channels)
            raise ConnectionFailure(network_failure(error, peer)) from None
        state: dict[str, Value] = {"run": handle.run, "cell": handle.count}
        if variables := handle.known_names if names is None else names:
            state["variables"] = list(variables)
        if handle.running:
            state["running"] = len(handle.running)
        return state

    def resume(self, handle: KernelHandle, state: Table, deadline: Deadline) -> ResumeReport:
        """Say what is still there, and what was missed; nothing is run again."""
        before = state.get("variables")
        variables = [str(name) for name in before] if isinstance(before, list) else []
        if state.get("run") != handle.run:
            lost = ["the kernel and its state: another one runs, or it was restarted"]
            lost += [f"variables: {', '.join(variables)}"] if variables else []
            return ResumeReport(lost=tuple(lost))
        restored = ["the kernel, the same as before"]
        lost = []
        last = None if handle.is_busy else handle.last_cell(deadline.within(_ASK_S))
        if last is None:
            lost.append("what was printed meanwhile by the cell that runs")
        else:
            handle.count = max(handle.count, last)
            lost += _missed(state, last)
        names = handle.names(deadline.within(_ASK_S))
        still = [name for name in variables if names is None or name in names]
        if still:
            restored.append(f"variables: {', '.join(still)}")
        return ResumeReport(tuple(restored), tuple(lost))

    def classify(self, error: BaseException) -> Failure:
        """Return what an error of its own calls means."""
        return network_failure(error, "the kernel")

    def close(self, handle: KernelHandle) -> None:
        """End the connection; the kernel runs on."""
        handle.channels.close()

    def command(self, request: ConnectionRequest) -> PrintedCommand:
        """Return the console that opens the same kernel."""
        return PrintedCommand(("jupyter", "console", "--existing", path_of(request)))


def _missed(state: Table, last: int) -> list[str]:
    """Return what was printed while nobody listened."""
    before, running = state.get("cell", 0), state.get("running", 0)
    found = []
    if isinstance(running, int) and running:
        found.append(f"what {counted(running, 'cell')} of yours printed since the connection broke")
    if isinstance(before, int) and last > before:
        found.append(f"the output of {counted(last - before, 'cell')} that ran meanwhile")
    return found


def _welcome(handle: KernelHandle, deadline: Deadline) -> None:
    """Take what newer kernels say to whoever begins to listen; it shows whether the key fits."""
    try:
        while not handle.run:
            message = handle.channels.receive("iopub", deadline.within(_WELCOME_S))
            handle.run = message.session
    except DeadlineError:
        if deadline.is_over:
            raise


def _introduce(handle: KernelHandle, request: ConnectionRequest, deadline: Deadline) -> None:
    """Let the kernel say what it is. Most answer on this channel while a cell runs too.

    Raises:
      ConnectionFailure: it is busy, or speaks another protocol.
    """
    channels = handle.channels
    number = channels.send("control", "kernel_info_request", {})
    try:
        reply = channels.reply("control", number, deadline)
    except DeadlineError:
        message = f"{_kernel(channels)} is alive and does not answer this client"
        hints = ("a cell may run, or its connection file has another key by now",)
        raise ConnectionFailure(Failure(FailureKind.BUSY, message, hints)) from None
    handle.run = reply.session
    content = reply.content
    language = content.get("language_info") or {}
    handle.language = str(language.get("name", ""))
    handle.text = _shown(f"{handle.language} {language.get('version', '')} kernel")
    version = str(content.get("protocol_version", ""))
    if version.partition(".")[0] != _PROTOCOL and not request.accepts_any_version:
        raise ConnectionFailure(
            Failure(
                FailureKind.INCOMPATIBLE,
                f"{_kernel(channels)} speaks another version of the protocol",
                found=_shown(version),
                wanted=_PROTOCOL,
            )
        )
    handle.listen()
    last = handle.last_cell(deadline.within(_ASK_S)) if not handle.is_busy else None
    handle.count = last or 0


def _kernel(channels: KernelChannels) -> str:
    return f"the kernel at {channels.place}"


def _shown(text: str) -> str:
    return "".join(c for c in text[:_LONGEST] if c.isprintable()).strip()
