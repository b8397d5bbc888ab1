"""Program start: with which process each pane begins, what is typed into it, what then runs."""

from __future__ import annotations

import os
import re
import stat
import time
from typing import NamedTuple

from sessionctl.core.workspace.mapping.agreement import runs_as_asked
from sessionctl.core.workspace.shell_line import (
    acts_on_terminal,
    script_line,
    script_text,
    shell_lines,
    typed_line,
    up_to_risk,
)
from sessionctl.core.workspace.workspace import RUN, SKIP, CellSize, Workspace, WorkspacePane
from sessionctl.services.live.tmux.pane_program import SHELLS, base_name, find_program
from sessionctl.services.live.tmux.typed_start import TypedInput, TypingState, type_all
from sessionctl.services.live.tmux.window_commands import PaneStart, process_words
from sessionctl.system.files.private_directories import make_private, write_private_bytes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sessionctl.system.process_table import ProcessTable
    from sessionctl.system.tmux.tmux_server import TmuxServer

Place = tuple[int, int]
"""A pane by the number of its window and its own in it, from 0."""

_READY_DEADLINE_S = 15.0
_RUNNING_DEADLINE_S = 3.0
_REPLACED_S = 1.0
"""For so long another program than the one that was asked for must run to count as that: wrappers
replace themselves by what they wrap."""
_POLL_S = 0.01


class RestoreOrder(NamedTuple):
    """What to restore, and how.

    ``into`` is the id of a session that takes the windows in; "" makes one.
    ``state`` is the state directory, ``script_directory`` where what cannot be typed is put,
    readable by the user alone.
    """

    workspace: Workspace
    script_directory: str
    into: str = ""
    terminal: CellSize | None = None
    old_texts: Mapping[Place, str] = {}
    deadline_s: float = _READY_DEADLINE_S
    state: str | None = None


class MadePane(NamedTuple):
    """A pane that was made."""

    window: str
    id: str
    pid: int
    tty: str


