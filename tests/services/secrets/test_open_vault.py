"""An opened vault: whose keys surely open it, and which of its keys others know."""

from __future__ import annotations

from types import SimpleNamespace

from sessionctl.core.secrets.identityfile import NATIVE, SSH
from sessionctl.core.secrets.vault_keys import VaultKey
from sessionctl.services.secrets.access.open_vault import (
    OpenVault,
    listed_keys,
    new_vault_key,
    open_keys,
)
from tests.together import together

SSH_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ8bn0ynRm2gD0cCxHDKw9hN0IW0A2KZMkjlmdWpcFOW"


def identity(recipient="", kind=NATIVE):
    return SimpleNamespace(recipient=recipient, kind=kind)


@together(
    "beside, kinds, own",
    [
        (f"{SSH_KEY} me@box\n", (SSH,), {SSH_KEY}), ("not a key\n", (SSH,), set()),
        (None, (SSH,), set()), (f"{SSH_KEY}\n", (NATIVE,), set()), (b"\xff", (SSH,), set()),
    ],
    ids=str,
)  # fmt: skip
def test_an_ssh_key_is_known_by_what_lies_beside_it(tmp_path, beside, kinds, own):
    if beside is not None:
        data = beside if isinstance(beside, bytes) else beside.encode()
        (tmp_path / "id_ed25519.pub").write_bytes(data)
    for place in (f"{tmp_path}/id_ed25519", f"--identity {tmp_path}/id_ed25519"):
        vault = OpenVault((), place, tuple(identity(kind=kind) for kind in kinds))
        assert vault.own_keys == own
        assert vault.sure_readers == own


def test_the_readers_that_a_vault_names_and_the_user_surely_open_it():
    identities = (identity("age1me"), identity())
    assert OpenVault((), "x", identities).own_keys == {"age1me"}
    assert OpenVault((), "x", identities).sure_readers == {"age1me"}
    vault = OpenVault((), "x", identities, frozenset({"age1other"}))
    assert vault.sure_readers == {"age1me", "age1other"}
    assert OpenVault((), "x", (), frozenset()).sure_readers == set()


def test_the_first_key_is_for_new_entries_and_the_exposed_are_known_to_others():
    key, old = new_vault_key("2026-01-02"), new_vault_key("2025-01-02")
    assert (key.created, key.is_exposed) == ("2026-01-02", False)
    assert key.recipient != old.recipient
    claimed = old._replace(recipient="age1false", is_exposed=True)
    vault = open_keys([key, claimed])
    assert vault.current.recipient == key.recipient
    assert isinstance(vault.current.key, VaultKey)
    assert vault.exposed == {old.recipient}  # computed, not believed
    assert (vault.opened_by, vault.identities, vault.readers) == ("", (), None)
    candidate = SimpleNamespace(place="p", identities=(identity("age1me"),))
    vault = open_keys([key], candidate)
    assert (vault.opened_by, vault.own_keys) == ("p", {"age1me"})


def test_the_keys_that_are_listed_are_read_also_beside_damaged_lines(tmp_path):
    recipients = tmp_path / ".age-recipients"
    place = SimpleNamespace(recipients=recipients)
    assert listed_keys(place) == ()
    key = new_vault_key("2026-01-02").recipient
    recipients.write_text(f"# {key}\nage1damaged\n{key}\n{SSH_KEY} x\n")
    assert set(listed_keys(place)) >= {key, SSH_KEY}
    recipients.write_bytes(b"\xff")
    assert listed_keys(place) == ()
