"""Renamed option: an option of click that is read under its older names too."""

from __future__ import annotations

import click

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any


class RenamedOption(click.Option):
    """An option that is read under its ``old`` names too; these are neither shown nor completed.

    ``advice`` is the hint for a value that is none, where an old name meant something else.
    """

    def __init__(self, *args: Any, old: Sequence[str], advice: str = "", **extra: Any) -> None:
        """Take the ``old`` names beside what an option takes."""
        super().__init__(*args, **extra)
        self.old = tuple(old)
        self.advice = advice

    def add_to_parser(self, parser: Any, ctx: click.Context) -> None:
        """Register all names."""
        shown = self.opts
        self.opts = [*shown, *self.old]
        try:
            super().add_to_parser(parser, ctx)
        finally:
            self.opts = shown

    def type_cast_value(self, ctx: click.Context, value: Any) -> Any:
        """Return the value in its type.

        Raises:
          UsageError: it is not of that type, and there is advice.
        """
        try:
            return super().type_cast_value(ctx, value)
        except click.BadParameter as error:
            if not self.advice:
                raise
            from sessionctl.errors import UsageError

            raise UsageError(
                f"{ctx.info_name}: {self.opts[-1]}: {error.message.removesuffix('.')}",
                hints=[self.advice],
            ) from None
