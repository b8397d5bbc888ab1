"""sessionctl validate: find mistakes and name their places."""

from __future__ import annotations

from sessionctl.cli.completion import complete_toml_file
from sessionctl.cli.options import format_option, json_option
from sessionctl.cli.output.console import Console
from sessionctl.cli.start.late_click import click
from sessionctl.errors import UsageError


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
@click.option("--strict", "is_strict", is_flag=True, help="Take warnings for errors.")
@click.option("--no-cache", is_flag=True, help="Check everything anew, and remember nothing of it.")
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
    """Find all mistakes in each FILE, and name their places.

    A session file (NAME.session.toml, or stdin, "-") is held to the format of sessions.
    Any other TOML file is held to the JSON Schema that --schema names, or that its first
    comment names: "#:schema ./FILE"; without one, only its syntax is checked. A
    directory stands for the session files in and below it; without FILE, this one.
    Nothing is fetched from the network, and no file is changed. Of many files, what was found
    valid is remembered by its content in the cache directory, and not checked again.

    Exit code: 0 valid, 1 invalid, 3 something could not be read.

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
