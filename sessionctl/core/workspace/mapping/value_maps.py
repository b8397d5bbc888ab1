"""Maps of variables and options in a document: only what differs is changed."""

from __future__ import annotations

from sessionctl.core.session.session import SecretRef
from sessionctl.core.workspace.mapping.agreement import is_same_option
from sessionctl.core.workspace.raw_text import to_value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sessionctl.core.values import Table, Value
    from sessionctl.core.workspace.workspace import EnvValue, OptionValue


def put(table: Table, key: str, value: Value | None) -> None:
    """Set a key of ``table``, or remove it where ``value`` is None."""
    if value is None:
        table.pop(key, None)
    else:
        table[key] = value


def put_env(
    table: Table,
    asked: Mapping[str, EnvValue],
    live: Mapping[str, EnvValue],
    before: Mapping[str, EnvValue] | None,
    *,
    may_remove: bool = True,
) -> None:
    """Write the variables ``live`` into ``table["env"]``; references to secrets stay."""

    def is_same(one: EnvValue, other: EnvValue) -> bool:
        # A reference is never live: its value is, and that must not be written.
        return one == other or isinstance(one, SecretRef)

    _put_map(table, "env", (asked, live, before), is_same, env_value, may_remove=may_remove)


def put_options(
    table: Table,
    asked: Mapping[str, OptionValue],
    live: Mapping[str, OptionValue],
    before: Mapping[str, OptionValue] | None,
) -> None:
    """Write the options ``live`` into ``table["options"]``.

    tmux has texts only: a number beside a string of the file is written as a string again.
    """
    live = {
        name: str(value) if type(value) is int and isinstance(asked.get(name), str) else value
        for name, value in live.items()
    }
    _put_map(table, "options", (asked, live, before), is_same_option, option_value)


def env_value(value: EnvValue) -> Value:
    """Return the value of a live variable as a document has it."""
    return to_value(value) if isinstance(value, str) else False


def option_value(value: OptionValue) -> Value:
    """Return the value of an option as a document has it."""
    return list(value) if isinstance(value, tuple) else value


def _put_map(
    table: Table,
    key: str,
    maps: tuple[Mapping[str, object], Mapping[str, object], Mapping[str, object] | None],
    is_same: Callable[..., bool],
    to_item: Callable[..., Value],
    *,
    may_remove: bool = True,
) -> None:
    asked, live, before = maps
    old = table.get(key)
    new: Table = dict(old) if isinstance(old, dict) else {}
    for name, value in live.items():
        if name in asked and is_same(asked[name], value):
            continue
        if before is not None and name in before and is_same(before[name], value):
            continue
        new[name] = to_item(value)
    # Without a state that both agreed on, what the file has more is somebody's wish.
    for name in before or ():
        if may_remove and name not in live and name in new:
            del new[name]
    if new or key in table:
        table[key] = new
