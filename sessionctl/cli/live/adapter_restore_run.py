"""Adapter restore run: a session brought back by any adapter but tmux, and reported."""

from __future__ import annotations

from sessionctl.cli.live.live_session import adapter_context
from sessionctl.cli.live.restored_connections import RestoredConnections
from sessionctl.cli.live.trust_question import is_trusted, opens_new, warned
from sessionctl.core.text.plural import counted
from sessionctl.core.text.shellwords import path_word
from sessionctl.core.text.source import visible
from sessionctl.core.workspace.permission import allowed_whole, harmless
from sessionctl.errors import KeyNotFoundError, ToolError, UsageError
from sessionctl.services.live.adapters.adapter_registry import PLAIN, open_adapter
from sessionctl.services.live.adapters.adapter_restore import plan_with
from sessionctl.services.live.unset_secrets import with_file
from sessionctl.services.live.workspace_restore import read_session_file, remember_restored
from sessionctl.services.plan.runner import PlanReport, rehearse, run

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from sessionctl.cli.live.restore_options import RestoreOptions
    from sessionctl.cli.output.console import Console
    from sessionctl.core.workspace.discrepancy import Discrepancy
    from sessionctl.core.workspace.mapping.agreed_workspace import StandingWorkspace
    from sessionctl.core.workspace.workspace import Workspace
    from sessionctl.services.live.adapters.workspace_adapter import Handover, WorkspaceAdapter
    from sessionctl.services.live.live_context import LiveContext

_PARTLY = 1
_UNTRUSTED = 5
_ONLY_TMUX = {"into": "--into", "at": "--at", "attach": "--attach"}


