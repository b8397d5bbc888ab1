"""sessionctl edit: edit a file in one's editor, and save what is valid."""

from __future__ import annotations

from contextlib import suppress
from typing import NamedTuple

from sessionctl.cli.input.terminal_prompt import answered
from sessionctl.cli.options import (
    document_argument,
    dry_run_option,
    force_option,
    json_option,
    no_input_option,
)
from sessionctl.cli.output.console import Console
from sessionctl.cli.start.late_click import click
from sessionctl.core.light_enum import Enum
from sessionctl.errors import ChangedError, FileError, ParseError, SessionctlError, ToolError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.services.documents.checked_file import CheckedFile
    from sessionctl.services.documents.draft import Draft, DraftKind

_NO = 1
_COULD_NOT = 3


class EditAnswer(Enum):
    """What is to become of an edit that is not fit to be saved."""

    EDIT = "e"
    KEEP = "k"
    DISCARD = "d"


class EditOutcome(Enum):
    """What became of an edit."""

    UNCHANGED = "unchanged"
    SAVED = "saved"
    LEFT = "left"
    DISCARDED = "discarded"
    PREVIEWED = "previewed"


class EditOptions(NamedTuple):
    """How to edit: whether anybody answers, what is saved, and how it is reported."""

    can_ask: bool
    force: bool
    dry_run: bool
    as_json: bool


@click.command("edit")
@document_argument(writes=True)
@force_option
@no_input_option
@dry_run_option
@json_option
@click.pass_obj
def command(console: Console, /, file: str, *, as_json: bool, **flags: bool) -> int:
    """Edit FILE in $VISUAL, $EDITOR or git's core.editor; save it only when it is valid.

    You edit a private copy. When the editor exits, the copy is checked, every error is shown
    with its place, and you choose: edit again, keep it anyway, or discard it. Changes that
    others made to FILE meanwhile are merged; conflicts are marked in the file. If the editor
    or the machine crashes, nothing is lost: the next 'edit' continues with the copy.

    Without a terminal (--no-input, --json, scripts) an invalid copy is not saved, but kept.

    Exit code: 0 saved or unchanged, 1 not saved, 3 the editor or the write failed.

    \b
    Examples:
      sessionctl edit api.session.toml
      EDITOR='code --wait' sessionctl edit api.session.toml
    """
    return run_edit(console, file, None, as_json=as_json, **flags)


def run_edit(
    console: Console, file: str, kind: DraftKind | None, *, as_json: bool, **flags: bool
) -> int:
    """Edit ``file``, which is of the ``kind``, and return the exit code."""
    from sessionctl.cli.plan_flow import is_someone_there
    from sessionctl.services.documents.draft import DraftKind, editing
    from sessionctl.services.settings.user_store import user_store

    with editing(user_store(console.machine), file, kind or DraftKind()) as draft:
        can_ask = not (as_json or flags["no_input"]) and is_someone_there()
        how = EditOptions(can_ask, flags["force"], flags["dry_run"], as_json)
        edit = _Edit(console, draft, how)
        outcome = edit.run()
    if as_json:
        _print_json(console, edit, outcome)
    if edit.has_failed:
        return _COULD_NOT
    return _NO if outcome in (EditOutcome.LEFT, EditOutcome.DISCARDED) else 0


