"""Session restore: one session shown as a plan, brought back on request, reported step by step.

Nothing is started before ``carry_out``, and then only what was allowed; what was shown is what
is done, whatever became of the file meanwhile.
"""

from __future__ import annotations

from typing import NamedTuple

from sessionctl.core.session.startup import CONNECTION
from sessionctl.core.text.shellwords import path_word
from sessionctl.core.workspace.permission import allowed_whole, harmless
from sessionctl.errors import UsageError
from sessionctl.services.live.adapters.workspace_adapter import RestoreRequest
from sessionctl.services.live.tmux.adapter import TmuxAdapter, missing_windows, places_of
from sessionctl.services.live.workspace_restore import (
    allow,
    read_session_file,
    remember_restored,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from sessionctl.core.session.startup import StartItem
    from sessionctl.core.workspace.discrepancy import Discrepancy
    from sessionctl.core.workspace.workspace import CellSize, Workspace
    from sessionctl.services.connections.session_start import SessionStart, StartedConnection
    from sessionctl.services.live.live_context import LiveContext
    from sessionctl.services.live.tmux.restoration import TmuxRestoration
    from sessionctl.services.live.workspace_restore import SessionToRestore
    from sessionctl.services.plan.plan import Plan
    from sessionctl.services.plan.runner import PlanReport, StepOutcome
    from sessionctl.services.secrets.own_seal import OwnSeal


class RestoreProposal(NamedTuple):
    """What bringing a session back would do.

    ``plan`` is that without any trust, ``trusting`` that with all of it trusted; they are empty
    where everything runs. ``new`` is what was not allowed yet. ``is_new`` says that the session
    is made; else what is missing goes into the one that runs. ``connections`` come up with it.
    """

    name: str
    plan: Plan[TmuxRestoration]
    trusting: Plan[TmuxRestoration]
    new: tuple[StartItem, ...]
    is_new: bool
    connections: tuple[str, ...]


class RestoreResult(NamedTuple):
    """What became of it: the steps, what stands differently, the connections, remarks."""

    report: PlanReport
    is_whole: bool
    differences: tuple[Discrepancy, ...]
    connections: tuple[StartedConnection, ...]
    notes: tuple[str, ...]


class SessionRestore:
    """The restore of one session file; ``seal`` opens the text of panes that was kept."""

    def __init__(
        self, file: str, context: LiveContext, seal: Callable[[], OwnSeal] | None = None
    ) -> None:
        self.file = file
        self.context = context
        self._seal = seal
        self.adapter = TmuxAdapter(context.machine.environ, context.socket, context.store.directory)
        self._session: SessionToRestore | None = None
        self._workspace: Workspace | None = None
        self._numbers: tuple[int, ...] = ()
        self._is_new = True

    def propose(self) -> RestoreProposal:
        """Read the file, look at what stands, and return what would be done.

        Raises:
          FileError, ParseError: the file cannot be read, or is not TOML.
          UsageError: it has no name, or another adapter than tmux keeps it.
          ToolError: tmux is missing or fails.
        """
        self._refuse_others()
        session = read_session_file(self.file, self.context)
        standing = self.adapter.standing(session.workspace.name)
        workspace = session.workspace
        numbers = tuple(range(len(session.items)))
        if standing is not None:
            workspace, numbers = missing_windows(workspace, standing)
        self._session, self._workspace, self._numbers = session, workspace, numbers
        self._is_new = standing is None
        is_there = not workspace.windows and not (workspace.group and standing is None)
        start = self._connections()
        return RestoreProposal(
            session.workspace.name,
            () if is_there else self._plan(workspace),
            () if is_there else self._plan(allowed_whole(workspace)),
            session.review.new,
            self._is_new,
            () if start is None else start.names,
        )

    def carry_out(
        self,
        *,
        trusts: bool,
        begin: Callable[[Plan[TmuxRestoration]], None],
        watch: Callable[[StepOutcome], None],
        terminal: CellSize | None = None,
    ) -> RestoreResult:
        """Do what was proposed; ``trusts`` allows all of it from now on, as it was shown.

        ``begin`` is called with the plan, which differs from the proposal where a connection that
        a pane needs is not open; ``watch`` after each step of it.

        Raises:
          FileError, RefusedError, DocumentError: what was allowed cannot be remembered.
          ToolError: tmux is missing or fails.
        """
        session, workspace = self._session, self._workspace
        assert session is not None
        assert workspace is not None
        if trusts:
            allow(session, self.context)
            workspace = allowed_whole(workspace)
        may_open = trusts or not any(item.kind == CONNECTION for item in session.review.new)
        start = self._connections()
        notes: list[str] = []
        if start is not None and may_open and start.names:
            start.begin()
        workspace, held = self._held_back(workspace, start if may_open else None)
        notes += held
        tools = self._tools(workspace, terminal, notes)
        from sessionctl.services.plan.runner import run

        plan = self._plan(workspace)
        begin(plan)
        report = run(plan, tools, watch=watch)
        if tools.session:
            self._remember(session)
        asked = harmless(workspace)
        is_whole = workspace.is_allowed_whole and may_open
        differences = self.adapter.verify(asked) if self._is_new else ()
        states = start.wait_for_first() if start is not None and may_open and start.names else []
        return RestoreResult(report, is_whole, differences, tuple(states), tuple(notes))

    def _refuse_others(self) -> None:
        record = self.context.memory.recall(self.file)
        if record is not None and record.adapter != "tmux":
            raise UsageError(
                f"{self.file}: it was saved with the adapter {record.adapter}, not from tmux",
                hints=[f"restore it: sessionctl restore {path_word(self.file)}"],
            )

    def _plan(self, workspace: Workspace) -> Plan[TmuxRestoration]:
        standing = None
        if not self._is_new:
            standing = self.adapter.standings()[0]
        return self.adapter.plan(RestoreRequest(workspace, standing))

    def _connections(self) -> SessionStart | None:
        assert self._session is not None
        value = self.context.resolved(self._session.document.value)
        connections = value.get("connections")
        if not isinstance(connections, dict) or not connections:
            return None
        from sessionctl.services.connections.session_start import SessionStart

        return SessionStart(self.context.machine, self.file, value)

    def _held_back(
        self, workspace: Workspace, start: SessionStart | None
    ) -> tuple[Workspace, list[str]]:
        """Wait for what panes need; return the workspace with what lacks it typed only."""
        from sessionctl.services.connections.session_start import wait_for_needs

        assert self._session is not None
        items = [self._session.items[number] for number in self._numbers]
        value = self.context.resolved(self._session.document.value)
        return wait_for_needs(value, start, workspace, items)

    def _tools(
        self, workspace: Workspace, terminal: CellSize | None, notes: list[str]
    ) -> TmuxRestoration:
        from sessionctl.services.live.old_text import OldTextStore
        from sessionctl.services.live.tmux.program_start import RestoreOrder

        assert self._session is not None
        kept = OldTextStore(self.context.store.directory).read(self.file, self._seal)
        if kept.note:
            notes.append(kept.note)
        items = [self._session.items[number] for number in self._numbers]
        order = RestoreOrder(
            workspace,
            self.context.script_directory,
            into="" if self._is_new else self.adapter.session_id(workspace.name),
            terminal=terminal,
            old_texts=kept.of_windows(items),
            state=self.context.store.directory,
        )
        return self.adapter.tools(order)

    def _remember(self, session: SessionToRestore) -> None:
        standing = self.adapter.standing(session.workspace.name)
        if standing is not None:
            places = places_of(session.workspace, standing, session.items)
            remember_restored(session, standing, places, self.context)
