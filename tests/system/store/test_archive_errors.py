"""What the archive says where the system refuses: what could not be done, and what is left."""

from __future__ import annotations

import errno
import os

import pytest

from sessionctl.errors import FileError
from sessionctl.services.documents.document_store import open_store
from sessionctl.system.store import archive as module
from tests.together import together


@pytest.fixture
def archive(tmp_path):
    (tmp_path / "a.toml").write_text("x")
    archive = open_store(str(tmp_path / "state")).archive(str(tmp_path / "a.toml"))
    archive.make()
    archive.record(b"one", b"two", "base")
    return archive


def refusing(code, wanted):
    """Return a call that fails on the paths that ``wanted`` picks."""

    def call(real):
        def checked(path, *arguments, **more):
            if wanted(os.fsdecode(path) if isinstance(path, str | bytes | os.PathLike) else ""):
                raise OSError(code, os.strerror(code))
            return real(path, *arguments, **more)

        return checked

    return call


def said(call):
    with pytest.raises(FileError) as caught:
        call()
    return caught.value.message


@together(
    "function, does, what",
    [
        ("replace", lambda a: a.record(b"x", None, "edit"), "keep a backup"),
        ("replace", lambda a: a.keep(b"x"), "keep a backup"),
        ("replace", lambda a: a.rewrite(lambda data: data + b"!"), "rewrite"),
        ("unlink", lambda a: a.rewrite(lambda data: data + b"!"), "rewrite"),
        ("unlink", lambda a: a.prune(a.entries()), "remove"),
        ("open", lambda a: a.record(b"x", None, "edit"), "keep a backup"),
        ("open", lambda a: a.sync(a.entries()[0]), "keep a backup"),
        ("open", lambda a: a.sync_newest("base"), "keep a backup"),
        ("listdir", lambda a: a.prune([]), "read"),
    ],
    ids=str,
)
def test_what_could_not_be_done_is_said_and_the_file_is_as_it_was(
    archive, monkeypatch, function, does, what
):
    place = archive.directory
    before = sorted(os.listdir(place))
    fails = refusing(errno.EACCES, lambda path: path.startswith(place))
    monkeypatch.setattr(os, function, fails(getattr(os, function)))
    message = said(lambda: does(archive))
    monkeypatch.undo()
    start = f"{archive.target}: cannot {what} in {place}: permission denied; the file is as it was"
    assert message == start
    assert not [name for name in os.listdir(place) if name.startswith(module._NEW)]
    if function in ("replace", "open"):
        assert sorted(os.listdir(place)) == before


def test_of_a_file_that_is_not_there_none_was_made(archive, monkeypatch):
    os.unlink(archive.target)
    fails = refusing(errno.ENOSPC, lambda path: path.startswith(archive.directory))
    monkeypatch.setattr(os, "replace", fails(os.replace))
    message = said(lambda: archive.keep(b"x"))
    assert message.endswith("; no file was made")


def test_what_is_gone_meanwhile_need_not_be_waited_for(archive):
    entry = archive.entries()[0]
    os.unlink(os.path.join(archive.directory, "path"))
    assert archive.sync_newest("base") is None
    assert archive.sync_newest("other") is None
    os.unlink(os.path.join(archive.directory, entry.after))
    assert said(lambda: archive.sync(entry)).startswith(f"{archive.target}: cannot keep a backup")
    assert said(lambda: archive.read(entry.after)).startswith(
        f"{archive.target}: cannot read the text {entry.after[:8]} in {archive.directory}: no such"
    )


def test_what_is_removed_is_removed_whole_and_what_is_not_there_has_no_size(archive, monkeypatch):
    assert archive.size_bytes() >= 6
    assert sorted(archive.sizes().values()) == [3, 3]
    assert archive.count() == len(archive.entries()) == 1
    monkeypatch.setattr(module, "remove_tree", refusing(errno.EBUSY, lambda _path: True)(None))
    assert said(archive.remove).startswith(f"{archive.target}: cannot remove in ")
    monkeypatch.undo()
    archive.remove()
    assert not os.path.exists(archive.directory)
    assert (archive.size_bytes(), archive.sizes(), archive.count()) == (0, {}, 0)
    assert (archive.entries(), archive.is_there) == ([], False)


def test_texts_that_no_change_has_are_dropped_and_drafts_are_rewritten(archive):
    place = archive.directory
    first = archive.entries()[0]
    archive.record(b"two", b"three", "edit")
    with open(os.path.join(place, f"{module._NEW}young"), "wb") as stream:
        stream.write(b"12345")
    with open(os.path.join(place, f"{module._NEW}old"), "wb") as stream:
        stream.write(b"1234567")
    os.utime(os.path.join(place, f"{module._NEW}old"), (1, 1))
    assert archive.prune([first]) == len(b"one") + len(b"1234567")
    assert [entry.why for entry in archive.entries()] == ["edit"]
    assert (archive.read(archive.entries()[0].before), archive.sizes()[first.after]) == (b"two", 3)
    assert os.path.exists(os.path.join(place, f"{module._NEW}young"))
    os.mkdir(os.path.join(place, module.DRAFT))
    for name, text in (("a", b"has two"), ("b", b"none")):
        with open(os.path.join(place, module.DRAFT, name), "wb") as stream:
            stream.write(text)
    assert archive.rewrite(lambda data: data.replace(b"two", b"2")) == 2
    assert archive.read(archive.entries()[0].before) == b"2"
    with open(os.path.join(place, module.DRAFT, "a"), "rb") as stream:
        assert stream.read() == b"has 2"
    assert archive.rewrite(lambda data: data) == 0
