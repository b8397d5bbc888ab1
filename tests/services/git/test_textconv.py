"""What git shows of a file: its secrets masked, each with a mark that only this machine gives."""

from __future__ import annotations

import os
import re

from sessionctl.services.git import textconv
from sessionctl.services.git.textconv import SecretMarker, masked_content, read_file
from tests.together import together


def mark(secret):
    return f"<{len(secret)}>"


@together(
    "path, data, shown",
    [
        ("a.session.toml", b'name = "a"\n', b'name = "a"\n'),
        ("a.session.toml", b'[connections.db]\ndriver = "postgres"\npassword = "hunter2-long"\n',
         None),
        # With a mistake in it, nothing that looks like a secret is shown.
        ("a.session.toml", b'name = \npassword = "hunter2-long"\n', None),
        ("a.session.toml", b'name = "\xff"\npassword = "hunter2-long"\n', None),
        ("a.secrets.toml", b'format = \nx = "hunter2-long"\n', None),
    ],
    ids=str,
)  # fmt: skip
def test_secrets_are_masked_whatever_is_wrong_with_the_file(path, data, shown):
    for is_inert in (False, True):
        found = masked_content(data, path, mark, is_inert=is_inert)
        assert b"hunter2" not in found
        assert shown is None or found == shown
        if b"\xff" in data:
            assert b"\xff" in found or b"***" in found or b"<" in found


def test_a_mistake_of_the_masking_shows_nothing(monkeypatch):
    from sessionctl.core.render import masked_text

    def fail(*_arguments, **_more):
        raise ZeroDivisionError

    monkeypatch.setattr(masked_text, "reading_text", fail)
    found = masked_content(b'password = "hunter2-long"\n', "a.session.toml", mark, is_inert=False)
    assert b"hunter2" not in found
    assert b"password" in found


def test_marks_say_only_that_two_secrets_differ(tmp_path):
    one = SecretMarker(None, b"k" * 32)
    assert re.fullmatch("[0-9a-f]{6}", one("a"))
    assert one("a") == SecretMarker(None, b"k" * 32)("a") != one("b")
    assert SecretMarker(None, b"l" * 32)("a") != one("a")
    assert one("\ud800") != one("\ud801")


def test_the_key_is_made_once_and_kept_for_its_owner_alone(tmp_path):
    state = tmp_path / "deep" / "state"
    first = SecretMarker(str(state))
    assert not state.exists()
    shown = first("a")
    key = state / "mask.key"
    assert key.stat().st_mode & 0o777 == 0o600
    assert state.stat().st_mode & 0o777 == 0o700
    assert len(key.read_bytes()) == 32
    assert SecretMarker(str(state))("a") == shown
    assert SecretMarker(None, key.read_bytes())("a") == shown
    assert os.listdir(state) == ["mask.key"]
    key.write_bytes(b"short")  # not what we wrote: one for as long as the machine runs
    assert SecretMarker(str(state))("a") == SecretMarker(None)("a") != shown
    assert os.listdir(state) == ["mask.key"]


def test_another_git_may_be_quicker_or_nothing_can_be_written(tmp_path, monkeypatch):
    state = tmp_path / "state"
    state.mkdir(mode=0o700)
    key = b"q" * 32
    (state / "mask.key").write_bytes(key)
    assert textconv._made(str(state), str(state / "mask.key")) == key
    assert os.listdir(state) == ["mask.key"]
    (tmp_path / "file").write_text("")
    nowhere = SecretMarker(str(tmp_path / "file" / "state"))
    assert nowhere("a") == SecretMarker(None)("a")
    monkeypatch.setattr(textconv, "_BOOT", str(tmp_path / "none"))
    assert SecretMarker(None)("a") != SecretMarker(None)("a")
    lasting = SecretMarker(None)
    assert lasting("a") == lasting("a")
    (tmp_path / "x").write_bytes(b"a\0b")
    assert read_file(str(tmp_path / "x")) == b"a\0b"
