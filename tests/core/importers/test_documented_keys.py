"""What docs/import.md says becomes of a key is what becomes of it."""

from __future__ import annotations

import json
import re

import pytest

from sessionctl.core.keypath import KeyPath
from sessionctl.core.session.session_text import render_session
from sessionctl.core.toml.document import Document
from tests.core.importers.reading_tools import read
from tests.together import together
from tests.world import CHECKOUT

yaml = pytest.importorskip("yaml")

TEXT = (CHECKOUT / "docs" / "import.md").read_text(encoding="utf-8")
_TABLE = re.compile(
    r"^\| in the \| of (\w+) \| becomes \|\n\|[-|]+\|\n((?:\|.*\|\n)+)", re.MULTILINE
)
ROWS = [
    (kind, *(cell.strip() for cell in row.strip("|").split(" | ")))
    for kind, table in _TABLE.findall(TEXT)
    for row in table.strip().split("\n")
]


def document(kind, place, given):
    """Return the smallest file of a kind that has ``given`` in a session, window or pane."""
    own = {where: given if where == place else {} for where in ("session", "window", "pane")}
    if kind == "tmuxp":
        pane = {"shell_command": "make", **own["pane"]}
        window = {"window_name": "main", "panes": [pane], **own["window"]}
        return {"session_name": "x", "windows": [window], **own["session"]}
    if kind == "tmuxinator":
        window = {"panes": ["make", "top"], **own["window"]}
        return {"name": "x", "windows": [{"main": window}], **own["session"]}
    if kind == "smug":
        pane = {"commands": ["make"], **own["pane"]}
        window = {"name": "main", "panes": [pane], **own["window"]}
        return {"session": "x", "windows": [window], **own["session"]}
    pane = {"commands": ["make"], **own["pane"]}
    window = {"name": "main", "panes": [pane], **own["window"]}
    return {"name": "x", "windows": [window], **own["session"]}


def test_the_tables_are_found():
    assert {row[0] for row in ROWS} == {"tmuxp", "tmuxinator", "smug", "teamocil"}
    assert len(ROWS) >= 50


@together(("kind", "place", "given", "becomes"), ROWS)
def test_a_key_becomes_what_the_page_says(kind, place, given, becomes):
    value = yaml.load(
        given.strip("`"), Loader=yaml.BaseLoader if "8080" in given else yaml.SafeLoader
    )
    text = json.dumps(document(kind, place, value))
    found = read(text, "/src/x.json", kind)
    if not becomes.startswith("`"):
        assert becomes in [rule for _, rule, _ in found.report]
        return
    path, _, expected = becomes.strip("`").partition(" = ")
    made = Document.parse(render_session({"schema_version": 1, **found.session}))
    wanted = Document.parse(f"x = {expected}").value["x"]
    assert made.get(KeyPath.parse(path)) == wanted
