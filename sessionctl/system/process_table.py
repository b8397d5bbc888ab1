"""Process table: what runs now, with its exact arguments, read from procfs or ``ps``."""

from __future__ import annotations

import os
from typing import NamedTuple

from sessionctl.errors import SessionctlError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_PROC = "/proc"


class ProcessRow(NamedTuple):
    """A process; ``foreground`` is the process group that its terminal listens to."""

    pid: int
    parent: int
    group: int
    foreground: int
    state: str


class ProcessTable:
    """Processes by their ids, as procfs has them at the moment of each question.

    Texts are as ``os.fsdecode`` makes them. What is gone, or belongs to someone else, is None
    or empty.
    """

    def __init__(self, proc: str = _PROC) -> None:
        self._proc = proc

    def row(self, pid: int) -> ProcessRow | None:
        """Return the process ``pid``."""
        data = self._read(pid, "stat")
        # The name in parentheses may have any character in it.
        fields = data.rpartition(b")")[2].split()
        if len(fields) < 6:
            return None
        parent, group, _, _, foreground = map(int, fields[1:6])
        return ProcessRow(pid, parent, group, foreground, fields[0].decode())

    def argv(self, pid: int) -> tuple[str, ...]:
        """Return the arguments of a process, its name first."""
        data = self._read(pid, "cmdline")
        if not data:
            return ()
        return tuple(map(os.fsdecode, data.removesuffix(b"\0").split(b"\0")))

    def cwd(self, pid: int) -> str:
        """Return the directory a process is in, "" where that was removed."""
        try:
            path = os.readlink(f"{self._proc}/{pid}/cwd")  # noqa: PTH115
        except OSError:
            return ""
        return path.removesuffix(" (deleted)")

    def environment(self, pid: int) -> dict[str, str]:
        """Return the variables that a process was started with."""
        entries = self._read(pid, "environ").split(b"\0")
        pairs = (os.fsdecode(entry).partition("=") for entry in entries if b"=" in entry)
        return {name: value for name, _, value in pairs}

    def time(self, pid: int) -> int:
        """Return the processor time of a process in clock ticks, 0 where that is not known."""
        fields = self._read(pid, "stat").rpartition(b")")[2].split()
        return sum(map(int, fields[11:13])) if len(fields) > 12 else 0

    def children(self, pid: int) -> tuple[int, ...]:
        """Return the children of a process, oldest first."""
        data = self._read(pid, f"task/{pid}/children")
        if data or self.row(pid) is None:
            return tuple(map(int, data.split()))
        return ()

    def group(self, group: int) -> tuple[int, ...]:
        """Return the members of a process group, lowest first; it looks at every process."""
        return tuple(sorted(row.pid for row in self.rows() if row.group == group))

    def output_of(self, pid: int, descriptor: int) -> str:
        """Return what a descriptor of a process leads to, such as ``pipe:[123]``."""
        try:
            return os.readlink(f"{self._proc}/{pid}/fd/{descriptor}")  # noqa: PTH115
        except OSError:
            return ""

    def has_open(self, pid: int, path: str) -> bool:
        """Return whether a process of this user's has the file ``path`` open."""
        try:
            descriptors = os.listdir(f"{self._proc}/{pid}/fd")  # noqa: PTH208
        except OSError:
            return False
        return any(self.output_of(pid, int(descriptor)) == path for descriptor in descriptors)

    def rows(self) -> Iterator[ProcessRow]:
        """Yield every process."""
        for name in os.listdir(self._proc):  # noqa: PTH208
            row = self.row(int(name)) if name.isdigit() else None
            if row is not None:
                yield row

    def _read(self, pid: int, name: str) -> bytes:
        try:
            with open(f"{self._proc}/{pid}/{name}", "rb") as stream:  # noqa: PTH123
                return stream.read()
        except (OSError, ValueError):
            return b""


class PsTable(ProcessTable):
    """Processes where there is no procfs: as ``ps`` prints them, words parted at spaces."""

    def __init__(self) -> None:
        super().__init__(os.devnull)
        self._rows: dict[int, tuple[ProcessRow, tuple[str, ...]]] = {}
        from sessionctl.system.process import run

        columns = "pid=,ppid=,pgid=,tpgid=,state=,command="
        done = run(["ps", "-axww", "-o", columns], check=False)
        for line in done.stdout.decode(errors="surrogateescape").splitlines():
            fields = line.split(None, 5)
            if len(fields) == 6 and all(f.lstrip("-").isdigit() for f in fields[:4]):
                pid, parent, group, foreground = map(int, fields[:4])
                row = ProcessRow(pid, parent, group, foreground, fields[4])
                self._rows[row.pid] = (row, tuple(fields[5].split()))

    def row(self, pid: int) -> ProcessRow | None:
        """Return the process ``pid``."""
        return self._rows[pid][0] if pid in self._rows else None

    def argv(self, pid: int) -> tuple[str, ...]:
        """Return the arguments of a process, as far as spaces part them."""
        return self._rows[pid][1] if pid in self._rows else ()

    def children(self, pid: int) -> tuple[int, ...]:
        """Return the children of a process."""
        return tuple(sorted(row.pid for row, _ in self._rows.values() if row.parent == pid))

    def rows(self) -> Iterator[ProcessRow]:
        """Yield every process."""
        return (row for row, _ in self._rows.values())


def open_process_table() -> ProcessTable:
    """Return the table of this system."""
    if os.path.exists(f"{_PROC}/self/stat"):  # noqa: PTH110
        return ProcessTable()
    try:
        return PsTable()
    except SessionctlError:
        return ProcessTable()
