"""sessionctl secret doctor: find what keeps secrets from being opened."""

from __future__ import annotations

import os

from sessionctl.cli.options import json_option, no_input_option, paths_argument
from sessionctl.cli.output.console import Console
from sessionctl.cli.secrets.secret_options import directory_option, identity_option
from sessionctl.cli.secrets.secret_output import print_notes
from sessionctl.cli.secrets.user_keeper import make_keeper
from sessionctl.cli.start.late_click import click
from sessionctl.errors import DocumentError, FileError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from sessionctl.services.secrets.access.session_secrets import SessionSecrets
    from sessionctl.services.secrets.access.vault_keeper import VaultKeeper
    from sessionctl.services.secrets.diagnosis import Diagnosis, DiagnosisPoint

_ROLES = {"ok": "added", "note": "warning", "problem": "error"}


@click.command("doctor")
@paths_argument("files", "[FILE]...")
@directory_option
@identity_option
@no_input_option
@json_option
@click.pass_obj
def command(
    console: Console,
    /,
    *,
    files: tuple[str, ...],
    directory: Path,
    identity: Path | None,
    no_input: bool,
    as_json: bool,
) -> int:
    """Check identities, the vault and its entries.

    Without FILE: all sessions of this repository that have secrets. Shows neither values nor
    keys, and changes nothing.

    Exit code: 0 all is well, 1 something needs attention.

    \b
    Examples:
      sessionctl secret doctor
      sessionctl secret doctor api.session.toml
    """
    from sessionctl.services.secrets.access.secret_place import place_of_directory
    from sessionctl.services.secrets.diagnosis import examine, sessions_of

    keeper = make_keeper(console, identity, no_input=no_input)
    place = place_of_directory(directory)
    own = console.machine.own_places
    names = files or [os.path.relpath(name) for name in sessions_of(place, own)]
    secrets, broken = _read(console, keeper, names)
    found = examine(keeper, place, secrets)
    found = found._replace(points=(*found.points, *broken))
    if as_json:
        console.print_json(
            "secret doctor",
            healthy=found.is_healthy,
            identities=[{"place": one.place, "outcome": one.outcome} for one in found.tried],
            points=[
                {
                    "what": point.what,
                    "state": point.state,
                    "message": point.message,
                    "hints": list(point.hints),
                }
                for point in found.points
            ],
        )
    else:
        _print(console, found)
        print_notes(console, keeper)
    return 0 if found.is_healthy else 1


def _read(
    console: Console, keeper: VaultKeeper, names: Sequence[str]
) -> tuple[list[SessionSecrets], list[DiagnosisPoint]]:
    """Return the sessions that can be read, and what is wrong with each of the others."""
    from sessionctl.cli.output.problem_output import failure_hints
    from sessionctl.services.secrets.access.session_secrets import SessionSecrets
    from sessionctl.services.secrets.diagnosis import DiagnosisPoint

    secrets, broken = [], []
    for name in names:
        try:
            secrets.append(SessionSecrets(keeper, name))
        except (DocumentError, FileError) as error:
            hints = tuple(failure_hints(console, error))
            broken.append(DiagnosisPoint("file", "problem", error.message, hints))
    return secrets, broken


def _print(console: Console, found: Diagnosis) -> None:
    for tried in found.tried:
        console.out(f"tried    {tried.place}: {tried.outcome}")
    for point in found.points:
        state = console.style(f"{point.state:<7}", _ROLES[point.state])
        console.out(f"{state}  {point.what}: {point.message}")
        for hint in point.hints:
            console.hint(hint)
