"""sessionctl connections import: connections that other programs know, by reference."""

from __future__ import annotations

from sessionctl.cli.options import dry_run_option, json_option, session_argument
from sessionctl.cli.output.console import Console
from sessionctl.cli.start.late_click import click
from sessionctl.core.importers.definitions.definition_kind import DEFINITION_KINDS


@click.command("import")
@session_argument(writes=True, metavar="FILE|SESSION")
@click.argument("sources", nargs=-1, metavar="[SOURCE]...", type=click.Path())
@click.option("--from", "kind", type=click.Choice(DEFINITION_KINDS), help="The format of SOURCE.")
@click.option(
    "--only", multiple=True, metavar="NAME", help="Import only this connection; repeatable."
)
@dry_run_option
@json_option
@click.pass_obj
def command(
    console: Console,
    *,
    file: str,
    sources: tuple[str, ...],
    kind: str | None,
    only: tuple[str, ...],
    dry_run: bool,
    as_json: bool,
) -> int:
    """Add the connections in each SOURCE to a session; all other bytes stay.

    SOURCE is a pg_service.conf, an ssh_config, a .env file, or DBeaver's data-sources.json; by
    default those in their usual places. Services and ssh aliases are added by name only,
    because libpq and ssh know the rest; of an ssh_config that ssh does not read, the settings are
    copied. Passwords are never copied: the connection refers to a secret, and you are shown
    which to store.

    Exit code: 0 done; 1 nothing to add.

    \b
    Examples:
      sessionctl connections import -n api.session.toml ~/.pg_service.conf
      sessionctl connections import api.session.toml .env
      sessionctl connections import api.session.toml ~/.ssh/config --only build
    """
    from sessionctl.cli.connections.import_run import import_definitions

    return import_definitions(
        console, file, sources, kind=kind, only=only, dry_run=dry_run, as_json=as_json
    )
