"""Needs problems: panes that need a connection which the session has not, or does not open."""

from __future__ import annotations

from sessionctl.core.keypath import KeyPath
from sessionctl.core.problem import Problem
from sessionctl.core.session.startup import opens_at_start
from sessionctl.core.text.near_words import nearest
from sessionctl.core.toml.key_places import KeyPlaces
from sessionctl.core.values import table_in, tables_in

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from sessionctl.core.schema.model import Schema
    from sessionctl.core.toml.document import Document
    from sessionctl.core.values import Table

RULE = "unknown-connection"
STARTS_RULE = "connection-not-started"


def needs_problems(document: Document, schema: Schema) -> list[Problem]:
    """Return each name in ``needs`` that is of no connection, or of one that nothing opens.

    The latter is a warning: you may open it yourself.
    """
    places = KeyPlaces(document)
    layers = [document.value, *tables_in(document.value, "overrides")]
    names = {name for layer in layers for name in table_in(layer, "connections")}
    opened = {name for layer in layers for name in _opened(layer)}
    found = []
    for path, name in _needs(document.value):
        if name in opened:
            continue
        span, shown = places.value(path), places.shown(path, schema.item_key)
        if name in names:
            message = f"the connection {name} is not opened with the session"
            hint = f"add start = true to connections.{name}"
            found.append(Problem(STARTS_RULE, message, span, shown, hint, "warning"))
            continue
        near = nearest(name, names)
        hint = f"did you mean {near[0]}?" if near else ""
        if names and not near:
            hint = f"there are: {', '.join(sorted(names))}"
        found.append(Problem(RULE, f"there is no connection {name}", span, shown, hint))
    return found


def _opened(layer: Table) -> list[str]:
    return [
        name
        for name, table in table_in(layer, "connections").items()
        if isinstance(table, dict) and opens_at_start(table)
    ]


def _needs(value: Table) -> Iterator[tuple[KeyPath, str]]:
    yield from _needs_in(value, KeyPath())
    overrides = value.get("overrides")
    for number, layer in enumerate(overrides if isinstance(overrides, list) else []):
        if isinstance(layer, dict):
            yield from _needs_in(layer, KeyPath(["overrides", number]))


def _needs_in(layer: Table, above: KeyPath) -> Iterator[tuple[KeyPath, str]]:
    windows = layer.get("windows")
    for number, window in enumerate(windows if isinstance(windows, list) else []):
        panes = window.get("panes") if isinstance(window, dict) else None
        for index, pane in enumerate(panes if isinstance(panes, list) else []):
            needs = pane.get("needs") if isinstance(pane, dict) else None
            for place, name in enumerate(needs if isinstance(needs, list) else []):
                if isinstance(name, str):
                    inner = above / "windows" / number / "panes" / index
                    yield inner / "needs" / place, name
