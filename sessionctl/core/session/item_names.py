"""Item names: whether a window or pane can still be called by the name that it was given."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.core.keypath import KeyPath
    from sessionctl.core.toml.document import Document

_LISTS = ("windows", "panes")


def item_name_problem(document: Document, path: KeyPath) -> str:
    """Return why the name at ``path`` names no item of its list alone, "" where it does.

    The path holds no names of items: ``windows[0].name``. Of other keys there is nothing to say.
    """
    if len(path) < 3 or path[-1] != "name" or path[-3] not in _LISTS or path not in document:
        return ""
    array, position, name = path.parent.parent, path[-2], document.get(path)
    items = document.get(array)
    if not isinstance(items, list):
        return ""
    if name == "":
        return f"{path.parent} has an empty name: it can only be called by its number"
    same = [
        number
        for number, item in enumerate(items)
        if number != position and isinstance(item, dict) and item.get("name") == name
    ]
    if not same:
        return ""
    return f'{path.parent} and {array}[{same[0]}] are both called "{name}" now'
