"""sessionctl undo: take back a change of a file, keeping what came after it."""

from __future__ import annotations

from sessionctl.cli.options import document_argument, dry_run_option, force_option, json_option
from sessionctl.cli.output.console import Console
from sessionctl.cli.start.late_click import click
from sessionctl.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.services.history.undo import Undo

_NO = 1


@click.command("undo")
@document_argument(writes=True, may_be_gone=True)
@click.option("--commit", "revision", metavar="REV", help="Undo the changes of this commit.")
@click.option("--redo", is_flag=True, help="Revert the last undo.")
@force_option
@dry_run_option
@json_option
@click.pass_obj
def command(
    console: Console,
    *,
    file: str,
    revision: str | None,
    redo: bool,
    force: bool,
    dry_run: bool,
    as_json: bool,
) -> int:
    """Undo the last change of FILE and keep the changes after it.

    The last change is what is not committed yet, else the last commit; right after an undo, it
    is the commit before, so each call goes one step further back. Only the file is changed;
    nothing is committed or staged. 'undo --redo' reverts the last undo, up to 20 times; once
    the undo is committed, 'undo' undoes that commit.

    A file that is not in git is undone from its backups: first manual changes, then those of
    each command.

    If a later edit conflicts, nothing is written, and the exit code is 1.

    \b
    Examples:
      sessionctl undo -n api.session.toml                 show what would change
      sessionctl undo api.session.toml
      sessionctl undo --commit HEAD~3 api.session.toml
      sessionctl undo --redo api.session.toml
    """
    from sessionctl.cli.plan_flow import PlanMode, perform, shown_already
    from sessionctl.cli.store_notes import tell_notes
    from sessionctl.services.history.undo_plan import plan_undo
    from sessionctl.services.settings.user_store import user_store

    if redo and revision is not None:
        raise UsageError(
            "undo: --redo and --commit exclude each other", hints=["see 'sessionctl undo --help'"]
        )
    store = user_store(console.machine)
    undo = plan_undo(file, console.machine.environ, store, revision=revision, redo=redo)
    is_refused = not undo.is_fit and not force
    plan = () if is_refused else undo.plan()
    report = perform(console, plan, store, PlanMode(dry_run, as_json), show=shown_already).check()
    tell_notes(console, report.notes)
    is_written = bool(report.done)
    if as_json:
        _print_json(console, undo, is_written=is_written, dry_run=dry_run)
    else:
        _print_changes(console, undo)
    _tell(console, undo, is_written=is_written, is_refused=is_refused)
    return 0 if undo.is_fit else _NO


def _print_changes(console: Console, undo: Undo) -> None:
    """Print what changes in the file; with conflicts, what else does."""
    from sessionctl.cli.output.terminal import print_lines
    from sessionctl.core.render.diff_text import render_diff
    from sessionctl.errors import ParseError

    if undo.result.conflicts:
        return
    try:
        shown = undo.comparison().shown
    except ParseError as error:
        console.note(f"no changes by key: {error.message}")
        return
    print_lines(console, render_diff(shown))
    if undo.is_change and not shown:
        console.note("only the layout changes")


def _tell(console: Console, undo: Undo, *, is_written: bool, is_refused: bool) -> None:
    """Say on stderr what was taken back or why not, and the next step."""
    from sessionctl.core.render.merge_text import conflict_lines, conflict_summary
    from sessionctl.core.text.shellwords import path_word
    from sessionctl.system.git.typed_git import in_git

    file = path_word(undo.file)
    for line in conflict_lines(undo.result, undo.file, undo.labels):
        console.note(line)
    if undo.result.conflicts and console.verbosity < 0:
        console.aside(conflict_summary(undo.result, undo.file))
    if is_refused:
        again = f"sessionctl undo --force{_option(undo)} {file}"
        if undo.result.conflicts:
            console.error(
                f"{undo.file}: later edits conflict with undoing {_what(undo)}; left as it is",
                hints=[f"write it with conflict markers: {again}"],
            )
        else:
            console.error(
                f"{undo.file}: it would no longer be valid; left as it is",
                hints=[*_fault_lines(undo), f"write it anyway: {again}"],
            )
    elif not undo.is_change:
        console.note(f"{undo.file}: nothing to do, {_what(undo)} is no longer in it")
    elif not is_written:
        console.note(f"would undo {_what(undo)}")
    elif undo.result.conflicts:
        console.note(f"undid {_what(undo)}, with conflicts")
        console.hint(f"resolve them: sessionctl resolve {file}")
    else:
        console.note(f"undid {_what(undo)}")
        if undo.kind == "commit":
            console.hint(
                f"keep it: {in_git('commit --', undo.file, environ=console.machine.environ)}"
            )
        if undo.kind != "redo":
            console.hint(f"or revert it: sessionctl undo --redo {file}")


def _option(undo: Undo) -> str:
    if undo.kind == "redo":
        return " --redo"
    return f" --commit {undo.commit.short}" if undo.commit is not None else ""


def _what(undo: Undo) -> str:
    """Return what is taken back."""
    if undo.kind == "redo":
        return "the last undo"
    if undo.archived is not None:
        by = undo.archived.by
        return f"what '{by}' changed" if by else "what was changed by hand"
    if undo.commit is None:
        return "what was not committed"
    subject = " ".join(undo.commit.subject.split())
    return f"{undo.commit.short} ({subject})"


def _fault_lines(undo: Undo) -> list[str]:
    """Return why the result is not fit to be written: ``file:line:col: key: message``."""
    from sessionctl.core.render.problem_line import problem_line
    from sessionctl.core.text.source import Source

    source = Source(undo.result.text, undo.file)
    return [problem_line(problem, source) for problem in undo.problems]


def _print_json(console: Console, undo: Undo, *, is_written: bool, dry_run: bool) -> None:
    from contextlib import suppress

    from sessionctl.core.diff.diff_data import diff_data
    from sessionctl.core.render.merge_data import conflicts_data
    from sessionctl.errors import ParseError

    changes: dict[str, object] = {"same_value": None, "same_text": None, "changes": None}
    if not undo.result.conflicts:
        with suppress(ParseError):
            changes = diff_data(undo.comparison().shown)
    commit = undo.commit
    console.print_json(
        "undo",
        file=undo.file,
        takes_back=undo.kind,
        commit=commit.hash if commit is not None else None,
        subject=commit.subject if commit is not None else None,
        written=is_written,
        dry_run=dry_run,
        conflicts=conflicts_data(undo.result, undo.file),
        faults=_fault_lines(undo),
        **changes,
    )
