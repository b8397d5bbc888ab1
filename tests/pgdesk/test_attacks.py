"""pgdesk in bad company: broken edits, files that go away, odd characters, resizing, a twin."""

from __future__ import annotations

import pytest


@pytest.fixture
def desk(on_sqlite):
    on_sqlite.type("select 1")
    on_sqlite.holds("sql1-text", "select 1")
    return on_sqlite


@pytest.mark.slow
def test_an_edit_that_is_not_valid_is_said_and_never_overwritten(desk):
    good = desk.session.read_text()
    broken = good + "[half done\n"
    desk.session.write_text(broken)
    desk.shows("file not used", "work.session.toml:")
    desk.type("0")
    desk.shows("not saved yet")
    assert desk.session.read_text() == broken
    desk.press("C-q")
    desk.until(lambda: not desk.tmux("list-sessions", check=False), lambda: desk.screen)
    assert desk.session.read_text() == broken

    desk.start()
    desk.shows("select 10", "file not used")
    desk.session.write_text(good)
    desk.holds("sql1-text", "select 10")


@pytest.mark.slow
def test_a_session_file_that_is_deleted_loses_nothing(desk):
    desk.session.unlink()
    desk.shows("file not used")
    desk.type("0")
    desk.press("C-q")
    desk.until(lambda: not desk.tmux("list-sessions", check=False), lambda: desk.screen)
    desk.start("--sqlite", str(desk.folder / "data.db"))
    desk.shows("select 10")


def test_odd_characters_and_storms_of_resizing(desk):
    desk.press("C-n")
    desk.has_focus("sql2")
    odd = "select '漢字 שלום [/b] \\x1b' as x, char(27, 7, 91) as y"
    desk.type(odd)
    desk.press("F5")
    for width in (20, 200, 80, 1, 120):
        desk.tmux("resize-window", "-t", "desk", "-x", str(width), "-y", str(max(2, width // 4)))
    desk.shows("1 rows", "[/b]", "\\x1b\\x07[")
    desk.holds("sql2-text", odd)


@pytest.mark.slow
def test_two_of_them_on_one_session(desk):
    desk.start(name="twin")
    desk.shows("select 1")
    desk.type("-- twin ")
    desk.holds("sql1-text", "select 1-- twin ")
    desk.name = "desk"
    desk.shows("select 1-- twin")
    desk.type("0")
    desk.holds("sql1-text", "select 10-- twin ")
    desk.name = "twin"
    desk.shows("select 10-- twin")


@pytest.mark.slow
def test_a_megabyte_of_text_is_saved_and_back(desk):
    text = "".join(f"select {number:>60};\n" for number in range(15_000))
    whole = desk.session.read_text().replace('"select 1"', f"'''{text}'''")
    desk.session.write_text(whole)
    desk.shows("edit of the file applied", "12;")
    desk.type("x")
    desk.until(lambda: len(desk.stored()["widgets"]["sql1-text"]["text"]) == len(text) + 1)
    desk.kill()
    desk.start()
    desk.until(lambda: "select" in desk.screen)
