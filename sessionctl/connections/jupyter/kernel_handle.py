"""Kernel handle: a client of a kernel; what it sent, and what it has heard."""

from __future__ import annotations

from collections import deque

from sessionctl.connections.deadline import DeadlineError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.connections.deadline import Deadline
    from sessionctl.connections.jupyter.kernel_channels import KernelChannels, KernelMessage

_KEPT_MESSAGES = 1000
_MOST_NAMES = 200
_NAMES = (
    "' '.join(sorted(k for k, v in globals().items() if k.isidentifier() and k[0] != '_'"
    " and k not in {'In', 'Out', 'exit', 'quit', 'open', 'get_ipython'}"
    " and type(v).__name__ != 'module'))"
)
"""The names of the variables, without a value: an expression that changes nothing."""


class KernelHandle:
    """An open connection to a kernel."""

    def __init__(self, channels: KernelChannels) -> None:
        self.channels = channels
        self.run = ""
        """The kernel's own session: another one after a restart."""
        self.language = ""
        self.text = ""
        self.count = 0
        """The number of the last cell that was begun, by any client, as far as is known."""
        self.running: list[str] = []
        """The ids of our own cells that have not ended."""
        self.is_busy = False
        self.dropped = 0
        self.beats = 0
        self._messages: deque[KernelMessage] = deque()
        self.known_names: tuple[str, ...] = ()
        self._names_at = -1
        self._asked = ""

    def submit(self, code: str) -> str:
        """Let a cell run, and return its id; its messages come by ``message``.

        It is sent once: where the connection breaks, it may run all the same.
        """
        content = {
            "code": code, "silent": False, "store_history": True, "user_expressions": {},
            "allow_stdin": False, "stop_on_error": True,
        }  # fmt: skip
        number = self.channels.send("shell", "execute_request", content)
        self.running.append(number)
        return number

    def message(self, deadline: Deadline) -> KernelMessage:
        """Return the next message of any cell: what it prints, its results, its end.

        Raises:
          DeadlineError: none came in time.
          EOFError: the connection has ended.
        """
        while not self._messages:
            self._take(self.channels.receive("iopub", deadline))
        return self._messages.popleft()

    def execute(self, code: str, deadline: Deadline) -> list[KernelMessage]:
        """Let a cell run to its end and return what it said."""
        number = self.submit(code)
        found = []
        while number in self.running:
            message = self.message(deadline)
            if message.parent == number:
                found.append(message)
        return found

    def listen(self) -> None:
        """Take what has been published, without waiting."""
        while (message := self.channels.waiting("iopub")) is not None:
            self._take(message)

    def names(self, deadline: Deadline) -> tuple[str, ...] | None:
        """Return the names of the variables; None where the kernel cannot say, or is busy.

        It is asked only when a cell was begun since the last time.
        """
        self.listen()
        if self._names_at == self.count:
            return self.known_names
        if self.language != "python" or self.is_busy or self.running:
            return None
        if not self._is_answered(deadline):
            return None
        content = {
            "code": "", "silent": True, "store_history": False, "allow_stdin": False,
            "user_expressions": {"names": _NAMES}, "stop_on_error": False,
        }  # fmt: skip
        reply = self._answer(self.channels.send("shell", "execute_request", content), deadline)
        if reply is None:
            return None
        found = reply.content.get("user_expressions", {}).get("names", {})
        text = str(found.get("data", {}).get("text/plain", "")).strip("'\"")
        self.known_names, self._names_at = tuple(text.split()[:_MOST_NAMES]), self.count
        return self.known_names

    def last_cell(self, deadline: Deadline) -> int | None:
        """Return the number of the last cell that ran; None where the kernel is busy."""
        content = {
            "output": False, "raw": True, "hist_access_type": "tail", "n": 1, "session": 0,
        }  # fmt: skip
        if not self._is_answered(deadline):
            return None
        reply = self._answer(self.channels.send("shell", "history_request", content), deadline)
        if reply is None:
            return None
        history = reply.content.get("history") or []
        return int(history[-1][1]) if history else 0

    def _answer(self, number: str, deadline: Deadline) -> KernelMessage | None:
        self._asked = number
        try:
            reply = self.channels.reply("shell", number, deadline)
        except DeadlineError:
            return None
        self._asked = ""
        return reply

    def _is_answered(self, deadline: Deadline) -> bool:
        """Return whether the last question of ours has its answer: they must not pile up."""
        return not self._asked or self._answer(self._asked, deadline) is not None

    def _take(self, message: KernelMessage) -> None:
        kind, content = message.kind, message.content
        if message.session:
            self.run = self.run or message.session
        # What we ask beside makes the kernel busy and idle too, for a moment.
        if kind == "status" and message.cause == "execute_request":
            state = content.get("execution_state")
            self.is_busy = state == "busy"
            if state == "idle" and message.parent in self.running:
                self.running.remove(message.parent)
        if kind == "execute_input":
            self.count = max(self.count, int(content.get("execution_count") or 0))
        if len(self._messages) == _KEPT_MESSAGES:
            self._messages.popleft()
            self.dropped += 1
        self._messages.append(message)
