"""sessionctl export: a session as the file of another tool."""

from __future__ import annotations

from sessionctl.cli.options import dry_run_option, json_option, session_argument
from sessionctl.cli.output.console import Console
from sessionctl.cli.start.late_click import click

TARGETS = ("tmuxp", "shell")


@click.command("export")
@session_argument()
@click.option(
    "--to", "target", type=click.Choice(TARGETS), required=True, help="The format to export to."
)
@click.option("-o", "--output", metavar="FILE", help="Write to FILE instead of stdout.")
@dry_run_option
@json_option
@click.pass_obj
def command(
    console: Console, *, file: str, target: str, output: str | None, dry_run: bool, as_json: bool
) -> None:
    """Export a session to tmuxp, or to a shell script that builds it.

    Overrides of this machine are applied. What the other tool does not support is reported with
    its line. FILE is by default the only *.session.toml here.

    \b
    Examples:
      sessionctl export api.session.toml --to tmuxp > api.yaml
      sessionctl export api.session.toml --to shell -o api.sh
    """
    from sessionctl.cli.output.import_output import print_problems
    from sessionctl.cli.output.problem_output import file_data
    from sessionctl.services.importing.session_export import export_session
    from sessionctl.system.files.output_file import check_output
    from sessionctl.system.files.text import create_text

    if output is not None and not dry_run:
        check_output(output)
    path = file
    exported = export_session(path, target, console.machine, output=output)
    if output is not None and not dry_run:
        create_text(output, exported.text)
    if as_json:
        problems = file_data(exported.report)["problems"]
        text = exported.text if output is None else None
        console.print_json(
            "export", file=path, to=target, output=output, text=text, problems=problems
        )
        return
    print_problems(console, exported.report)
    if output is None:
        console.data(exported.text)
    else:
        console.out(f"would write {output}" if dry_run else output)
