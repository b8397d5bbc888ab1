"""Commands of click that read words which may be values."""

from __future__ import annotations

import re

import click

from sessionctl.errors import UsageError

_NEGATIVE = re.compile(r"-[0-9]")
_BEFORE_VALUE = ("file", "key")


class NumberCommand(click.Command):
    """A command that takes a negative number for a value, not for an option."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the command line; an option that is unknown may be a number."""
        ctx.ignore_unknown_options = any(map(_NEGATIVE.match, args))
        try:
            return super().parse_args(ctx, args)
        except click.NoSuchOption as error:
            if error.option_name.startswith("--"):
                raise
            # The value itself is not repeated: it may be a secret.
            names = [one.name.upper() for one in self.params if one.name in _BEFORE_VALUE]
            words = " ".join([ctx.command_path, *names, "-- VALUE"])
            raise UsageError(
                f"no such option '{error.option_name}'",
                hints=[f"a value that begins with a hyphen comes behind --: {words}"],
            ) from error


class ProgramCommand(click.Command):
    """A command that starts a program: FILE, then the program and what that is given.

    The name of a program never begins with "-", so options may come behind FILE too.
    """

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the command line, the options of the command first."""
        return super().parse_args(ctx, self._options_first(ctx, args))

    def _options_first(self, ctx: click.Context, args: list[str]) -> list[str]:
        options = [one for one in self.get_params(ctx) if isinstance(one, click.Option)]
        taking = {name for one in options if not one.is_flag for name in one.opts}
        end = args.index("--") if "--" in args else len(args)
        own: list[str] = []
        file: list[str] = []
        at = 0
        while at < end:
            if args[at].startswith("-"):
                size = 2 if args[at] in taking else 1
                own += args[at : at + size]
                at += size
            elif not file:
                file.append(args[at])
                at += 1
            else:
                break
        return [*own, *file, *args[at:]]


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