class _Edit:
    """One edit of a file, from the editor's start to the end of its draft."""

    def __init__(self, console: Console, draft: Draft, how: EditOptions) -> None:
        self.console = console
        self.draft = draft
        self.how = how
        self.checked: CheckedFile | None = None
        self.is_merged = False
        self.has_failed = False

    def run(self) -> EditOutcome:
        """Edit until the text is saved, left or discarded."""
        if not (self.draft.is_left and self._goes_on()):
            self.draft.begin()
        while True:
            if not self._open_editor():
                return self._leave()
            text = self._read()
            if text == self.draft.base and self._is_still_open():
                return EditOutcome.LEFT
            if text == self.draft.base:
                self.draft.remove()
                self.console.note(f"{self.draft.file}: unchanged")
                return EditOutcome.UNCHANGED
            answer = self._judge(text)
            if answer is EditAnswer.DISCARD:
                return self._discard()
            if answer is EditAnswer.KEEP and text is not None:
                if self.how.dry_run:
                    return self._preview(text)
                if self._save(text):
                    return EditOutcome.SAVED
                if self.has_failed or not self.how.can_ask:
                    return self._leave()
            elif answer is None:
                return self._leave()

    def _goes_on(self) -> bool:
        """Ask whether to go on with what an earlier edit left."""
        self.console.note(f"{self.draft.file}: an earlier edit is not finished")
        if not self.how.can_ask:
            self.console.note("it is kept; this is a new edit")
            return False
        question = "Continue with it?"
        if answered(self.console, lambda: click.confirm(question, default=True, err=True)):
            return True
        self.console.note("it is kept; this is a new edit")
        return False

    def _open_editor(self) -> bool:
        from sessionctl.cli.input.editor import edit_file

        try:
            code = edit_file(self.console.machine, self.draft.path, self._mistake())
        except ToolError as error:
            self.console.error(error.message, hints=error.hints)
            self.has_failed = True
            return False
        if code != 0:
            how = f"ended by signal {-code}" if code < 0 else f"exit code {code}"
            self.console.error(f"the editor failed: {how}")
            self.has_failed = True
        return code == 0

    def _mistake(self) -> tuple[int, int] | None:
        """Return the line and column of the first mistake in the copy, None without one."""
        if self.checked is None:
            with suppress(SessionctlError):
                self.checked = self.draft.check(self.draft.read())
        if self.checked is None or not self.checked.errors:
            return None
        return self.checked.place(self.checked.errors[0])[:2]

    def _is_still_open(self) -> bool:
        """Return whether the editor goes on without us; say what to do then. The copy stays."""
        from sessionctl.cli.input.early_end import is_open_elsewhere, waiting_editor
        from sessionctl.cli.input.editor import user_editor
        from sessionctl.core.text.shellwords import path_word, quoted

        editor = user_editor(self.console.machine)
        waiting = waiting_editor(editor)
        if waiting is None and not is_open_elsewhere(self.draft.path):
            return False
        word = path_word(self.draft.file)
        self.console.warn(f"{editor} exited at once, and may still have the copy open")
        self.console.note(f"the copy is kept: {self.draft.path}")
        self.console.hint(f"save and close it there, then continue: sessionctl edit {word}")
        if waiting:
            self.console.hint(
                f"or with an editor that waits: EDITOR={quoted(waiting)} sessionctl edit {word}"
            )
        return True

    def _read(self) -> str | None:
        """Return the draft; None where it is not UTF-8, which is reported."""
        try:
            return self.draft.read()
        except ParseError as error:
            self.console.error(error.message, hints=error.hints)
            return None

    def _judge(self, text: str | None) -> EditAnswer | None:
        """Report what is wrong with ``text``, and return what to do; None to leave it."""
        from sessionctl.cli.output.problem_output import print_text

        losses: tuple[str, ...] = ()
        if text is not None:
            self.checked = self.draft.check(text)
            losses = self.draft.losses(text)
            if self.checked.problems and not self.how.as_json:
                print_text(self.console, self.checked)
            for loss in losses:
                self.console.warn(f"{self.draft.file}: {loss}")
            if (self.checked.is_valid and not losses) or self.how.force:
                return EditAnswer.KEEP
        if not self.how.can_ask:
            return None
        return self._ask(has_text=text is not None)

    def _ask(self, *, has_text: bool) -> EditAnswer:
        choices = [
            answer.value for answer in EditAnswer if has_text or answer is not EditAnswer.KEEP
        ]
        words = {"e": "[e]dit again", "k": "[k]eep it and save it anyway", "d": "[d]iscard it"}
        question = ", ".join(words[choice] for choice in choices)
        kind = click.Choice(choices)
        try:
            said = answered(
                self.console,
                lambda: click.prompt(
                    question, type=kind, show_choices=False, default="e", err=True
                ),
            )
        except click.Abort:
            self._leave()
            raise
        return EditAnswer(said)

    def _save(self, text: str) -> bool:
        """Save ``text``; return whether that was done; what stopped it is reported."""
        from sessionctl.cli.store_notes import tell_notes

        try:
            saved = self.draft.save(text)
        except ChangedError as error:
            self.console.error(error.message)
            if self.draft.holds_both:
                self.console.note("the copy now holds both, with conflicts between markers")
            self.has_failed = not self.how.can_ask
            if self.how.can_ask:
                answered(self.console, lambda: click.pause("Press any key to edit it.", err=True))
            return False
        except FileError as error:  # the copy stays, and the user learns where
            self.console.error(error.message, hints=error.hints)
            self.has_failed = True
            return False
        tell_notes(self.console, saved.notes)
        self.is_merged = saved.is_merged
        self.console.note(f"{self.draft.file}: saved")
        return True

    def _preview(self, text: str) -> EditOutcome:
        from sessionctl.cli.output.restore_text import print_preview
        from sessionctl.services.history.recovery import preview_bytes

        file = self.draft.file
        if not self.how.as_json:
            print_preview(self.console, file, lambda: preview_bytes(file, "edit", text.encode()))
        self.draft.remove()
        return EditOutcome.PREVIEWED

    def _leave(self) -> EditOutcome:
        from sessionctl.core.text.shellwords import path_word

        if not self.draft.is_changed:
            self.draft.remove()
            self.console.note(f"{self.draft.file}: left as it was")
            return EditOutcome.LEFT
        self.console.note(f"{self.draft.file}: not saved; the edited copy is {self.draft.path}")
        word = path_word(self.draft.file)
        if self.draft.notes:
            self.console.hint(f"use it anyway: cp {path_word(self.draft.path)} {word}")
        else:
            self.console.hint(f"continue: sessionctl edit {word}")
        return EditOutcome.LEFT

    def _discard(self) -> EditOutcome:
        from sessionctl.core.text.shellwords import path_word

        self.draft.keep()
        self.draft.remove()
        self.console.note(f"{self.draft.file}: left as it was")
        self.console.hint(f"restore the edit: sessionctl recover {path_word(self.draft.file)}")
        return EditOutcome.DISCARDED


def _print_json(console: Console, edit: _Edit, outcome: EditOutcome) -> None:
    from sessionctl.cli.output.problem_output import file_data

    console.print_json(
        "edit",
        file=edit.draft.file,
        outcome=outcome,
        merged=edit.is_merged,
        checked=None if edit.checked is None else file_data(edit.checked),
    )
