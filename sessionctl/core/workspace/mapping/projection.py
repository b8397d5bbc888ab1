"""Projection: a workspace as it stands, written over the value of its session document.

Only what does not agree with the document is changed in it. Directories keep their symbolic
form while they lead to the same place, and so do shell lines, ``start`` and ``resume``, the
names of windows that tmux names, and layouts in a window of another size.
"""

from __future__ import annotations

from typing import NamedTuple

from sessionctl.core.session.override_layers import ItemOrigin
from sessionctl.core.workspace.mapping.agreed_workspace import FormerState
from sessionctl.core.workspace.mapping.agreement import lies_as_asked
from sessionctl.core.workspace.mapping.item_matching import match_panes, match_windows
from sessionctl.core.workspace.mapping.pane_projection import PaneContext, put_pane
from sessionctl.core.workspace.mapping.value_maps import put, put_env, put_options
from sessionctl.core.workspace.raw_text import to_value
from sessionctl.core.workspace.workspace import AUTOMATIC_NAME, WorkspaceWindow
from sessionctl.core.workspace.workspace_reader import read_workspace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.core.values import Table, Value
    from sessionctl.core.workspace.mapping.agreed_workspace import (
        AgreedWorkspace,
        StandingWorkspace,
    )
    from sessionctl.core.workspace.mapping.item_matching import Pairs
    from sessionctl.core.workspace.path_scope import PathScope

_WINDOW_ORDER = ("name", "index", "link", "layout", "cwd", "env", "options", "panes")


class ProjectedValue(NamedTuple):
    """The value of the document, and which of its items each live window and pane is.

    ``origins`` are the windows of the value by the places they had before.
    """

    value: Table
    windows: Pairs
    panes: dict[int, Pairs]
    origins: tuple[ItemOrigin, ...] = ()


def project(
    standing: StandingWorkspace,
    value: Table,
    scope: PathScope,
    *,
    resolved: Table | None = None,
    agreed: AgreedWorkspace | None = None,
    is_partial: bool = False,
) -> ProjectedValue:
    """Return ``value`` as it says what stands, without what changes all the time.

    Args:
      standing: what stands.
      value: the value of the document; it is not changed.
      scope: what the directories of the document refer to.
      resolved: the value with the overrides of this machine in it.
      agreed: what stood when this document was last in step: what is as it was then keeps
        what the document says.
      is_partial: only some windows are in ``standing``: all else of the document stays.
    """
    work = _Projection(standing, value, scope, resolved or value, agreed)
    work.is_partial = is_partial
    return work.project()


