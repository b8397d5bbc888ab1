"""The screen of conflicts: keys, verdict, writing, keeping, a file that changes, odd files."""

from __future__ import annotations

import pytest
from textual.widgets import TextArea

from sessionctl.core.conflict.marked_text import Side
from sessionctl.services.merging.resolution import ConflictedFile
from sessionctl.tui.resolve.resolve_screen import ResolveScreen
from tests.conflict_texts import HEAD, PORT, block
from tests.tui.screens import (
    at_screen,
    context_in,
    flat,
    press,
    text_of,
    until,
)

ROOT = block('root = "~/a"\n', 'root = "~/b"  # mine\n', 'root = "~/c"  # yours\n')


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "api.session.toml"
    path.write_text(HEAD + ROOT + PORT)
    return path


def at_conflicts(tmp_path, file, scenario, size=(80, 24), **how):
    at_screen("c", ResolveScreen, context_in(tmp_path, file), scenario, size, **how)


def resolved(file, **choices):
    """Return what the resolve service makes of the file as it is."""
    found = ConflictedFile.read(str(file))
    return found.resolve({int(k[1:]): found.choice(int(k[1:]), v) for k, v in choices.items()})


def test_an_edit_is_checked_and_typed_text_is_not_thrown_away_at_once(tmp_path, file):
    async def scenario(pilot):
        await press(pilot, "end", "e")
        area = pilot.app.screen.query_one(TextArea)
        assert area.text == "port = 5433"
        area.text = "port = 'x'"
        await press(pilot, "ctrl+s")
        assert "not taken: line 1, column 8" in text_of(pilot)
        await press(pilot, "escape")
        assert "not taken yet" in text_of(pilot)
        area.text = "port = 6000"
        await press(pilot, "ctrl+s")
        assert isinstance(pilot.app.screen, ResolveScreen)
        assert "6000" in text_of(pilot)
        await press(pilot, "o", "w")
        assert file.read_text() == f'{HEAD}root = "~/b"  # mine\n{PORT.split("<")[0]}port = 6000\n'

    at_conflicts(tmp_path, file, scenario, (120, 40))


def test_typed_text_goes_to_its_conflict_when_the_file_changed_meanwhile(tmp_path, file):
    async def scenario(pilot):
        await press(pilot, "end", "e")
        area = pilot.app.screen.query_one(TextArea)
        area.text = "port = 6000"
        resolve = pilot.app.screen_stack[-2]
        before = resolve._desk
        file.write_text(HEAD + PORT)
        await until(pilot, lambda: resolve._desk is not before)
        await press(pilot, "ctrl+s")
        assert pilot.app.screen is resolve
        assert resolve._desk.row(0).result == "port = 6000\n"
        await press(pilot, "e")
        pilot.app.screen.query_one(TextArea).text = "port = 7000"
        file.write_text(HEAD)
        await until(pilot, lambda: resolve._desk.count == 0)
        await press(pilot, "ctrl+s")
        assert "no longer" in flat(pilot)
        assert "7000" in text_of(pilot)
        await press(pilot, "escape", "escape")
        assert file.read_text() == HEAD

    at_conflicts(tmp_path, file, scenario, (120, 40))


def test_an_unforeseen_error_leaves_the_screen_usable(tmp_path, file, monkeypatch):
    async def scenario(pilot):
        def fail(*_arguments):
            raise RuntimeError("a value")

        await press(pilot, "o", "b")
        monkeypatch.setattr(ConflictedFile, "write", fail)
        await press(pilot, "w")
        assert "this is a bug of sessionctl: RuntimeError" in flat(pilot)
        monkeypatch.undo()
        await press(pilot, "w")
        assert "written: 2 conflicts decided" in flat(pilot)

    at_conflicts(tmp_path, file, scenario, (120, 40))


def test_a_change_right_before_writing_is_not_written_over(tmp_path, file):
    async def scenario(pilot):
        await press(pilot, "O", "u", "b")
        pilot.app.screen._stamp = None
        await press(pilot, "O")
        desk = pilot.app.screen._desk
        desk.undo()
        desk.take(1, Side.BASE)
        desk.is_outdated = lambda: False
        file.write_text(HEAD + PORT)
        await press(pilot, "w")
        assert file.read_text() == HEAD + PORT
        assert "not written" in text_of(pilot)

    at_conflicts(tmp_path, file, scenario, (120, 40))


