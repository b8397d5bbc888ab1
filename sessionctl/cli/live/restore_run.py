"""Restore run: a session file read, asked about, brought back and reported."""

from __future__ import annotations

from sessionctl.cli.live.adapter_choice import choose_for_restore
from sessionctl.cli.live.live_session import (
    end_question,
    known_file,
    live_context,
    no_target,
    own_seal,
    session_lookup,
    tmux_adapter,
)
from sessionctl.cli.live.restored_connections import RestoredConnections
from sessionctl.cli.live.trust_question import is_trusted, opens_new, warned
from sessionctl.core.text.plural import counted
from sessionctl.core.text.shellwords import path_word, quoted
from sessionctl.core.text.source import visible
from sessionctl.core.workspace.permission import allowed_whole, harmless
from sessionctl.core.workspace.workspace import RUN, CellSize
from sessionctl.errors import UsageError
from sessionctl.services.live.adapters.adapter_registry import TMUX
from sessionctl.services.live.adapters.workspace_adapter import RestoreRequest
from sessionctl.services.live.tmux.adapter import missing_windows, places_of
from sessionctl.services.live.unset_secrets import with_file
from sessionctl.services.live.workspace_restore import (
    read_session_file,
    remember_restored,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from sessionctl.cli.live.restore_options import RestoreOptions
    from sessionctl.cli.output.console import Console
    from sessionctl.core.workspace.discrepancy import Discrepancy
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


def restore(console: Console, names: Sequence[str], options: RestoreOptions) -> int:
    """Bring sessions back, all at the same time; return the exit code, of several the highest."""
    context = live_context(console, options.socket)
    files = [_file(context, name) for name in names] or [_file(context, None)]
    choices = [choose_for_restore(options.adapter, file, context) for file in files]
    for note in dict.fromkeys(choice.note for choice in choices if choice.note):
        console.note(note)
    others = [(f, c.name) for f, c in zip(files, choices, strict=True) if c.name != TMUX]
    if others:
        if len(files) > 1:
            raise UsageError("restore: several sessions at once are for tmux; name one")
        return _restore_with(console, context, options, *others[0])
    return _restore_tmux(console, context, options, files)


def _restore_with(
    console: Console, context: LiveContext, options: RestoreOptions, file: str, adapter: str
) -> int:
    from sessionctl.cli.live.adapter_restore_run import AdapterRestoreRun, hand_over

    work = AdapterRestoreRun(console, context, options, file, adapter)
    code, handover = work.run()
    if options.as_json:
        console.print_json("restore", sessions=[work.data])
    if handover is not None:
        hand_over(console, handover)
    return code


def _restore_tmux(
    console: Console, context: LiveContext, options: RestoreOptions, files: Sequence[str]
) -> int:
    runs = [RestoreRun(console, context, options, file) for file in files]
    if options.verify:
        code = max([run.compare() for run in runs])
        if options.as_json:
            console.print_json("restore", sessions=[run.data for run in runs])
        return code
    # One that shows the windows of another comes after it.
    runs.sort(key=lambda run: bool(run.session.workspace.group))
    for run in runs:
        run.prepare()
    together = [run.tools for run in runs if run.tools is not None]
    if together:
        from sessionctl.services.live.tmux.restoration import begin_together

        begin_together(together)
    code = max([run.finish() for run in runs])
    if options.as_json:
        console.print_json("restore", sessions=[run.data for run in runs])
    if options.attach and code in (0, _PARTLY, _UNTRUSTED):
        from sessionctl.cli.live.attach import attach

        return attach(console, runs[0].adapter, runs[0].session.workspace.name) or code
    return code


def _file(context: LiveContext, name: str | None) -> str:
    if name is not None:
        return known_file(session_lookup(context), name)
    from sessionctl.services.documents.session_view import choose_session

    return choose_session(command="restore")


class RestoreRun:
    """One session that 'sessionctl restore' brings back: prepared, begun, finished.

    ``tools`` carry it out, None where nothing is to be done; ``data`` is the answer for JSON.
    """

    def __init__(
        self, console: Console, context: LiveContext, options: RestoreOptions, file: str
    ) -> None:
        self.console = console
        self.context = context
        self.options = options
        self.file = file
        self.adapter: TmuxAdapter = tmux_adapter(context)
        self.session = self._read()
        self.connections = RestoredConnections(
            console, context, self.session, as_json=options.as_json
        )
        self.target = options.into or self.session.workspace.name
        self.plan: Plan[TmuxRestoration] = ()
        self.tools: TmuxRestoration | None = None
        self.data: dict[str, object] = {}
        self._old = ""
        self._is_declined = False
        self._stands = False
        self._differences: Sequence[Discrepancy] = ()

    def prepare(self) -> None:
        """Plan what is to be done, and ask what must be asked."""
        standing = self.adapter.standing(self.target)
        self._stands = standing is not None
        if self.options.into and standing is None:
            raise no_target(self.adapter, self.target, self.file, self.options.socket)
        workspace, numbers = self.session.workspace, tuple(range(len(self.session.items)))
        is_replaced = standing is not None and self.options.replace
        if is_replaced and not self._may_replace():
            self._is_declined = True
            return
        if standing is not None and not (is_replaced or self.options.into):
            workspace, numbers = missing_windows(workspace, standing)
        if not workspace.windows and not (workspace.group and standing is None):
            if self.connections.names and not self.options.dry_run:
                self._open_connections(may_open=not opens_new(self.session))
            return
        may_all = not self.options.dry_run and self._is_trusted(workspace)
        if may_all:
            workspace = allowed_whole(workspace)
        if self.options.yes:
            workspace = _with_risks(workspace)
        if not self.options.dry_run:
            self._open_connections(may_open=may_all or not opens_new(self.session))
            workspace = self.connections.held_back(
                workspace, [self.session.items[number] for number in numbers]
            )
        is_new = standing is None or is_replaced
        self.plan = self.adapter.plan(RestoreRequest(workspace, None if is_new else standing))
        if self.options.dry_run:
            return
        if is_replaced:
            self._old = self.adapter.set_aside(self.target)
        into = "" if is_new else self.adapter.session_id(self.target)
        self.tools = self._tools(workspace, numbers, into)

    def _open_connections(self, *, may_open: bool) -> None:
        if not may_open and self._is_trusted(self.session.workspace):
            may_open = True
        self.connections.begin(is_allowed=may_open)

    def compare(self) -> int:
        """Report where what stands is not what the file asks for; return the exit code."""
        self._differences = self._look_for_differences()
        if self.options.as_json:
            from sessionctl.services.plan.runner import PlanReport

            self._put_data(PlanReport())
        else:
            for one in self._differences:
                self.console.out(one.render())
            if not self._differences:
                self.console.note(f"{visible(self.file)}: everything runs")
        return _PARTLY if self._differences else 0

    def _look_for_differences(self) -> Sequence[Discrepancy]:
        # To compare starts nothing: what was not allowed is compared too.
        workspace = allowed_whole(self.session.workspace)
        return self.adapter.verify(harmless(workspace)._replace(name=self.target))

    def finish(self) -> int:
        """Carry the plan out, report, and return the exit code."""
        if self._is_declined:
            self.console.note("nothing was changed")
            return _PARTLY
        if self.options.dry_run:
            return self._rehearse() if self.plan else self._report_nothing()
        code = self._report_nothing() if self.tools is None else self._carry_out()
        return self.connections.report(code)

    def _carry_out(self) -> int:
        assert self.tools is not None
        from sessionctl.services.plan.runner import run

        report = run(self.plan, self.tools)
        if self._old:
            self.adapter.drop(self._old)
        if self.tools.session:
            self._remember()
        return self._report(report, self.tools.order.workspace)

    def _read(self) -> SessionToRestore:
        options, text = self.options, None
        if options.at is not None:
            from sessionctl.cli.live.earlier_text import earlier_text

            text = earlier_text(self.file, options.at, self.context.store)
        return read_session_file(
            self.file, self.context, text=text, is_fresh=options.fresh, only=options.windows
        )

    def _may_replace(self) -> bool:
        if self.options.dry_run or self.options.yes:
            return True
        from sessionctl.cli.plan_flow import is_agreed

        can_ask = not self.options.no_input and not self.options.as_json
        question = end_question(self.target, "and all that runs in it", can_ask=can_ask)
        return is_agreed(self.console, question)

    def _tools(self, workspace: Workspace, numbers: tuple[int, ...], into: str) -> TmuxRestoration:
        from sessionctl.services.live.old_text import KeptTexts, OldTextStore
        from sessionctl.services.live.tmux.program_start import RestoreOrder

        kept = KeptTexts({})
        if not self.options.fresh:
            store = OldTextStore(self.context.store.directory)
            kept = store.read(self.file, lambda: own_seal(self.console))
        if kept.note:
            self.console.note(kept.note)
        order = RestoreOrder(
            workspace,
            self.context.script_directory,
            into=into,
            terminal=_terminal_size(self.console),
            old_texts=kept.of_windows([self.session.items[number] for number in numbers]),
            state=self.context.store.directory,
        )
        return self.adapter.tools(order)

    # -- trust ---------------------------------------------------------------------------

    def _is_trusted(self, workspace: Workspace) -> bool:
        """Return whether everything may take effect: it was allowed, or is now."""
        can_ask = not (self.options.no_input or self.options.as_json)
        return is_trusted(
            self.console,
            self.session,
            workspace,
            self.context,
            yes=self.options.yes,
            can_ask=can_ask,
        )

    # -- report --------------------------------------------------------------------------

    def _rehearse(self) -> int:
        from sessionctl.services.plan.runner import rehearse

        report = rehearse(self.plan)
        if self.options.as_json:
            self._put_data(report)
        else:
            for line in [*report.lines(), *self.connections.plan_lines()]:
                self.console.out(line)
        return 0

    def _report_nothing(self) -> int:
        self._differences = self._look_for_differences()
        if self.options.as_json:
            from sessionctl.services.plan.runner import PlanReport

            self._put_data(PlanReport())
        else:
            if self._stands:
                self.console.note(f"the session {visible(self.target)} exists already")
                self._hint_at_differences()
            else:
                self.console.note(f"{visible(self.file)}: it has no windows to restore")
            for line in self.connections.plan_lines() if self.options.dry_run else ():
                self.console.out(line)
        return 0

    def _hint_at_differences(self) -> None:
        """Say how to see, and how to undo, what changed in windows that were left as they are."""
        if not self._differences:
            return
        word, socket = path_word(self.file), self.options.socket
        server = f"--tmux-socket={quoted(socket)} " if socket else ""
        self.console.note(
            f"it differs from {visible(self.file)} in {counted(len(self._differences), 'place')}"
        )
        self.console.hint(f"show them: sessionctl restore --verify {server}{word}")
        self.console.hint(f"end it and restore it: sessionctl restore --replace {server}{word}")

    def _report(self, report: PlanReport, workspace: Workspace) -> int:
        is_trusted = workspace.is_allowed_whole
        if self.options.as_json:
            self._put_data(report)
        else:
            self._print(report, workspace)
        if not is_trusted and not self.options.as_json:
            word, socket = path_word(self.file), self.options.socket
            again = f"--replace --tmux-socket={quoted(socket)}" if socket else "--replace"
            self.console.warn(
                f"{visible(self.file)}: not trusted, so not all of it was started",
                hints=[f"sessionctl trust {word} && sessionctl restore {again} {word}"],
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
            name = visible(f"into {self.target}" if self.options.into else workspace.name)
            source = "" if self.options.is_for_status_line else f" from {visible(self.file)}"
            console.out(f"restored {name}{source}: {windows}, {counted(panes, 'pane')}")
        if report.failures:
            from sessionctl.services.live.tmux.restore_failures import failure_lines

            for line in failure_lines(report.outcomes):
                console.error(line)
        for note, hint in report.notes:
            console.warn(note, hints=[with_file(hint, path_word(self.file))] if hint else [])

    def _put_data(self, report: PlanReport) -> None:
        workspace = self.session.workspace if self.tools is None else self.tools.order.workspace
        self.data = {
            "file": self.file,
            "name": self.session.workspace.name,
            "dry_run": self.options.dry_run,
            "trusted": workspace.is_allowed_whole,
            "steps": report.data(),
            "failed": len(report.failures),
            "adapter": TMUX,
            "differences": [one._asdict() for one in self._differences],
            "connections": self.connections.data(),
        }

    def _remember(self) -> None:
        """Remember that file and session agree; what is only a part of it does not."""
        if self.options.windows or self.options.into or self.options.at:
            return
        standing: StandingWorkspace | None = self.adapter.standing(self.target)
        if standing is not None:
            places = places_of(self.session.workspace, standing, self.session.items)
            with warned(self.console, f"{visible(self.file)}: it was not stored that it runs"):
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
