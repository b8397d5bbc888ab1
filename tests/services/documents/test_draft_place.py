"""A draft where the state directory cannot be used: edited and saved all the same."""

from __future__ import annotations

import os
import tempfile

import pytest

from sessionctl.services.documents.document_store import open_store
from sessionctl.services.documents.draft import editing


@pytest.fixture
def file(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    path = tmp_path / "a.session.toml"
    path.write_text('schema_version = 1\nname = "a"\n')
    return path


@pytest.fixture(params=["nowhere", "below a file", "none"])
def store(request, tmp_path):
    if request.param == "none":
        return open_store(None)
    (tmp_path / "file").write_text("")
    target = tmp_path / ("file" if request.param == "below a file" else "nowhere/at/all")
    (tmp_path / "state").symlink_to(target / "below")
    return open_store(str(tmp_path / "state"))


def test_it_lies_in_a_private_temporary_directory_and_leaves_nothing(store, file):
    with editing(store, str(file)) as draft:
        draft.begin()
        folder = os.path.dirname(os.path.dirname(draft.path))
        assert os.stat(folder).st_mode & 0o777 == 0o700
        draft.save('schema_version = 1\nname = "b"\n')
    assert 'name = "b"' in file.read_text()
    ((note, _),) = draft.notes
    assert "no backup is kept" in note
    assert not os.path.exists(folder)


def test_what_was_not_saved_stays(store, file):
    with editing(store, str(file)) as draft:
        draft.begin()
        with open(draft.path, "a") as stream:
            stream.write("# mine\n")
    with open(draft.path) as stream:
        assert stream.read().endswith("# mine\n")


def test_a_draft_that_was_left_is_kept_before_the_next_and_the_file_stays_as_it_is(tmp_path, file):
    store, before = open_store(str(tmp_path / "state")), file.read_bytes()
    with editing(store, str(file)) as draft:
        draft.begin()
        with open(draft.path, "a") as stream:
            stream.write("# mine\n")
    with editing(store, str(file)) as draft:
        assert draft.is_left
        draft.begin()
        assert not draft.is_left
    assert file.read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == [file.name, "state"]
    texts = [path.read_text() for path in tmp_path.rglob("state/**/*") if path.is_file()]
    assert any(text.endswith("# mine\n") for text in texts)
