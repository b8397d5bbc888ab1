"""Nearest text: what a document shall say, in a text that keeps what is written there."""

from __future__ import annotations

from sessionctl.core.toml.document import Document
from sessionctl.core.values import same_value, tables_in

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sessionctl.core.values import Table
    from sessionctl.core.workspace.mapping.projection import ProjectedValue


def set_value(document: Document, value: Table) -> Document:
    """Return ``document`` with ``value``, text that says the same left as it is."""
    edits: list[tuple[object, ...]] = [
        ("set", (key,), item)
        for key, item in value.items()
        if not same_value(document.value.get(key), item)
    ]
    edits += [("delete", (key,)) for key in document.value if key not in value]
    return document.apply(edits).verified() if edits else document


def set_live(document: Document, value: Table, projected: ProjectedValue | None) -> Document:
    """Return ``document`` with ``value``, where windows and panes that changed keep their comments.

    An edit knows the items of a list by their names and what is the same in them: a window with
    another name and other panes, or a pane with another program beside a new one, would be
    removed, and added as new. Which one it was is known: it is changed in its place first.
    """
    edits = [] if projected is None else [*_renames(document, value, projected)]
    if projected is not None and same_value(projected.value.get("windows"), value.get("windows")):
        edits += _pane_changes(document, projected)
    return set_value(document.apply(edits).verified() if edits else document, value)


def _renames(
    document: Document, value: Table, projected: ProjectedValue
) -> Iterator[tuple[object, ...]]:
    old = [window.get("name") for window in tables_in(document.value, "windows")]
    new = {window.get("name") for window in tables_in(value, "windows")}
    items = tables_in(projected.value, "windows")
    for item, origin in zip(items, projected.origins, strict=False):
        place, name = origin.place, item.get("name")
        if place is None or place >= len(old) or not old[place] or old[place] in new:
            continue
        if name in new and name not in old and old.count(old[place]) == 1:
            yield ("set", ("windows", place, "name"), name)


def _pane_changes(document: Document, projected: ProjectedValue) -> Iterator[tuple[object, ...]]:
    before = tables_in(document.value, "windows")
    items = tables_in(projected.value, "windows")
    for item, origin in zip(items, projected.origins, strict=False):
        if origin.place is None or origin.inner is None or origin.place >= len(before):
            continue
        old = tables_in(before[origin.place], "panes")
        for pane, place in zip(tables_in(item, "panes"), origin.inner, strict=False):
            if place is not None and place < len(old) and not same_value(old[place], pane):
                yield ("set", ("windows", origin.place, "panes", place), pane)


def nearest_text(file: str, merged: str, renames: Mapping[str, str]) -> str:
    """Return the text that says what ``merged`` says and keeps the most lines of ``file``.

    What both sides added is spelled as the session would have it in a merge: a table where the
    file has dotted keys. Set in the file, it is spelled as there. ``renames`` are done first.
    """
    document = Document.parse(merged)
    edits: list[tuple[object, ...]] = [
        ("set", ("windows", number, "name"), renames[str(window["name"])])
        for number, window in enumerate(tables_in(document.value, "windows"))
        if window.get("name") in renames
    ]
    document = document.apply(edits).verified() if edits else document
    lost = _lost_lines(file, document.text)
    if not lost:
        return document.text
    direct = set_value(Document.parse(file), document.value)
    is_same = same_value(direct.value, document.value)
    is_nearer = is_same and _lost_lines(file, direct.text) < lost
    return direct.text if is_nearer else document.text


def _lost_lines(before: str, after: str) -> int:
    from collections import Counter

    return (Counter(before.splitlines()) - Counter(after.splitlines())).total()
