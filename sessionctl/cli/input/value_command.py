"""Commands of click that read words which may be values."""

from __future__ import annotations

import re

import click

from sessionctl.errors import UsageError

_NEGATIVE = re.compile(r"-[0-9]")


class NumberCommand(click.Command):
    """A command that takes a negative number for a value, not for an option."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the command line; an option that is unknown may be a number."""
        ctx.ignore_unknown_options = any(map(_NEGATIVE.match, args))
        return super().parse_args(ctx, args)


class ValueCommand(click.Command):
    """A command that reads a value, and never repeats a word that may have been one."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the command line; one word too many is refused without being shown."""
        try:
            return super().parse_args(ctx, args)
        except click.NoSuchOption:
            pass
        except click.UsageError as error:
            if "extra argument" not in error.format_message():
                raise
        raise UsageError(
            f"{self.name}: extra argument; a value is never read from the command line",
            hints=[f"see 'sessionctl secret {self.name} --help'"],
        )
