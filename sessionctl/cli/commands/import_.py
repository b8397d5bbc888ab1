"""sessionctl import: make sessions of the files of other tools."""

from __future__ import annotations

from sessionctl.cli.options import dry_run_option, json_option, overwrite_option
from sessionctl.cli.output.console import Console
from sessionctl.cli.start.late_click import click
from sessionctl.core.importers.kind import KINDS
from sessionctl.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.services.importing.session_import import FileImport, ImportRequest


@click.command("import")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--from", "kind", type=click.Choice(KINDS), help="The tool of FILE.")
@click.option("-o", "--output", metavar="FILE", help="Write the only session to FILE.")
@click.option("--stdout", "to_stdout", is_flag=True, help="Print the session; write nothing.")
@click.option(
    "--dir",
    "directory",
    default=".",
    metavar="DIR",
    help="Write to DIR instead of the current directory.",
)
@click.option("--session", default="", metavar="NAME", help="Import only this session.")
@click.option("-r", "--recursive", is_flag=True, help="Search directories for files.")
@click.option(
    "--arg",
    "arguments",
    multiple=True,
    metavar="VALUE",
    help="The next @args[N] of ERB; repeatable.",
)
@click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="KEY=VALUE",
    help="A setting or variable of ERB or smug.",
)
@overwrite_option
@dry_run_option
@json_option
@click.pass_obj
def command(  # noqa: PLR0913 - one parameter an option
    console: Console,
    *,
    files: tuple[str, ...],
    kind: str | None,
    output: str | None,
    to_stdout: bool,
    directory: str,
    session: str,
    recursive: bool,
    arguments: tuple[str, ...],
    settings: tuple[str, ...],
    force: bool,
    dry_run: bool,
    as_json: bool,
) -> int:
    """Import sessions from each FILE of another session tool.

    Supported: tmuxp, tmuxinator, sesh, smug, teamocil, zellij (layouts) and tmux-resurrect; the
    tool is detected. Everything without a counterpart is reported with its line. Nothing is
    run, and secrets are left out. Prints the paths of the session files; "-" reads stdin.

    \b
    Examples:
      sessionctl import ~/.tmuxp/shop.yaml
      sessionctl import .tmuxinator.yml --stdout
      sessionctl import ~/.local/share/tmux/resurrect/last --session main
      sessionctl import ~/.config --recursive --dir ~/dotfiles/sessions
    """
    from uuid import uuid4

    from sessionctl.services.importing.session_import import ImportRequest, import_file
    from sessionctl.system.files.output_file import check_output

    if output is not None and to_stdout:
        raise UsageError("import: -o and --stdout exclude each other")
    if output is not None and not dry_run:
        check_output(output)
    request = ImportRequest(
        make_id=lambda: str(uuid4()),
        kind=kind or "",
        session=session,
        output=output,
        directory=None if to_stdout else directory,
        home=console.machine.home or "",
        arguments=arguments,
        settings=tuple(map(_setting, settings)),
    )
    taken: set[str] = set()
    paths = _paths(files, console.machine.own_places, recursive=recursive)
    found = [import_file(path, request, taken) for path in console.counted(paths)]
    if recursive:
        # What merely looked like one of theirs is not one.
        found = [file for file in found if file.kind or file.report.failure is None]
    if output is not None or to_stdout:
        _check_single(found, "-o" if output is not None else "--stdout")
    return _finish(console, found, request, force=force, dry_run=dry_run, as_json=as_json)


def _finish(
    console: Console,
    found: list[FileImport],
    request: ImportRequest,
    *,
    force: bool,
    dry_run: bool,
    as_json: bool,
) -> int:
    from sessionctl.cli.output.import_output import import_data, print_report, print_summary
    from sessionctl.cli.plan_flow import PlanMode, perform
    from sessionctl.services.importing.session_import import BeginSession, plan_import
    from sessionctl.services.settings.user_store import user_store

    to_stdout = request.directory is None and request.output is None
    for file in found if not as_json else ():
        print_report(console, file)
        print_summary(console, file)
    plan = plan_import(found, force=force)
    report = perform(console, plan, user_store(console.machine), PlanMode(dry_run, as_json))
    for failure in report.failures:
        console.error(failure.message, hints=failure.hints)
    if as_json:
        files = [import_data(file, with_text=to_stdout) for file in found]
        console.print_json("import", files=files, dry_run=dry_run)
    elif to_stdout:
        for text in (one.text for file in found for one in file.sessions):
            console.data(text)
    elif not dry_run:
        from sessionctl.cli.arguments.named_file import warn_of_namesakes

        begun = [
            done.step.path
            for done in report.leaves()
            if isinstance(done.step, BeginSession) and not done.error
        ]
        for path in begun:
            console.out(path)
        warn_of_namesakes(console, begun)
    if not found and not as_json:
        console.note("no files of other tools are there")
    return max([report.exit_code, *(file.exit_code for file in found)])


def _paths(files: tuple[str, ...], own: tuple[str, ...], *, recursive: bool) -> list[str]:
    from sessionctl.services.importing.source_files import find_sources
    from sessionctl.system.files.session_files import is_directory

    paths: list[str] = []
    for file in files:
        if recursive and is_directory(file):
            paths += find_sources(file, own)
        elif is_directory(file):
            from sessionctl.core.text.shellwords import path_word

            word = path_word(file)
            hint = f"look for files in it: sessionctl import --recursive {word}"
            raise UsageError(f"import: {file} is a directory", hints=[hint])
        else:
            paths.append(file)
    return paths


def _check_single(found: list[FileImport], option: str) -> None:
    names = [one.name for file in found for one in file.sessions]
    if len(names) > 1:
        raise UsageError(
            f"import: {option} takes one session, and there are {len(names)}",
            hints=[f"choose one with --session: {', '.join(names[:10])}"],
        )


def _setting(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not (sign and name):
        raise UsageError(f"import: --set takes KEY=VALUE, got {text}")
    return name, value