class ProgramStart:
    """The programs of one restore; ``made`` are the panes that are there by now."""

    def __init__(self, server: TmuxServer, table: ProcessTable, order: RestoreOrder) -> None:
        self.server = server
        self.table = table
        self.order = order
        self.shell = ""
        self._typed_shell = ""
        self.made: dict[Place, MadePane] = {}
        self._typed: dict[str, TypingState] | None = None
        self._running: set[Place] | None = None

    def know_shell(self, path: str, command: str) -> None:
        """Take the shell of new panes, and the command that tmux starts in its place."""
        self.shell = path
        self._typed_shell = shell_in(command, path) if command else base_name(path)

    def start(self, pane: WorkspacePane) -> PaneStart:
        """Return how a pane begins: a shell that is typed into, or its program itself."""
        directory = existing_directory(pane.cwd)
        if not pane.is_allowed:
            return PaneStart(directory)
        if isinstance(pane.shell, tuple):
            return PaneStart(directory, process_words(pane.shell), pane.env)
        asked = pane.restarted
        if pane.shell or not asked or pane.beginning != RUN or directory != pane.cwd:
            return PaneStart(directory, env=pane.env)
        words = (asked,) if isinstance(asked, str) else process_words(asked)
        return PaneStart(directory, words, pane.env)

    def typed(self, pane: str) -> TypingState:
        """Return what became of what was to be typed into the pane with this id."""
        return self.serve().get(pane, TypingState.TYPED)

    def serve(self) -> dict[str, TypingState]:
        """Type into all panes, the first time; return what became of it, by pane."""
        if self._typed is None:
            deadline_s = self.order.deadline_s
            self._typed = type_all(self.server, self.table, self.inputs(), deadline_s=deadline_s)
        return self._typed

    def inputs(self) -> list[TypedInput]:
        """Return what is to be typed into the panes that are there."""
        return [found for found in map(self._input, self.made) if found is not None]

    def take(self, states: dict[str, TypingState]) -> None:
        """Take over what became of the inputs, which were typed with those of others."""
        self._typed = states

    def is_running(self, place: Place) -> bool:
        """Return whether a pane runs what it should; waits for all panes together, once."""
        if self._running is None:
            self._running = self._wait_for_programs()
        return place in self._running

    def spec(self, place: Place) -> WorkspacePane:
        """Return what the pane at ``place`` shall be."""
        return self.order.workspace.windows[place[0]].panes[place[1]]

    def _input(self, place: Place) -> TypedInput | None:
        pane = self.spec(place)
        made = self.made[place]
        lines = self._lines(pane) if pane.is_allowed else ()
        old_text = self.order.old_texts.get(place, "")
        if not lines and not old_text:
            return None
        is_entered = pane.beginning == RUN and existing_directory(pane.cwd) == pane.cwd
        return TypedInput(
            made.id, made.pid, made.tty, self._shell_of(pane), lines, is_entered, old_text
        )

    def _lines(self, pane: WorkspacePane) -> tuple[str, ...]:
        asked = pane.restarted
        if not asked or pane.beginning == SKIP or (self.start(pane).words and not pane.shell):
            return ()
        if isinstance(asked, str):
            lines = () if acts_on_terminal(asked) else shell_lines(asked)
            return lines if pane.beginning == RUN or pane.start else up_to_risk(lines)
        line = typed_line(asked, self._shell_of(pane))
        return (line if line is not None else self._script(asked),)

    def _script(self, argv: Sequence[str]) -> str:
        path = f"{private_place(self.order.script_directory)}/{os.urandom(8).hex()}"
        write_private_bytes(path, script_text(argv, path).encode(errors="surrogateescape"))
        return script_line(path)

    def _shell_of(self, pane: WorkspacePane) -> str:
        return base_name(pane.shell[0]) if isinstance(pane.shell, tuple) else self._typed_shell

    def _wait_for_programs(self) -> set[Place]:
        waiting = {place for place in self.made if self._is_to_run(place)}
        found: set[Place] = set()
        others: dict[Place, tuple[int, float]] = {}
        end_s = time.monotonic() + _RUNNING_DEADLINE_S
        while waiting:
            now_s = time.monotonic()
            found |= {place for place in waiting if self._runs(place, others, now_s)}
            waiting -= found
            if now_s >= end_s:
                break
            if waiting:
                time.sleep(_POLL_S)
        return found

    def _is_to_run(self, place: Place) -> bool:
        pane = self.spec(place)
        return pane.is_allowed and bool(pane.restarted) and pane.beginning == RUN

    def _runs(self, place: Place, others: dict[Place, tuple[int, float]], now_s: float) -> bool:
        """Return whether a pane runs what it should; ``others`` are what else was seen there."""
        made, pane = self.made[place], self.spec(place)
        asked = pane.restarted
        program = find_program(self.table, made.pid, (), self.shell)
        if isinstance(asked, str) or pane.resume is not None:
            # A line of the shell, or what a program registered, which may be a wrapper: what
            # they start is not known.
            return program.run is not None
        if runs_as_asked(pane, pane._replace(run=program.run)):
            return True
        if program.run is None:
            others.pop(place, None)
            return False
        process, since_s = others.get(place, (0, now_s))
        if process != program.process:
            since_s = now_s
        others[place] = (program.process, since_s)
        return program.process == made.pid or now_s - since_s >= _REPLACED_S


def private_place(directory: str) -> str:
    """Return ``directory``, made, or another one where somebody else may write into it."""
    make_private(directory)
    found = os.lstat(directory)
    if stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid() and not found.st_mode & 0o022:
        return directory
    from tempfile import mkdtemp

    return mkdtemp(prefix="sessionctl-")


def shell_in(command: str, default: str) -> str:
    """Return the name of the shell that tmux' ``default-command`` starts; "" for an unknown one.

    Into an unknown one only what any shell understands is typed.
    """
    words = re.findall(r"[^\s;&|'\"]+", command)
    names = [base_name(default if word in ("$SHELL", "${SHELL}") else word) for word in words]
    return next((name for name in reversed(names) if name in SHELLS), "")


def existing_directory(path: str) -> str:
    """Return ``path``, or the nearest directory above it that is there."""
    while not os.path.isdir(path) and path not in ("", "/"):  # noqa: PTH112
        path = os.path.dirname(path)  # noqa: PTH120
    return path or "/"
