"""Live context: what saving and restoring know of this machine, its user and the tmux server."""

from __future__ import annotations

# pathlib costs start-up: plain os calls here.
# ruff: noqa: PTH120
import os
from typing import NamedTuple

from sessionctl.core.session.session import resolve_overrides
from sessionctl.core.workspace.path_scope import PathScope
from sessionctl.services.live.live_memory import LiveMemory

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.core.values import Table
    from sessionctl.services.machine import Machine
    from sessionctl.system.store.store import Store


class LiveContext(NamedTuple):
    """What saving and restoring know; ``socket`` names the tmux server, "" the usual one."""

    store: Store
    machine: Machine
    socket: str = ""

    @property
    def memory(self) -> LiveMemory:
        """What is remembered of session files."""
        return LiveMemory(self.store.directory)

    @property
    def script_directory(self) -> str:
        """Where what cannot be typed is put, for the user alone."""
        return f"{self.machine.runtime or '/tmp'}/typed"  # noqa: S108 - made with mode 0700

    def scope(self, file: str) -> PathScope:
        """Return what the directories of a session file refer to.

        Those that are relative begin where the file itself is, not where a link to it is: what
        was allowed of it is the same through a link, so it must mean the same.
        """
        base = os.path.dirname(os.path.realpath(file))
        machine = self.machine
        return PathScope(base, machine.home or "", machine.environ, os.path.realpath)

    def resolved(self, value: Table) -> Table:
        """Return the value of a session with the overrides of this machine."""
        return resolve_overrides(value, self.machine.host, self.machine.os_name)
