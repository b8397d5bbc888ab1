"""A key of this user: made once, for him alone, with a passphrase or without."""

from __future__ import annotations

import os
from types import SimpleNamespace

import pytest

from sessionctl.core.secrets.identityfile import read_identity_file
from sessionctl.core.secrets.secret import Secret
from sessionctl.errors import FileError
from sessionctl.services.secrets import user_key
from sessionctl.services.secrets.user_key import plan_key
from tests.quick_passphrase import sealed


def context(tmp_path):
    return SimpleNamespace(config=tmp_path / "config", today="2026-01-02")


def test_a_key_is_made_where_it_is_looked_for_first(tmp_path):
    made = plan_key(context(tmp_path), None)
    path = tmp_path / "config" / "identities.txt"
    [step] = made.plan()
    assert (made.path, step) == (path, made.write)
    assert (step.render(), step.data()) == (
        f"make {path}", {"action": "write-key", "path": path},
    )  # fmt: skip
    step.carry_out(None)
    assert os.stat(path).st_mode & 0o777 == 0o600
    lines = path.read_text().splitlines()
    assert lines[:2] == ["# created: 2026-01-02", f"# public key: {made.recipient}"]
    [line] = read_identity_file(Secret(path.read_bytes()))
    assert line.secret.text == lines[2]
    assert made.recipient.startswith("age1")
    assert "AGE-SECRET-KEY" not in repr(made)
    with pytest.raises(FileError):
        step.carry_out(None)  # none that is there is replaced
    with pytest.raises(FileError) as caught:
        plan_key(context(tmp_path), None)
    assert caught.value.message == f"{path}: there is a key already, it is kept"
    assert list(caught.value.hints) == ["store a secret with it: sessionctl secret set FILE NAME"]


def test_a_passphrase_is_put_before_it(tmp_path, monkeypatch):
    asked = []

    def encrypt(content, passphrase):
        asked.append((content.reveal(), passphrase.text))
        return sealed(content.reveal(), passphrase.text)

    monkeypatch.setattr(user_key.age, "encrypt_with_passphrase", encrypt)
    made = plan_key(context(tmp_path), Secret("correct horse"))
    made.write.carry_out(None)
    [(content, passphrase)] = asked
    assert passphrase == "correct horse"
    assert f"# public key: {made.recipient}".encode() in content
    text = (tmp_path / "config" / "identities.txt").read_text()
    assert text.startswith("-----BEGIN AGE ENCRYPTED FILE-----\n")
    assert "AGE-SECRET-KEY" not in text
    opened = user_key.age.decrypt_with_passphrase(text.encode(), Secret("correct horse"), "x")
    assert opened.reveal() == content


def test_a_passphrase_seals_in_text_that_can_be_mailed(monkeypatch):
    asked = []

    def encrypt(data, passphrase, *, armored):
        asked.append((data, passphrase, armored))
        return b"text"

    library = SimpleNamespace(passphrase=SimpleNamespace(encrypt=encrypt))
    monkeypatch.setattr(user_key.age, "pyrage", library)
    for secret, passphrase in (("pw", "pw"), (b"\xff", "")):
        assert user_key.age.encrypt_with_passphrase(Secret(b"data"), Secret(secret)) == "text"
        assert asked.pop() == (b"data", passphrase, True)
