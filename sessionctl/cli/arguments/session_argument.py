"""Session argument: FILE on the command line, by its path, by its name, or left out."""

from __future__ import annotations

# pathlib costs start-up: plain os calls here.
# ruff: noqa: PTH110
import os

import click

from sessionctl.cli.arguments.named_file import files_of, only_session
from sessionctl.cli.output.console import Console

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from click.core import ParameterSource


class SessionArgument(click.Argument):
    """An argument that names one file, or several, also by the names of their sessions.

    Left out, it is the only session here (unless ``has_default`` is off); of a command that
    ``writes``, which one that is, is said. Where another argument is required behind it, that
    one stays and FILE is what is left out. ``may_be_gone`` takes sessions that were deleted;
    one that ``may_be_unknown`` is reported when it is read, after what else is wrong. With
    ``only_sessions``, a session comes before another file that has the name as a whole.
    """

    def __init__(
        self,
        *args: Any,
        has_default: bool = True,
        writes: bool = False,
        may_be_gone: bool = False,
        may_be_unknown: bool = False,
        only_sessions: bool = False,
        **attributes: Any,
    ) -> None:
        self.has_default = has_default
        self.writes = writes
        self.may_be_gone = may_be_gone
        self.may_be_unknown = may_be_unknown
        self.only_sessions = only_sessions
        if has_default:
            attributes["required"] = False
        super().__init__(*args, **attributes)

    def handle_parse_result(
        self, ctx: click.Context, opts: Mapping[str, Any], args: list[str]
    ) -> tuple[Any, list[str]]:
        """Take the file that was named, or leave the words to the arguments that need them."""
        if self.has_default and self.nargs == 1 and not ctx.resilient_parsing:
            self._make_room(ctx, opts)
        return super().handle_parse_result(ctx, opts, args)

    def consume_value(
        self, ctx: click.Context, opts: Mapping[str, Any]
    ) -> tuple[Any, ParameterSource]:
        """Return what was given, else the only session here."""
        value, source = super().consume_value(ctx, opts)
        is_missing = not isinstance(value, (str, tuple, list)) or not value
        if self.has_default and is_missing and not ctx.resilient_parsing:
            chosen = self._only_session(ctx)
            return (chosen if self.nargs == 1 else (chosen,)), source
        return value, source

    def process_value(self, ctx: click.Context, value: Any) -> Any:
        """Return the path, or the paths, that the words stand for."""
        value = super().process_value(ctx, value)
        if ctx.resilient_parsing or not value or not isinstance(value, (str, tuple)):
            return value
        return files_of(ctx.ensure_object(Console), value, vars(self))

    def _only_session(self, ctx: click.Context) -> str:
        is_written = self.writes and not ctx.params.get("dry_run")
        command = ctx.command_path.partition(" ")[2]
        return only_session(ctx.ensure_object(Console), command, is_written=is_written)

    def _make_room(self, ctx: click.Context, opts: Mapping[str, Any]) -> None:
        """Move the words on by one argument where one too few is there and none names a file."""
        behind = [one for one in ctx.command.params if isinstance(one, click.Argument)]
        behind = behind[behind.index(self) + 1 :]
        required = [one for one in behind if one.required]
        first = opts.get(str(self.name))
        if not required or not isinstance(first, str) or not isinstance(opts, dict):
            return
        rest = opts.get(str(behind[-1].name))
        if behind[-1].name == "more" and isinstance(rest, tuple) and rest:
            self._make_room_for_pairs(ctx, opts, required, rest)
            return
        values = [opts.get(str(one.name)) for one in required]
        given = [value for value in values if isinstance(value, str) or value]
        given = [value for value in given if isinstance(value, (str, tuple, list))]
        if len(given) != len(required) - 1 or self._names_file(ctx, first):
            return
        moved = [first, *given]
        for one, value in zip(required, moved, strict=True):
            opts[str(one.name)] = (value,) if one.nargs == -1 and isinstance(value, str) else value
        del opts[str(self.name)]

    def _make_room_for_pairs(
        self,
        ctx: click.Context,
        opts: dict[str, Any],
        required: list[click.Argument],
        rest: tuple[str, ...],
    ) -> None:
        """Move the words on by one where keys and values are in pairs, and one word is too few."""
        words = [opts[str(self.name)], *(opts[str(one.name)] for one in required), *rest]
        if len(words) % 2 or self._names_file(ctx, words[0]):
            return
        for one, value in zip(required, words, strict=False):
            opts[str(one.name)] = value
        opts["more"] = tuple(words[len(required) :])
        del opts[str(self.name)]

    def _names_file(self, ctx: click.Context, word: str) -> bool:
        if os.path.exists(word):
            return True
        from sessionctl.services.naming.session_names import NamePlaces, SessionNames

        return bool(SessionNames(NamePlaces.of(ctx.ensure_object(Console).machine)).find(word))
