"""sessionctl schema: print the JSON Schemas of the formats."""

from __future__ import annotations

from sessionctl.cli.options import json_option
from sessionctl.cli.output.console import Console
from sessionctl.cli.start.late_click import ADVISING_GROUP, click

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeVar

    Decorated = TypeVar("Decorated", bound="Callable[..., Any]")


@click.group("schema", cls=ADVISING_GROUP)
def command() -> None:
    """Print the JSON Schema of session files or of --json output.

    \b
    Examples:
      sessionctl schema list
      sessionctl schema print session > session.v1.schema.json
    """


def _which_schema(function: Decorated) -> Decorated:
    """Add NAME and ``--draft-07``: the schema that is meant."""
    draft = click.option(
        "--draft-07", "draft_07", is_flag=True, help="Draft-07 of it, for older editors."
    )
    return click.argument("name", default="session")(draft(function))


@command.command("print")
@_which_schema
@click.pass_obj
def print_schema(console: Console, *, name: str, draft_07: bool) -> None:
    """Print the JSON Schema NAME, by default that of session files.

    \b
    Examples:
      sessionctl schema print
      sessionctl schema print --draft-07 > session.v1.draft-07.schema.json
    """
    from sessionctl.services.documents.schema_source import shipped_text

    console.data(shipped_text(name, draft_07=draft_07))


@command.command("path")
@_which_schema
@click.pass_obj
def print_path(console: Console, *, name: str, draft_07: bool) -> None:
    """Print where the JSON Schema NAME is on this machine, for the settings of an editor.

    \b
    Examples:
      sessionctl schema path
      sessionctl schema path --draft-07
    """
    from sessionctl.services.documents.schema_source import shipped_path

    console.out(shipped_path(name, draft_07=draft_07))


@command.command("list")
@json_option
@click.pass_obj
def list_schemas(console: Console, *, as_json: bool) -> None:
    """List the JSON Schemas.

    \b
    Examples:
      sessionctl schema list
    """
    from sessionctl.services.documents.schema_source import shipped_titles

    titles = shipped_titles()
    if as_json:
        schemas = [{"name": name, "title": title} for name, title in titles.items()]
        console.print_json("schema list", schemas=schemas)
        return
    width = max(map(len, titles))
    for name, title in titles.items():
        console.out(f"{console.style(f'{name:<{width}}', 'key')}  {title}")
