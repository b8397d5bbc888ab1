"""SSH master: the ssh process that a connection is, a child of ours that others go through."""

from __future__ import annotations

import re
import threading
from collections import deque

from sessionctl.connections.connection_adapter import OpenStep
from sessionctl.system.running_process import LoggedProcess

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sessionctl.connections.deadline import Deadline

_PROGRESS = re.compile(r"debug\d: ")
_CONNECTING = ("debug1: Connecting to ", "debug1: Executing proxy command")
_PLACE = re.compile(r"debug1: Authenticating to (\S+) as '(.+)'")
_HOST_KEY = re.compile(r"debug1: Server host key: (\S+ \S+)")
_SOFTWARE = re.compile(r"debug1: Remote protocol version \S+, remote software version (.+)")
_NEW_SESSION = re.compile(r"debug1: channel \d+: new .*client-session")
_OLD_SESSION = re.compile(r"debug1: channel \d+: free: client-session")
_KEPT_LINES = 30


class SshMaster:
    """A running ssh, and what it reports about itself."""

    def __init__(self, argv: Sequence[str], environ: dict[str, str]) -> None:
        """Start it.

        Raises:
          ToolError: there is no ssh.
        """
        self.host_key = ""
        self.software = ""
        self.place = ""
        """Where the name led, with ssh_config applied, and as whom."""
        self.sessions = 0
        """The programs that run over it, this moment."""
        self.step = OpenStep.RESOLVE
        self._lines: deque[str] = deque(maxlen=_KEPT_LINES)
        self._changed = threading.Condition()
        self._has_ended = False
        self._process = LoggedProcess(argv, environ)
        self.pid = self._process.pid
        self._reader = threading.Thread(target=self._read, name="ssh", daemon=True)
        self._reader.start()

    @property
    def has_ended(self) -> bool:
        """Whether ssh is gone."""
        return self._has_ended or not self._process.is_running

    def words(self) -> list[str]:
        """Return what it said last, without its reports of progress."""
        with self._changed:
            return list(self._lines)

    def forget_words(self) -> None:
        """Forget what it said until now: it worked."""
        with self._changed:
            self._lines.clear()

    def wait(self, is_there: Callable[[], bool], deadline: Deadline, each_s: float) -> bool:
        """Return whether ``is_there`` before ssh ends; it looks when ssh reports something.

        Raises:
          DeadlineError: neither came in time.
        """
        while not is_there():
            if self.has_ended:
                self._reader.join(each_s)
                return False
            timeout_s = deadline.timeout_s(each_s)
            with self._changed:
                self._changed.wait(timeout_s)
        return True

    def end(self) -> None:
        """End it, and wait for it."""
        self._process.end()
        self._reader.join(1.0)

    def _read(self) -> None:
        for line in self._process.lines():
            with self._changed:
                self._take(line)
                self._changed.notify_all()
        with self._changed:
            self._has_ended = True
            self._changed.notify_all()

    def _take(self, line: str) -> None:
        if not _PROGRESS.match(line):
            self._lines.append(line)
        elif line.startswith(_CONNECTING):
            self.step = OpenStep.CONNECT
        elif match := _PLACE.match(line):
            self.step = OpenStep.AUTHENTICATE
            self.place = f"{match[1]} as {match[2]}"
        elif match := _HOST_KEY.match(line):
            self.host_key = match[1]
        elif match := _SOFTWARE.match(line):
            self.software = match[1].strip()
        elif _NEW_SESSION.match(line):
            self.sessions += 1
        elif _OLD_SESSION.match(line):
            self.sessions = max(self.sessions - 1, 0)
