"""What panes need is looked up among the connections, overrides included."""

from __future__ import annotations

from sessionctl.core.schema.model import Schema
from sessionctl.core.session.needs_problems import needs_problems
from sessionctl.core.text.source import Source
from sessionctl.core.toml.document import Document

SESSION = """\
schema_version = 1
name = "a"
[[windows]]
name = "w"
  [[windows.panes]]
  needs = ["prod", "prd", "later", "there"]
[connections.prod]
driver = "sqlite"
file = "a.db"
start = true
[connections.later]
driver = "sqlite"
file = "a.db"
[[overrides]]
when = { host = "x" }
connections.there = { driver = "sqlite", file = "b", start = true }
  [[overrides.windows]]
  name = "w"
    [[overrides.windows.panes]]
    needs = ["zzz", 7]
"""


def test_each_unknown_name_has_its_place_and_what_was_meant():
    document = Document.parse(SESSION, "a.session.toml")
    found = needs_problems(document, Schema.session())
    source = Source(SESSION)
    assert [(one.severity, *source.place(one.span.start), one.message) for one in found] == [
        ("error", 6, 20, "there is no connection prd"),
        ("warning", 6, 27, "the connection later is not opened with the session"),
        ("error", 20, 14, "there is no connection zzz"),
    ]
    assert [one.hint for one in found] == [
        "did you mean prod?",
        "add start = true to connections.later",
        "there are: later, prod, there",
    ]
    assert str(found[0].key_path) == "windows[name=w].panes[0].needs[1]"


def test_odd_values_are_no_hindrance():
    for text in ("windows = 7\n", "windows = [7, { panes = [{ needs = 'x' }, 3] }]\n", ""):
        document = Document.parse(text + "connections = 3\noverrides = [1]\n", "a.session.toml")
        assert needs_problems(document, Schema.session()) == []
