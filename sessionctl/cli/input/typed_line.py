"""Typed line: the command line as it was typed, with one more option, for a hint."""

from __future__ import annotations

from sessionctl.core.text.shellwords import typed_word

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.cli.output.console import Console


def typed_again(console: Console, option: str) -> str:
    """Return the line to type that does the same, with ``option``."""
    words = list(console.arguments)
    words.insert(words.index("--") if "--" in words else len(words), option)
    return " ".join(map(typed_word, ["sessionctl", *words]))
