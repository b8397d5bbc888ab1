"""sessionctl validate: find mistakes and name their places."""

from __future__ import annotations

import click

from sessionctl.cli.completion import complete_toml_file
from sessionctl.cli.options import format_option, json_option
from sessionctl.cli.output.console import Console
from sessionctl.core.text.plural import counted
from sessionctl.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from sessionctl.services.documents.checked_file import CheckedFile

_COULD_NOT = 3
_INVALID = 1


@click.command("validate")
@click.argument(
    "files", nargs=-1, metavar="[FILE | DIRECTORY | -]...", shell_complete=complete_toml_file
)
@click.option(
    "--schema",
    "schema_file",
    metavar="FILE",
    help="Hold every file to this JSON Schema, whatever its name.",
)
@format_option
@click.option(
    "--allow-unrotated", is_flag=True, help="Only warn of values that a removed recipient knows."
)
@json_option
@click.pass_obj
def command(
    console: Console,
    *,
    files: tuple[str, ...],
    schema_file: str | None,
    form: str,
    allow_unrotated: bool,
    as_json: bool,
) -> int:
    """Find all mistakes in each FILE, and name their places.

    A session file (NAME.session.toml, or stdin, "-") is held to the format of sessions.
    Any other TOML file is held to the JSON Schema that --schema names, or that its first
    comment names: "#:schema ./FILE"; without one, only its syntax is checked. A
    directory stands for the session files in and below it; without FILE, this one.
    Nothing is fetched from the network, and no file is changed.

    Exit code: 0 valid, 1 invalid, 3 something could not be read.

    \b
    Examples:
      sessionctl validate api.session.toml
      sessionctl validate --schema deploy.schema.json deploy.toml
      git show HEAD:api.session.toml | sessionctl validate -
    """
    from sessionctl.services.documents.file_validation import check_files
    from sessionctl.services.documents.schema_choice import SchemaChooser
    from sessionctl.services.documents.validation import Validator

    if as_json and form != "text":
        raise UsageError("validate: --json and --format exclude each other")
    checked: list[CheckedFile] = []
    schemas = SchemaChooser() if schema_file is None else SchemaChooser.of_file(schema_file)
    for file in check_files(files or (".",), Validator(schemas)):
        found = file if allow_unrotated else file.with_errors("unrotated-secret")
        checked.append(found)
        if not as_json and (found.problems or found.failure):
            from sessionctl.cli.output.problem_output import print_as

            print_as(console, found, form)
    if as_json:
        _print_json(console, checked)
    elif form == "sarif":
        from sessionctl.cli.output.problem_output import print_sarif

        print_sarif(console, checked)
    _sum_up(console, checked)
    return _exit_code(checked)


def _print_json(console: Console, checked: Sequence[CheckedFile]) -> None:
    from sessionctl.cli.output.problem_output import file_data

    console.print_json(
        "validate",
        valid=all(file.is_valid for file in checked),
        files=[file_data(file) for file in checked],
    )


def _exit_code(checked: Sequence[CheckedFile]) -> int:
    if any(file.failure is not None for file in checked):
        return _COULD_NOT
    return 0 if all(file.is_valid for file in checked) else _INVALID


def _sum_up(console: Console, checked: Sequence[CheckedFile]) -> None:
    if not checked:
        console.note("no session files here")
        console.hint("begin one: sessionctl new NAME")
        return
    unread = sum(file.failure is not None for file in checked)
    invalid = sum(not file.is_valid for file in checked) - unread
    severities = [problem.severity for file in checked for problem in file.problems]
    bare = [file.name for file in checked if not file.schema and file.failure is None]
    if bare:
        others = f" and {counted(len(bare) - 1, 'other file')}" if len(bare) > 1 else ""
        console.note(f"{bare[0]}{others}: only the syntax was checked, for want of a schema")
        console.hint("name one: sessionctl validate --schema FILE")
    parts = [f"{len(checked) - unread - invalid} valid"]
    if invalid:
        parts.append(f"{invalid} invalid")
    if unread:
        parts.append(f"{unread} could not be checked")
    found = [
        counted(severities.count(kind), kind) for kind in ("error", "warning") if kind in severities
    ]
    console.note(
        f"{counted(len(checked), 'file')}: {', '.join(parts)}"
        + (f"; {', '.join(found)}" if found else "")
    )