@pytest.mark.parametrize("now", [None, HEAD + "<<<<<<< a\n<<<<<<< b\nx = 1\n>>>>>>> c\n"])
def test_a_file_that_is_gone_or_broken_is_left_alone(tmp_path, file, now):
    async def scenario(pilot):
        await press(pilot, "O")
        if now is None:
            file.unlink()
        else:
            file.write_text(now)
        await until(pilot, lambda: "decisions kept here" in text_of(pilot))
        await press(pilot, "u", "o", "n", "b", "w")
        assert "not written" in text_of(pilot)
        assert (file.read_text() if file.exists() else None) == now

    at_conflicts(tmp_path, file, scenario, (120, 40))


def test_markers_that_belong_to_no_conflict_are_shown_with_their_place(tmp_path, file):
    file.write_text(HEAD + "<<<<<<< a\n<<<<<<< b\n")

    async def scenario(pilot):
        assert ":5:1: a conflict inside the one of line 4" in flat(pilot)
        await press(pilot, *"otw")
        file.write_text(HEAD + ROOT)
        await until(pilot, lambda: "1 of 1 open" in text_of(pilot))

    at_conflicts(tmp_path, file, scenario, (160, 60))


def test_a_secret_is_on_no_screen(tmp_path, file):
    canary = "correct-horse-battery-staple-9"
    secret = "[connections.prod]\ndriver = 'postgres'\n" + block(
        "", f'password = "{canary}"\n', f'password = "{canary}-2"\n'
    )
    file.write_text(HEAD + secret)

    async def scenario(pilot):
        seen = [text_of(pilot)]
        for key in ["e", "o", "t", "u", "plus", "w", "question_mark", "escape", "ctrl+p", "escape"]:
            await press(pilot, key)
            seen.append(text_of(pilot))
        assert canary not in "\n".join(seen)
        assert any("it contains a plain-text secret" in text for text in seen)

    at_conflicts(tmp_path, file, scenario, (160, 60))


@pytest.mark.parametrize("count", [200, pytest.param(2_000, marks=pytest.mark.slow)])
def test_many_conflicts_are_decided_by_one_key(tmp_path, file, count):
    layouts = [f'layout = "{name}"\n' for name in ("tiled", "main-vertical", "even-vertical")]
    windows = [f'[[windows]]\nname = "w{i}"\n' for i in range(count)]
    file.write_text(HEAD + "".join(window + block(*layouts) for window in windows))

    async def scenario(pilot):
        await press(pilot, "t", "end", "o", "A")
        await until(pilot, lambda: "merged; in" in flat(pilot))
        await press(pilot, "T")
        await press(pilot, "w")
        assert file.read_text().count(layouts[1]) == 1
        assert file.read_text().count(layouts[2]) == count - 1

    at_conflicts(tmp_path, file, scenario)


def test_a_file_in_a_folder_that_cannot_be_written_keeps_the_decisions(tmp_path, file, monkeypatch):
    from sessionctl.errors import FileError
    from sessionctl.services.merging.resolution import ConflictedFile as File

    def refuse(*_arguments):
        raise FileError(f"{file}: cannot be written: read-only file system")

    monkeypatch.setattr(File, "write", refuse)
    before = file.read_text()

    async def scenario(pilot):
        await press(pilot, "o", "b", "w")
        assert "read-only file system" in flat(pilot)
        await press(pilot, "q")
        assert isinstance(pilot.app.screen, ResolveScreen)
        assert len(pilot.app.screen._desk.choices) == 2
        assert file.read_text() == before

    at_conflicts(tmp_path, file, scenario, (120, 40))


def test_labels_and_keys_of_a_stranger_are_drawn_as_they_are(tmp_path, file):
    token = "ghp_" + "a1B2c3D4e5F6g7H8i9J0" + "k1L2m3N4o5P6q7R8"
    odd = f"[red]\x1b[2J {token}"
    marked = block("", '"a[/]\\u001b" = 1\n', '"a[/]\\u001b" = "\\u202e[bold]"\n')
    file.write_text(HEAD + marked.replace("HEAD", odd).replace("topic", odd))

    async def scenario(pilot):
        seen = [text_of(pilot)]
        for key in ["o", "t", "question_mark", "escape", "w", "e", "escape", "escape"]:
            await press(pilot, key)
            seen.append(text_of(pilot))
        everything = "\n".join(seen)
        assert "[red]" in everything
        assert "\x1b" not in everything and "\u202e" not in everything
        assert token not in everything

    at_conflicts(tmp_path, file, scenario, (160, 60))
