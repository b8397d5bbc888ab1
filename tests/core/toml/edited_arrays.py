"""Arrays in every layout, and what an edit of each of their items makes of them: one file.

A text begins below ``=== NAME``, and what an edit makes of it below ``--- EDIT``: where the text
has "a", with items 1, 2, 3. After a change that is meant: ``python -m
tests.core.toml.edited_arrays``; read the difference.
"""

from __future__ import annotations

import re
from pathlib import Path

from sessionctl.core.toml.document import Document
from sessionctl.core.values import value_at

FILE = Path(__file__).with_suffix(".txt")
_TEXT = re.compile(r"^=== ([^\n]*)\n(.*?)(?=^=== |\Z)", re.MULTILINE | re.DOTALL)
_EDIT = re.compile(r"^--- ([^\n]*)\n(.*?)(?=^--- |\Z)", re.MULTILINE | re.DOTALL)
_PATH = ("a",)


def parts():
    """Return the name of each text, the text, and what each edit makes of it."""
    found = []
    for name, body in _TEXT.findall(FILE.read_text(encoding="utf-8")):
        edits = _EDIT.findall(body)
        found.append((name, body.partition("--- ")[0], dict(edits)))
    return found


def all_edits(text):
    """Return the edits of a text: an item at each place, each item less, in another order."""
    items = value_at(Document.parse(text).value, _PATH)
    count = len(items)
    other = {"n": 9} if count and isinstance(items[0], dict) else 9
    edits = {f"insert {at}": ("insert", (*_PATH, at), other) for at in range(count + 1)}
    edits |= {f"delete {at}": ("delete", (*_PATH, at)) for at in range(count)}
    if count > 1:
        edits["last first"] = ("set", _PATH, [items[-1], *items[:-1]])
        edits["first last"] = ("set", _PATH, [*items[1:], items[0]])
        edits["all but one"] = ("set", _PATH, [*items[:1]])
    if count:
        edits["two more"] = ("set", _PATH, [*items, other, other])
    return edits


def edited(text, edit):
    """Return what an edit makes of a text."""
    name, *arguments = edit
    return getattr(Document.parse(text), name)(*arguments).text


def main():
    """Write what each edit makes of each text below it."""
    shown = []
    for name, text, _ in parts():
        shown.append(f"=== {name}\n{text}")
        shown += [f"--- {key}\n{edited(text, edit)}" for key, edit in all_edits(text).items()]
    FILE.write_text("".join(shown), encoding="utf-8")


if __name__ == "__main__":
    main()
