"""Light start: plain command lines of the commands of every day, read without click.

A line is plain when each of its words is an argument, or an option that the command declares
and that needs no conversion. For every other line, and wherever click would have something to
say, there is no answer here, and click reads the line anew.
"""

from __future__ import annotations

import os
import sys

from sessionctl.cli.command_table import module_name
from sessionctl.cli.start.late_click import (
    RENAMED_OPTION,
    SESSION_ARGUMENT,
    LateCommand,
    LateParameter,
    LateType,
)
from sessionctl.core.named_tuple import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from sessionctl.cli.output.console import Console

LIGHT = frozenset(
    {
        ("diff",), ("doctor",), ("fmt",), ("get",), ("git", "hook", "pre-commit"), ("list",),
        ("log",), ("secret", "list"), ("secret", "reveal"), ("secret", "set"), ("set",), ("show",),
        ("status",), ("sync",), ("unset",), ("validate",),
    }
)  # fmt: skip
"""The commands that read nothing of click's but their parameters."""

_PACKAGES = ("secret",)
_COMPLETE_VARIABLE = "_SESSIONCTL_COMPLETE"
_SIMPLE = {
    "advice", "cls", "default", "flag_value", "has_default", "help", "hidden", "is_flag",
    "may_be_gone", "may_be_unknown", "metavar", "multiple", "nargs", "old", "only_sessions",
    "required", "shell_complete", "type", "writes",
}  # fmt: skip
"""What a parameter may declare and still be read here."""
_JSON = ("--json", "as_json")
_CHANGES_VALUES = ("flag_value", "multiple")


class PlainCall(NamedTuple):
    """What a plain command line comes to."""

    command: LateCommand
    values: dict[str, Any]
    words: str = ""
    """Those that name the command."""


def run_light(arguments: Sequence[str], console: Console) -> int | None:
    """Run a plain command line and return its exit code; None, and nothing done, for others.

    Raises:
      SessionctlError: as the command does.
    """
    if os.environ.get(_COMPLETE_VARIABLE):
        return None
    call = read_plain(arguments)
    if call is None:
        return None
    first = [console] if call.command.passes_object else []
    try:
        code = call.command.function(*first, **_with_files(call, console))
    except Exception as error:
        if isinstance(error, EOFError) or "click" in sys.modules:
            from sessionctl.cli.app import code_of

            return code_of(error, console)
        raise
    return code if isinstance(code, int) else 0


def read_plain(arguments: Sequence[str]) -> PlainCall | None:
    """Return what a plain command line means, None for one that click has to read."""
    path = _command_path(arguments)
    if path is None:
        return None
    command = _command(path)
    if command is None or not command.is_all_late:
        return None
    try:
        values = _values(command.parameters, arguments[len(path) :])
        return PlainCall(command, values, " ".join(path))
    except _NotPlainError:
        return None


class _NotPlainError(Exception):
    """A command line, or a parameter, that is click's to read."""


def _command_path(arguments: Sequence[str]) -> tuple[str, ...] | None:
    for length in (1, 2, 3):
        path = tuple(arguments[:length])
        if path in LIGHT:
            return path
    return None


def _command(path: tuple[str, ...]) -> LateCommand | None:
    name, *rest = path
    if path == ("git", "hook", "pre-commit"):
        module = "sessionctl.cli.git.hook_runner"
        rest = ["pre-commit"]
    elif name in _PACKAGES:
        module = module_name(rest[0], f"sessionctl.cli.commands.{name}")
        rest = []
    else:
        module = module_name(name)
    found = __import__(module, fromlist=["command"]).command  # importlib loads more
    for word in rest:
        found = found.child(word) if isinstance(found, LateCommand) else None
    return found if isinstance(found, LateCommand) else None


def _values(parameters: Sequence[LateParameter], words: Sequence[str]) -> dict[str, Any]:
    """Return the value of each parameter.

    Raises:
      _NotPlainError: the words, or what is declared, are not plain.
    """
    options = {name: p for p in parameters if p.kind == "option" for name in _option_names(p)}
    if len({_key(parameter) for parameter in parameters}) < len(parameters):
        raise _NotPlainError
    values: dict[str, Any] = {}
    loose = []
    rest = iter(words)
    for word in rest:
        if not word or word == "--":
            raise _NotPlainError
        if not word.startswith("-") or word == "-":
            loose.append(word)
            continue
        name, equals, value = word.partition("=")
        option = options.get(name)
        is_joined = bool(equals) and not name.startswith("--")  # to click "-o=a" means "=a"
        if option is None or is_joined or _key(option) in values:
            raise _NotPlainError
        values[_key(option)] = _given(option, value if equals else None, rest)
    _take_loose([p for p in parameters if p.kind == "argument"], loose, values)
    for parameter in options.values():
        if _key(parameter) not in values:
            values[_key(parameter)] = _default(parameter)
    return values


