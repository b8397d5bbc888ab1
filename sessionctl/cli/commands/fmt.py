"""sessionctl fmt: tidy the layout of files."""

from __future__ import annotations

from sessionctl.cli.completion import complete_toml_file
from sessionctl.cli.options import dry_run_option, json_option, paths_argument
from sessionctl.cli.output.console import Console
from sessionctl.cli.start.late_click import click
from sessionctl.errors import SessionctlError, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.services.documents.formatting import FormattedFile

_SHOWN = 5


@click.command("fmt")
@paths_argument("files", "[FILE]...", shell_complete=complete_toml_file)
@click.option("--check", is_flag=True, help="Change nothing; exit 1 if a file is not formatted.")
@click.option("--diff", "as_diff", is_flag=True, help="Change nothing; print the changes.")
@dry_run_option
@json_option
@click.pass_obj
def command(
    console: Console,
    *,
    files: tuple[str, ...],
    check: bool,
    as_diff: bool,
    dry_run: bool,
    as_json: bool,
) -> int:
    """Format each FILE; values, comments and order stay as they are.

    Removes trailing white space, puts one space around "=" (aligned columns stay), one blank
    line before a table and at most one elsewhere, and uses one indent and one line ending.
    Works on any TOML file; a directory means the session files in and below it, "-" formats
    stdin to stdout. Without FILE: the session files in and below this directory.

    \b
    Examples:
      sessionctl fmt api.session.toml
      sessionctl fmt --check               for CI and hooks: exit 1 if unformatted
      sessionctl fmt --diff pyproject.toml
    """
    from sessionctl.cli.plan_flow import PlanMode, perform, shown_already
    from sessionctl.cli.store_notes import tell_notes
    from sessionctl.services.documents.formatting import files_to_format, plan_format
    from sessionctl.services.settings.user_store import user_store

    paths = files_to_format(files or (".",), console.machine.own_places)
    if "-" in paths and len(paths) > 1:
        raise UsageError('fmt: use "-" without other files', hints=["see 'sessionctl fmt --help'"])
    if not paths:
        console.note("no session files here")
    found, code = _read(console, paths)
    mode = PlanMode(dry_run=check or as_diff or dry_run or paths == ["-"], as_json=as_json)
    report = perform(
        console, plan_format(found), user_store(console.machine), mode, show=shown_already
    )
    tell_notes(console, report.notes)
    for error in report.failures:
        console.error(error.message, hints=error.hints)
    done = [file for file, one in zip(found, report.leaves(), strict=True) if one.error is None]
    if as_json:
        console.print_json("fmt", files=[tidied.data() for tidied in done])
    else:
        for tidied in done:
            _tell(
                console, tidied, check=check or dry_run, as_diff=as_diff, is_filter=paths == ["-"]
            )
    code = max(code, report.exit_code)
    untidy = [tidied.name for tidied in done if tidied.edits]
    if done and not untidy and not as_json and paths != ["-"]:
        from sessionctl.core.text.plural import counted

        console.note(f"{counted(len(done), 'file')} checked, nothing to format")
    if not (check or as_diff):
        return code
    if untidy and not as_diff and paths != ["-"]:
        from sessionctl.core.text.shellwords import path_word

        # Of many, what was asked for.
        wanted = untidy if len(untidy) <= _SHOWN else files
        console.hint(f"format: sessionctl fmt {' '.join(map(path_word, wanted))}".rstrip())
    return max(code, 1 if untidy else 0)


def _read(console: Console, paths: list[str]) -> tuple[list[FormattedFile], int]:
    """Return the files that can be read, and the exit code for the others."""
    from sessionctl.cli.output.problem_output import print_error
    from sessionctl.services.documents.formatting import format_file

    found: list[FormattedFile] = []
    code = 0
    for path in console.counted(paths):
        try:
            found.append(format_file(path))
        except SessionctlError as error:
            print_error(console, error, is_named=True)
            code = max(code, error.exit_code)
    return found, code


def _tell(
    console: Console, tidied: FormattedFile, *, check: bool, as_diff: bool, is_filter: bool
) -> None:
    if as_diff:
        _print_diff(console, tidied)
    elif check:
        if tidied.edits:
            line, column, reason = tidied.places()[0]
            place = console.style(f"{tidied.name}:{line}:{column}:", "place")
            console.out(f"{place} {console.style('untidy:', 'warning')} {reason}")
    elif is_filter:
        console.data(tidied.after)
    elif tidied.edits:
        console.note(f"tidied {tidied.name}")
    else:
        console.detail(f"{tidied.name} is tidy")


def _print_diff(console: Console, tidied: FormattedFile) -> None:
    from difflib import unified_diff

    from sessionctl.core.render.masked_text import mask_text
    from sessionctl.core.text.lines import split_lines

    roles = {"+": "added", "-": "removed", "@": "moved"}
    lines = unified_diff(
        split_lines(mask_text(tidied.before, tidied.name)),
        split_lines(mask_text(tidied.after, tidied.name)),
        tidied.name,
        f"{tidied.name} (tidy)",
    )
    for line in lines:
        text = line.rstrip("\n")
        role = roles.get(text[:1], "")
        console.out(console.style(text, role) if role else text)
        if not line.endswith("\n"):
            console.out("\\ No newline at end of file")
