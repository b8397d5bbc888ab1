"""sessionctl doctor: find what is wrong with the set-up, and fix it."""

from __future__ import annotations

from functools import partial

from sessionctl.cli.commands.git import git_at, place_options
from sessionctl.cli.options import dry_run_option, json_option, no_input_option, yes_option
from sessionctl.cli.output.console import Console
from sessionctl.cli.plan_flow import PlanMode, Question, perform, print_briefly
from sessionctl.cli.start.late_click import click
from sessionctl.core.text.plural import counted
from sessionctl.core.text.source import visible

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from sessionctl.services.doctor import CheckFault, CheckFinding
    from sessionctl.services.plan.runner import PlanReport

_ROLES = {"ok": "added", "note": "hint", "warning": "warning", "error": "error", "skipped": "dim"}
_QUIET = ("ok", "skipped")
_SHOWN_FAULTS = 10
_ID_WIDTH = 18
_INDENT = " " * 9
_REFUSAL = "--fix asks before changes, and there is no terminal to ask on"


@click.command("doctor")
@place_options
@click.option("--fix", is_flag=True, help="Fix what can be fixed, after asking.")
@yes_option
@dry_run_option
@no_input_option
@json_option
@click.pass_obj
def command(
    console: Console,
    /,
    *,
    fix: bool,
    yes: bool,
    dry_run: bool,
    no_input: bool,
    as_json: bool,
    **place: Path | None,
) -> int:
    """Check the setup: git, its hooks, the tracked session files, secrets.

    Each problem is a note, a warning or an error, with its place and the command that fixes
    it; -v also lists checks that passed. Nothing is changed without --fix, which shows its
    steps first. Outside a repository, its checks are skipped.

    Exit code: 0 no errors, 1 errors (that --fix did not fix).

    \b
    Examples:
      sessionctl doctor
      sessionctl doctor --fix              fix what can be fixed, after asking
      sessionctl doctor --json | jq '.checks[] | select(.status == "error")'
    """
    from sessionctl.services.doctor import Setup, examine, plan_mending
    from sessionctl.services.plan.plan import plan_data

    git = git_at(console, **place)
    scene = Setup(git.remembering(), console.machine, console.show_progress)
    findings = examine(scene)
    if not as_json:
        _tell_all(console, findings)
    plan = plan_mending(scene, findings) if fix else ()
    question = Question(refusal=_REFUSAL, yes=yes, can_ask=not no_input)
    mode = PlanMode(dry_run, as_json, question)
    report = perform(console, plan, git, mode, show=partial(_show_plan, console)).check()
    is_done = bool(report.done)
    if is_done:
        before = {finding.check.id: finding for finding in findings}
        findings = examine(Setup(git, scene.machine))
        if not as_json:
            _tell_all(console, (f for f in findings if f != before[f.check.id]), all_of_them=True)
    if as_json:
        console.print_json(
            "doctor",
            healthy=_is_healthy(findings),
            checks=[_finding_data(finding) for finding in findings],
            fixed=is_done,
            steps=plan_data(plan),
        )
    else:
        _sum_up(console, findings, fix=fix, has_plan=bool(plan))
    return 0 if _is_healthy(findings) else 1


def _show_plan(console: Console, report: PlanReport) -> None:
    console.out()
    console.out(console.style("Steps:", "heading"))
    print_briefly(console, report)


def _tell_all(
    console: Console, findings: Iterable[CheckFinding], *, all_of_them: bool = False
) -> None:
    for finding in findings:
        status, faults = finding.status, finding.faults
        if _is_quiet(finding) and console.verbosity <= 0 and not all_of_them:
            continue
        word = console.style(f"{status:<8}", _ROLES[status])
        console.out(f"{word} {finding.check.id:<{_ID_WIDTH}} {_said(finding)}")
        if len(faults) == 1 and faults[0].place:
            console.out(f"{_INDENT}{console.style('at:', 'dim')} {visible(faults[0].place)}")
        has_one_fix = len({fault.fix for fault in faults}) == 1
        if len(faults) > 1:
            for fault in faults[:_SHOWN_FAULTS]:
                console.out(
                    f"{_INDENT}{console.style(f'{visible(fault.place)}:', 'place')} {fault.message}"
                )
                if not has_one_fix:
                    _tell_fix(console, fault)
            if len(faults) > _SHOWN_FAULTS:
                console.out(f"{_INDENT}and {len(faults) - _SHOWN_FAULTS} more")
        if has_one_fix:
            _tell_fix(console, faults[0])


def _is_quiet(finding: CheckFinding) -> bool:
    """Return whether only -v lists a finding: nothing is to be done."""
    needs_nothing = not any(fault.fix for fault in finding.faults)
    return finding.status in _QUIET or (finding.status == "note" and needs_nothing)


def _said(finding: CheckFinding) -> str:
    if finding.skipped:
        return finding.skipped
    if len(finding.faults) > 1:
        return f"{len(finding.faults)} times:"
    return finding.faults[0].message if finding.faults else finding.check.title


def _tell_fix(console: Console, fault: CheckFault) -> None:
    if fault.fix:
        by_us = "   (or: sessionctl doctor --fix)" if fault.remedy else ""
        console.out(f"{_INDENT}{console.style('fix:', 'hint')} {fault.fix}{by_us}")


def _is_healthy(findings: Iterable[CheckFinding]) -> bool:
    return all(finding.status != "error" for finding in findings)


def _sum_up(console: Console, findings: list[CheckFinding], *, fix: bool, has_plan: bool) -> None:
    is_short = console.verbosity <= 0
    counts = ", ".join(
        _counted(status, [one for one in findings if one.status == status], is_short=is_short)
        for status in _ROLES
        if any(one.status == status for one in findings)
    )
    more = " (-v lists all)" if is_short and any(_is_quiet(one) for one in findings) else ""
    console.note(f"{len(findings)} checks: {counts}{more}")
    can_mend = any(fault.remedy for finding in findings for fault in finding.faults)
    if can_mend and not fix:
        console.hint("fix what can be fixed: sessionctl doctor --fix")
    elif fix and not has_plan:
        is_shown = any(fault.fix for finding in findings for fault in finding.faults)
        rest = "; the lines after fix: are for you to run" if is_shown else ""
        console.note(f"nothing that --fix can fix{rest}")


def _counted(status: str, findings: list[CheckFinding], *, is_short: bool) -> str:
    """Return how many checks ended so, and how many of these only -v shows."""
    if status in _QUIET:
        return f"{len(findings)} {status}"
    hidden = sum(_is_quiet(one) for one in findings) if is_short else 0
    rest = f" ({hidden} only with -v)" if hidden else ""
    return f"{counted(len(findings), status)}{rest}"


def _finding_data(finding: CheckFinding) -> dict[str, object]:
    return {
        "id": finding.check.id,
        "title": finding.check.title,
        "status": finding.status,
        "skipped": finding.skipped or None,
        "faults": [
            {
                "severity": fault.severity,
                "message": fault.message,
                "place": fault.place or None,
                "fix": fault.fix or None,
                "fixable": bool(fault.remedy),
            }
            for fault in finding.faults
        ],
    }
