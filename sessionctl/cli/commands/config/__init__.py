"""sessionctl config: print and change the settings."""

from __future__ import annotations

from sessionctl.cli.lazy_group import LazyGroup
from sessionctl.cli.start.late_click import click

COMMANDS = {
    "get": "Print settings, and where each comes from; the default",
    "set": "Write a setting into your config.toml, or the project's file",
    "unset": "Remove a setting from a file, so that its default holds again",
    "edit": "Edit your settings in your editor, and save what is valid",
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
    """Print and change the settings.

    Without a command the settings that hold here are printed: 'sessionctl config KEY' is
    'sessionctl config get KEY'. A setting is looked up in the environment (backups.count is
    SESSIONCTL_BACKUPS_COUNT), then in the project's .sessionctl.toml, then in your
    config.toml; else its default holds.

    \b
    Examples:
      sessionctl config
      sessionctl config --show-origin backups
      sessionctl config set backups.count 100
      sessionctl config set --project merge.prefer usual
      sessionctl config unset backups.count
      sessionctl config edit
    """
