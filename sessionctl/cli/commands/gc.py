"""sessionctl gc: drop what was kept of documents long enough."""

from __future__ import annotations

import click

from sessionctl.cli.options import dry_run_option, json_option
from sessionctl.cli.output.console import Console
from sessionctl.core.text.plural import counted

_COULD_NOT = 3


@click.command("gc")
@dry_run_option
@json_option
@click.pass_obj
def command(console: Console, *, dry_run: bool, as_json: bool) -> int:
    """Drop backups that are old enough, by the settings backups.*, and print what went.

    That happens by itself now and then after a save. The newest changes of a document, the
    last of each day for some time, and the last text that was valid always stay. Saves that
    were cut short are finished first.

    \b
    Examples:
      sessionctl gc --dry-run
      sessionctl gc
      SESSIONCTL_BACKUPS_COUNT=5 SESSIONCTL_BACKUPS_DAYS=0 sessionctl gc
    """
    from sessionctl.cli.input.confirmation import size
    from sessionctl.cli.user_store import user_settings, user_store
    from sessionctl.services.documents.cleanup import carry_out, plan_cleaning
    from sessionctl.services.history.recovery import settle_all

    store = user_store()
    loaded = user_settings()
    for complaint in loaded.complaints:
        console.warn(complaint)
    if not dry_run:
        for _, (note, hint) in settle_all(store):
            console.warn(note, hints=[hint] if hint else [])
    plans = plan_cleaning(store, loaded.settings)
    failures = [] if dry_run else carry_out(plans)
    for failure in failures:
        console.error(failure.message, hints=failure.hints)
    freed = sum(plan.freed_bytes for plan in plans)
    if as_json:
        documents = [
            {
                "file": plan.file,
                "changes": len(plan.dropped),
                "whole": plan.is_whole,
                "freed_bytes": plan.freed_bytes,
            }
            for plan in plans
        ]
        console.print_json("gc", documents=documents, freed_bytes=freed, dry_run=dry_run)
    else:
        for plan in plans:
            what = counted(len(plan.dropped), "old change")
            if plan.is_whole:
                what = "everything, the file is long gone"
            console.out(f"{plan.file}: {what}, {size(plan.freed_bytes)}")
        verb = "would be set free" if dry_run else "set free"
        console.note(f"{size(freed)} {verb}" if plans else "there is nothing to drop")
    return _COULD_NOT if failures else 0
