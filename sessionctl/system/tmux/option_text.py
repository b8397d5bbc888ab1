"""Option text: options as ``show-options`` prints them, as values, and back into commands."""

from __future__ import annotations

import re

from sessionctl.system.tmux.command_text import split_words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import TypeAlias

    OptionValue: TypeAlias = str | int | bool | tuple[str, ...]

_ITEM = re.compile(r"(.+)\[(\d+)\]")
_NUMBER = re.compile(r"0|-?[1-9]\d{0,17}")


def read_options(text: str) -> dict[str, OptionValue]:
    """Return the options that ``show-options`` printed.

    "on" and "off" are truth values and numbers are numbers. The items of an array option are a
    tuple, where its indexes have gaps each is an option of its own, ``name[7]``.
    """
    plain: dict[str, OptionValue] = {}
    arrays: dict[str, dict[int, str]] = {}
    for line in text.split("\n"):
        name, space, rest = line.partition(" ")
        if not name:
            continue
        # A hook's value is a command, printed as it would be typed: not a single word.
        words = split_words(rest)
        value = words[0] if len(words) == 1 else rest
        item = _ITEM.fullmatch(name)
        if item is not None:
            arrays.setdefault(item[1], {})[int(item[2])] = value
        elif space:
            plain[name] = typed(value)
        else:
            plain[name] = ()
    for name, items in arrays.items():
        if sorted(items) == list(range(len(items))):
            plain[name] = tuple(items[index] for index in range(len(items)))
        else:
            plain |= {f"{name}[{index}]": item for index, item in items.items()}
    return plain


def typed(text: str) -> str | int | bool:
    """Return the text of an option as the value it stands for."""
    if text in ("on", "off"):
        return text == "on"
    return int(text) if _NUMBER.fullmatch(text) else text


def option_word(value: str | int | bool) -> str:  # noqa: FBT001 - any value of an option
    """Return the value of an option as tmux takes it."""
    if isinstance(value, bool):
        return "on" if value else "off"
    return str(value)


def assignments(options: Mapping[str, OptionValue]) -> Iterator[tuple[str, str]]:
    """Yield each option and its value as ``set-option`` takes them, arrays item by item."""
    for name, value in options.items():
        if not isinstance(value, tuple):
            yield name, option_word(value)
            continue
        if not value:
            yield name, ""
        for index, item in enumerate(value):
            yield f"{name}[{index}]", item
