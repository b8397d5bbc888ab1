"""sessionctl validate: find mistakes and name their places."""

from __future__ import annotations

from sessionctl.cli.completion import complete_toml_file
from sessionctl.cli.options import format_option, json_option, paths_argument
from sessionctl.cli.output.console import Console
from sessionctl.cli.start.late_click import click
from sessionctl.errors import UsageError


@click.command("validate")
@paths_argument("files", "[FILE | DIRECTORY | -]...", shell_complete=complete_toml_file)
@click.option(
    "--schema",
    "schema_file",
    metavar="FILE",
    help="Check every file against this JSON Schema.",
)
@format_option
@click.option(
    "--allow-unrotated", is_flag=True, help="Only warn about values that a removed recipient knows."
)
@click.option("--strict", "is_strict", is_flag=True, help="Treat warnings as errors.")
@click.option("--no-cache", is_flag=True, help="Check all files again, without the cache.")
@json_option
@click.pass_obj
def command(  # noqa: PLR0913 - one parameter an option
    console: Console,
    *,
    files: tuple[str, ...],
    schema_file: str | None,
    form: str,
    allow_unrotated: bool,
    is_strict: bool,
    no_cache: bool,
    as_json: bool,
) -> int:
    """Check each FILE and report every error with its place.

    Session files (NAME.session.toml, or stdin, "-") are checked against the session format.
    Other TOML files are checked against the JSON Schema of --schema or of their first comment
    ("#:schema ./FILE"); without one, only their syntax is checked. A directory means the
    session files in and below it; without FILE, the current directory. Nothing is fetched
    from the network and no file is changed. Among many files, those that were valid are
    cached by content and skipped the next time.

    Exit code: 0 valid, 1 invalid, 3 a file could not be read.

    \b
    Examples:
      sessionctl validate api.session.toml
      sessionctl validate --schema deploy.schema.json deploy.toml
      git show HEAD:api.session.toml | sessionctl validate -
    """
    from sessionctl.cli.validation_run import ValidationRequest, run_validation

    if as_json and form != "text":
        raise UsageError("validate: --json and --format exclude each other")
    request = ValidationRequest(
        files, schema_file, form, allow_unrotated, is_strict, as_json, uses_cache=not no_cache
    )
    return run_validation(console, request)
