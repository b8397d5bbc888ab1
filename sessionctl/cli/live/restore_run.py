"""Restore run: a session file read, asked about, brought back and reported."""

from __future__ import annotations

from typing import NamedTuple

import click

from sessionctl.cli.live.live_session import (
    known_file,
    live_context,
    script_directory,
    session_lookup,
    tmux_adapter,
)
from sessionctl.cli.plan_flow import is_someone_there
from sessionctl.core.text.plural import counted
from sessionctl.core.text.shellwords import path_word
from sessionctl.core.text.source import visible
from sessionctl.core.workspace.workspace import RUN, CellSize
from sessionctl.errors import UsageError
from sessionctl.services.live.tmux.adapter import missing_windows, places_of
from sessionctl.services.live.tmux.restore_steps import TRUST
from sessionctl.services.live.workspace_restore import (
    allow,
    read_session_file,
    remember_restored,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.cli.output.console import Console
    from sessionctl.core.workspace.mapping.agreed_workspace import StandingWorkspace
    from sessionctl.core.workspace.workspace import Workspace
    from sessionctl.services.live.live_context import LiveContext
    from sessionctl.services.live.tmux.adapter import TmuxAdapter
    from sessionctl.services.live.tmux.restoration import TmuxRestoration
    from sessionctl.services.live.workspace_restore import SessionToRestore
    from sessionctl.services.plan.plan import Plan
    from sessionctl.services.plan.runner import PlanReport

_PARTLY = 1
_UNTRUSTED = 5


class RestoreOptions(NamedTuple):
    """The options of 'sessionctl restore'."""

    windows: tuple[str, ...] = ()
    into: str | None = None
    replace: bool = False
    at: str | None = None
    fresh: bool = False
    attach: bool = False
    yes: bool = False
    no_input: bool = False
    socket: str = ""
    dry_run: bool = False
    as_json: bool = False


def restore(console: Console, name: str | None, options: RestoreOptions) -> int:
    """Bring a session back; return the exit code."""
    context = live_context(console, options.socket)
    file = _file(context, name)
    run = RestoreRun(console, context, options, file)
    code = run.restore()
    if options.attach and code in (0, _PARTLY, _UNTRUSTED):
        from sessionctl.cli.live.attach import attach

        return attach(console, run.adapter, run.session.workspace.name) or code
    return code


def _file(context: LiveContext, name: str | None) -> str:
    if name is not None:
        return known_file(session_lookup(context), name)
    from sessionctl.services.documents.session_view import choose_session

    return choose_session()


class RestoreRun:
    """One run of 'sessionctl restore'."""

    def __init__(
        self, console: Console, context: LiveContext, options: RestoreOptions, file: str
    ) -> None:
        self.console = console
        self.context = context
        self.options = options
        self.file = file
        self.adapter: TmuxAdapter = tmux_adapter(context)
        self.session = self._read()

    def restore(self) -> int:
        """Do what the options say; return the exit code."""
        target = self.options.into or self.session.workspace.name
        standing = self.adapter.standing(target)
        if self.options.into and standing is None:
            raise UsageError(f"tmux: there is no session {visible(target)}")
        if standing is not None and self.options.replace:
            return self._replace(target)
        workspace, numbers = self.session.workspace, tuple(range(len(self.session.items)))
        if standing is not None and not self.options.into:
            workspace, numbers = missing_windows(workspace, standing)
        into = self.adapter.session_id(target) if standing is not None else ""
        return self._carry_out(workspace, numbers, into, target)

    def _read(self) -> SessionToRestore:
        options, text = self.options, None
        if options.at is not None:
            from sessionctl.cli.live.earlier_text import earlier_text

            text = earlier_text(self.file, options.at, self.context.store)
        return read_session_file(
            self.file, self.context, text=text, is_fresh=options.fresh, only=options.windows
        )

    def _replace(self, target: str) -> int:
        """Make the session anew beside the old one, and end that."""
        question = f"End the session {visible(target)} and all that runs in it?"
        if not self.options.dry_run and not self._agrees(question):
            self.console.note("nothing was done")
            return _PARTLY
        workspace, items = self.session.workspace, tuple(range(len(self.session.items)))
        if self.options.dry_run:
            return self._carry_out(workspace, items, "", target)
        old = self.adapter.set_aside(target)
        code = self._carry_out(workspace, items, "", target)
        self.adapter.drop(old)
        return code

    def _carry_out(
        self, workspace: Workspace, numbers: tuple[int, ...], into: str, target: str
    ) -> int:
        if not workspace.windows:
            return self._report_nothing(target)
        if self.options.yes:
            workspace = _with_risks(workspace)
        plan = self.adapter.plan(workspace, is_new=not into)
        if self.options.dry_run:
            return self._rehearse(plan)
        is_trusted = self._is_trusted(plan)
        tools = self._tools(workspace, numbers, into, is_trusted=is_trusted)
        from sessionctl.services.plan.runner import run

        report = run(plan, tools, granted={TRUST} if is_trusted else ())
        if tools.session:
            self._remember(target)
        return self._report(report, workspace, is_trusted=is_trusted)

    def _tools(
        self, workspace: Workspace, numbers: tuple[int, ...], into: str, *, is_trusted: bool
    ) -> TmuxRestoration:
        from sessionctl.services.live.old_text import OldTextStore
        from sessionctl.services.live.tmux.program_start import RestoreOrder

        kept = (
            {} if self.options.fresh else OldTextStore(self.context.store.directory).read(self.file)
        )
        items = [self.session.items[number] for number in numbers]
        texts = {
            (number, place[1]): text
            for number, item in enumerate(items)
            for place, text in kept.items()
            if place[0] == item
        }
        order = RestoreOrder(
            workspace,
            is_trusted,
            script_directory(self.context),
            into=into,
            terminal=_terminal_size(self.console),
            old_texts=texts,
        )
        return self.adapter.tools(order)

    # -- trust ---------------------------------------------------------------------------

    def _is_trusted(self, plan: Plan[TmuxRestoration]) -> bool:
        """Tell whether programs may be started: they were allowed, or are now."""
        if self.session.is_trusted:
            return True
        if not self.options.yes:
            if self.options.no_input or self.options.as_json or not is_someone_there():
                return False
            from sessionctl.cli.output.trust_text import print_review

            print_review(self.console, self.session.review)
            self.console.flush()
            if not click.confirm(f"Start this, and trust {self.file} from now on?", err=True):
                return False
        allow(self.session, self.context)
        return True

    def _agrees(self, question: str) -> bool:
        if self.options.yes:
            return True
        from sessionctl.cli.plan_flow import Question, is_agreed

        can_ask = not self.options.no_input and not self.options.as_json
        return is_agreed(self.console, Question(question, can_ask=can_ask))

    # -- report --------------------------------------------------------------------------

    def _rehearse(self, plan: Plan[TmuxRestoration]) -> int:
        from sessionctl.services.plan.runner import rehearse

        report = rehearse(plan, granted={TRUST} if self.session.is_trusted else ())
        if self.options.as_json:
            self._print_json(report, is_trusted=self.session.is_trusted)
        else:
            for line in report.lines():
                self.console.out(line)
        return 0

    def _report_nothing(self, target: str) -> int:
        if self.options.as_json:
            from sessionctl.services.plan.runner import PlanReport

            self._print_json(PlanReport(), is_trusted=self.session.is_trusted)
        else:
            self.console.note(f"the session {visible(target)} is there already")
        return 0

    def _report(self, report: PlanReport, workspace: Workspace, *, is_trusted: bool) -> int:
        if self.options.as_json:
            self._print_json(report, is_trusted=is_trusted)
        else:
            self._print(report, workspace)
        if not is_trusted and not self.options.as_json:
            self.console.warn(
                f"{visible(self.file)}: not trusted, so no program of it was started",
                hints=[f"sessionctl trust {path_word(self.file)}, then restore --replace"],
            )
        if report.failures:
            return _PARTLY
        return 0 if is_trusted else _UNTRUSTED

    def _print(self, report: PlanReport, workspace: Workspace) -> None:
        console = self.console
        for line in report.lines():
            console.detail(line)
        panes = sum(len(window.panes) for window in workspace.windows)
        windows = counted(len(workspace.windows), "window")
        if any(outcome.data().get("action") == "open-session" for outcome in report.done):
            console.out(f"restored {visible(workspace.name)}: {windows}, {counted(panes, 'pane')}")
        for outcome in report.leaves():
            if outcome.error is not None:
                console.error(f"{outcome.step.render()}: {outcome.error.message}")
        for note, hint in report.notes:
            console.warn(note, hints=[hint] if hint else [])

    def _print_json(self, report: PlanReport, *, is_trusted: bool) -> None:
        self.console.print_json(
            "restore",
            file=self.file,
            session=self.session.workspace.name,
            dry_run=self.options.dry_run,
            trusted=is_trusted,
            steps=report.data(),
            failed=len(report.failures),
        )

    def _remember(self, target: str) -> None:
        """Remember that file and session agree; what is only a part of it does not."""
        if self.options.windows or self.options.into or self.options.at:
            return
        standing: StandingWorkspace | None = self.adapter.standing(target)
        if standing is not None:
            places = places_of(self.session.workspace, standing, self.session.items)
            remember_restored(self.session, standing, places, self.context)


def _with_risks(workspace: Workspace) -> Workspace:
    """Return ``workspace`` so that what could do harm is started too, not only typed."""
    return workspace._replace(
        windows=tuple(
            window._replace(
                panes=tuple(pane._replace(start=pane.start or RUN) for pane in window.panes)
            )
            for window in workspace.windows
        )
    )


def _terminal_size(console: Console) -> CellSize | None:
    import os

    if not console.stdout.isatty():
        return None
    try:
        found = os.get_terminal_size(console.stdout.fileno())
    except (OSError, ValueError):
        return None
    return CellSize(found.columns, max(1, found.lines - 1))
