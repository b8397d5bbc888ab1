"""Nearest text: what a document shall say, in a text that keeps what is written there."""

from __future__ import annotations

from sessionctl.core.toml.document import Document
from sessionctl.core.values import same_value, tables_in

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

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
    """Return ``document`` with ``value``, where windows that were renamed keep what is written.

    An edit knows the items of a list by their names: what has another name and other panes
    would be removed, and added as new, without its comments.
    """
    if projected is None:
        return set_value(document, value)
    old = [window.get("name") for window in tables_in(document.value, "windows")]
    new = {window.get("name") for window in tables_in(value, "windows")}
    edits: list[tuple[object, ...]] = []
    for item, origin in zip(tables_in(projected.value, "windows"), projected.origins, strict=False):
        place, name = origin.place, item.get("name")
        if place is None or place >= len(old) or not old[place] or old[place] in new:
            continue
        if name in new and name not in old and old.count(old[place]) == 1:
            edits.append(("set", ("windows", place, "name"), name))
    return set_value(document.apply(edits).verified() if edits else document, value)


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
