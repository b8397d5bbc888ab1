"""What a session file may start is remembered by item, outside of the repository."""

from __future__ import annotations

import os
import stat
import tomllib

import pytest

from sessionctl.core.session.startup import start_items
from sessionctl.errors import DocumentError, RefusedError
from sessionctl.services.live.trust import TrustStore, items_on

BEFORE = """
[[windows]]
name = "a"
[[windows.panes]]
run = ["vim", "x"]
[[windows.panes]]
run = ["tail", "-f", "log"]
"""
AFTER = BEFORE.replace('"log"', '"other"').replace('"a"', '"b"')


def items(text):
    return start_items(tomllib.loads(text))


@pytest.fixture
def store(tmp_path):
    return TrustStore(tmp_path / "state")


def test_a_file_that_nobody_allowed_may_start_nothing(store):
    review = store.review("x.session.toml", items(BEFORE))
    assert len(review.new) == 2
    assert not review.is_known
    assert not any(map(review.allows, items(BEFORE)))


def test_only_what_is_new_since_is_shown(store):
    store.allow("x.session.toml", items(BEFORE))
    review = store.review("x.session.toml", items(AFTER))
    assert [item.text for item in review.new] == ["tail -f other   in ."]
    assert [item.text for item in review.gone] == ["tail -f log   in ."]
    assert [item.text for item in review.allowed] == ["vim x   in ."]
    assert [review.allows(item) for item in items(AFTER)] == [True, False]


def test_what_was_allowed_before_can_be_kept(store):
    store.allow("x.session.toml", items(BEFORE))
    store.allow("x.session.toml", items(AFTER), keep=True)
    assert not store.review("x.session.toml", items(BEFORE)).new
    store.allow("x.session.toml", items(AFTER))
    assert store.review("x.session.toml", items(BEFORE)).new


def test_a_copy_elsewhere_is_another_file_and_a_link_is_the_same(store, tmp_path):
    (tmp_path / "a").mkdir()
    file = tmp_path / "a" / "x.session.toml"
    file.touch()
    (tmp_path / "link.session.toml").symlink_to(file)
    store.allow(str(file), items(BEFORE))
    assert not store.review(str(tmp_path / "link.session.toml"), items(BEFORE)).new
    assert store.review(str(tmp_path / "x.session.toml"), items(BEFORE)).new


def test_what_was_allowed_can_be_taken_back(store):
    store.allow("x.session.toml", items(BEFORE))
    assert [one.file for one in store.files()] == [os.path.realpath("x.session.toml")]
    assert store.is_known("x.session.toml")
    assert store.forget("x.session.toml")
    assert not store.forget("x.session.toml")
    assert store.files() == ()
    assert store.review("x.session.toml", items(BEFORE)).new


def test_overrides_of_this_machine_are_what_counts():
    text = BEFORE + '[[overrides]]\nwhen = { host = "desk" }\nroot = "/srv"\n'
    value = tomllib.loads(text)
    assert items_on(value, "desk", "linux") != items_on(value, "other", "linux")


def test_records_are_for_the_owner_alone_and_others_may_not_write_them(store):
    store.allow("x.session.toml", items(BEFORE))
    (record,) = store.folder.glob("*.toml")
    assert stat.S_IMODE(record.stat().st_mode) == 0o600
    record.chmod(0o666)
    with pytest.raises(RefusedError, match="others may"):
        store.review("x.session.toml", items(BEFORE))


@pytest.mark.parametrize("text", ["a = 1", "format = 2\nitems = []", "format = 1\nitems = [1]"])
def test_a_damaged_record_allows_nothing_and_says_how_to_go_on(store, text):
    store.allow("x.session.toml", items(BEFORE))
    (record,) = store.folder.glob("*.toml")
    record.write_text(text)
    with pytest.raises(DocumentError) as caught:
        store.review("x.session.toml", items(BEFORE))
    assert caught.value.hints == (f"remove it, and the session is asked about again: rm {record}",)
    assert store.files() == ()


@pytest.mark.slow
def test_a_very_large_session_is_remembered(store):
    panes = "".join(f'[[windows.panes]]\nrun = ["tail", "-f", "{i}"]\n' for i in range(6000))
    large = items(f"[[windows]]\n{panes}")
    store.allow("x.session.toml", large)
    assert not store.review("x.session.toml", large).new
