"""Discrepancies: where a workspace that stands is not what was asked for."""

from __future__ import annotations

from typing import NamedTuple

from sessionctl.core.session.session import SecretRef
from sessionctl.core.text.plural import counted
from sessionctl.core.text.shellwords import quoted
from sessionctl.core.text.source import visible
from sessionctl.core.workspace.mapping.agreement import (
    is_same_option,
    lies_as_asked,
    runs_as_asked,
)
from sessionctl.core.workspace.mapping.item_matching import match_panes, match_windows
from sessionctl.core.workspace.path_scope import PathScope
from sessionctl.core.workspace.workspace import AUTOMATIC_NAME, RUN

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sessionctl.core.workspace.workspace import Workspace, WorkspacePane, WorkspaceWindow

SESSION, WINDOW, PANE = "session", "window", "pane"
NAME, DIRECTORY, PROGRAM, LAYOUT = "name", "directory", "program", "layout"
OPTION, VARIABLE = "option", "variable"

NOTHING = "nothing"
_LONGEST = 200


class Discrepancy(NamedTuple):
    """One thing that does not stand as it was asked for.

    ``where`` names the window and pane, ``what`` is the kind of thing; ``asked`` and
    ``standing`` show both sides as text.
    """

    where: str
    what: str
    asked: str
    standing: str

    def render(self) -> str:
        """Return it as one line."""
        verb = "are" if self.standing.isdecimal() and self.standing != "1" else "is"
        return f"{self.where}: {self.what}: asked for {self.asked}, there {verb} {self.standing}"


def discrepancies(
    asked: Workspace, standing: Workspace | None, scope: PathScope | None = None
) -> tuple[Discrepancy, ...]:
    """Return where ``standing`` is not what ``asked`` says; none where everything runs.

    What was not allowed, is only typed, or is left to the terminal (focus, titles, sizes) is not
    compared, and what stands beside it does not matter. ``scope`` tells which directories are
    the same.
    """
    if standing is None:
        return (Discrepancy("the session", SESSION, visible(asked.name), NOTHING),)
    return tuple(_differences(asked, standing, scope or PathScope("/")))


def shown_program(run: tuple[str, ...] | str | None) -> str:
    """Return what runs as one line for people."""
    if not run:
        return "a shell"
    text = run if isinstance(run, str) else " ".join(map(quoted, run))
    cut = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."
    return visible(cut.replace("\n", "\\n"))


def _differences(asked: Workspace, live: Workspace, scope: PathScope) -> Iterator[Discrepancy]:
    where = "the session"
    if asked.name != live.name:
        yield Discrepancy(where, NAME, visible(asked.name), visible(live.name))
    if asked.group != live.group:
        yield Discrepancy(where, "group", asked.group or NOTHING, live.group or NOTHING)
    if asked.is_allowed:
        yield from _variables(where, asked.env, live.env)
        yield from _options(where, asked.options, live.options)
    pairs = match_windows(asked.windows, live.windows, {}, live.base_index)
    there = {i: j for j, i in pairs.items()}
    for i, window in enumerate(asked.windows):
        if i in there:
            yield from _of_window(window, live.windows[there[i]], scope)
        else:
            name = visible(window.name)
            yield Discrepancy(f"window {name}", WINDOW, name, NOTHING)


def _of_window(
    asked: WorkspaceWindow, live: WorkspaceWindow, scope: PathScope
) -> Iterator[Discrepancy]:
    where = f"window {visible(asked.name)}"
    if asked.name != live.name and AUTOMATIC_NAME not in asked.options:
        yield Discrepancy(where, NAME, visible(asked.name), visible(live.name))
    if asked.link or live.link:
        if asked.link != live.link:
            yield Discrepancy(where, "link", asked.link or NOTHING, live.link or NOTHING)
        return
    if asked.is_allowed:
        yield from _options(where, asked.options, live.options)
    count, other = len(asked.panes), len(live.panes)
    if count != other:
        yield Discrepancy(where, PANE, counted(count, "pane"), str(other))
    elif not lies_as_asked(asked, live):
        yield Discrepancy(where, LAYOUT, asked.layout or "tiled", live.layout)
    pairs = match_panes(asked.panes, live.panes, {})
    for k, i in sorted(pairs.items(), key=lambda pair: pair[1]):
        yield from _of_pane(f"{where}: pane {i + 1}", asked.panes[i], live.panes[k], scope)


def _of_pane(
    where: str, asked: WorkspacePane, live: WorkspacePane, scope: PathScope
) -> Iterator[Discrepancy]:
    if live.cwd and not scope.is_same(asked.cwd, live.cwd):
        yield Discrepancy(where, DIRECTORY, visible(asked.cwd), visible(live.cwd))
    if not asked.is_allowed:
        return
    if asked.beginning == RUN and not _runs(asked, live):
        yield Discrepancy(where, PROGRAM, shown_program(asked.restarted), shown_program(live.run))
    yield from _options(where, asked.options, live.options)


def _runs(asked: WorkspacePane, live: WorkspacePane) -> bool:
    wanted = asked.restarted
    if not wanted:
        return True  # whatever the user runs in a shell is his own
    if isinstance(wanted, str) or asked.resume is not None:
        return True  # a line that ends at once, a wrapper that starts another program
    return runs_as_asked(asked, asked._replace(run=live.run))


def _variables(
    where: str, asked: Mapping[str, object], live: Mapping[str, object]
) -> Iterator[Discrepancy]:
    # Values may be secrets: only the names are shown.
    for name, value in asked.items():
        if not isinstance(value, SecretRef) and live.get(name) != value:
            yield Discrepancy(
                where, VARIABLE, visible(name), "another value" if name in live else NOTHING
            )


def _options(
    where: str, asked: Mapping[str, object], live: Mapping[str, object]
) -> Iterator[Discrepancy]:
    for name, value in asked.items():
        if name not in live:
            yield Discrepancy(where, OPTION, visible(name), NOTHING)
        elif not is_same_option(value, live[name]):  # type: ignore[arg-type]
            yield Discrepancy(where, OPTION, visible(name), "another value")
