"""Films of the conflict screen: each key with all that is drawn after it (tests/tui/film.py)."""

from __future__ import annotations

from pathlib import Path

import pytest

from sessionctl.tui.resolve import resolve_screen
from sessionctl.tui.resolve.resolve_screen import ResolveScreen
from tests.conflict_texts import HEAD, PORT, block
from tests.tui.film import filmed

FILE = Path("api.session.toml")
ROOT = block('root = "~/a"\n', 'root = "~/b"  # mine\n', 'root = "~/c"  # yours\n')
MANY = "".join(
    f"[t{number}]\n" + block("p = 1\n", f"p = 2{number}\n", f"p = 3{number}\n")
    for number in range(5)
)
VERSIONS = (
    "schema_version = 1\n"
    + block("", 'a = "1.2"\n', 'a = "1.10"\n')
    + "[t]\n"
    + block("p = 1\nq = 1\n", "p = 2\nq = 1\n", "p = 1\nq = 2\n")
)


@pytest.fixture(autouse=True)
def _here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def play(name, text, scenario, **how):
    FILE.write_text(text)
    filmed(name, ResolveScreen, scenario, file=str(FILE), **how)


def test_conflicts_are_decided_undone_and_edited():
    async def scenario(pilot, film):
        await film.press(pilot, "w", "t", "w", "t", "w", "u", "U", "u", "u", "u", "O", "n", "N")
        assert FILE.read_text() == HEAD + ROOT + PORT
        await film.press(pilot, "x", "n", "T", "U", "u", "A", "m", "plus", "b", "up", "E")
        await film.press(pilot, "e", "ctrl+s", "e", "x", "escape", "y", "escape", "escape")
        await film.press(pilot, "down", "e", "enter")
        await film.type(pilot, "port = 7")
        await film.press(pilot, "ctrl+s", "escape", "escape")
        await film.press(pilot, "question_mark", "escape", "ctrl+c", "o", "ctrl+c", "ctrl+c")
        film.note(f"running: {pilot.app.is_running}, {pilot.app.return_code}")

    play("conflicts-decided", HEAD + ROOT + PORT, scenario)


def test_conflicts_are_written_and_the_file_changes_meanwhile():
    async def scenario(pilot, film):
        await film.tick(pilot, "nothing changed")
        await film.press(pilot, "t", "b", "w")
        film.note(FILE.read_text())
        await film.press(pilot, "w", "o", "m", "x", "A", "O", "u", "U", "n", "e", "E")
        FILE.write_text(HEAD + MANY)
        await film.tick(pilot, "five conflicts")
        await film.press(pilot, "O", "down", "down")
        FILE.write_text(HEAD + "# more\n" + MANY.replace("p = 24", "p = 25"))
        await film.tick(pilot, "one of them is another")
        await film.press(pilot, "O")
        FILE.write_text(HEAD + ROOT)
        await film.tick(pilot, "another conflict instead")
        await film.press(pilot, "o")
        FILE.unlink()
        await film.tick(pilot, "no file")
        await film.press(pilot, "w")
        FILE.write_text(HEAD + ROOT)
        await film.tick(pilot, "the file again")
        await film.press(pilot, "u")
        FILE.unlink()
        await film.tick(pilot, "no file, nothing decided")
        await film.press(pilot, "q")

    play("conflicts-written", HEAD + ROOT + PORT, scenario)


def test_what_is_decided_is_kept_when_the_screen_is_left():
    async def scenario(pilot, film):
        await film.press(pilot, "o", "t", "q", "n", "q", "escape", "q", "y")
        film.note(FILE.read_text())
        film.lines.append("== open again")
        pilot.app.push_screen(ResolveScreen(pilot.app.context, str(FILE)))
        await film.take(pilot)
        await film.press(pilot, "b", "q")
        film.note(FILE.read_text())

    play("conflicts-kept", HEAD + ROOT + PORT, scenario)


def test_a_file_that_is_not_valid_beside_its_conflicts():
    async def scenario(pilot, film):
        await film.press(pilot, "O", "w", "q", "y")
        film.note(FILE.read_text())

    play("conflicts-invalid", "bad = \n" + HEAD + ROOT + PORT, scenario)


def test_versions_and_what_fits_are_merged_and_sizes_change():
    async def scenario(pilot, film):
        await film.press(pilot, "m", "A", "u", "u", "b", "end", "plus", "home", "plus")
        await film.resize(pilot, (76, 24), (75, 16), (60, 15), (59, 10), (40, 16), (80, 24))

    play("conflicts-merged", VERSIONS, scenario)


def test_a_large_file_makes_no_one_wait(monkeypatch):
    monkeypatch.setattr(resolve_screen, "_QUICK", len(VERSIONS) - 1)

    async def scenario(pilot, film):
        await film.press(pilot, "m", "t", "A", "u")

    play("conflicts-large", VERSIONS, scenario)


def test_the_settings_decide_first_and_a_file_without_conflicts_says_so():
    Path(".sessionctl.toml").write_text('[merge]\nprefer = ["root=theirs"]\n')

    async def scenario(pilot, film):
        await film.press(pilot, "u")
        FILE.write_text(HEAD)
        film.lines.append("== open a file without conflicts")
        pilot.app.push_screen(ResolveScreen(pilot.app.context, str(FILE)))
        await film.take(pilot)
        await film.press(pilot, *"otbeunNwxAOTmU", "plus", "q")

    play("conflicts-preferred", HEAD + ROOT + PORT, scenario)
