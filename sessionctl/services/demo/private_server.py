"""The tmux server of the demo: at a socket of its own, gone with all that ran in it."""

from __future__ import annotations

import time

from sessionctl.errors import ToolError
from sessionctl.system.process import run
from sessionctl.system.process_table import open_process_table
from sessionctl.system.tmux.tmux_server import socket_directory, version_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path

    from sessionctl.services.machine import Machine

_OLDEST = (3, 2)
# An address of a socket holds some 100 bytes, and a directory for temporary files may be deep.
_LONGEST_PATH = 90
_SHORT = "/tmp"  # noqa: S108 - the directory made there is private
_TIMEOUT_S = 20
_POLL_S = 0.02
_END_S = 5


class PrivateServer:
    """A tmux server that no other program knows; ``environ`` lets tmux find it.

    ``why_not`` says why there can be none, "" where it can be used. It starts when the first
    session is made.
    """

    def __init__(self, scratch: Path, machine: Machine) -> None:
        self.why_not = _why_not(machine)
        self.environ: dict[str, str] = {}
        self._own_directory: Path | None = None
        if self.why_not:
            return
        directory = scratch
        if len(f"{socket_directory({'TMUX_TMPDIR': str(scratch)})}/default") > _LONGEST_PATH:
            directory = self._own_directory = _short_directory()
        shell = machine.find("bash") or "/bin/sh"
        self.environ = {"TMUX_TMPDIR": str(directory), "SHELL": shell, "HISTFILE": "/dev/null"}

    def wait_for(self, session: str, programs: list[str], environ: dict[str, str]) -> None:
        """Wait until the panes of ``session`` run ``programs``, in this order, and shells.

        Raises:
          ToolError: they do not, in 20 seconds.
        """
        words = ["tmux", "list-panes", "-s", "-t", f"={session}", "-F", "#{pane_current_command}"]
        end_s = time.monotonic() + _TIMEOUT_S
        while True:
            done = run(words, env=environ, check=False, timeout_s=_TIMEOUT_S)
            if [name for name in done.stdout.decode().split() if name in programs] == programs:
                return
            if time.monotonic() > end_s:
                raise ToolError(f"demo: {', '.join(programs)} did not start in tmux")
            time.sleep(_POLL_S)

    def end(self, environ: dict[str, str]) -> None:
        """End the server and wait until nothing of it runs; remove its own directory.

        What ends may still write into its home directory, which is about to be removed.
        """
        if self.environ:
            words = ["tmux", "list-panes", "-a", "-F", "#{pid} #{pane_pid}"]
            try:
                listed = run(words, env=environ, check=False, timeout_s=_TIMEOUT_S)
                run(["tmux", "kill-server"], env=environ, check=False, timeout_s=_TIMEOUT_S)
                _wait_for_end({int(word) for word in listed.stdout.split()})
            finally:
                if self._own_directory is not None:
                    _remove(self._own_directory)


def _why_not(machine: Machine) -> str:
    if machine.find("tmux") is None:
        return "tmux is not installed here"
    try:
        said = run(["tmux", "-V"], env=machine.environ, timeout_s=_TIMEOUT_S).stdout
    except ToolError as error:
        return str(error)
    text = said.decode(errors="replace").strip()
    # A version without a number is built from the source, and new.
    is_old = (0, 0) < version_of(text) < _OLDEST
    return f"tmux 3.2 or newer is needed, and here is {text}" if is_old else ""


def _short_directory() -> Path:
    from pathlib import Path
    from tempfile import mkdtemp

    return Path(mkdtemp(prefix="sessionctl-demo-", dir=_SHORT))


def _remove(directory: Path) -> None:
    from shutil import rmtree

    rmtree(directory, ignore_errors=True)


def _wait_for_end(pids: set[int]) -> None:
    table = open_process_table()
    end_s = time.monotonic() + _END_S
    while any(table.row(pid) is not None for pid in pids) and time.monotonic() < end_s:
        time.sleep(_POLL_S)
