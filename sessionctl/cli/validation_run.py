"""The run of validate: files are checked, and what was found is printed."""

from __future__ import annotations

from sessionctl.core.named_tuple import NamedTuple
from sessionctl.core.text.plural import counted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from sessionctl.cli.output.console import Console
    from sessionctl.services.documents.checked_file import CheckedFile

_COULD_NOT = 3
_INVALID = 1


class ValidationRequest(NamedTuple):
    """Which files are to be checked, by what, and how it is printed, as validate has it."""

    files: Sequence[str]
    schema_file: str | None = None
    form: str = "text"
    allow_unrotated: bool = False
    is_strict: bool = False
    as_json: bool = False
    uses_cache: bool = True


def run_validation(console: Console, request: ValidationRequest) -> int:
    """Check the files, print what was found, and return the exit code.

    Raises:
      SessionctlError: the schema that was asked for cannot be used.
    """
    from sessionctl.services.documents.file_validation import check_files
    from sessionctl.services.documents.schema_choice import SchemaChooser
    from sessionctl.services.documents.validation import Validator
    from sessionctl.services.verdicts.user_verdicts import user_verdicts

    asked = request.schema_file
    schemas = SchemaChooser() if asked is None else SchemaChooser.of_file(asked)
    verdicts = user_verdicts(console.machine) if request.uses_cache else None
    validator = Validator(schemas, verdicts)
    checked: list[CheckedFile] = []
    try:
        own = console.machine.own_places
        for file in check_files(request.files or (".",), validator, console.show_progress, own):
            found = file if request.allow_unrotated else file.with_errors("unrotated-secret")
            if request.is_strict:
                found = found.with_errors()
            checked.append(found)
            if not request.as_json and (found.problems or found.failure):
                from sessionctl.cli.output.problem_output import print_as

                print_as(console, found, request.form)
    finally:
        validator.keep()
    is_empty = False
    if request.files:
        from sessionctl.cli.arguments.named_file import warn_of_empty

        is_empty = warn_of_empty(console, request.files, [file.name for file in checked])
    is_refused = is_empty and request.is_strict
    if request.as_json:
        _print_json(console, checked, is_refused=is_refused)
    elif request.form == "sarif":
        from sessionctl.cli.output.problem_output import print_sarif

        print_sarif(console, checked)
    if checked or not is_empty:
        _sum_up(console, checked)
    return _exit_code(checked) or int(is_refused)


def _print_json(console: Console, checked: Sequence[CheckedFile], *, is_refused: bool) -> None:
    from sessionctl.cli.output.problem_output import file_data

    console.print_json(
        "validate",
        valid=not is_refused and all(file.is_valid for file in checked),
        files=[file_data(file) for file in checked],
    )


def _exit_code(checked: Sequence[CheckedFile]) -> int:
    if any(file.failure is not None for file in checked):
        return _COULD_NOT
    return 0 if all(file.is_valid for file in checked) else _INVALID


def _sum_up(console: Console, checked: Sequence[CheckedFile]) -> None:
    if not checked:
        console.note("no session files here")
        console.hint("create one: sessionctl new NAME")
        return
    unread = sum(file.failure is not None for file in checked)
    invalid = sum(not file.is_valid for file in checked) - unread
    severities = [problem.severity for file in checked for problem in file.problems]
    bare = [
        file.name
        for file in checked
        # What is no text has no syntax.
        if not file.schema and file.failure is None and file.fixed_place is None
    ]
    if bare:
        others = f" and {counted(len(bare) - 1, 'other file')}" if len(bare) > 1 else ""
        console.note(f"{bare[0]}{others}: only the syntax was checked, because no schema is named")
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
