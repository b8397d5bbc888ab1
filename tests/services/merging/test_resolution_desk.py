"""The resolution desk: choices with undo, the verdict on them, edits, a file that changes."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from sessionctl.core.conflict.conflict_row import INVALID, OPEN, TAKEN
from sessionctl.core.conflict.marked_text import Side
from sessionctl.errors import ChangedError, DocumentError, FileError
from sessionctl.services.documents.document_store import open_store
from sessionctl.services.machine import Machine
from sessionctl.services.merging import resolution_desk
from sessionctl.services.merging.resolution_desk import ResolutionDesk
from tests.call_log import log_calls
from tests.conflict_texts import HEAD, PORT, block

CANARY = "correct-horse-battery-staple-9"


ROOT = block('root = "~/a"\n', 'root = "~/b"\n', 'root = "~/c"\n')


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "api.session.toml"
    path.write_text(HEAD + ROOT + PORT)
    return path


@pytest.fixture
def store(tmp_path):
    return open_store(str(tmp_path / "state"))


def desk_of(file):
    return ResolutionDesk.read(str(file), {})


def judged(desk):
    desk.verdict = desk.check(desk.choices)
    return desk


def test_rows_have_the_sides_their_deeds_and_what_the_schema_says(file):
    desk = desk_of(file)
    assert [desk.row(index).key for index in range(desk.count)] == ["root", "connections.prod.port"]
    row = desk.row(1)
    assert (row.base, row.ours, row.theirs) == ("port = 5432\n", "port = 5433\n", 'port = "x"\n')
    assert row.deeds == ("changed it", "changed it")
    assert row.state == OPEN
    assert any(side == "theirs" and "integer" in text for side, text in row.remarks)
    assert desk.labels(1).theirs == "topic"
    assert "integer" in desk.meaning(1)


def test_a_row_is_named_by_the_first_of_its_keys(file):
    file.write_text(HEAD + block("", 'root = "a"\nicon = "b"\n', 'root = "c"\n') + PORT + ROOT)
    names = [desk_of(file).row(index).key for index in range(3)]
    assert names == ["root (+1 key)", "connections.prod.port", "connections.prod.root"]


def test_a_choice_against_the_schema_is_invalid_and_says_where(file):
    desk = desk_of(file)
    assert desk.take(1, Side.THEIRS) == ""
    assert judged(desk).row(1).state == INVALID
    assert "integer" in desk.row(1).problems[0]
    assert desk.undo()
    assert judged(desk).row(1).state == OPEN
    desk.take(1, Side.OURS)
    assert judged(desk).row(1).state == TAKEN
    assert not desk.redo()


def test_what_cannot_be_taken_says_why(file):
    desk = desk_of(file)
    assert "both sides cannot be in one file" in desk.take(0, Side.BOTH)
    file.write_text(HEAD + ROOT.replace('||||||| 1234567\nroot = "~/a"\n', ""))
    assert "do not hold the base" in desk_of(file).take(0, Side.BASE)
    assert "not two versions or dates" in desk.take_higher(0)


def test_what_does_not_clash_is_merged_and_the_rest_stays_open(file):
    both = block('root = "~/a"\nicon = "x"\n', 'root = "~/b"\nicon = "x"\n', 'root = "~/a"\n')
    file.write_text(HEAD + both + PORT)
    desk = desk_of(file)
    assert desk.take_clean() == 1
    assert desk.row(0).result == 'root = "~/b"\n'
    assert desk.open_indexes() == [1]
    assert desk.take_clean() == 0


def test_an_edit_is_checked_before_it_is_taken(file):
    desk = desk_of(file)
    assert desk.edit_text(1) == "port = 5433"
    assert desk.edit(1, "port = 'y'") != ()
    assert desk.edit(1, "port = ") != ()
    assert desk.edit(1, block("", "port = 1\n", "port = 2\n")) != ()
    assert desk.is_open(1)
    assert desk.edit(1, "port = 6000") == ()
    assert desk.row(1).result == "port = 6000\n"
    assert desk.row(1).choice == "edited"
    assert desk.edit_text(1) == "port = 6000"


def test_an_edit_keeps_the_line_ends_of_the_file(file):
    file.write_bytes((HEAD + ROOT).replace("\n", "\r\n").encode())
    desk = desk_of(file)
    assert desk.edit(0, 'root = "~/d"') == ()
    assert desk.file.resolve(desk.choices) == f'{HEAD}root = "~/d"\n'.replace("\n", "\r\n")


@pytest.mark.parametrize(
    ("ours", "reason"),
    [
        (f'password = "{CANARY}"\n', "it contains a plain-text secret"),
        (f'note = "{"x" * 200_000}"\n', "too many for a screen"),
        ('note = "a\x1b[2J"\n', "control characters"),
    ],
)
def test_what_a_screen_cannot_edit_says_why(file, ours, reason):
    file.write_text("[a]\n" + block("", ours, "note = 1\n"))
    desk = desk_of(file)
    assert reason in desk.edit_obstacle(0)
    assert "at line 2" in desk.edit_obstacle(0)
    assert CANARY not in repr(desk.row(0))


def test_a_secret_is_never_in_a_row(file):
    ours, theirs = f'password = "{CANARY}"\n', f'password = "{CANARY}-2"\n'
    file.write_text("[connections.a]\ndriver='redis'\n" + block("", ours, theirs))
    desk = desk_of(file)
    for side in (Side.OURS, Side.THEIRS):
        desk.take(0, side)
        assert CANARY not in repr(judged(desk).row(0))
    assert any("differs from ours in a secret" in text for _, text in desk.row(0).remarks)


def test_what_is_chosen_is_written_and_the_rest_keeps_its_markers(file, store):
    desk = desk_of(file)
    desk.take(0, Side.THEIRS)
    desk.write(store)
    assert file.read_text() == f'{HEAD}root = "~/c"\n{PORT}'
    again = desk_of(file)
    assert again.count == 1
    again.take_rest(Side.OURS)
    again.write(store)
    assert "<<<" not in file.read_text()


@pytest.mark.parametrize("now", [HEAD, HEAD + PORT, HEAD + ROOT + PORT + "# by hand\n", "x = \n"])
def test_a_file_that_changed_is_never_written_over(file, store, now):
    desk = desk_of(file)
    desk.take_rest(Side.OURS)
    file.write_text(now)
    with pytest.raises(ChangedError):
        desk.write(store)
    assert file.read_text() == now


def test_a_file_that_is_gone_or_read_only_is_not_made(file, store):
    desk = desk_of(file)
    desk.take_rest(Side.OURS)
    file.unlink()
    with pytest.raises(FileError):
        desk.write(store)
    assert not file.exists()


def test_choices_stay_where_their_conflict_is_still_there(file):
    desk = desk_of(file)
    assert desk.reread({}) is None
    desk.take(0, Side.THEIRS)
    desk.take(1, Side.OURS)
    file.write_text("# by hand\n" + HEAD + 'root = "~/d"\n' + PORT)
    assert desk.is_outdated()
    found = desk.reread({})
    assert (found.kept, found.dropped) == (1, ("root",))
    assert found.desk.row(0).choice == "ours"
    assert not found.desk.is_outdated()
    file.write_text(HEAD + "<<<<<<< a\n<<<<<<< b\n")
    with pytest.raises(DocumentError):
        found.desk.reread({})


@pytest.mark.parametrize("size", [0, 300_000])
def test_a_secret_that_was_typed_or_merged_is_never_in_a_row(file, size):
    filler = f'x = "{"y" * size}"\n'
    # A session would not take it: there a password is a reference.
    file = file.with_name("any.toml")
    file.write_text(f"{filler}[connections.a]\ndriver='redis'\n" + block("", "db = 1\n", ""))
    desk = desk_of(file)
    assert desk.edit(0, f'password = "{CANARY}"') == ()
    assert CANARY in desk.file.resolve(desk.choices)
    assert CANARY not in repr(desk.row(0))
    assert "it contains a plain-text secret" in desk.edit_obstacle(0)


def choices(desk):
    return {index: getattr(choice, "text", choice) for index, choice in desk.choices.items()}


def test_each_step_is_undone_and_done_again_whole(file):
    desk = desk_of(file)
    assert (desk.count, desk.undo(), desk.redo()) == (2, False, False)
    assert desk.take(0, Side.THEIRS) == ""
    assert desk.take_rest(Side.OURS) == 1
    assert choices(desk) == {0: Side.THEIRS, 1: Side.OURS}
    assert (desk.open_indexes(), desk.take_rest(Side.THEIRS)) == ([], 0)
    desk.reopen([1])
    assert (choices(desk), desk.is_open(1), desk.is_open(0)) == ({0: Side.THEIRS}, True, False)
    assert desk.undo()
    assert choices(desk) == {0: Side.THEIRS, 1: Side.OURS}
    while desk.undo():
        pass
    assert (choices(desk), desk.redo()) == ({}, True)
    assert choices(desk) == {0: Side.THEIRS}


def test_an_edit_of_a_screen_goes_to_its_conflict_on_the_desk_of_now(file):
    before = desk_of(file)
    assert before.edit_in(before, 0, 'root = "~/x"') == ()
    assert choices(before) == {0: 'root = "~/x"\n'}
    file.write_text(HEAD + 'root = "~/d"\n' + PORT)
    now = before.reread({}).desk
    assert before.edit_in(now, 1, "port = 7") == ()
    assert choices(now) == {0: "port = 7\n"}
    gone = "the file was changed, this conflict is no longer in it"
    assert before.edit_in(now, 0, 'root = "~/y"') == (gone,)
    assert before.edit_in(now, 1, "port = \n") != ()
    assert choices(now) == {0: "port = 7\n"}
    assert now.edit_text(0) == "port = 7"
    assert desk_of(file).edit_text(0) == "port = 5433"
    assert now.edit(0, "\n\n") == ()
    assert choices(now) == {0: ""}


def test_what_is_said_of_the_sides_and_of_what_cannot_be_taken(file):
    desk = desk_of(file)
    row = desk.row(0)
    assert (row.choice, row.result, row.problems, row.place) == ("", None, (), "line 4")
    assert desk.take_higher(0) == ("root: not two versions or dates that can be compared")
    assert desk.take(0, Side.OURS) == ""
    row = desk.row(0)
    assert (row.choice, row.result) == ("ours", 'root = "~/b"\n')
    assert desk.row(0) is row
    assert desk.edit(0, 'root = "~/z"') == ()
    assert desk.row(0).choice == "edited"
    assert desk.row(0).result == 'root = "~/z"\n'
    file.write_text(HEAD + block("", 'root = "a\x01"\n', "") + PORT)
    assert desk_of(file).edit_obstacle(0).startswith("there are control characters in it: edit ")


def test_the_higher_version_is_taken_where_there_is_one(file):
    versions = block('v = "1.2"\n', 'v = "1.10"\n', 'v = "1.9"\n')
    file = file.with_name("any.toml")
    file.write_text(versions + "[a]\n" + versions.replace("1.9", "1.11"))
    desk = desk_of(file)
    assert [desk.take_higher(index) for index in range(desk.count)] == ["", ""]
    assert [desk.row(index).result for index in (0, 1)] == ['v = "1.10"\n', 'v = "1.11"\n']


def machine_that_prefers(way, file):
    return Machine({"HOME": str(file.parent), "SESSIONCTL_MERGE_PREFER": way})


@pytest.mark.parametrize("prefer", ["", "ours", "theirs"])
def test_what_the_settings_prefer_is_chosen_as_one_step(file, prefer):
    desk = desk_of(file)
    desk.prefer(machine_that_prefers(prefer, file))
    assert choices(desk) == ({0: Side(prefer), 1: Side(prefer)} if prefer else {})
    assert desk.undo() is bool(prefer)
    assert choices(desk) == {}


def test_a_preference_for_the_newer_side_asks_git_for_its_date(file, monkeypatch):
    asked = log_calls(monkeypatch, resolution_desk, "dates_of_file", lambda *words: words)
    machine = machine_that_prefers("newest", file)
    desk_of(file).prefer(machine)
    assert asked == [(str(file), machine.environ)]
    ResolutionDesk(SimpleNamespace(name=str(file), conflicts=()), None).prefer(machine)
    assert len(asked) == 1  # nothing is in conflict, so nothing is asked
