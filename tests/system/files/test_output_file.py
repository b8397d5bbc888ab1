"""Where an answer cannot be written, that is said before any work, with the reason."""

from __future__ import annotations

import os

import pytest

from sessionctl.errors import FileError
from sessionctl.system.files.output_file import check_output
from sessionctl.system.files.text import write_text
from tests.together import together


@pytest.fixture
def folder(tmp_path, monkeypatch):
    (tmp_path / "sub").mkdir()
    (tmp_path / "a.toml").write_text("x")
    (tmp_path / "link").symlink_to("sub/new.toml")
    (tmp_path / "astray").symlink_to("none/new.toml")
    os.mkfifo(tmp_path / "pipe")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@together(
    "path, reason, hint",
    [
        ("a.toml", None, ""), ("new.toml", None, ""), ("sub/new.toml", None, ""),
        ("link", None, ""),
        ("sub", "a directory, not a file", "see what is in it: ls sub"),
        (".", "a directory, not a file", "see what is in it: ls ."),
        ("none/x.toml", "no such directory", "create it first: mkdir -p none"),
        ("astray", "no such directory", ""),
        ("a.toml/x", "no such file, a part of its path is not a directory",
         "see what is in its way: ls -ld a.toml"),
        ("pipe", "not a regular file", "name another file, or take the answer from stdout"),
    ],
)  # fmt: skip
def test_where_an_answer_may_be_written(folder, path, reason, hint):
    if reason is None:
        assert check_output(path) is None
        return
    with pytest.raises(FileError) as caught:
        check_output(path)
    assert caught.value.message == f"{path}: cannot write: {reason}"
    assert list(caught.value.hints) == ([hint] if hint else [])


@together(
    "path, denied, is_refused",
    [
        ("a.toml", "a.toml", True),
        ("new.toml", ".", True),
        ("a.toml", ".", True),
        ("new.toml", "a.toml", False),
        ("link", "sub", True),
        ("link", ".", False),
    ],
)
def test_what_may_not_be_written_is_refused(folder, monkeypatch, path, denied, is_refused):
    place, asked = os.path.realpath(denied), []

    def access(name, mode):
        asked.append((name, mode))
        return name != place and os.path.exists(name)

    monkeypatch.setattr(os, "access", access)
    if is_refused:
        with pytest.raises(FileError) as caught:
            check_output(path)
        assert caught.value.message == f"{path}: cannot write: permission denied"
        nearest = path if os.path.lexists(path) else "."
        assert list(caught.value.hints) == [f"look at its owner and mode: ls -ld {nearest}"]
    else:
        check_output(path)
    target = os.path.realpath(path)
    assert asked[0] == (os.path.dirname(target), os.W_OK | os.X_OK)
    assert (target, os.W_OK) in asked


def test_a_read_only_file_system_is_named_before_any_work(tmp_path, monkeypatch):
    file = tmp_path / "x.toml"
    file.write_text("x = 1\n")
    monkeypatch.setattr(os, "access", lambda *_: False)
    for flag, reason in ((0, "permission denied"), (os.ST_RDONLY, "mounted read-only")):
        facts = [*os.statvfs(tmp_path)]
        facts[8] = flag
        monkeypatch.setattr(os, "statvfs", lambda _, facts=facts: os.statvfs_result(facts))
        for write in (check_output, lambda name: write_text(name, "x = 2\n")):
            with pytest.raises(FileError, match=reason):
                write(str(file))
        monkeypatch.undo()
        monkeypatch.setattr(os, "access", lambda *_: False)
