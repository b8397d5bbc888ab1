"""Typed start: programs typed into the shells of panes, each once its shell is ready."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass, field
from typing import NamedTuple

from sessionctl.core.light_enum import Enum
from sessionctl.core.workspace.old_text_screen import above_prompt
from sessionctl.services.live.tmux.pane_program import base_name
from sessionctl.system.tmux.pane_terminal import is_edited, write_to

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from sessionctl.system.process_table import ProcessTable
    from sessionctl.system.tmux.tmux_server import TmuxServer

LINE_EDITORS = frozenset({"bash", "fish", "ksh", "mksh", "nu", "tcsh", "xonsh", "zsh"})
"""Shells that turn the terminal's own line editing off while they wait."""

_POLL_S = 0.01
_QUIET_S = 0.3
_NEXT_LINE_S = 0.15
"""For so long nothing changes in a terminal before the next line is typed into it."""


class TypingState(Enum):
    """What became of what was to be typed into a pane."""

    WAITING = "waiting"
    TYPED = "typed"
    FAILED = "failed"


class TypedInput(NamedTuple):
    """What to type into a pane; the last line is only entered with ``is_entered``.

    ``shell`` is the name of its shell. ``old_text`` is shown before, as what it once held.
    """

    pane: str
    pid: int
    tty: str
    shell: str
    lines: tuple[str, ...]
    is_entered: bool = True
    old_text: str = ""


@dataclass(slots=True)
class _Watch:
    """One pane that is waited for; ``typed`` counts the lines that are typed already."""

    input: TypedInput
    typed: int = 0
    state: TypingState = TypingState.WAITING
    quiet_since_s: float = 0.0
    mark: tuple[object, ...] = field(default_factory=tuple)


def type_all(
    server: TmuxServer,
    table: ProcessTable,
    inputs: Iterable[TypedInput],
    *,
    deadline_s: float,
    sleep: Callable[[float], None] = time.sleep,
) -> dict[str, TypingState]:
    """Type every input once its shell is ready; return what became of it, by pane.

    Of several lines each is typed once what reads it has settled: the shell waits again, or
    what the line before it started reads the terminal. A pane whose shell is not ready after
    ``deadline_s`` is left ``WAITING``: nothing was typed into it.
    """
    watches = [_Watch(item) for item in inputs]
    end_s = time.monotonic() + deadline_s
    while True:
        waiting = [watch for watch in watches if watch.state is TypingState.WAITING]
        ready = [watch for watch in waiting if _is_ready(watch, table)]
        if time.monotonic() >= end_s:
            # What has begun is finished.
            ready += [watch for watch in waiting if watch.typed and watch not in ready]
        if ready:
            _type(server, ready)
            continue
        if not waiting or time.monotonic() >= end_s:
            return {watch.input.pane: watch.state for watch in watches}
        sleep(_POLL_S)


def _is_ready(watch: _Watch, table: ProcessTable) -> bool:
    item = watch.input
    if watch.typed:
        return _is_settled(watch, table)
    if is_edited(item.tty):
        return True
    if item.shell in LINE_EDITORS:
        return False
    # dash and its like leave the terminal as it is: ready is who reads it, and is quiet.
    row = table.row(item.pid)
    if row is None:
        watch.state = TypingState.FAILED
        return False
    now_s = time.monotonic()
    mark = (row.state, row.foreground == row.group, table.children(item.pid), table.time(item.pid))
    is_idle = mark[0] == "S" and mark[1] is True and not mark[2]
    if not is_idle or mark != watch.mark:
        watch.mark, watch.quiet_since_s = mark, now_s
        return False
    return now_s - watch.quiet_since_s >= _QUIET_S


def _is_settled(watch: _Watch, table: ProcessTable) -> bool:
    """Return whether the line before was taken, and who reads the next one is there."""
    row = table.row(watch.input.pid)
    foreground = None if row is None else row.foreground
    mark = (is_edited(watch.input.tty), foreground, table.children(watch.input.pid))
    now_s = time.monotonic()
    if mark != watch.mark:
        watch.mark, watch.quiet_since_s = mark, now_s
    return now_s - watch.quiet_since_s >= _NEXT_LINE_S


def _type(server: TmuxServer, watches: Sequence[_Watch]) -> None:
    new = [watch.input for watch in watches if watch.input.old_text and not watch.typed]
    _show_old_texts(server, new)
    commands: list[tuple[str, ...]] = []
    owners: list[_Watch] = []
    for watch in watches:
        line = list(_commands(watch.input, watch.typed))
        commands += line
        owners += [watch] * len(line)
        watch.typed += 1
        watch.mark, watch.quiet_since_s = (), time.monotonic()
        if watch.typed >= len(watch.input.lines):
            watch.state = TypingState.TYPED
    for watch, answer in zip(owners, server.run(commands), strict=True):
        if not answer.is_done:
            watch.state = TypingState.FAILED


def _show_old_texts(server: TmuxServer, inputs: Sequence[TypedInput]) -> None:
    """Put old texts above the prompts, each written at once while its shell waits."""
    fields = "#{pane_width} #{pane_height} #{cursor_y} #{alternate_on}"
    answers = server.run([("display-message", "-p", "-t", item.pane, fields) for item in inputs])
    for item, answer in zip(inputs, answers, strict=True):
        if not answer.is_done:
            continue
        width, height, row, in_alternate = map(int, answer.text.split())
        if in_alternate:
            continue
        text = above_prompt(item.old_text, width=width, height=height, cursor_row=row)
        write_to(item.tty, text.encode(errors="replace"))


def _commands(item: TypedInput, number: int) -> Iterable[tuple[str, ...]]:
    """Yield what types one of the lines, if there is such a line."""
    if number >= len(item.lines):
        return
    buffer = f"sessionctl-{os.getpid()}-{item.pane[1:]}"
    # Pasted in brackets where they are known, so that no key of the line acts and no
    # completion starts.
    yield ("set-buffer", "-b", buffer, "--", item.lines[number])
    yield ("paste-buffer", "-d", "-p", "-r", "-b", buffer, "-t", item.pane)
    if item.is_entered or number < len(item.lines) - 1:
        yield ("send-keys", "-t", item.pane, "Enter")


def shell_name(argv: Sequence[str]) -> str:
    """Return the name of the shell that ``argv`` starts."""
    return base_name(argv[0]) if argv else ""
