"""sessionctl backups: list, show, compare and restore the earlier texts of a file."""

from __future__ import annotations

from sessionctl.cli.completion import complete_backup
from sessionctl.cli.options import (
    document_argument,
    dry_run_option,
    json_option,
    no_input_option,
    yes_option,
)
from sessionctl.cli.output.console import Console
from sessionctl.cli.start.late_click import ADVISING_GROUP, click

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.services.history.backups import Backup

_DIFFERENT = 1


@click.group("backups", cls=ADVISING_GROUP, no_args_is_help=True)
def command() -> None:
    """List, show, compare and restore earlier versions of a file.

    Every command that changes a file keeps the previous version, readable by you alone. How
    many are kept is a setting (see docs/settings.md). Name a backup by its id, or by its
    number in the list.

    \b
    Examples:
      sessionctl backups list api.session.toml
      sessionctl backups diff api.session.toml 1     changes since the newest one
      sessionctl backups restore api.session.toml 1
    """


@command.command("list")
@document_argument(may_be_gone=True)
@json_option
@click.pass_obj
def list_command(console: Console, *, file: str, as_json: bool) -> None:
    """List the backups of FILE, newest first: number, id, time, and who wrote it.

    "by hand" means a version that was not written by sessionctl.

    \b
    Examples:
      sessionctl backups list api.session.toml
    """
    from sessionctl.cli.output.time_text import moment, moment_data
    from sessionctl.core.text.amount import size
    from sessionctl.core.text.shellwords import path_word
    from sessionctl.services.history.backups import archive_of, list_backups
    from sessionctl.services.settings.user_store import user_store

    store = user_store(console.machine)
    archive_of(store, file)
    backups = list_backups(store, file)
    if as_json:
        data = [{**_data(backup), "time": moment_data(backup.time_ns / 1e9)} for backup in backups]
        console.print_json("backups list", file=file, backups=data)
        return
    number = 0
    for backup in backups:
        number += not backup.is_now
        shown = "now" if backup.is_now else str(number)
        console.out(
            f"{shown:>4}  {console.style(backup.id, 'key')}  {moment(backup.time_ns / 1e9)}  "
            f"{backup.why:<8}  {size(backup.size_bytes):>10}"
        )
    if number:
        console.hint(f"what changed since: sessionctl backups diff {path_word(file)} 1")


@command.command("show")
@document_argument(may_be_gone=True)
@click.argument("backup", shell_complete=complete_backup)
@click.option("--raw", is_flag=True, help="Print it byte for byte, including secrets.")
@json_option
@click.pass_obj
def show_command(console: Console, *, file: str, backup: str, raw: bool, as_json: bool) -> None:
    """Print the text of BACKUP of FILE, with secrets masked.

    \b
    Examples:
      sessionctl backups show api.session.toml 1
      sessionctl backups show --raw api.session.toml 3f0d8c2e > old.session.toml
    """
    from sessionctl.services.history.backups import (
        find_backup,
        list_backups,
        read_backup,
        shown_text,
    )
    from sessionctl.services.settings.user_store import user_store

    store = user_store(console.machine)
    found = find_backup(list_backups(store, file), file, backup)
    data = read_backup(store, file, found)
    if raw and not as_json and not console.stdout.isatty():
        console.stdout.flush()
        console.stdout.buffer.write(data)
        return
    text = data.decode(errors="replace") if raw else shown_text(data, file)
    if as_json:
        console.print_json("backups show", file=file, id=found.id, text=text)
    else:
        console.data(text)


@command.command("diff")
@document_argument(may_be_gone=True)
@click.argument("before", default="1", shell_complete=complete_backup)
@click.argument("after", required=False, shell_complete=complete_backup)
@json_option
@click.pass_obj
def diff_command(
    console: Console, *, file: str, before: str, after: str | None, as_json: bool
) -> int:
    """Show changes in FILE since the backup BEFORE (the newest), or up to AFTER.

    Exit code: 0 no changes, 1 changes.

    \b
    Examples:
      sessionctl backups diff api.session.toml
      sessionctl backups diff api.session.toml 3 1
    """
    from sessionctl.cli.output.terminal import print_lines
    from sessionctl.core.diff.diff_data import diff_data
    from sessionctl.core.render.diff_text import render_diff
    from sessionctl.services.history.backups import (
        archive_of,
        compare_backups,
        find_backup,
        list_backups,
    )
    from sessionctl.services.settings.user_store import user_store

    store = user_store(console.machine)
    archive_of(store, file)
    backups = list_backups(store, file)
    one = find_backup(backups, file, before)
    other = None if after is None else find_backup(backups, file, after)
    found = compare_backups(store, file, one, other)
    if as_json:
        ids = {"before": one.id, "after": None if other is None else other.id}
        console.print_json("backups diff", file=file, **ids, **diff_data(found.shown))
    else:
        print_lines(console, render_diff(found.shown))
        if not found.shown and found.diff.has_text_changes:
            console.note(f"{file}: only the layout or a secret differs")
    return _DIFFERENT if found.diff.has_text_changes else 0


@command.command("restore")
@document_argument(may_be_gone=True)
@click.argument("backup", shell_complete=complete_backup)
@yes_option
@no_input_option
@dry_run_option
@json_option
@click.pass_obj
def restore_command(
    console: Console, /, *, file: str, backup: str, dry_run: bool, as_json: bool, **answers: bool
) -> None:
    """Restore FILE to BACKUP, byte for byte, after showing what changes.

    It asks first, as 'recover' does. The current version of FILE is kept as a backup.

    \b
    Examples:
      sessionctl backups restore -n api.session.toml 1     show what would change
      sessionctl backups restore api.session.toml 1
      sessionctl backups restore --yes api.session.toml 3f0d8c2e
    """
    from sessionctl.cli.output.restore_text import print_preview, restore_question, tell_restored
    from sessionctl.cli.plan_flow import PlanMode, perform, shown_already
    from sessionctl.services.history.backups import (
        find_backup,
        has_older,
        list_backups,
        plan_restore,
        read_backup,
    )
    from sessionctl.services.history.recovery import preview_bytes
    from sessionctl.services.settings.user_store import user_store

    store = user_store(console.machine)
    found = find_backup(list_backups(store, file), file, backup)
    data = read_backup(store, file, found)
    if not as_json:
        print_preview(console, file, lambda: preview_bytes(file, found.id, data))
    plan = plan_restore(file, found.id, data)
    question = restore_question(file, yes=answers["yes"], can_ask=not answers["no_input"])
    mode = PlanMode(dry_run, as_json, question)
    report = perform(console, plan, store, mode, show=shown_already).check()
    older = has_older(store, file)
    tell_restored(console, report, file, found.id, dry_run=dry_run, has_older=older)
    if as_json:
        is_done = bool(report.done)
        console.print_json(
            "backups restore", file=file, id=found.id, restored=is_done, dry_run=dry_run
        )


def _data(backup: Backup) -> dict[str, object]:
    return {
        "id": backup.id,
        "address": backup.address,
        "why": backup.why,
        "size_bytes": backup.size_bytes,
        "now": backup.is_now,
    }
