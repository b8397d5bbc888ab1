"""Vault reach: the search for what stayed behind reads each directory once."""

from __future__ import annotations

import os

import pytest

from sessionctl.services.secrets import vault_reach
from sessionctl.services.secrets.vault_reach import left_behind
from tests.call_log import log_calls

ID = "3f0d8c2e-6d1f-4c1e-9a53-0f2f7f0c4a11"


@pytest.fixture
def tree(tmp_path):
    """Return a work tree of three directories with ten sessions each, changed long ago."""
    (tmp_path / ".git").mkdir()
    for folder in ("a", "b", "b/c"):
        (tmp_path / folder).mkdir()
        for number in range(10):
            (tmp_path / folder / f"{number}.session.toml").write_text(f'id = "{ID}"\n')
    for path in (tmp_path, *tmp_path.rglob("*")):
        os.utime(path, (1e9, 1e9))
    return tmp_path


def test_each_directory_is_read_once_for_all_sessions(tree, monkeypatch):
    sessions = sorted(tree.rglob("*.session.toml"))
    read = log_calls(monkeypatch, os, "scandir")
    assert [left_behind(str(session)) for session in sessions] == [""] * 30
    assert len(read) == len(set(read)) == 4


def test_a_long_search_is_made_once_for_all_sessions(tree, monkeypatch):
    monkeypatch.setattr(vault_reach, "_LONG_NS", 0)
    monkeypatch.setattr(vault_reach, "_HOLDS", 10**9)
    looked_at = log_calls(monkeypatch, vault_reach, "_folder_at")
    sessions = sorted(tree.rglob("*.session.toml"))
    assert [left_behind(str(session)) for session in sessions] == [""] * 30
    assert len(looked_at) == 4


def test_a_long_search_is_made_again_for_another_work_tree(tree, tmp_path_factory, monkeypatch):
    monkeypatch.setattr(vault_reach, "_LONG_NS", 0)
    monkeypatch.setattr(vault_reach, "_HOLDS", 10**9)
    assert left_behind(str(tree / "a" / "1.session.toml")) == ""
    other = tmp_path_factory.mktemp("other")
    (other / ".git").mkdir()
    (other / "1.session.toml").write_text(f'id = "{ID}"\n')
    (other / "gone.secrets.toml").write_text(f'session = "{ID}"\nvault = "x"\n')
    assert left_behind(str(other / "1.session.toml")).startswith("mv -- ")


def test_what_comes_later_is_found(tree, monkeypatch):
    monkeypatch.setattr(vault_reach, "_LONG_NS", 10**12)  # a busy machine takes long
    session = tree / "a" / "1.session.toml"
    assert left_behind(str(session)) == ""
    (tree / "b" / "gone.secrets.toml").write_text(f'session = "{ID}"\nvault = "x"\n')
    assert left_behind(str(session)).startswith("mv -- ")
    (tree / "b" / "gone.session.toml").write_text("")
    assert left_behind(str(session)) == ""
