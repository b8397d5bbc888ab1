"""sessionctl gc: drop what was kept of documents long enough."""

from __future__ import annotations

from sessionctl.cli.options import dry_run_option, json_option
from sessionctl.cli.output.console import Console
from sessionctl.cli.start.late_click import click

_NOT_DONE = 1
_TIMEOUT_S = 30.0
"""How long to wait for a document that is being written."""


@click.command("gc")
@dry_run_option
@json_option
@click.pass_obj
def command(console: Console, *, dry_run: bool, as_json: bool) -> int:
    """Delete backups past their retention (settings backups.*), and print what was deleted.

    This also happens automatically after saves. The newest changes of a file, the last of each
    day for some time, and the last valid version always stay. Interrupted saves are finished
    first. Nothing is deleted while your settings cannot be read.

    Exit code: 0 done, 1 your settings have an error, 3 something could not be deleted.

    \b
    Examples:
      sessionctl gc --dry-run
      sessionctl gc
      SESSIONCTL_BACKUPS_COUNT=5 SESSIONCTL_BACKUPS_DAYS=0 sessionctl gc
    """
    from sessionctl.cli.output.problem_output import complaint_lines
    from sessionctl.cli.plan_flow import PlanMode, perform
    from sessionctl.cli.store_notes import tell_notes
    from sessionctl.core.text.amount import size
    from sessionctl.services.documents.cleanup import Cleanup, plan_cleanup
    from sessionctl.services.history.recovery import settle_all
    from sessionctl.services.settings.user_store import user_settings, user_store

    store = user_store(console.machine)
    loaded = user_settings(console.machine)
    if loaded.hindrance is not None:  # the defaults may keep less than the user wants
        reason = loaded.hindrance
        console.error(f"{reason.message}; no backups are deleted", hints=reason.hints)
        return _NOT_DONE
    for complaint in complaint_lines(loaded):
        console.warn(complaint)
    if not dry_run:
        tell_notes(console, (note for _, note in settle_all(store)))
    plan = plan_cleanup(store, loaded.settings)
    report = perform(console, plan, _TIMEOUT_S, PlanMode(dry_run, as_json))
    for failure in report.failures:
        console.error(failure.message, hints=failure.hints)
    done = [one.step for one in report.leaves() if isinstance(one.step, Cleanup) and not one.error]
    freed = sum(step.freed_bytes for step in done)
    if as_json:
        documents = [step.data() for step in done]
        console.print_json("gc", documents=documents, freed_bytes=freed, dry_run=dry_run)
        return report.exit_code
    if not dry_run:
        for step in done:
            console.out(step.render())
    verb = "would be freed" if dry_run else "set free"
    console.note(f"{size(freed)} {verb}" if plan else "nothing to delete")
    return report.exit_code
