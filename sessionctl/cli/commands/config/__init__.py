"""sessionctl config: print and change the settings."""

from __future__ import annotations

from sessionctl.cli.lazy_group import LazyGroup
from sessionctl.cli.start.late_click import click

COMMANDS = {
    "get": "Print settings, and where each comes from (the default)",
    "set": "Set a setting in your config.toml or the project's file",
    "unset": "Remove a setting, which restores its default",
    "edit": "Edit your settings; save them only when they are valid",
}
"""The commands: each is the module of its name in this package."""

_PRINT = "get"
_HELP = ("-h", "--help")


class ConfigGroup(LazyGroup):
    """A group that prints the settings where no command of it is named."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the command that prints before arguments that begin with none."""
        first = next((word for word in args if not word.startswith("-")), None)
        if first not in self.table and not any(word in _HELP for word in args):
            args = [_PRINT, *args]
        return super().parse_args(ctx, args)


@click.group("config", cls=ConfigGroup, package=__name__, table=COMMANDS)
def command() -> None:
    """Show and change settings.

    Without a command it shows the settings in effect: 'sessionctl config KEY' is 'sessionctl
    config get KEY'. Settings come from the environment (backups.count is
    SESSIONCTL_BACKUPS_COUNT), the project's .sessionctl.toml, your config.toml and the
    defaults, in this order.

    \b
    Examples:
      sessionctl config
      sessionctl config --show-origin backups
      sessionctl config set backups.count 100
      sessionctl config set --project merge.prefer usual
      sessionctl config unset backups.count
      sessionctl config edit
    """
