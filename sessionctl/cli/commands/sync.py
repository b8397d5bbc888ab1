"""sessionctl sync: commit, fetch, merge and push, and stop at conflicts."""

from __future__ import annotations

from sessionctl.cli.options import dry_run_option, json_option, paths_argument
from sessionctl.cli.output.console import Console
from sessionctl.cli.start.late_click import click
from sessionctl.core.text.plural import counted, counted_subject
from sessionctl.core.text.source import visible

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from sessionctl.services.documents.checked_file import CheckedFile
    from sessionctl.services.plan.plan import Plan
    from sessionctl.services.sync.sync_result import SyncResult
    from sessionctl.services.sync.sync_run import SyncRun

_INVALID = 1


@click.command("sync")
@paths_argument("paths", "[PATH]...")
@click.option("-m", "--message", metavar="TEXT", help="The commit message.")
@click.option("--no-push", is_flag=True, help="Do everything except the push.")
@dry_run_option
@json_option
@click.pass_obj
def command(
    console: Console,
    *,
    paths: tuple[str, ...],
    message: str | None,
    no_push: bool,
    dry_run: bool,
    as_json: bool,
) -> int:
    """Commit changed session files, merge what others pushed, and push.

    Only session files and what opens their secrets: those of the repository, or at and below
    each PATH. Other files are not touched, and staged files stay staged. Nothing is forced,
    stashed or rewritten. Files that are invalid, have conflicts or contain plain-text secrets
    are not committed.

    It stops at conflicts: resolve them with 'sessionctl resolve FILE', then run 'sessionctl
    sync' again to continue. If others push meanwhile, it merges again, up to three times.

    Exit code: 0 in sync, 1 conflicts or errors, 3 git failed (your commits stay here), 5
    refused: a secret, a detached head, histories without a common commit.

    \b
    Examples:
      sessionctl sync -n                         show what would be done
      sessionctl sync
      sessionctl sync -m "api: new window" api.session.toml
    """
    from sessionctl.cli.output.sync_output import progress_line
    from sessionctl.cli.plan_flow import PlanMode, perform
    from sessionctl.services.sync.sync_plan import Request, plan_sync
    from sessionctl.services.sync.sync_run import SyncRun
    from sessionctl.services.sync.sync_steps import sync_steps
    from sessionctl.services.verdicts.user_verdicts import user_verdicts

    verdicts = user_verdicts(console.machine)
    machine = console.machine
    request = Request(
        machine.environ, paths, message, not no_push, verdicts=verdicts,
        sessions=f"{machine.config}/sessions" if machine.config else "", own=machine.own_places,
    )  # fmt: skip
    try:
        found = plan_sync(request)
    finally:
        verdicts.keep()
    plan = sync_steps(found)
    run = SyncRun(request, found, lambda progress: console.note(progress_line(progress)))
    report = perform(console, plan, run, PlanMode(dry_run, as_json))
    result = run.result if dry_run else run.finish(report)
    if as_json:
        _print_json(console, plan, result, dry_run=dry_run)
    elif dry_run:
        _print_stops(console, result)
    else:
        _print(console, result)
    if dry_run and not plan and not found.is_stopped:
        console.note("nothing would be done")
    _tell(console, result)
    return _exit_code(result)


def _exit_code(result: SyncResult) -> int:
    """Return 5 for a secret, 1 for conflicts and mistakes, 3 for git's failures."""
    from sessionctl.services.sync.sync_checks import is_refused

    if result.failure is not None:
        return result.failure.exit_code
    if is_refused(result.findings):
        return _findings_exit_code(result.findings)
    return _INVALID if result.unsettled else 0


def _findings_exit_code(findings: Sequence[CheckedFile]) -> int:
    from sessionctl.core.scan.finding import is_secret_rule
    from sessionctl.errors import RefusedError

    rules = {problem.rule for checked in findings for problem in checked.problems}
    if any(map(is_secret_rule, rules)):
        return RefusedError.exit_code
    failures = [checked.failure for checked in findings if checked.failure is not None]
    return failures[0].exit_code if failures else _INVALID


