"""What is noted of a naming while it is done, and what a cut one had made."""

from __future__ import annotations

import json
import os

import pytest

from sessionctl.errors import FileError
from sessionctl.services.naming.naming_journal import (
    NamingEntry,
    NamingJournal,
    digest_of,
    forget_undone,
    is_made,
    own_path,
)


def entry(tmp_path, name="new"):
    old, new = (str(tmp_path / f"{one}.session.toml") for one in ("old", name))
    return NamingEntry(old, new, removals=(), states=(), is_sealed=False, made="")


def test_what_was_begun_is_found_until_it_ends(tmp_path):
    journal = NamingJournal(str(tmp_path / "state"))
    assert journal.entries() == []
    one, other = entry(tmp_path), entry(tmp_path, "other")
    journal.begin(one)
    journal.begin(other)
    assert sorted(journal.entries()) == sorted([one, other])
    assert journal.find(one.old, one.new) == one
    assert journal.find(one.new, one.old) is None
    (tmp_path / "link").symlink_to(tmp_path)
    assert journal.find(f"{tmp_path}/link/old.session.toml", one.new) == one
    [folder] = [path for path, _, files in os.walk(tmp_path / "state") if files]
    assert os.stat(folder).st_mode & 0o777 == 0o700
    damaged = json.dumps({**one._asdict(), "removals": [1]})
    for name, text in (
        ("a.json", "{"), ("b.json", "[]"), ("c.json", '{"old": "x"}'), ("d.json", damaged),
        ("e.txt", json.dumps(one._asdict())),
    ):  # fmt: skip
        with open(os.path.join(folder, name), "w") as stream:
            stream.write(text)
    assert len(journal.entries()) == 2
    journal.end(one.new)
    journal.end(one.new)
    assert journal.entries() == [other]
    nowhere = NamingJournal(None)
    nowhere.begin(one)
    nowhere.end(one.new)
    assert nowhere.entries() == []


def test_a_state_that_cannot_be_written_is_said(tmp_path):
    (tmp_path / "state").write_text("")
    journal = NamingJournal(str(tmp_path / "state"))
    with pytest.raises(FileError) as caught:
        journal.begin(entry(tmp_path))
    assert "cannot write" in caught.value.message
    assert journal.entries() == []


def test_the_note_of_one_that_made_nothing_is_forgotten(tmp_path):
    state = str(tmp_path / "state")
    one = entry(tmp_path)
    journal = NamingJournal(state)
    for there, is_forgotten in (
        ([], False), (["old.session.toml"], True),
        (["old.session.toml", "new.session.toml"], False),
        (["old.session.toml", "new.secrets.toml"], False), (["new.session.toml"], False),
    ):  # fmt: skip
        journal.begin(one)
        for name in there:
            (tmp_path / name).write_text("")
        forget_undone(state, one.old, one.new)
        assert (journal.entries() == []) is is_forgotten, there
        for name in there:
            (tmp_path / name).unlink()


SIDECAR = 'format = 1\nsession = "s1"\nvault = "age1x"\n'


def test_a_cut_one_had_made_the_session_where_its_sidecar_belongs_to_it(tmp_path):
    text = 'schema_version = 1\nid = "s1"\n'
    one = entry(tmp_path)._replace(is_sealed=True, made=digest_of(text))
    session, sidecar = tmp_path / "new.session.toml", tmp_path / "new.secrets.toml"
    assert not is_made(None)
    assert not is_made(one)
    session.write_text(text)
    assert not is_made(one)
    sidecar.write_text(SIDECAR)
    assert is_made(one)
    assert not is_made(one._replace(is_sealed=False))
    assert not is_made(one._replace(made=digest_of("x")))
    sidecar.write_text(SIDECAR.replace("s1", "s2"))
    assert not is_made(one)
    sidecar.write_text("format = \n")
    assert not is_made(one)
    sidecar.write_text(SIDECAR)
    session.write_text(text + "# by hand\n")
    assert not is_made(one)
    assert own_path(f"{tmp_path}/./new.session.toml") == str(session)
    assert digest_of("a") != digest_of("b")
