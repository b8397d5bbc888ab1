"""Which secrets lie beside a session, found without any key."""

from __future__ import annotations

import pytest

from sessionctl.core.session.secret_problems import StoredNames
from sessionctl.core.toml.document import Document
from sessionctl.services.secrets.rebound_secrets import rebound_secrets
from sessionctl.services.secrets.stored_names import has_sidecar, stored_beside
from tests.sidecars import SESSION, sidecar

HINT = "store it: sessionctl secret set 'a b.session.toml' {name}"
FILE = "a b.session.toml"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Return a directory below a work tree, with a session in it."""
    place = tmp_path / "repo" / "sub"
    place.mkdir(parents=True)
    (tmp_path / "repo" / ".git").mkdir()
    monkeypatch.chdir(place)
    (place / FILE).write_text(f'id = "{SESSION}"\n')
    return place


def test_where_no_secrets_are_kept_nothing_is_known(folder):
    assert stored_beside(FILE) is None
    assert not has_sidecar(FILE)
    (folder.parent.parent / ".age-recipients").write_text("")  # outside of the work tree
    assert stored_beside(FILE) is None
    (folder.parent / ".age-recipients").write_text("")
    assert stored_beside(FILE) is None  # listed, but there is no vault yet
    (folder.parent / ".sessionctl").mkdir()
    (folder.parent / ".sessionctl" / "vault.age").write_text("")
    assert stored_beside(FILE) == StoredNames((), HINT)


def test_the_names_are_those_of_the_sidecar(folder):
    beside = folder / "a b.secrets.toml"
    beside.write_text(sidecar("x.b", "x.a"))
    assert has_sidecar(FILE)
    assert stored_beside(FILE) == StoredNames(("x.b", "x.a"), HINT)
    beside.write_text("x =")
    assert stored_beside(FILE) is None
    link = folder / "link.session.toml"
    link.symlink_to(folder / FILE)
    assert has_sidecar("link.session.toml")
    beside.unlink()
    assert not has_sidecar("link.session.toml")


def test_a_sidecar_that_stayed_behind_is_named(folder):
    (folder.parent / "old.secrets.toml").write_text(sidecar("x"))
    assert stored_beside(FILE) == StoredNames(
        (),
        "its secrets are in the old place, move both together:"
        " mv -- 'a b.session.toml' ../old.session.toml",
    )
    (folder.parent / ".git").rmdir()
    assert stored_beside(FILE) is None


def test_what_an_edit_binds_otherwise_is_named(folder):
    (folder / "a b.secrets.toml").write_text(sidecar("one", "two", "three"))
    text = (
        '[connections.a]\ndriver = "redis"\nhost = "h"\npassword = { secret = "one" }\n'
        '[connections.b]\ndriver = "redis"\nhost = "i"\npassword = { secret = "two" }\n'
    )
    old, new = Document.parse(text), Document.parse(text.replace('"h"', '"evil"'))
    assert rebound_secrets(FILE, old, new) == ["one"]
    assert rebound_secrets(FILE, old, Document.parse(f"x = 1\n{text}")) == []
    assert rebound_secrets(FILE, old, Document.parse("x = 1\n")) == []
    swapped = text.replace("one", "_").replace("two", "one").replace("_", "two")
    assert rebound_secrets(FILE, old, Document.parse(swapped)) == ["one", "two"]
    assert rebound_secrets("x.toml", old, new) == []
    (folder / "a b.secrets.toml").unlink()
    assert rebound_secrets(FILE, old, new) == []