def _print(console: Console, result: SyncResult) -> None:
    _print_stops(console, result)
    name = result.upstream.name if result.upstream is not None else ""
    if result.concluded is not None:
        console.out(f"concluded  the merge, as {result.concluded[:8]}")
    if result.committed is not None:
        console.out(f"committed  {result.committed.commit[:8]} {result.committed.message}")
        for file in result.committed.files:
            console.out(f"           {file.change} {visible(file.path)}")
    if result.merged:
        console.out(f"merged     {counted(result.merged, 'commit')} of {name}")
    if result.pushed:
        console.out(f"pushed     {counted(result.pushed, 'commit')} to {name}")
    did = (result.concluded, result.committed, result.merged, result.pushed)
    if not any(did) and _exit_code(result) == 0:
        where = f"{result.branch} and {name} are in sync" if name else "nothing to commit"
        console.out(where)


def _print_stops(console: Console, result: SyncResult) -> None:
    """Print what a person must settle: mistakes with their places, conflicts."""
    if result.findings:
        from sessionctl.cli.output.problem_output import print_text

        for checked in result.findings:
            print_text(console, checked)
    from sessionctl.cli.output.sync_output import unresolved_reason

    for file in result.unsettled:
        # Without markers the whole file is meant.
        for line, what in file.conflicts or [(1, "")]:
            place = console.style(f"{visible(file.name)}:{line}:1:", "place")
            key = f"{what}: " if what else ""
            console.out(
                f"{place} {console.style('conflict:', 'error')} {key}{unresolved_reason(file)}"
            )


def _tell(console: Console, result: SyncResult) -> None:
    """Say on stderr why it stopped, and the next steps."""
    from sessionctl.cli.output.git_advice import rekey_steps
    from sessionctl.cli.output.sync_output import note_words, other_step, unresolved_step

    typed = result.typed

    for note in result.notes:
        message, hint = note_words(note, result)
        console.warn(message, hints=filter(None, [hint, other_step(note, result)]))
    if result.failure is not None:
        console.error(result.failure.message, hints=result.failure.hints)
    if result.unsettled:
        console.error(f"{counted_subject(len(result.unsettled), 'file')} not merged yet")
        for file in result.unsettled:
            console.hint(f"{visible(file.name)}: {unresolved_step(file)}")
        for step in rekey_steps(file.name for file in result.unsettled):
            console.hint(f"then {step}")
        console.hint(
            f"then: sessionctl sync{typed.place}; or abort the merge: {typed.command} merge --abort"
        )
    elif result.findings and not result.notes:
        console.error(
            "nothing was committed: see above",
            hints=[f"fix it, then: sessionctl sync{typed.place}"],
        )


def _print_json(
    console: Console, plan: Plan[SyncRun], result: SyncResult, *, dry_run: bool
) -> None:
    from sessionctl.cli.output.problem_output import file_data
    from sessionctl.cli.output.sync_output import note_words, unresolved_data
    from sessionctl.services.plan.plan import plan_data

    failure, committed = result.failure, result.committed
    notes = [note_words(note, result) for note in result.notes]
    console.print_json(
        "sync",
        branch=result.branch,
        upstream=result.upstream.name if result.upstream is not None else None,
        dry_run=dry_run,
        done=_exit_code(result) == 0 and not dry_run,
        steps=plan_data(plan),
        committed=committed,
        concluded=result.concluded,
        merged=result.merged,
        pushed=result.pushed,
        conflicts=[unresolved_data(file) for file in result.unsettled],
        invalid=[file_data(checked) for checked in result.findings],
        notes=[{"message": message, "hint": hint} for message, hint in notes],
        failure=None
        if failure is None
        else {"message": failure.message, "hints": list(failure.hints)},
    )
