"""Captured trust: what was seen running here may be started here again, and no more."""

from __future__ import annotations

from sessionctl.core.session.startup import start_items
from sessionctl.core.values import is_reference
from sessionctl.core.workspace.mapping.agreement import runs_exactly
from sessionctl.core.workspace.mapping.item_matching import match_panes, match_windows
from sessionctl.core.workspace.mapping.value_maps import env_value, option_value
from sessionctl.core.workspace.workspace_reader import read_workspace
from sessionctl.services.live.trust import TrustStore, items_on

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.core.values import Table, Value
    from sessionctl.core.workspace.mapping.agreed_workspace import StandingWorkspace
    from sessionctl.core.workspace.path_scope import PathScope
    from sessionctl.core.workspace.workspace import WorkspacePane
    from sessionctl.services.live.live_context import LiveContext


def trust_captured(
    context: LiveContext, file: str, value: Table, standing: StandingWorkspace
) -> None:
    """Allow what of the session file ``file`` is just what stands; edits of others are not.

    Raises:
      FileError, RefusedError, DocumentError: the record of what is allowed cannot be kept.
    """
    if context.store.directory is None:
        return
    from pathlib import Path

    host, os_name = context.machine.host, context.machine.os_name
    store = TrustStore(Path(context.store.directory))
    allowed = store.review(file, items_on(value, host, os_name)).allowed
    known = frozenset(item.digest for item in allowed)
    items = items_on(_seen(context.resolved(value), standing, context, file, known), host, os_name)
    if store.review(file, items).new:
        store.allow(file, items, keep=True)


def _seen(
    value: Table,
    standing: StandingWorkspace,
    context: LiveContext,
    file: str,
    known: frozenset[str],
) -> Table:
    """Return the part of a session's value that says what stands.

    ``known`` are the digests of what was allowed for the file.
    """
    live = standing.workspace
    scope = context.scope(file)
    asked = read_workspace(value, scope)
    seen: Table = {"root": value.get("root", ".")} if "root" in value else {}
    variables = {k: env_value(v) for k, v in live.env.items()}
    seen["env"] = _same(value.get("env"), variables) | _secrets(value.get("env"), known)
    seen["options"] = _same(
        value.get("options"), {k: option_value(v) for k, v in live.options.items()}
    )
    items = value.get("windows")
    tables = [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []
    windows: list[Value] = []
    for j, i in match_windows(asked.windows, live.windows, {}, live.base_index).items():
        # What a window gives its programs cannot be told from what they were given otherwise.
        # A secret it does not give them, so one that was allowed makes no difference.
        item = {**tables[i], "env": _secrets(tables[i].get("env"), known)}
        options = {k: option_value(v) for k, v in live.windows[j].options.items()}
        item["options"] = _same(item.get("options"), options)
        panes = item.get("panes")
        inner = [p for p in panes if isinstance(p, dict)] if isinstance(panes, list) else [{}]
        pairs = match_panes(asked.windows[i].panes, live.windows[j].panes, {})
        item["panes"] = [
            _seen_pane(inner[o], live.windows[j].panes[k])
            for k, o in pairs.items()
            if o < len(inner)
            and _is_seen(asked.windows[i].panes[o], live.windows[j].panes[k], scope)
        ]
        if item["panes"]:
            windows.append(item)
    seen["windows"] = windows
    return seen


def _is_seen(asked: WorkspacePane, live: WorkspacePane, scope: PathScope) -> bool:
    if not scope.is_same(asked.cwd, live.cwd):
        return False
    if asked.resume is None:
        return runs_exactly(asked, live)
    # The argv that comes back is what the program registered: what it was started with, which
    # after a restore is the argv of the time before, does not matter.
    return asked.resume == live.resume and runs_exactly(asked._replace(run=live.run), live)


def _seen_pane(item: Table, live: WorkspacePane) -> Table:
    options = {k: option_value(v) for k, v in live.options.items()}
    # Whether what can do harm is run, and not only typed, is nothing that stands.
    item = {key: part for key, part in item.items() if key != "start"}
    return {**item, "options": _same(item.get("options"), options)}


def _same(table: Value | None, live: Table) -> Table:
    if not isinstance(table, dict):
        return {}
    return {key: item for key, item in table.items() if key in live and live[key] == item}


def _secrets(env: Value | None, known: frozenset[str]) -> Table:
    """Return the variables of ``env`` that are secrets and were allowed, by name and secret.

    No program was given them, so nobody can see in what stands that they are there.
    """
    secrets = {k: v for k, v in env.items() if is_reference(v)} if isinstance(env, dict) else {}
    items = {key: start_items({"env": {key: item}}) for key, item in secrets.items()}
    return {
        key: item
        for key, item in secrets.items()
        if all(found.digest in known for found in items[key])
    }
