"""Naming run: the plan of a rename, a copy or a removal shown, asked about, carried out."""

from __future__ import annotations

from sessionctl.cli.plan_flow import PlanMode, perform
from sessionctl.core.text.source import visible
from sessionctl.errors import SessionctlError
from sessionctl.services.naming.naming_steps import NamingTools, RemoveSessionFile

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path

    from sessionctl.cli.output.console import Console
    from sessionctl.cli.plan_flow import Question
    from sessionctl.core.toml.document import Document
    from sessionctl.services.naming.session_naming import NamingPlan, Sealing
    from sessionctl.services.plan.plan import Plan
    from sessionctl.services.plan.runner import PlanReport
    from sessionctl.services.secrets.access.vault_keeper import VaultKeeper


def server_of(console: Console, file: str, socket: str) -> str:
    """Return the socket of the tmux server: the given one, else where ``file`` was saved from."""
    if socket:
        return socket
    from sessionctl.services.live.live_memory import LiveMemory

    record = LiveMemory(console.machine.state).recall(file)
    return "" if record is None else record.socket


class NamingRun:
    """One command that names sessions, with the keeper of secrets it opens at most once."""

    def __init__(
        self, console: Console, socket: str = "", identity: Path | None = None, **flags: bool
    ) -> None:
        from sessionctl.cli.live.live_session import live_context, tmux_adapter

        self.console = console
        self.dry_run = flags.get("dry_run", False)
        self.as_json = flags.get("as_json", False)
        self._no_input = flags.get("no_input", False)
        self._identity = identity
        self._context = live_context(console, socket)
        self._adapter = tmux_adapter(self._context)
        self._keeper: VaultKeeper | None = None
        self.store = self._context.store
        self.home = console.machine.home or ""

    def standing(self) -> list[str]:
        """Return the names of the tmux sessions that run; none where tmux is not there."""
        try:
            return self._adapter.sessions()
        except SessionctlError:
            return []

    def keeper(self) -> VaultKeeper:
        """Return who opens the secrets of this user."""
        if self._keeper is None:
            from sessionctl.cli.secrets.user_keeper import make_keeper

            self._keeper = make_keeper(
                self.console, self._identity, no_input=self._no_input, dry_run=self.dry_run
            )
        return self._keeper

    def sealing(self, file: str) -> Sealing:
        """Return what seals the secrets of ``file`` for where it will be."""

        def seal(document: Document, path: str) -> Plan[NamingTools]:
            from sessionctl.services.naming.secret_copy import plan_secret_copy

            return plan_secret_copy(self.keeper(), file, document, path)

        return seal

    def clear_cut(self, file: str, word: str) -> None:
        """Remove what the same command made and did not finish, unless nothing shall be done."""
        if not self.dry_run:
            from sessionctl.services.naming.naming_journal import clear_cut_copy
            from sessionctl.services.naming.session_paper import new_path

            clear_cut_copy(self.store, file, new_path(file, word, self.home))

    def carry_out(self, command: str, found: NamingPlan, question: Question | None = None) -> int:
        """Show, ask and do; report, and return the exit code."""
        console = self.console
        tools = NamingTools(self.store, console.machine.environ, self.keeper, self._rename_live)
        if not self.as_json:
            for note in found.notes:
                console.warn(note)
        mode = PlanMode(self.dry_run, self.as_json, question)
        report = perform(console, found.plan, tools, mode)
        if not report.failures and not self.dry_run and report.done:
            self._say(command, found)
            self._say_written(report)
            if found.new and not self.as_json:
                from sessionctl.cli.arguments.named_file import warn_of_namesakes

                warn_of_namesakes(console, [found.new], but=found.old)
        if report.failures and found.new:
            from sessionctl.services.naming.naming_journal import forget_undone

            forget_undone(self.store.directory, found.old, found.new)
        if self._keeper is not None:
            from sessionctl.cli.secrets.secret_output import print_notes

            print_notes(console, self._keeper)
        if self.as_json:
            steps = report.data()
            to = found.new or None
            console.print_json(command, file=found.old, to=to, dry_run=self.dry_run, steps=steps)
        for note, hint in report.notes:
            console.warn(note, hints=[hint] if hint else [])
        for error in report.failures:
            console.error(error.message, hints=error.hints)
        is_declined = not self.dry_run and not report.done and not report.failures
        return report.exit_code or int(is_declined)

    def _say(self, command: str, found: NamingPlan) -> None:
        from sessionctl.core.text.shellwords import path_word

        if found.new:
            verb = {"rename": "renamed", "cp": "copied"}[command]
            self.console.note(f"{verb} {found.old} to {found.new}")
            return
        self.console.note(f"removed {found.old}")
        for step in found.plan:
            if not (isinstance(step, RemoveSessionFile) and step.is_kept):
                continue
            path = step.path
            self.console.hint(f"restore it: sessionctl recover {path_word(path)} 1")

    def _say_written(self, report: PlanReport) -> None:
        """Say which files of secrets were written: readers and a vault may be new there."""
        for outcome in report.done:
            data = outcome.step.data()
            if data.get("action") == "write-secret-file":
                verb = "created" if data["new"] else "changed"
                self.console.note(f"{verb} {visible(str(data['path']))}")

    def _rename_live(self, old: str, new: str) -> None:
        target = self._adapter.id_of(old)
        self._adapter.server.run([("rename-session", "-t", target, new)])
