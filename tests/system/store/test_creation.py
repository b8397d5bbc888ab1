"""A file that is to be made: one that comes in between has the place, and nothing false is kept."""

from __future__ import annotations

import errno
import os

import pytest

from sessionctl.errors import FileError
from sessionctl.services.documents.document_store import open_store
from sessionctl.system.store import save

NEW = "a = 1\n"


@pytest.fixture
def file(tmp_path):
    (tmp_path / "work").mkdir()
    return tmp_path / "work" / "new.toml"


@pytest.fixture
def store(tmp_path):
    return open_store(str(tmp_path / "state"))


def changes(store, file):
    archive = store.archive(str(file))
    return [(entry.why, archive.read(entry.after).decode()) for entry in archive.entries()]


def test_one_that_is_made_is_kept_and_leaves_nothing_beside_it(store, file):
    store.create(file, NEW, why="import")
    assert (file.read_text(), changes(store, file)) == (NEW, [("import", NEW)])
    assert os.listdir(file.parent) == ["new.toml"]


def test_one_that_comes_in_between_has_the_place(store, file, monkeypatch):
    real = save.put_new

    def put_late(temporary, name):
        file.write_text("mine\n")
        real(temporary, name)

    monkeypatch.setattr(save, "put_new", put_late)
    with pytest.raises(FileError) as caught:
        store.create(file, NEW)
    assert caught.value.message == f"{file}: there is already a file"
    assert list(caught.value.hints) == ["choose another name, or remove it first"]
    assert (file.read_text(), changes(store, file)) == ("mine\n", [])
    assert os.listdir(file.parent) == ["new.toml"]


def test_one_that_cannot_be_written_is_kept_as_refused(store, file, monkeypatch):
    def refuse(*_arguments):
        raise OSError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr(save, "put_new", refuse)
    with pytest.raises(FileError) as caught:
        store.create(file, NEW)
    assert caught.value.message == f"{file}: cannot write: permission denied"
    assert os.listdir(file.parent) == []
    assert changes(store, file) == [("refused", NEW)]
