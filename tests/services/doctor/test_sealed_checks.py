"""What doctor says of sealed secrets, from made surroundings: each fault whole."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from sessionctl.services.doctor.check import CheckFault
from sessionctl.services.doctor.checks import sealed_secrets
from sessionctl.services.secrets.access.secret_place import find_place


@pytest.fixture
def scene(tmp_path, monkeypatch):
    """A repository at ``tmp_path`` with two sessions under one vault, seen from its top."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".sessionctl").mkdir()
    for name in (".age-recipients", ".sessionctl/vault.age", ".sessionctl/vault.toml"):
        (tmp_path / name).write_text("")
    sealed = []
    for name in ("a b", "c"):
        for kind in ("session", "secrets"):
            (tmp_path / f"{name}.{kind}.toml").write_text("")
        session = f"{name}.session.toml"
        sealed.append((session, find_place(str(tmp_path / session))))
    machine = SimpleNamespace(config=str(tmp_path / "config"), state=str(tmp_path / "state"))
    return SimpleNamespace(
        machine=machine, sealed=tuple(sealed), tracked=(),
        git=SimpleNamespace(cwd=tmp_path, environ={}), place=lambda path: tmp_path / path,
        shown=lambda path: path,
        repository=SimpleNamespace(work_tree=tmp_path),
    )  # fmt: skip


def tracked(*paths):
    return tuple((path, "100644") for path in paths)


def test_what_git_does_not_have_is_said_once(scene):
    def fault(path, session="a b.session.toml"):
        word = f"'{path}'" if " " in path else path
        return CheckFault(
            f"git does not have it, and {session} cannot be opened elsewhere without it",
            f"git add --force -- {word}", path,
        )  # fmt: skip

    vault = (".age-recipients", ".sessionctl/vault.age", ".sessionctl/vault.toml")
    assert list(sealed_secrets.tracked(scene)) == [
        fault("a b.secrets.toml"), *map(fault, vault),
        fault("c.secrets.toml", "c.session.toml"),
    ]  # fmt: skip
    scene.tracked = tracked("a b.secrets.toml", "c.secrets.toml", *vault)
    assert list(sealed_secrets.tracked(scene)) == []
    scene.tracked = scene.tracked[1:]
    (scene.git.cwd / "a b.secrets.toml").unlink()
    assert list(sealed_secrets.tracked(scene)) == []


def test_a_vault_is_encrypted_to_those_who_are_listed_or_it_is_said_once(scene, monkeypatch):
    listed = SimpleNamespace(fingerprint="f1")
    answers = {"listed": listed, "info": SimpleNamespace(wrapped_for="f1")}
    monkeypatch.setattr(sealed_secrets, "read_recipients", lambda _place: answers["listed"])
    monkeypatch.setattr(sealed_secrets, "read_vault_info", lambda _place: answers["info"])
    assert list(sealed_secrets.readers(scene)) == []
    answers["info"] = SimpleNamespace(wrapped_for="f2")
    assert list(sealed_secrets.readers(scene)) == [
        CheckFault(
            "the list was changed, but not the vault: someone who can read them finishes it",
            "sessionctl secret rekey", ".age-recipients",
        )
    ]  # fmt: skip
    answers["info"] = None
    assert list(sealed_secrets.readers(scene)) == []
    answers["listed"] = None
    assert list(sealed_secrets.readers(scene)) == [
        CheckFault(
            "it is gone: no recipient is listed", "git restore -- .age-recipients",
            ".age-recipients",
        )
    ]  # fmt: skip
    (scene.git.cwd / ".sessionctl" / "vault.age").unlink()
    assert list(sealed_secrets.readers(scene)) == []


def test_a_key_that_others_may_read_is_said(scene, monkeypatch):
    asked = []

    def readable(path):
        asked.append(str(path))
        return "others may read it" if path.name == "trust.toml" else None

    monkeypatch.setattr(sealed_secrets, "readable_by_others", readable)
    path = f"{scene.machine.state}/trust.toml"
    assert list(sealed_secrets.private_files(scene)) == [
        CheckFault("others may read it", f"chmod 600 {path}", path)
    ]
    assert asked == [f"{scene.machine.config}/identities.txt", path]
    scene.machine.config = scene.machine.state = None
    assert list(sealed_secrets.private_files(scene)) == []


def test_a_user_whose_key_opens_nothing_is_told_what_to_do(scene, monkeypatch):
    from sessionctl.services.secrets import own_keys

    answers = {}
    monkeypatch.setattr(own_keys, "missing_key", lambda _machine, _place: answers["own"])
    for own, message, fix in (
        (SimpleNamespace(keys=("k",)),
         "no key of yours is listed; send the line to someone who can read the secrets",
         "sessionctl key show"),
        (SimpleNamespace(keys=()),
         "you have no key on this machine, so secrets cannot be decrypted", "sessionctl key new"),
    ):  # fmt: skip
        answers["own"] = own
        assert list(sealed_secrets.own_key(scene)) == [
            CheckFault(message, fix, ".age-recipients", severity="note")
        ]
    answers["own"] = None
    assert list(sealed_secrets.own_key(scene)) == []


def test_a_key_that_git_has_is_said(scene):
    key = "AGE-SECRET-KEY-1" + "Q" * 58
    for path, text in (("keys.txt", f"{key}\n"), ("notes.md", "x"), ("old/identities.txt", "x")):
        (scene.git.cwd / path).parent.mkdir(exist_ok=True)
        (scene.git.cwd / path).write_text(text)
    scene.tracked = tracked("keys.txt", "notes.md", "old/identities.txt", "gone/keys.txt")
    [fault] = sealed_secrets.keys(scene)
    assert fault == CheckFault(fault.message, "git rm --cached -- keys.txt", "keys.txt")
    assert fault.message.endswith(", and git has it: replace it")
    assert key not in str(fault)


def test_sidecars_are_those_that_git_tracks_and_those_beside(scene):
    names = ("a b.secrets.toml", "x/y.secrets.toml", "z.toml")
    scene.tracked = tracked(*names)
    assert sealed_secrets._sidecars(scene) == list(names[:2])
    asked = []

    def run(*words):
        asked.append(words)
        return SimpleNamespace(stdout=b"x/y.secrets.toml\0\xff.secrets.toml\0")

    scene.git = SimpleNamespace(cwd=Path(), environ={"GIT_ICASE_PATHSPECS": "1"}, run=run)
    assert sealed_secrets._sidecars(scene) == ["x/y.secrets.toml", "\udcff.secrets.toml"]
    assert asked[0][:4] == ("ls-files", "-z", "--full-name", "--")
