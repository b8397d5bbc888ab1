"""Tables in every spelling, and what edits of their keys make of them: one file.

A text begins below ``=== NAME``, and what an edit changes in it below ``--- EDIT``: lines that
went and came, each with its number. Edits are ``set PATH VALUE``, ``insert PATH VALUE @before KEY``
or ``@after KEY``, ``append PATH VALUE``, ``delete PATH`` and ``rename PATH KEY``, values as JSON.
After a change that is meant: ``python -m tests.core.toml.edited_tables``; read the difference.
"""

from __future__ import annotations

import json
import re
from difflib import SequenceMatcher
from pathlib import Path

from sessionctl.core.keypath import KeyPath
from sessionctl.core.toml.document import Document
from sessionctl.errors import SessionctlError

FILE = Path(__file__).with_suffix(".txt")
_TEXT = re.compile(r"^=== ([^\n]*)\n(.*?)(?=^=== |\Z)", re.MULTILINE | re.DOTALL)
_EDIT = re.compile(r"^--- ([^\n]*)\n(.*?)(?=^--- |\Z)", re.MULTILINE | re.DOTALL)


def parts():
    """Return the name of each text, the text, and what each edit makes of it."""
    found = []
    for name, body in _TEXT.findall(FILE.read_text(encoding="utf-8")):
        found.append((name, body.partition("--- ")[0], _EDIT.findall(body)))
    return found


def edited(name, text, edit):
    """Return what an edit changes in a text, or why it is refused."""
    text = text.removesuffix("\n") if name == "no line end at the end" else text
    name, path, *rest = edit.split(" ", 2)
    options = {}
    if name == "rename":
        arguments = rest
    elif name == "delete":
        arguments = []
    else:
        value, _, place = rest[0].rpartition(" @") if " @" in rest[0] else (rest[0], "", "")
        arguments = [json.loads(value)]
        options = dict([place.split(" ")]) if place else {}
    try:
        after = getattr(Document.parse(text), name)(KeyPath.parse(path), *arguments, **options)
    except SessionctlError as error:
        return f"refused: {error.message} {list(error.hints) or ''}".rstrip() + "\n"
    return "".join(changed_lines(text.splitlines(True), after.text.splitlines(True)))


def changed_lines(before, after):
    """Yield the lines that differ: "-3 a = 1" for one that went, "+3 a = 2" for one that came."""
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for _, first, last, start, end in matcher.get_opcodes():
        for sign, lines, at, stop in (("-", before, first, last), ("+", after, start, end)):
            if before[first:last] == after[start:end]:
                continue
            for number in range(at, stop):
                line = lines[number].removesuffix("\n")
                mark = "" if lines[number].endswith("\n") else " (no line end)"
                yield f"{sign}{number + 1} {line}".rstrip(" ") + f"{mark}\n"


def main():
    """Write what each edit makes of each text below it."""
    shown = []
    for name, text, edits in parts():
        shown.append(f"=== {name}\n{text}")
        shown += [f"--- {edit}\n{edited(name, text, edit)}" for edit, _ in edits]
    FILE.write_text("".join(shown), encoding="utf-8")


if __name__ == "__main__":
    main()
