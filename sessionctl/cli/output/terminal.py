"""The terminal's size and characters, and drawn lines in its colours."""

from __future__ import annotations

import os

from sessionctl.core.render.drawing import Charset

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TextIO

    from sessionctl.cli.output.console import Console
    from sessionctl.core.render.drawing import Line, Piece

_WIDTH = 80


def terminal_width(console: Console, stream: TextIO | None = None) -> int:
    """Return the width of the terminal; ``COLUMNS`` counts first, 80 without a terminal.

    It is that of ``stream``, by default of stdout.
    """
    wanted = console.machine.columns
    if wanted is not None:
        return wanted
    try:
        return os.get_terminal_size((stream or console.stdout).fileno()).columns or _WIDTH
    except (OSError, ValueError):
        return _WIDTH


def charset_of(console: Console, *, ascii_only: bool) -> Charset:
    """Return the characters that stdout can show; its encoding may have no others."""
    encoding = (console.stdout.encoding or "utf-8").lower().replace("_", "-")
    return Charset(ascii_only or encoding not in ("utf-8", "utf8", "utf-16", "utf-32"))


def print_lines(console: Console, lines: list[Line]) -> None:
    """Print what was drawn, the pieces in the colours of their roles."""
    # A large drawing has few different pieces: borders, and the same words again and again.
    shown: dict[Piece, str] = {}
    printed: list[str] = []
    for line in lines:
        texts: list[str] = []
        for piece in line:
            text = shown.get(piece)
            if text is None:
                text = shown[piece] = console.style(*piece) if piece[1] else piece[0]
            texts.append(text)
        printed.append("".join(texts))
    console.out_lines(printed)
