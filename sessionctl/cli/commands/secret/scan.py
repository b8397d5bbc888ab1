"""sessionctl secret scan: find secrets that are written out."""

from __future__ import annotations

from pathlib import Path

from sessionctl.cli.completion import complete_toml_file
from sessionctl.cli.options import format_option, json_option, paths_argument
from sessionctl.cli.output.console import Console
from sessionctl.cli.secrets.secret_options import identity_option
from sessionctl.cli.start.late_click import click
from sessionctl.core.text.plural import counted
from sessionctl.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sessionctl.core.scan.known_values import KnownValues
    from sessionctl.services.documents.checked_file import CheckedFile
    from sessionctl.services.scanning.file_scan import Scanner

_COULD_NOT = 3
_FOUND = 1


@click.command("scan")
@paths_argument("paths", "[FILE | DIRECTORY | -]...", shell_complete=complete_toml_file)
@click.option("--staged", is_flag=True, help="Scan what is staged for the next commit.")
@click.option("--history", is_flag=True, help="Scan all versions of TOML files and keys in git.")
@click.option("--hints", is_flag=True, help="Also report values that only look random.")
@format_option
@identity_option
@json_option
@click.pass_obj
def command(
    console: Console,
    /,
    paths: tuple[str, ...],
    *,
    form: str,
    identity: Path | None,
    as_json: bool,
    **what: bool,
) -> int:
    """Find plain-text secrets in files.

    A directory means the TOML files in and below it; without a path, the current directory.
    You can name any other text file. It finds values of keys with secret-like names, passwords
    in addresses and commands, tokens by their shape, all of these in comments, and values of
    your sealed secrets if your key opens them without a prompt. Values are never shown. To
    allow a secret, add a comment beside or above it: "# sessionctl: allow-secret REASON".

    Exit code: 0 none found, 1 some found, 3 a file could not be read.

    \b
    Examples:
      sessionctl secret scan
      sessionctl secret scan ~/.config notes.txt
      sessionctl secret scan --staged
      sessionctl secret scan --history
    """
    from sessionctl.services.scanning.file_scan import Scanner

    if as_json and form != "text":
        raise UsageError("secret scan: --json and --format exclude each other")
    if ((what["staged"] or what["history"]) and paths) or (what["staged"] and what["history"]):
        raise UsageError("secret scan: --staged, --history and paths exclude each other")
    known = _known(console, identity, paths)
    scanner = Scanner(known, hints=what["hints"], own=console.machine.own_places)
    scanned: list[CheckedFile] = []
    if what["staged"] or what["history"]:
        contents = _in_git(console, scanner, is_history=what["history"])
    else:
        contents = scanner.scan_paths(paths or (".",))
    for found in contents:
        scanned.append(found)
        if not as_json and (found.problems or found.failure):
            from sessionctl.cli.output.problem_output import print_as

            print_as(console, found, form)
    if as_json:
        _print_json(console, scanned)
    elif form == "sarif":
        from sessionctl.cli.output.problem_output import print_sarif

        print_sarif(console, scanned)
    _sum_up(console, scanned, in_git=what["history"])
    if any(file.failure is not None for file in scanned):
        return _COULD_NOT
    return 0 if all(file.is_valid for file in scanned) else _FOUND


def _in_git(console: Console, scanner: Scanner, *, is_history: bool) -> Iterator[CheckedFile]:
    from sessionctl.services.scanning.history_scan import scan_history, scan_staged
    from sessionctl.system.git.program import Git

    git = Git(console.machine.environ, Path.cwd())
    if is_history:
        yield from scan_history(
            git, scanner, lambda number: console.note(f"searching {number} contents that git keeps")
        )
    else:
        yield from scan_staged(git, scanner)


def _known(console: Console, identity: Path | None, paths: Sequence[str]) -> KnownValues | None:
    """Return the values of sealed secrets that can be opened here without asking anybody."""
    from sessionctl.services.scanning.sealed_values import known_values, sealed_sessions

    files = sealed_sessions(paths or (".",), console.machine.own_places)
    if not files:
        return None
    from sessionctl.cli.secrets.user_keeper import make_keeper

    keeper = make_keeper(console, identity, no_input=True)
    found = known_values(keeper, files)
    if found.skipped:
        console.detail(f"values of sealed secrets are not looked for: {found.skipped}")
    return found.values


def _print_json(console: Console, scanned: Sequence[CheckedFile]) -> None:
    from sessionctl.cli.output.problem_output import file_data

    console.print_json(
        "secret scan",
        clean=all(file.is_valid for file in scanned),
        files=[_data(file_data(file)) for file in scanned],
    )


def _data(file: dict[str, object]) -> dict[str, object]:
    return {
        "file": file["file"],
        "clean": file["valid"],
        "problems": file["problems"],
        "failure": file["failure"],
    }


def _sum_up(console: Console, scanned: Sequence[CheckedFile], *, in_git: bool) -> None:
    number = sum(len(file.errors) for file in scanned)
    files = [file for file in scanned if not file.is_valid and file.failure is None]
    if not number:
        searched = "" if in_git else f" in {counted(len(scanned), 'file')}"
        if any(file.failure is not None for file in scanned):
            searched = " in what could be read"
        console.note(f"no secrets found{searched}")
        return
    where = "version" if in_git else "file"
    console.note(f"{counted(number, 'secret')} in {counted(len(files), where)}")
    if in_git:
        console.hint("everyone with the repository can read what git keeps: change these secrets")
