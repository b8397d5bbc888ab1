"""Vault reach: the search for what stayed behind reads each directory once."""

from __future__ import annotations

import os

import pytest

from sessionctl.core.secrets.trust_book import TrustBook, VaultPin
from sessionctl.core.secrets.vault_keys import VaultInfo, write_info
from sessionctl.services.secrets import vault_reach
from sessionctl.services.secrets.access.secret_place import find_place
from sessionctl.services.secrets.vault_reach import left_behind, reach_problem
from tests.call_log import log_calls
from tests.record import note
from tests.sidecars import key, sidecar

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


def test_the_directory_is_that_of_the_place_of_secrets_whatever_is_a_link(tmp_path):
    real, linked = tmp_path / "real", tmp_path / "linked"
    for folder in (real, linked, tmp_path / "far"):
        folder.mkdir()
    (tmp_path / "way").symlink_to(linked)
    made = {"plain": real, "both": real, "link": linked, "link_and_sidecar": linked}
    for name in made:
        (real / f"{name}.session.toml").write_text("")
    (real / "both.secrets.toml").write_text("")
    for name in ("link", "link_and_sidecar"):
        (linked / f"{name}.session.toml").symlink_to(real / f"{name}.session.toml")
    (linked / "link_and_sidecar.secrets.toml").write_text("")
    (real / "sidecar_link.session.toml").write_text("")
    (tmp_path / "far" / "sidecar_link.secrets.toml").write_text("")
    (real / "sidecar_link.secrets.toml").symlink_to(tmp_path / "far" / "sidecar_link.secrets.toml")
    sessions = [*real.glob("*.session.toml"), *linked.glob("*"), *(tmp_path / "way").glob("*")]
    assert len(sessions) == 11
    for session in map(str, sessions):
        assert vault_reach._folder_of(session) == str(find_place(session).folder), session


@pytest.fixture
def reach(tmp_path, monkeypatch):
    """Return a function that says what is wrong with the sidecar of a session below here."""
    top = tmp_path / "repo"
    for folder in (".git", "vaults", "a"):
        (top / folder).mkdir(parents=True)
    monkeypatch.chdir(top)
    (top / "a" / "x.session.toml").write_text(f'id = "{ID}"\np = {{ secret = "p" }}\n')
    (top / "a" / "x.secrets.toml").write_text(sidecar("p", session=ID))

    def look(name="a/x.session.toml", book=None):
        found = reach_problem(name, (top / name).read_text(), book)
        if found is None:
            note(f"{name}: nothing")
            return
        text = (top / name).read_text()[found.span.start : found.span.end]
        note(f"{name}: {found.severity}[{found.rule}] {found.message}\n  at {text!r}")
        note(f"  hint: {found.hint}")

    return look


def put_vault(folder, vault):
    """Make a vault in ``folder``, as far as it is read without a key."""
    (folder / ".sessionctl").mkdir(parents=True)
    (folder / ".age-recipients").write_text("")
    (folder / ".sessionctl" / "vault.age").write_text("x")
    (folder / ".sessionctl" / "vault.toml").write_text(write_info(VaultInfo(vault, "0" * 64)))


def test_what_is_out_of_reach_says_where_its_vault_is(tmp_path, reach):
    top, vault = tmp_path / "repo", str(key()[1])
    book = TrustBook({vault: VaultPin("2026-01-01", (str(tmp_path / "else"),), ())}, {}, {})
    for known in (None, TrustBook({}, {}, {}), book):
        reach(book=known)
    put_vault(tmp_path / "else", vault)
    reach(book=book)
    reach("a/x.secrets.toml", book)
    put_vault(top / "vaults", vault)
    reach()
    put_vault(top / "a", "age1other")
    reach()
    (top / "vaults" / ".sessionctl" / "vault.toml").unlink()
    reach()
    reach("a/x.secrets.toml", book)
    (top / "a" / "x.secrets.toml").write_text(sidecar(session=ID))
    reach()


def test_what_was_left_behind_is_brought_together_where_its_vault_is(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".git").mkdir()
    for folder in ("a", "b c", "d"):
        (tmp_path / folder).mkdir()
    session = tmp_path / "a" / "x.session.toml"
    session.write_text("schema_version = 1\n")
    stray = tmp_path / "b c" / "y.secrets.toml"
    stray.write_text(sidecar("p", session=ID.replace("3", "4")))
    assert left_behind("a/gone.session.toml") == "", "there is no file"
    assert left_behind("a/x.session.toml") == "", "it has no id"
    session.write_text(f'id = "{ID}"\n')
    assert left_behind("a/x.session.toml") == "", "the sidecar is that of another session"
    stray.write_text(sidecar("p", session=ID))
    assert left_behind("a/x.session.toml") == "mv -- a/x.session.toml 'b c/y.session.toml'"
    put_vault(tmp_path, str(key()[1]))
    assert left_behind("a/x.session.toml") == "mv -- 'b c/y.secrets.toml' a/x.secrets.toml"
    put_vault(tmp_path / "a", "age1other")
    assert left_behind("a/x.session.toml") == "mv -- a/x.session.toml 'b c/y.session.toml'"
    # Of a sidecar that cannot be read as one, no vault is known.
    stray.write_text(f"{ID} = \n")
    assert left_behind("a/x.session.toml") == "mv -- a/x.session.toml 'b c/y.session.toml'"
    stray.write_bytes(b"\xff" + ID.encode())
    assert left_behind("a/x.session.toml") == ""


def test_two_places_have_one_vault_unless_they_say_otherwise(tmp_path):
    places = []
    for folder, vault in (("a", "age1a"), ("b", "age1a"), ("c", "age1c"), ("d", ""), ("e", "-")):
        (tmp_path / folder).mkdir()
        if vault:
            put_vault(tmp_path / folder, vault)
        if vault == "-":
            (tmp_path / folder / ".sessionctl" / "vault.toml").write_bytes(b"\xff")
        places.append(find_place(str(tmp_path / folder / "x.session.toml")))
    found = [[vault_reach.is_same_vault(one, other) for other in places] for one in places]
    assert found == [
        [True, True, False, True, True],
        [True, True, False, True, True],
        [False, False, True, True, True],
        [True] * 5,
        [True] * 5,
    ]
