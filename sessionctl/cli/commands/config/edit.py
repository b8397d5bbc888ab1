"""sessionctl config edit: edit a file of settings."""

from __future__ import annotations

from sessionctl.cli.options import (
    dry_run_option,
    force_option,
    json_option,
    no_input_option,
    project_option,
)
from sessionctl.cli.output.console import Console
from sessionctl.cli.start.late_click import click


@click.command("edit")
@project_option
@force_option
@no_input_option
@dry_run_option
@json_option
@click.pass_obj
def command(console: Console, /, *, is_project: bool, as_json: bool, **flags: bool) -> int:
    """Edit your config.toml in your editor; save it only when it is valid.

    A new file starts with every setting and its default, commented out.

    Exit code: 0 saved or unchanged, 1 not saved, 3 the editor or the write failed.

    \b
    Examples:
      sessionctl config edit
      sessionctl config edit --project
    """
    from sessionctl.cli.commands.edit import run_edit
    from sessionctl.services.documents.draft import DraftKind
    from sessionctl.services.documents.schema_choice import SchemaChooser
    from sessionctl.services.settings.settings_change import first_text, settings_file

    file = settings_file(console.machine, ".", is_project=is_project)
    kind = DraftKind(first_text(), SchemaChooser.of_settings())
    return run_edit(console, file.path, kind, as_json=as_json, **flags)
