"""Whose key a new vault is made with, and who is not let in by it."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from sessionctl.core.secrets.recipients import Recipients
from sessionctl.errors import LockedError, SessionctlError
from sessionctl.services.secrets.access.keyring import IdentityCandidate
from sessionctl.services.secrets.access.secret_place import SecretPlace
from sessionctl.services.secrets.readers.new_vault import check_seen, own_identities
from tests.sidecars import key

HERE = Path()
PLACE = SecretPlace(HERE / "a.session.toml", HERE / "a.secrets.toml", HERE, HERE)


def keeper(*candidates):
    """Return a keeper whose keyring has ``candidates``, and what is noted of them."""
    noted = []

    def locked(what, *, needs_reader):
        return LockedError(what, hints=[f"needs a reader: {needs_reader}"])

    ring = SimpleNamespace(
        candidates=lambda: iter(candidates), note=lambda *words: noted.append(words), locked=locked
    )
    return SimpleNamespace(keyring=ring), noted


def test_the_first_place_that_shows_a_recipient_is_used():
    blind, seeing = SimpleNamespace(recipient=""), SimpleNamespace(recipient="age1x")
    first, second = IdentityCandidate("a", (blind,)), IdentityCandidate("b", (blind, seeing))
    found, noted = keeper(first, second, IdentityCandidate("c", (seeing,)))
    assert own_identities(found, PLACE) is second
    assert noted == [("a", "does not show its recipient")]
    none, noted = keeper(first, first)
    with pytest.raises(SessionctlError):
        own_identities(none, PLACE)
    assert len(noted) == 2


def test_who_was_not_accepted_is_named(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    mine = str(key()[1])
    listed = Recipients(f"# Me\n{mine}\n# Eve\nssh-ed25519 {'A' * 60}\n")
    check_seen(PLACE, listed, listed.keys)
    for seen in ([mine], []):
        with pytest.raises(SessionctlError):
            check_seen(PLACE, listed, seen)
