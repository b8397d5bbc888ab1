"""A mirror stays within its directories, whatever links the repository brings along."""

from __future__ import annotations

import os
import unicodedata

import pytest

from tests.services.watching.conftest import SESSION, session

NAME = "api.session.toml"


@pytest.fixture
def live(tmp_path):
    (tmp_path / "live").mkdir()
    return tmp_path / "live"


@pytest.fixture
def outside(tmp_path):
    (tmp_path / "outside").mkdir()
    return tmp_path / "outside"


def test_a_link_to_a_file_outside_of_the_repository_is_not_written_through(
    start, live, folder, outside
):
    victim = outside / NAME
    victim.write_text(session(port=1))
    (folder / NAME).unlink(missing_ok=True)
    (folder / NAME).symlink_to(victim)
    (live / NAME).write_text(SESSION)
    watching = start(mirrors=[(live, folder)])
    watching.rests()
    (live / NAME).write_text(session(port=2))
    watching.rests()
    assert victim.read_text() == session(port=1)
    assert (live / NAME).read_text() == session(port=2)
    assert "failed" in watching.whats


@pytest.mark.parametrize("target", ["outside", "../outside"])
def test_nothing_is_made_behind_a_link_to_a_directory(start, live, folder, outside, target):
    (folder / "sub").symlink_to(target if target.startswith(".") else outside)
    (live / "sub").mkdir()
    (live / "sub" / NAME).write_text(SESSION)
    watching = start(mirrors=[(live, folder)])
    watching.rests()
    assert os.listdir(outside) == []


def test_nothing_is_made_where_a_link_leads_to_nothing_outside(start, live, folder, outside):
    (folder / NAME).unlink(missing_ok=True)
    (folder / NAME).symlink_to(outside / "new.session.toml")
    (live / NAME).write_text(SESSION)
    watching = start(mirrors=[(live, folder)])
    watching.rests()
    assert os.listdir(outside) == []


def test_a_link_that_is_made_later_is_not_written_through(start, live, folder, outside):
    (live / NAME).write_text((folder / NAME).read_text())
    watching = start(mirrors=[(live, folder)])
    watching.rests()
    victim = outside / NAME
    victim.write_text((folder / NAME).read_text())
    (folder / NAME).unlink()
    (folder / NAME).symlink_to(victim)
    before = victim.read_text()
    (live / NAME).write_text(session(port=7))
    watching.hears("failed")
    assert victim.read_text() == before


@pytest.mark.parametrize("forms", [("NFC", "NFD"), ("NFD", "NFC")])
def test_names_in_two_unicode_forms_are_one_file(start, live, folder, forms):
    one, two = (unicodedata.normalize(form, "caf\u00e9.session.toml") for form in forms)
    (live / one).write_text(SESSION)
    (folder / two).write_text(SESSION)
    watching = start(mirrors=[(live, folder)])
    watching.rests()
    (live / one).write_text(session(port=5))
    watching.until(lambda: (folder / two).read_text() == session(port=5))
    assert one not in os.listdir(folder)
    assert two not in os.listdir(live)


def test_names_in_two_cases_are_one_file_where_each_side_has_one(start, live, folder):
    (live / "API2.session.toml").write_text(SESSION)
    (folder / "api2.session.toml").write_text(SESSION)
    watching = start(mirrors=[(live, folder)])
    watching.rests()
    assert "API2.session.toml" not in os.listdir(folder)


@pytest.mark.parametrize("forms", [("NFC", "NFD"), ("NFD", "NFC")])
def test_directories_in_two_forms_are_one(start, live, folder, forms):
    one, two = (unicodedata.normalize(form, "caf\u00e9") for form in forms)
    ours, theirs = live / one / "Sub" / NAME, folder / two / "sub" / NAME
    for file in (ours, theirs):
        file.parent.mkdir(parents=True)
        file.write_text(SESSION)
    watching = start(mirrors=[(live, folder)])
    watching.rests()
    ours.write_text(session(port=5))
    watching.until(lambda: theirs.read_text() == session(port=5))
    assert two not in os.listdir(live)
    assert one not in os.listdir(folder)
    assert "failed" not in watching.whats


def test_a_new_directory_is_made_on_the_other_side_not_the_mirror_itself(start, live, folder):
    (live / "new" / "er").mkdir(parents=True)
    (live / "new" / "er" / NAME).write_text(SESSION)
    (folder / "there").mkdir()
    (folder / "there" / NAME).write_text(SESSION)
    watching = start(mirrors=[(live, folder)])
    watching.until((folder / "new" / "er" / NAME).exists)
    watching.until((live / "there" / NAME).exists)
    watching.rests()
    (live / "there" / NAME).write_text(session(port=6))
    watching.until(lambda: (folder / "there" / NAME).read_text() == session(port=6))
    (folder / "new" / "er" / NAME).write_text(session(port=7))
    watching.until(lambda: (live / "new" / "er" / NAME).read_text() == session(port=7))


def test_no_directory_is_made_for_a_copy_that_was_removed_with_its_directory(start, live, folder):
    for side in (live, folder):
        (side / "sub").mkdir()
        (side / "sub" / NAME).write_text(SESSION)
    watching = start(mirrors=[(live, folder)])
    watching.rests()
    (folder / "sub" / NAME).unlink()
    (folder / "sub").rmdir()
    watching.hears("missing")
    (live / "sub" / NAME).write_text(session(port=6))
    watching.rests()
    assert not (folder / "sub").exists()


def test_no_directory_is_made_for_a_link_that_leads_nowhere(start, live, folder):
    (live / "sub").mkdir()
    (live / "sub" / NAME).write_text(SESSION)
    (folder / "sub").symlink_to("nothing")
    watching = start(mirrors=[(live, folder)])
    watching.hears("failed")
    assert not (folder / "nothing").exists()


def test_two_names_beside_each_other_are_two_files(start, live, folder):
    for name in ("API3.session.toml", "api3.session.toml"):
        (live / name).write_text(SESSION)
    watching = start(mirrors=[(live, folder)])
    watching.until(lambda: {"API3.session.toml", "api3.session.toml"} <= set(os.listdir(folder)))
