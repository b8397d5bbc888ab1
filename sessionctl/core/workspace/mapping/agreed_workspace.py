"""Agreed workspace: what stood when a document and its workspace were last in step."""

from __future__ import annotations

from typing import NamedTuple

from sessionctl.core.workspace.mapping.item_matching import match_panes, match_windows

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from sessionctl.core.workspace.mapping.item_matching import Pairs
    from sessionctl.core.workspace.workspace import Workspace, WorkspacePane, WorkspaceWindow

NOTHING = -1
"""Stands for the item of what has none."""


class StandingWorkspace(NamedTuple):
    """A workspace with the ids of its windows and panes, which hold while its server runs."""

    workspace: Workspace
    server: str = ""
    windows: tuple[str, ...] = ()
    panes: tuple[tuple[str, ...], ...] = ()


class AgreedWorkspace(NamedTuple):
    """What stood, and which item of the document each window and pane was."""

    standing: StandingWorkspace
    items: tuple[int, ...] = ()
    pane_items: tuple[tuple[int, ...], ...] = ()


class FormerState:
    """What the windows and panes that stand now were when both last agreed."""

    def __init__(self, agreed: AgreedWorkspace | None, now: StandingWorkspace) -> None:
        """Find each window and pane of ``now`` in ``agreed``: by its id, else as in a file."""
        self.agreed = agreed
        self._windows: Pairs = {}
        self._panes: dict[int, Pairs] = {}
        if agreed is None:
            return
        before = agreed.standing
        is_same = bool(now.server) and before.server == now.server
        known = _same(before.windows, now.windows) if is_same else {}
        old_windows, windows = before.workspace.windows, now.workspace.windows
        # While its server runs, a window with another id and another name is another window.
        self._windows = {
            j: i
            for j, i in match_windows(old_windows, windows, known).items()
            if not is_same or j in known or old_windows[i].name == windows[j].name
        }
        for j, old in self._windows.items():
            known = _same(before.panes[old], now.panes[j]) if is_same else {}
            panes = (before.workspace.windows[old].panes, now.workspace.windows[j].panes)
            self._panes[j] = match_panes(*panes, known)

    @property
    def workspace(self) -> Workspace | None:
        """The workspace as it was."""
        return self.agreed.standing.workspace if self.agreed is not None else None

    def window(self, j: int) -> WorkspaceWindow | None:
        """Return window ``j`` as it was; None where it is new."""
        if self.workspace is None or j not in self._windows:
            return None
        return self.workspace.windows[self._windows[j]]

    def pane(self, j: int, k: int) -> WorkspacePane | None:
        """Return pane ``k`` of window ``j`` as it was; None where it is new."""
        window = self.window(j)
        if window is None or k not in self._panes[j]:
            return None
        return window.panes[self._panes[j][k]]

    def window_items(self) -> Pairs:
        """Return the item of the document that each window is, as far as that is known."""
        if self.agreed is None:
            return {}
        items = self.agreed.items
        return {j: items[old] for j, old in self._windows.items() if items[old] != NOTHING}

    def pane_items(self, j: int) -> Pairs:
        """Return the item that each pane of window ``j`` is, as far as that is known."""
        if self.agreed is None or j not in self._windows:
            return {}
        items = self.agreed.pane_items[self._windows[j]]
        return {k: items[old] for k, old in self._panes[j].items() if items[old] != NOTHING}

    def gone(self) -> set[int]:
        """Return the windows of the document that stood then and do not any more."""
        there = set(self.window_items().values())
        return set() if self.agreed is None else set(self.agreed.items) - there

    def panes_gone(self, j: int) -> set[int]:
        """Return the panes of window ``j`` in the document that stood and do not any more."""
        if self.agreed is None or j not in self._windows:
            return set()
        there = set(self.pane_items(j).values())
        return set(self.agreed.pane_items[self._windows[j]]) - there

    def stood(self, item: int) -> bool:
        """Return whether the window ``item`` of the document stood then; yes where unknown."""
        return self.agreed is None or item in self.agreed.items

    def pane_stood(self, window_item: int, item: int) -> bool:
        """Return whether a pane of the document stood then; yes where unknown."""
        if self.agreed is None or window_item not in self.agreed.items:
            return True
        return item in self.agreed.pane_items[self.agreed.items.index(window_item)]


def _same(before: Iterable[str], now: Iterable[str]) -> Pairs:
    places = {key: number for number, key in enumerate(before)}
    return {number: places[key] for number, key in enumerate(now) if key in places}
