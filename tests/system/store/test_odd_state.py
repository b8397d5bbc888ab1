"""No state directory stops an edit: it is done, and the missing backup is reported."""

from __future__ import annotations

import os

import pytest

from sessionctl.system.files.private_directories import fix_for, make_private
from sessionctl.system.store.store import Store
from tests.odd_directories import behind_a_link_below_a_file, in_a_circle, plain_file, to_nowhere


@pytest.mark.parametrize("make", [to_nowhere, in_a_circle, plain_file, behind_a_link_below_a_file])
def test_an_edit_is_done_and_the_missing_backup_reported(tmp_path, make):
    state = tmp_path / "state"
    make(state)
    file = tmp_path / "a.toml"
    file.write_text("a = 1\n")
    saved = Store(str(state / "sessionctl")).save(file, "a = 2\n", expected="a = 1\n")
    assert file.read_text() == "a = 2\n"
    assert len(saved.notes) == 1
    note, hint = saved.notes[0]
    assert "no backup is kept: " in note
    assert hint


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_the_hint_names_the_owner_and_the_command(tmp_path):
    state = tmp_path / "state"
    state.mkdir()
    os.chown(state, 65534, 65534)
    assert fix_for(str(state / "x")).startswith("it belongs to nobody: sudo chown -R root ")
    file = tmp_path / "a.toml"
    file.write_text("a = 1\n")
    archive = Store(str(state)).archive(file)
    os.makedirs(archive.directory)
    os.chown(archive.directory, 65534, 65534)
    saved = Store(str(state)).save(file, "a = 2\n", expected="a = 1\n")
    assert "no backup is kept" in saved.notes[0][0]
    assert "sudo chown -R root " in saved.notes[0][1]
    assert os.listdir(archive.directory) == []


def test_a_directory_below_a_link_to_nowhere_is_an_error_and_not_a_circle(tmp_path):
    to_nowhere(tmp_path / "state")
    with pytest.raises(OSError):
        make_private(str(tmp_path / "state" / "a" / "b"))