class AdapterRestoreRun:
    """One session that an adapter brings back; ``data`` is the answer for JSON."""

    def __init__(
        self,
        console: Console,
        context: LiveContext,
        options: RestoreOptions,
        file: str,
        adapter: str,
    ) -> None:
        self.console = console
        self.context = context
        self.options = options
        self.name = adapter
        self.file = file
        for field in ("into", "attach"):
            if getattr(options, field):
                raise UsageError(f"restore: {_ONLY_TMUX[field]} is for tmux, not for {adapter}")
        self.adapter: WorkspaceAdapter = open_adapter(adapter, adapter_context(context))
        text = None
        if options.at is not None:
            from sessionctl.cli.live.earlier_text import earlier_text

            text = earlier_text(file, options.at, context.store)
        self.session = read_session_file(
            file, context, text=text, is_fresh=options.fresh, only=options.windows
        )
        self.connections = RestoredConnections(
            console, context, self.session, as_json=options.as_json, adapter=self.name
        )
        self.data: dict[str, object] = {}

    def run(self) -> tuple[int, Handover | None]:
        """Bring it back and report; return the exit code, and what takes the terminal over."""
        workspace = self.session.workspace
        standing = self._standing(workspace.name)
        if self.options.verify:
            return self._report_verified(self.adapter.verify(harmless(workspace))), None
        may_ask = not (self.options.no_input or self.options.as_json)
        may_all = not self.options.dry_run and is_trusted(
            self.console,
            self.session,
            workspace,
            self.context,
            yes=self.options.yes,
            can_ask=may_ask,
        )
        if may_all:
            workspace = allowed_whole(workspace)
        if not self.options.dry_run:
            self.connections.begin(is_allowed=may_all or not opens_new(self.session))
            workspace = self.connections.held_back(workspace, self.session.items)
        plan = plan_with(self.adapter, workspace, standing, is_replacing=self.options.replace)
        if self.options.dry_run:
            self._put(rehearse(plan), workspace, ())
            return 0, None
        report = run(plan, self.adapter)
        handover = self._handover(workspace.name)
        differences: Sequence[Discrepancy] = ()
        if handover is None and report.failures == ():
            differences = self.adapter.verify(harmless(workspace))
            self._remember(workspace.name)
        self._put(report, workspace, differences)
        return self.connections.report(self._code(report, workspace, differences)), handover

    def _standing(self, name: str) -> StandingWorkspace | None:
        if self.name == PLAIN:
            return None  # a terminal is always there; its shell is started over
        if name not in self.adapter.detect().sessions:
            return None
        try:
            return next(iter(self.adapter.capture([name])), None)
        except KeyNotFoundError:
            return None

    def _handover(self, name: str) -> Handover | None:
        method = getattr(self.adapter, "handover", None)
        if method is None or self.options.as_json:
            return None
        found: Handover | None = method(name)
        return found

    def _remember(self, name: str) -> None:
        if self.options.windows or self.options.at:
            return
        standing = self._standing(name)
        if standing is not None:
            from sessionctl.services.live.tmux.adapter import places_of

            places = places_of(self.session.workspace, standing, self.session.items)
            with warned(self.console, f"{visible(self.file)}: it was not stored that it runs"):
                remember_restored(self.session, standing, places, self.context, self.name)

    def _code(
        self, report: PlanReport, workspace: Workspace, differences: Sequence[Discrepancy]
    ) -> int:
        if report.failures or differences:
            return _PARTLY
        return 0 if workspace.is_allowed_whole else _UNTRUSTED

    # -- report --------------------------------------------------------------------------

    def _report_verified(self, differences: Sequence[Discrepancy]) -> int:
        self.data = self._data(PlanReport(), self.session.workspace, differences)
        if not self.options.as_json:
            for one in differences:
                self.console.out(one.render())
            if not differences:
                self.console.note(f"{visible(self.file)}: everything runs")
        return _PARTLY if differences else 0

    def _put(
        self, report: PlanReport, workspace: Workspace, differences: Sequence[Discrepancy]
    ) -> None:
        self.data = self._data(report, workspace, differences)
        if self.options.as_json:
            return
        console = self.console
        if self.options.dry_run:
            for line in [*report.lines(), *self.connections.plan_lines()]:
                console.out(line)
            return
        for line in report.lines():
            console.detail(line)
        self._print_outcome(report, workspace)
        for one in differences:
            console.error(one.render())
        for note, hint in report.notes:
            named = with_file(hint, path_word(self.file))
            console.warn(note, hints=[named] if hint else [])
        if not workspace.is_allowed_whole:
            word = path_word(self.file)
            console.warn(
                f"{visible(self.file)}: not trusted, so not all of it was started",
                hints=[
                    f"sessionctl trust {word} && sessionctl restore --adapter {self.name} {word}"
                ],
            )

    def _print_outcome(self, report: PlanReport, workspace: Workspace) -> None:
        name = visible(workspace.name)
        if not report.outcomes:
            self.console.note(f"the session {name} exists already")
        elif report.done and not report.failures:
            panes = sum(len(window.panes) for window in workspace.windows)
            windows = counted(len(workspace.windows), "window")
            source = f"from {visible(self.file)} by the adapter {self.name}"
            self.console.out(f"restored {name} {source}: {windows}, {counted(panes, 'pane')}")
        for outcome in report.leaves():
            if outcome.error is not None:
                self.console.error(f"{outcome.step.render()}: {outcome.error.message}")
                for hint in outcome.error.hints:
                    self.console.hint(hint)

    def _data(
        self, report: PlanReport, workspace: Workspace, differences: Sequence[Discrepancy]
    ) -> dict[str, object]:
        return {
            "file": self.file,
            "name": workspace.name,
            "adapter": self.name,
            "dry_run": self.options.dry_run,
            "trusted": workspace.is_allowed_whole,
            "steps": report.data(),
            "failed": len(report.failures),
            "differences": [one._asdict() for one in differences],
            "connections": self.connections.data(),
        }


def hand_over(console: Console, handover: Handover) -> None:
    """Replace this process by what takes the terminal over.

    Raises:
      ToolError: it cannot be started.
    """
    import os

    from sessionctl.system.process import run_in_place

    console.flush()
    try:
        os.chdir(handover.cwd)
    except OSError as error:
        raise ToolError(f"{handover.cwd}: {error.strerror}") from error
    run_in_place(list(handover.argv), handover.environ, {})
