"""Agreement: whether what stands is what the file asks for, however it is written there."""

from __future__ import annotations

import posixpath
import re

from sessionctl.core.workspace.layout import NAMES, LayoutPane, arrange
from sessionctl.core.workspace.layout_cells import (
    has_same_places,
    has_same_shape,
    leaves,
    read_cells,
)
from sessionctl.core.workspace.workspace import RUN

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.core.workspace.layout import Layout
    from sessionctl.core.workspace.layout_cells import LayoutCell
    from sessionctl.core.workspace.workspace import OptionValue, WorkspacePane, WorkspaceWindow

_WORD = re.compile(r"[^\s;|&<>()'\"$`]+")


def runs_as_asked(asked: WorkspacePane, live: WorkspacePane) -> bool:
    """Return whether ``live`` runs what the pane ``asked`` of a file is to run.

    What is only typed, or left out, need not run. A shell line is told by the program in it,
    a script by its interpreter before it.
    """
    if live.run == asked.run and live.shell == asked.shell:
        return True
    if asked.beginning != RUN and live.run is None:
        return True
    if asked.resume is not None and live.run == (asked.resume or None):
        return True
    if asked.run is None or live.run is None:
        return False
    if isinstance(asked.run, str):
        return isinstance(live.run, str) or _is_in_line(live.run, asked.run)
    return not isinstance(live.run, str) and _is_interpreted(live.run, asked.run)


def runs_exactly(asked: WorkspacePane, live: WorkspacePane) -> bool:
    """Return whether ``live`` runs just what the pane ``asked`` says, with its variables."""
    return (live.run, live.shell) == (asked.run, asked.shell) and all(
        live.env.get(name) == value for name, value in asked.env.items()
    )


def lies_as_asked(asked: WorkspaceWindow, live: WorkspaceWindow) -> bool:
    """Return whether the panes of ``live`` lie as the window ``asked`` of a file says.

    The same splits in a window of another size are the same layout: a small client that
    attached, such as a telephone's, changes nothing.
    """
    there = read_cells(live.layout)
    count = len(live.panes)
    if count != len(asked.panes):
        return False
    if there is None:
        return True  # there is but one pane, or nobody knows how they lie
    if asked.layout in NAMES or not asked.layout:
        return _has_shape(there, arrange(asked.layout, count))
    wanted = read_cells(asked.layout)
    if wanted is None or sum(1 for _ in leaves(wanted)) != count:
        return False
    if (wanted.width, wanted.height) != (there.width, there.height):
        return has_same_shape(wanted, there)
    return has_same_places(wanted, there)


def is_same_option(one: OptionValue, other: OptionValue) -> bool:
    """Return whether two values of an option are the same for tmux."""
    return _option_text(one) == _option_text(other)


def _option_text(value: OptionValue) -> object:
    if isinstance(value, bool):
        return "on" if value else "off"
    return str(value) if isinstance(value, int) else value


def _is_in_line(argv: tuple[str, ...], line: str) -> bool:
    names = {posixpath.basename(word) for word in _WORD.findall(line)}
    return any(posixpath.basename(word) in names for word in argv[:3])


def _is_interpreted(live: tuple[str, ...], asked: tuple[str, ...]) -> bool:
    """Return whether ``live`` is ``asked``, perhaps behind the interpreter of its first line.

    A program may be found elsewhere on another machine: its name counts, not its directory.
    """
    extra = len(live) - len(asked)
    if not 0 <= extra <= 2 or live[extra + 1 :] != asked[1:]:
        return False
    return posixpath.basename(live[extra]) == posixpath.basename(asked[0])


def _has_shape(cell: LayoutCell, layout: Layout) -> bool:
    if isinstance(layout, LayoutPane):
        return not cell.parts
    return (
        cell.is_row == layout.is_row
        and len(cell.parts) == len(layout.parts)
        and all(_has_shape(c, part) for c, (_, part) in zip(cell.parts, layout.parts, strict=True))
    )