def _given(option: LateParameter, value: str | None, rest: Iterator[str]) -> Any:
    """Return the value of an option that was given; ``rest`` are the words behind it."""
    attributes = option.attributes
    _check_simple(option, *_CHANGES_VALUES, "nargs")
    if attributes.get("is_flag"):
        if value is not None or "default" in attributes:
            raise _NotPlainError
        return True
    if value is None:
        value = next(rest, "")
    kind = attributes.get("type")
    if kind is None and not isinstance(attributes.get("default"), str | None):
        raise _NotPlainError  # click makes of it what the default is
    if kind is not None:
        is_choice = isinstance(kind, LateType) and kind.name == "Choice" and not kind.extra
        if not is_choice or value not in kind.args[0]:
            raise _NotPlainError
    if not value or value.startswith("-"):
        raise _NotPlainError
    return value


def _take_loose(arguments: list[LateParameter], loose: list[str], values: dict[str, Any]) -> None:
    """Share the words that are no options out to the arguments; the last may take many."""
    for number, argument in enumerate(arguments):
        _check_simple(argument)
        attributes = argument.attributes
        if "default" in attributes or attributes.get("type") is not None:
            raise _NotPlainError
        nargs = attributes.get("nargs", 1)
        if nargs == -1 and number == len(arguments) - 1:
            if attributes.get("required") and not loose:
                raise _NotPlainError
            if _key(argument) == "more" and len(loose) % 2:
                raise _NotPlainError  # pairs: what is left out may be the file
            values[_key(argument)] = tuple(loose)
            return
        if nargs != 1:
            raise _NotPlainError
        if not loose and attributes.get("required", True) and not _has_default(argument):
            raise _NotPlainError
        values[_key(argument)] = loose.pop(0) if loose else None
    if loose:
        raise _NotPlainError


def _is_session(argument: LateParameter) -> bool:
    return argument.attributes.get("cls") == SESSION_ARGUMENT


def _with_files(call: PlainCall, console: Console) -> dict[str, Any]:
    """Return the values with the files that names of sessions stand for."""
    values = dict(call.values)
    for parameter in call.command.parameters:
        key = _key(parameter)
        if not _is_session(parameter):
            continue
        from sessionctl.cli.arguments.named_file import files_of, only_session

        if values[key]:
            values[key] = files_of(console, values[key], parameter.attributes)
        elif _has_default(parameter):
            is_written = parameter.attributes.get("writes") and not values.get("dry_run")
            values[key] = only_session(console, call.words, is_written=bool(is_written))
    return values


def _has_default(argument: LateParameter) -> bool:
    return _is_session(argument) and bool(argument.attributes.get("has_default", True))


def _default(option: LateParameter) -> Any:
    """Return the value of an option that was not given."""
    attributes = option.attributes
    if attributes.get("required"):
        raise _NotPlainError
    if attributes.get("multiple"):
        if "default" in attributes:
            raise _NotPlainError
        return ()
    if attributes.get("is_flag"):
        if "default" in attributes or "flag_value" in attributes:
            raise _NotPlainError
        return False
    default = attributes.get("default")
    kind = attributes.get("type")
    is_as_it_is = (
        default is None
        or (kind is None and type(default) in (str, int))
        or (isinstance(kind, LateType) and kind.name == "Choice" and isinstance(default, str))
        or (isinstance(kind, LateType) and kind.name == "IntRange" and type(default) is int)
    )
    if not is_as_it_is:
        raise _NotPlainError
    _check_simple(option)
    return default


def _check_simple(parameter: LateParameter, *but: str) -> None:
    known = _SIMPLE.difference(but)
    if parameter.words == _JSON:
        known |= {"callback"}  # it asks what stands before the command: nothing, here
    is_ours = parameter.attributes.get("cls") in (None, RENAMED_OPTION, SESSION_ARGUMENT)
    if not (is_ours and known.issuperset(parameter.attributes)):
        raise _NotPlainError


def _option_names(option: LateParameter) -> list[str]:
    names = [word for word in option.words if word.startswith("-")]
    if any("/" in name for name in names):
        raise _NotPlainError
    return names


def _key(parameter: LateParameter) -> str:
    """Return the name of the function's parameter, as click derives it."""
    for word in parameter.words:
        if word.isidentifier():
            return word
    longest = max(parameter.words, key=lambda word: len(word) - len(word.lstrip("-")))
    return longest.lstrip("-").replace("-", "_").lower()