class _Projection:
    def __init__(
        self,
        standing: StandingWorkspace,
        value: Table,
        scope: PathScope,
        resolved: Table,
        agreed: AgreedWorkspace | None,
    ) -> None:
        self.live = standing.workspace
        self.value = value
        self.scope = scope
        self.asked = read_workspace(resolved, scope)
        self.former = FormerState(agreed, standing)
        self.panes: dict[int, Pairs] = {}
        self.origins: dict[int, ItemOrigin] = {}
        self.is_partial = False

    def project(self) -> ProjectedValue:
        value = dict(self.value)
        root = self.asked.root if self.is_partial else self._put_session(value)
        windows, pairs, origins = self._windows(root)
        if windows or "windows" in value:
            value["windows"] = windows
        return ProjectedValue(value, pairs, self.panes, origins)

    def _put_session(self, value: Table) -> str:
        """Write what the session has besides its windows; return its directory."""
        live, before = self.live, self.former.workspace
        if self.asked.name != live.name:
            value["name"] = live.name
        root = self.asked.root
        if not self.scope.is_same(root, live.root) and (before is None or before.root != live.root):
            value["root"] = to_value(self.scope.express(live.root, ""))
            root = live.root
        put_env(value, self.asked.env, live.env, before and before.env)
        put_options(value, self.asked.options, live.options, before and before.options)
        put(value, "group", live.group or None)
        return root

    def _windows(self, root: str) -> tuple[list[Value], Pairs, tuple[ItemOrigin, ...]]:
        items = self.value.get("windows")
        old = [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []
        pairs = match_windows(
            self.asked.windows,
            self.live.windows,
            self.former.window_items(),
            self.live.base_index,
            self.former.gone(),
        )
        found: list[tuple[ItemOrigin, Table]] = []
        places: Pairs = {}
        for j in range(len(self.live.windows)):
            i = pairs.get(j)
            if i is not None and i >= len(old):
                continue  # what ``resolved`` has more than the value
            places[j] = len(found)
            window = self._window(j, old[i] if i is not None else None, i, root)
            found.append((self.origins.get(j, ItemOrigin(i)), window))
        kept = [(i, item) for i, item in enumerate(old) if not self._goes(i, pairs)]
        for i, item in kept:
            later = (n for n, (o, _) in enumerate(found) if o.place is not None and o.place > i)
            place = next(later, len(found))
            found.insert(place, (ItemOrigin(i), item))
            places = {j: n + (n >= place) for j, n in places.items()}
        return [item for _, item in found], places, tuple(origin for origin, _ in found)

    def _goes(self, item: int, pairs: Pairs) -> bool:
        """Return whether a window of the document is written anew or stands no more."""
        return item in pairs.values() or (self.former.stood(item) and not self.is_partial)

    def _window(self, j: int, item: Table | None, i: int | None, root: str) -> Table:
        live, before = self.live.windows[j], self.former.window(j)
        asked = self.asked.windows[i] if i is not None else WorkspaceWindow("")
        new = dict(item or {})
        is_renamed = asked.name != live.name and (before is None or before.name != live.name)
        if item is None or (is_renamed and not live.options.get(AUTOMATIC_NAME)):
            new["name"] = live.name
        self._put_index(new, j, asked, is_new=item is None)
        put(new, "link", live.link or None)
        put_options(new, asked.options, live.options, before and before.options)
        if live.link:
            new.pop("panes", None)
            return _ordered(new)
        is_same_layout = before is not None and before.layout == live.layout
        if item is None or not (is_same_layout or lies_as_asked(asked, live)):
            put(new, "layout", live.layout or None)
        self._put_panes(new, j, asked, i, root)
        return _ordered(new)

    def _put_panes(
        self, new: Table, j: int, asked: WorkspaceWindow, i: int | None, root: str
    ) -> None:
        live = self.live.windows[j]
        items = new.get("panes")
        old = [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []
        pairs = match_panes(
            asked.panes, live.panes, self.former.pane_items(j), self.former.panes_gone(j)
        )
        above = self.scope.resolve(str(new.get("cwd", ".")), root)
        context = PaneContext(self.scope, above)
        found: list[Value] = []
        for k, pane in enumerate(live.panes):
            o = pairs.get(k)
            spec = asked.panes[o] if o is not None else None
            item = old[o] if o is not None and o < len(old) else {}
            found.append(put_pane(item, pane, spec, self.former.pane(j, k), context))
        places = {k: k for k in range(len(found))}
        origins = [pairs.get(k) for k in range(len(found))]
        used = set(pairs.values())
        for o, item in enumerate(old):
            if o not in used and i is not None and not self.former.pane_stood(i, o):
                found.insert(min(o, len(found)), item)
                origins.insert(min(o, len(origins)), o)
                places = {k: n + (n >= o) for k, n in places.items()}
        self.panes[j] = places
        if found == [{}] and "panes" not in new and not (i is None and live.panes[0].title):
            self.panes[j] = {}
            return  # a window without panes has one, with a shell
        self.origins[j] = ItemOrigin(i, tuple(origins))
        new["panes"] = found

    def _put_index(self, new: Table, j: int, asked: WorkspaceWindow, *, is_new: bool) -> None:
        """Say the index where it does not follow from the window before."""
        live = self.live.windows
        if self.is_partial and asked.number is None and not is_new:
            return
        before = live[j - 1].number if j else None
        first = 0 if is_new else self.live.base_index
        expected = first if before is None else before + 1
        number = live[j].number
        if number is None:
            return  # windows have no numbers there
        if asked.number != number and (asked.number is not None or number != expected):
            put(new, "index", number)


def _ordered(table: Table) -> Table:
    """Return a new table's keys in the order that one reads them in."""
    ranked = {key: number for number, key in enumerate(_WINDOW_ORDER)}
    return dict(sorted(table.items(), key=lambda pair: ranked.get(pair[0], 0)))
