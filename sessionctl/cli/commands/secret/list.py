"""sessionctl secret list: the names, and what is to be done about them."""

from __future__ import annotations

from sessionctl.cli.options import json_option, paths_argument
from sessionctl.cli.output.console import Console
from sessionctl.cli.start.late_click import click
from sessionctl.errors import SessionctlError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from sessionctl.services.secrets.entries.listing import SecretListing, SecretSummary


@click.command("list")
@paths_argument("files", "[FILE]...")
@json_option
@click.pass_obj
def command(console: Console, *, files: tuple[str, ...], as_json: bool) -> int:
    """List the secrets of sessions: stored ones, and missing ones that are referred to.

    Needs no key. Without FILE: the session files in and below this directory. A file that cannot
    be read is reported, and the others are listed.

    \b
    Examples:
      sessionctl secret list
      sessionctl secret list api.session.toml
    """
    listings, code = _read(console, files or _sessions_here(console))
    if as_json:
        console.print_json("secret list", files=list(map(_data, listings)))
        return code
    shown = [listing for listing in listings if listing.secrets]
    width = max((len(item.name) for listing in shown for item in listing.secrets), default=0)
    for listing in shown:
        console.out(console.style(listing.file, "heading"))
        for item in listing.secrets:
            name = console.style(f"{item.name:<{width}}", "key")
            told = [f"used by {', '.join(item.used_by)}" if item.used_by else "not used"]
            console.out(f"  {name}  {'; '.join([*told, *_todo(console, item)])}")
    if not shown and not code:
        console.note("no secrets here")
    return code


def _read(console: Console, files: Sequence[str]) -> tuple[list[SecretListing], int]:
    """Return what is known of the files that can be read, and the exit code for the others."""
    from sessionctl.cli.output.problem_output import print_error
    from sessionctl.services.secrets.entries.listing import list_secrets

    listings, code = [], 0
    for file in files:
        try:
            listings.append(list_secrets(file))
        except SessionctlError as error:
            print_error(console, error, is_named=True)
            code = max(code, error.exit_code)
    return listings, code


def _sessions_here(console: Console) -> list[str]:
    from sessionctl.system.files.session_files import find_sessions

    return [found.path for found in find_sessions(".", own=console.machine.own_places)]


def _todo(console: Console, item: SecretSummary) -> list[str]:
    if item.entry is None:
        return [console.style("missing: secret set", "error")]
    todo = []
    if item.entry.is_unsealed:
        todo.append(console.style("unsealed: secret accept", "warning"))
    if item.entry.rotate:
        since = f"known to a removed recipient since {item.entry.rotate}: secret rotate"
        todo.append(console.style(since, "warning"))
    return todo


def _data(listing: SecretListing) -> dict[str, object]:
    return {
        "file": listing.file,
        "sidecar": listing.sidecar,
        "secrets": [
            {
                "name": item.name,
                "stored": item.entry is not None,
                "used_by": list(item.used_by),
                "unsealed": item.entry is not None and item.entry.is_unsealed,
                "rotate": item.entry.rotate or None if item.entry is not None else None,
                "digest": None if item.entry is None else item.entry.digest,
            }
            for item in listing.secrets
        ],
    }
