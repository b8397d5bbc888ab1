"""What happens in the demo, as it is shown: chapters, remarks, commands with their answers."""

from __future__ import annotations

from typing import NamedTuple


class Chapter(NamedTuple):
    """A chapter begins."""

    title: str


class Remark(NamedTuple):
    """What a person does in an editor, or should notice."""

    text: str


class TypedCommand(NamedTuple):
    """A command as a user types it, what it said, and its exit code."""

    command: str
    output: str
    code: int


Event = Chapter | Remark | TypedCommand
