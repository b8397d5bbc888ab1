"""pgdesk on an SQLite file: what a person sees, in a real terminal."""

from __future__ import annotations

import pytest


@pytest.fixture
def ready(desk):
    desk.start("--sqlite", str(desk.folder / "data.db"))
    desk.shows("main: connected")
    return desk


def test_a_kill_loses_nothing(ready):
    ready.type("select 1 + 1 as two")
    ready.press("F5")
    ready.shows("two", "1 rows")
    ready.press("C-n")
    ready.has_focus("sql2")
    ready.type("not run yet")
    ready.holds("sql2-text", "not run yet")
    ready.kill()

    ready.start()
    ready.shows("sql1", "sql2", "not run yet", "two", "main: connected")
    ready.press("F8")
    ready.shows("select 1 + 1 as two")


def test_an_edit_of_the_file_is_applied_while_it_runs(ready):
    ready.type("select 1")
    ready.holds("sql1-text", "select 1")
    text = ready.session.read_text()
    ready.session.write_text(text.replace('"select 1"', '"select 42"  # by hand'))
    ready.shows("select 42")


def test_edits_of_both_are_merged(ready):
    ready.type("select 1")
    ready.press("F5")
    ready.holds("sql1-text", "select 1")
    ready.until(lambda: "result" in ready.stored() and ready.stored()["result"])
    text = ready.session.read_text()
    ready.session.write_text(text.replace('"textual-dark"', '"textual-light"'))
    ready.type(" + 2")
    ready.holds("sql1-text", "select 1 + 2")
    ready.until(lambda: ready.stored()["appearance"]["theme"] == "textual-light")
    ready.shows("select 1 + 2")


def test_fresh_brings_nothing_back(ready):
    ready.type("old text")
    ready.holds("sql1-text", "old text")
    ready.kill()
    ready.start("--fresh")
    ready.shows("main: connected")
    assert "old text" not in ready.screen
