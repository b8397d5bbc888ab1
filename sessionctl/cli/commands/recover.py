"""sessionctl recover: see what a file can be brought back to, and bring it back."""

from __future__ import annotations

from sessionctl.cli.options import (
    document_argument,
    dry_run_option,
    json_option,
    no_input_option,
    yes_option,
)
from sessionctl.cli.output.console import Console
from sessionctl.cli.start.late_click import click

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from sessionctl.services.history.recovery import Pending, RecoveryCandidate
    from sessionctl.system.store.store import Note


@click.command("recover")
@document_argument(has_default=False, may_be_gone=True, required=False)
@click.argument("text", required=False, metavar="[ID]")
@yes_option
@no_input_option
@dry_run_option
@json_option
@click.pass_obj
def command(
    console: Console, /, file: str | None, text: str | None, *, as_json: bool, **flags: bool
) -> None:
    """List the versions that FILE can be restored to, or restore the version ID.

    These are all versions that sessionctl kept (before each change, edits during a save,
    changes that could not be written) and all versions in git. With ID, the change is shown
    and you are asked; then the file has that text byte for byte, and its current version is
    kept.

    Without FILE, interrupted saves (a crash, a power cut) are finished, and files are listed
    that lack something sessionctl kept of them.

    \b
    Examples:
      sessionctl recover
      sessionctl recover api.session.toml
      sessionctl recover api.session.toml 3f0d8c2e
      sessionctl recover --yes api.session.toml 1
    """
    if file is None:
        _survey(console, as_json=as_json)
    else:
        _recover(console, file, text, as_json=as_json, **flags)


def _survey(console: Console, *, as_json: bool) -> None:
    from sessionctl.cli.store_notes import tell_notes
    from sessionctl.core.text.shellwords import path_word
    from sessionctl.services.history.recovery import pending, settle_all
    from sessionctl.services.settings.user_store import user_store

    store = user_store(console.machine)
    notes = settle_all(store)
    found = pending(store)
    if as_json:
        _print_json(console, None, [note for _, note in notes], (), found)
        return
    tell_notes(console, [note for _, note in notes])
    for one in found:
        console.out(f"{console.style(one.file, 'place')}: {', '.join(_pending_words(one))}")
    if not found:
        console.note("no file that sessionctl changed lacks anything")
    else:
        console.hint(f"see what there is: sessionctl recover {path_word(found[0].file)}")


def _pending_words(pending: Pending) -> list[str]:
    """Return what is not in the file of a document."""
    from sessionctl.core.retention import PENDING
    from sessionctl.services.history.backups import REFUSED, SLIPPED
    from sessionctl.services.history.recovery import DRAFT, GONE

    words = {
        GONE: "the file is gone",
        PENDING: "a change of the other side that was not copied yet",
        REFUSED: "a change that was not written",
        DRAFT: "an edit that was not finished",
        SLIPPED: "an edit that came in during a save",
    }
    return [pending.failure] if pending.failure else [words[kind] for kind in pending.kinds]


def _recover(
    console: Console, file: str, text: str | None, *, as_json: bool, **flags: bool
) -> None:
    from sessionctl.cli.output.restore_text import print_preview, restore_question, tell_restored
    from sessionctl.cli.plan_flow import PlanMode, perform, shown_already
    from sessionctl.cli.store_notes import tell_notes
    from sessionctl.services.history.backups import has_older, plan_restore
    from sessionctl.services.history.recovery import (
        candidates,
        find_candidate,
        preview_bytes,
        settle,
    )
    from sessionctl.services.settings.user_store import user_store

    store = user_store(console.machine)
    notes = settle(store, file)
    found = candidates(store, file, console.machine.environ)
    if not as_json:
        tell_notes(console, notes)
    restored: str | None = None
    if text is not None:
        chosen = find_candidate(found, file, text)
        if not as_json:
            print_preview(console, file, lambda: preview_bytes(file, chosen.id, chosen.data))
        plan = plan_restore(file, chosen.id, chosen.data)
        question = restore_question(file, yes=flags["yes"], can_ask=not flags["no_input"])
        mode = PlanMode(flags["dry_run"], as_json, question)
        report = perform(console, plan, store, mode, show=shown_already).check()
        older = has_older(store, file)
        tell_restored(console, report, file, chosen.id, dry_run=mode.dry_run, has_older=older)
        restored = chosen.id if report.done else None
    elif not as_json:
        _tell(console, file, found)
    if as_json:
        _print_json(console, file, notes, found, (), restored)


def _tell(console: Console, file: str, found: Sequence[RecoveryCandidate]) -> None:
    from sessionctl.cli.output.time_text import moment
    from sessionctl.core.text.amount import size
    from sessionctl.core.text.shellwords import path_word

    number = 0
    for one in found:
        number += not one.is_now
        shown = "now" if one.is_now else str(number)
        console.out(
            f"{shown:>4}  {console.style(one.id, 'key')}  {moment(one.time_s)}  {one.source:<6}  "
            f"{size(len(one.data)):>10}  {one.why}"
        )
    if number:
        console.hint(f"show and restore it: sessionctl recover {path_word(file)} 1")
    else:
        console.note(f"{file}: there is no other version to restore")


def _print_json(
    console: Console,
    file: str | None,
    notes: Sequence[Note],
    found: Sequence[RecoveryCandidate],
    pending: Sequence[Pending],
    restored: str | None = None,
) -> None:
    from sessionctl.cli.output.time_text import moment_data

    console.print_json(
        "recover",
        file=file,
        settled=[note for note, _ in notes],
        candidates=[
            {
                "id": one.id,
                "source": one.source,
                "time": moment_data(one.time_s),
                "why": one.why,
                "size_bytes": len(one.data),
                "now": one.is_now,
            }
            for one in found
        ],
        pending=[{"file": one.file, "what": _pending_words(one)} for one in pending],
        restored=restored,
    )
