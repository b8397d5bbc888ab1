"""pgdesk on an SQLite file: what a person sees, in a real terminal."""

from __future__ import annotations

import pytest

from tests.world import REPEATS


def everything(desk, number):
    """Work, get killed, start again, edit the file by hand, alone and while somebody types."""
    desk.type(f"select {number} + 1 as two")
    desk.press("F5")
    desk.shows("two", "1 rows")
    desk.press("C-n")
    desk.has_focus("sql2")
    desk.type("not run yet")
    desk.holds("sql2-text", "not run yet")
    desk.keeps(f'"{number + 1}"')
    desk.kill()

    desk.start()
    desk.shows("sql1", "sql2", "not run yet", "two", f"{number + 1}", "main: connected")
    desk.type("!")
    desk.holds("sql2-text", "not run yet!")
    desk.edit('"not run yet!"', '"select 42"  # by hand')
    desk.shows("select 42")
    desk.edit('"textual-dark"', '"textual-light"')
    desk.type(" + 2")
    desk.holds("sql2-text", "select 42 + 2")
    desk.until(lambda: desk.stored()["appearance"]["theme"] == "textual-light")
    desk.shows("select 42 + 2")
    assert "# by hand" in desk.session.read_text()
    desk.press("F8")
    desk.shows(f"select {number} + 1 as two")


def test_a_kill_loses_nothing_and_edits_by_hand_are_merged(on_sqlite):
    everything(on_sqlite, 1)


@pytest.mark.sweep
@pytest.mark.parametrize("turn", range(REPEATS or 1))
def test_every_time(on_sqlite, turn):
    everything(on_sqlite, turn)


@pytest.mark.slow
def test_fresh_brings_nothing_back(on_sqlite):
    desk = on_sqlite
    desk.type("old text")
    desk.holds("sql1-text", "old text")
    desk.kill()
    desk.start("--fresh")
    desk.shows("main: connected")
    assert "old text" not in desk.screen


def test_the_history_is_bounded(desk):
    queries = "".join(
        f'[[apps.pgdesk.history.queries]]\nsql = "select {number}"\n' for number in range(90)
    )
    desk.session.write_text(f'schema_version = 1\nname = "pgdesk"\n{queries}')
    desk.start("--sqlite", str(desk.folder / "data.db"))
    desk.shows("main: connected")
    desk.type("select 'newest' as x")
    desk.press("F5")
    desk.shows("1 rows")

    def queries_now():
        return [one["sql"] for one in desk.stored()["history"]["queries"]]

    desk.until(lambda: queries_now()[-1] == "select 'newest' as x")
    assert len(queries_now()) == 50
