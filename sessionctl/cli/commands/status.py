"""sessionctl status: show which files have conflicts or mistakes."""

from __future__ import annotations

from sessionctl.cli.completion import complete_toml_file
from sessionctl.cli.options import json_option, paths_argument
from sessionctl.cli.output.console import Console
from sessionctl.cli.start.late_click import click
from sessionctl.core.render.problem_line import keyed_message
from sessionctl.core.text.plural import counted
from sessionctl.core.text.source import visible

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from sessionctl.services.sync.file_state import FileState, ProblemPlace
    from sessionctl.services.sync.survey import Survey

_COULD_NOT = 3
_SHOWN_CONFLICTS = 10
_SHOWN_UNTRACKED = 3
_ROLES = {
    "unreadable": "error",
    "conflicts": "error",
    "unmerged": "error",
    "invalid": "error",
    "blocked": "error",
    "missing": "removed",
    "changed": "changed",
    "new": "added",
    "clean": "dim",
}
_WIDTH = max(map(len, _ROLES))


@click.command("status")
@paths_argument("paths", "[FILE | DIRECTORY]...", shell_complete=complete_toml_file)
@json_option
@click.pass_obj
def command(console: Console, *, paths: tuple[str, ...], as_json: bool) -> int:
    """Show files with conflicts or errors, and what changed since the last commit.

    In a git repository: tracked session files, other TOML that git merges with sessionctl, and
    everything 'sessionctl sync' would commit. Elsewhere: session files in and below this
    directory. Changes are counted key by key, and the next step is shown. No file is changed.

    Exit code: 0 nothing to do, 1 a file needs attention, 3 a file could not be read.

    \b
    Examples:
      sessionctl status
      sessionctl status dotfiles/
    """
    from sessionctl.services.sync.survey import survey
    from sessionctl.services.verdicts.user_verdicts import user_verdicts

    verdicts = user_verdicts(console.machine)
    try:
        found = survey(paths, console.machine.environ, verdicts, console.machine.own_places)
    finally:
        verdicts.keep()
    if paths:
        from sessionctl.cli.arguments.named_file import warn_of_empty

        warn_of_empty(console, paths, [*(file.path for file in found.files), *found.untracked])
    if as_json:
        _print_json(console, found)
    else:
        _tell(console, found, is_here=not paths)
    if any(file.state == "unreadable" for file in found.files):
        return _COULD_NOT
    return 1 if found.needs_person else 0


def _tell(console: Console, found: Survey, *, is_here: bool) -> None:
    from sessionctl.cli.output.git_advice import steps_after_survey

    if found.operation:
        console.out(f"{'under way':<{_WIDTH}}  a {found.operation}")
    for file in found.files:
        state = console.style(f"{file.state:<{_WIDTH}}", _ROLES[file.state])
        about = _about(file, found.operation)
        path = visible(file.path)
        console.out(f"{state}  {path}{f': {about}' if about else ''}")
        for place in file.conflicts[:_SHOWN_CONFLICTS]:
            where = console.style(f"{path}:{place.line}:", "place")
            console.out(f"{'':<{_WIDTH}}    {where} {place.title}")
        if len(file.conflicts) > _SHOWN_CONFLICTS:
            console.out(f"{'':<{_WIDTH}}    and {len(file.conflicts) - _SHOWN_CONFLICTS} more")
    if found.untracked:
        names = ", ".join(map(visible, found.untracked[:_SHOWN_UNTRACKED]))
        more = len(found.untracked) - _SHOWN_UNTRACKED
        rest = f" and {more} more" if more > 0 else ""
        console.note(f"no session file is tracked here; not in git yet: {names}{rest}")
    elif not found.files and is_here:
        console.note("no session files here")
    for step in steps_after_survey(found):
        console.hint(f"next: {step}")


def _about(file: FileState, operation: str | None) -> str:
    """Return in words what is to be said of a file beside its state."""
    if file.state == "conflicts":
        return counted(len(file.conflicts), "conflict")
    if file.state == "unmerged":
        parts = ["git could not merge it, check it"]
        if file.deleted_by:
            from sessionctl.services.git.operation_steps import deletion_reason

            parts = [deletion_reason(file.deleted_by, operation)]
        return "; ".join([*parts, *([_first(file, file.errors)] if file.errors else [])])
    if file.state == "blocked":
        return file.errors[0].problem.message
    if file.state == "invalid":
        return _first(file, file.errors)
    if file.state == "changed" and file.changes is not None:
        return counted(file.changes, "change") if file.changes else "in layout only"
    return file.failure.removeprefix(f"{file.path}: ")


def _first(file: FileState, errors: Sequence[ProblemPlace]) -> str:
    first = errors[0]
    lead = "" if len(errors) == 1 else "the first at "
    place = f"{visible(file.path)}:{first.line}:{first.column}"
    return f"{counted(len(errors), 'error')}, {lead}{place}: {keyed_message(first.problem)}"


def _print_json(console: Console, found: Survey) -> None:
    from sessionctl.cli.output.git_advice import steps_after_survey

    console.print_json(
        "status",
        needs_person=found.needs_person,
        operation=found.operation,
        files=[
            {
                "path": file.path,
                "state": file.state,
                "conflicts": [{"line": c.line, "keys": c.title} for c in file.conflicts],
                "errors": [
                    {"line": e.line, "column": e.column, "message": keyed_message(e.problem)}
                    for e in file.errors
                ],
                "changes": file.changes,
                "failure": file.failure or None,
                "deleted_by": file.deleted_by or None,
            }
            for file in found.files
        ],
        next=steps_after_survey(found),
    )
