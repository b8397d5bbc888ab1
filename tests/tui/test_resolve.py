"""The screen of conflicts: keys, verdict, writing, keeping, a file that changes, odd files."""

from __future__ import annotations

import pytest
from textual.widgets import TextArea

from sessionctl.core.conflict.marked_text import Side
from sessionctl.services.merging.resolution import ConflictedFile
from sessionctl.tui.resolve.resolve_screen import ResolveScreen
from tests.conflict_texts import HEAD, PORT, block
from tests.tui.screens import (
    SIZES,
    at_screen,
    context_in,
    flat,
    opened,
    press,
    run,
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


@pytest.mark.parametrize("size", [(40, 10), *SIZES])
def test_each_conflict_is_a_row_with_its_sides(tmp_path, file, size):
    async def scenario(pilot):
        text = text_of(pilot)
        assert "2 of 2 open" in text or size[0] == 40
        assert "? root" in text
        assert "? " in text and "port" in text
        if size[0] >= 80:
            assert '"~/b"' in text and '"~/c"' in text
            assert "HEAD" in text and "topic" in text and "changed it" in text
        if size[1] >= 40:
            await press(pilot, "down")
            assert "expected an integer" in text_of(pilot)

    at_conflicts(tmp_path, file, scenario, size, from_list=True)


def test_the_keys_decide_and_w_writes_what_the_service_makes_of_it(tmp_path, file):
    wanted = resolved(file, _0=Side.THEIRS, _1=Side.OURS)

    async def scenario(pilot):
        await press(pilot, "t")
        await press(pilot, "w")
        assert "not written: still open:" in text_of(pilot)
        assert ":13: connections.prod.port" in flat(pilot)
        await press(pilot, "o")
        assert "not written" not in text_of(pilot)
        await press(pilot, "w")
        assert file.read_text() == wanted
        assert "written: 2 conflicts decided" in text_of(pilot)
        assert "no conflicts" in text_of(pilot)

    at_conflicts(tmp_path, file, scenario, (120, 40))


def test_an_invalid_result_is_shown_at_once_and_refused(tmp_path, file):
    before = file.read_text()

    async def scenario(pilot):
        await press(pilot, "o", "t")
        text = text_of(pilot)
        assert "! connections.prod.port" in text
        assert "1 invalid" in text
        await press(pilot, "w")
        assert "not written: it would not be valid" in text_of(pilot)
        assert file.read_text() == before
        await press(pilot, "u", "b", "w")
        assert file.read_text() == resolved_before

    resolved_before = resolved(file, _0=Side.OURS, _1=Side.BASE)
    at_conflicts(tmp_path, file, scenario, (120, 40))


def test_undo_redo_all_and_reopen(tmp_path, file):
    async def scenario(pilot):
        desk = pilot.app.screen._desk
        await press(pilot, "O")
        assert desk.choices == {0: Side.OURS, 1: Side.OURS}
        await press(pilot, "u")
        assert desk.choices == {}
        await press(pilot, "U")
        assert len(desk.choices) == 2
        await press(pilot, "home", "x")
        assert desk.choices == {1: Side.OURS}
        await press(pilot, "T")
        assert desk.choices == {0: Side.THEIRS, 1: Side.OURS}
        await press(pilot, "u", "u", "u", "u")
        assert "nothing to undo" in text_of(pilot)
        await press(pilot, "A")
        assert "in 2 conflicts the sides conflict" in text_of(pilot)
        await press(pilot, "plus")
        assert "both sides cannot be in" in text_of(pilot)
        await press(pilot, "m")
        assert "not two versions" in text_of(pilot)
        await press(pilot, "N")
        assert pilot.app.screen._index == 1
        await press(pilot, "n")
        assert pilot.app.screen._index == 0

    at_conflicts(tmp_path, file, scenario)


def test_q_keeps_what_is_decided_in_the_file(tmp_path, file):
    wanted = resolved(file, _0=Side.THEIRS)

    async def scenario(pilot):
        await press(pilot, "t", "q")
        assert "Sessions" in text_of(pilot)
        assert "1 decision written, 1 conflict left with markers" in flat(pilot)
        assert file.read_text() == wanted
        await press(pilot, "c")
        assert "1 of 1 open" in text_of(pilot)

    at_conflicts(tmp_path, file, scenario, (120, 40), from_list=True)


def test_q_asks_before_it_drops_what_is_not_valid(tmp_path, file):
    before, wanted = file.read_text(), resolved(file, _0=Side.OURS)

    async def scenario(pilot):
        await press(pilot, "o", "t", "q")
        assert "drop what is not valid?" in flat(pilot)
        await press(pilot, "n")
        assert len(pilot.app.screen._desk.choices) == 2
        assert file.read_text() == before
        await press(pilot, "q", "y")
        assert "Sessions" in text_of(pilot)
        assert file.read_text() == wanted

    at_conflicts(tmp_path, file, scenario, (120, 40), from_list=True)


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


def test_an_edit_that_is_left_changes_nothing(tmp_path, file):
    async def scenario(pilot):
        await press(pilot, "e", "escape")
        assert isinstance(pilot.app.screen, ResolveScreen)
        await press(pilot, "e", "x", "escape", "escape")
        assert isinstance(pilot.app.screen, ResolveScreen)
        assert pilot.app.screen._desk.choices == {}

    at_conflicts(tmp_path, file, scenario)


def test_a_change_by_another_program_is_read_and_choices_stay(tmp_path, file):
    async def scenario(pilot):
        await press(pilot, "o", "b")
        file.write_text("# by hand\n" + HEAD + 'root = "~/d"\n' + PORT)
        await until(pilot, lambda: "another program changed the file" in text_of(pilot))
        text = flat(pilot)
        assert "1 decision kept" in text
        assert "root" in text
        await press(pilot, "w")
        assert file.read_text().startswith("# by hand\n")
        assert 'root = "~/d"' in file.read_text()
        assert "<<<" not in file.read_text()

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


def test_quitting_at_once_asks_when_something_is_not_written(tmp_path, file):
    async def body():
        async with opened(context_in(tmp_path, file)) as pilot:
            await press(pilot, "c", "o", "ctrl+c")
            assert "1 decision not written" in text_of(pilot)
            assert pilot.app.is_running
            await pilot.press("ctrl+c")
            await pilot.pause()
        assert pilot.app.return_code == 0

    run(body())


def test_a_file_without_conflicts_says_so(tmp_path, file):
    file.write_text(HEAD)

    async def scenario(pilot):
        assert "no conflicts" in text_of(pilot)
        await press(pilot, *"otbeunNwxAOTmU", "plus", "q")
        assert "Sessions" in text_of(pilot)
        assert file.read_text() == HEAD

    at_conflicts(tmp_path, file, scenario, from_list=True)


def test_markers_that_belong_to_no_conflict_are_shown_with_their_place(tmp_path, file):
    file.write_text(HEAD + "<<<<<<< a\n<<<<<<< b\n")

    async def scenario(pilot):
        assert ":5:1: a conflict inside the one of line 4" in flat(pilot)
        await press(pilot, *"otw")
        file.write_text(HEAD + ROOT)
        await until(pilot, lambda: "1 of 1 open" in text_of(pilot))

    at_conflicts(tmp_path, file, scenario, (160, 60))


def test_without_colour_the_states_differ_by_their_signs(tmp_path, file):
    async def scenario(pilot):
        assert "? root" in text_of(pilot)
        await press(pilot, "o", "t")
        text = text_of(pilot)
        assert "+ root" in text and "! connections" in text

    at_conflicts(tmp_path, file, scenario, (120, 40), color=False)


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


def test_a_file_that_is_not_valid_elsewhere_keeps_all_decisions_but_one(tmp_path, file):
    file.write_text("bad = \n" + HEAD + ROOT + PORT)
    wanted = "bad = \n" + HEAD + 'root = "~/b"  # mine\n' + PORT

    async def scenario(pilot):
        await press(pilot, "O", "w")
        assert "not written: it would not be valid" in flat(pilot)
        assert ":1: expected a value" in flat(pilot)
        assert "the rest invalid" in flat(pilot)
        await press(pilot, "q")
        assert "Keep all but the last decision?" in flat(pilot)
        await press(pilot, "y")
        assert file.read_text() == wanted

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


def test_merge_prefer_of_the_settings_decides_first(tmp_path, file):
    (tmp_path / ".sessionctl.toml").write_text('[merge]\nprefer = ["root=theirs"]\n')

    async def scenario(pilot):
        assert "1 conflict decided by merge.prefer" in flat(pilot)
        assert pilot.app.screen._desk.choices == {0: Side.THEIRS}

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
