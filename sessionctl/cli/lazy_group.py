"""Groups of commands: what an unknown one stands for, and modules imported only to be run."""

from __future__ import annotations

from importlib import import_module

import click

from sessionctl.cli.command_table import module_name
from sessionctl.cli.options import adopt
from sessionctl.cli.start.late_click import click_command
from sessionctl.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from click.shell_completion import CompletionItem


_WHOLE = 200


class AdvisingGroup(click.Group):
    """A group that names the command that an unknown one stands for."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command ``args`` begin with; suggest another one for a name that none has.

        Raises:
          UsageError: there is no such command.
        """
        if self.get_command(ctx, args[0]) is None and not ctx.resilient_parsing:
            from sessionctl.cli.input.verb_table import advice_for

            advice = advice_for(ctx.command_path, args, self.list_commands(ctx))
            raise UsageError(f"{self.name}: no such command: {args[0]}", hints=[advice])
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands and their whole lines of help."""
        with formatter.section("Commands"):
            formatter.write_dl(self.lines(ctx))

    def lines(self, ctx: click.Context) -> list[tuple[str, str]]:
        """Return each command and its line of help."""
        found = [(name, self.get_command(ctx, name)) for name in self.list_commands(ctx)]
        return [
            (name, command.get_short_help_str(_WHOLE).removesuffix("."))
            for name, command in found
            if command is not None and not command.hidden
        ]


class LazyGroup(AdvisingGroup):
    """A group whose commands are the modules of a package; each has a ``command``.

    ``table`` gives each its line of help, in the order they are listed.
    """

    def __init__(self, *args: Any, package: str, table: Mapping[str, str], **extra: Any) -> None:
        """Look the commands of ``table`` up in ``package``."""
        super().__init__(*args, **extra)
        self.package = package
        self.table = table

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands in the order of the table."""
        return list(self.table)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return the command; None for a name that no command has."""
        if cmd_name not in self.table:
            return None
        return adopt(click_command(import_module(module_name(cmd_name, self.package)).command))

    def lines(self, ctx: click.Context) -> list[tuple[str, str]]:
        """Return each command and its line of help."""
        return list(self.table.items())

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Return completions without importing the commands they name."""
        from click.shell_completion import CompletionItem

        names = [name for name in self.table if name.startswith(incomplete)]
        options = click.Command.shell_complete(self, ctx, incomplete)
        return [CompletionItem(name, help=self.table[name]) for name in names] + options
