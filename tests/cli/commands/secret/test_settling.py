"""With a key, two age files of one value are one change of a sidecar, and no others."""

from __future__ import annotations

import pytest

from sessionctl.core.secrets.sidecar import Sidecar
from sessionctl.core.secrets.sidecar_merge import EntryClash
from sessionctl.services.machine import Machine
from sessionctl.services.secrets.access.secret_context import SecretContext
from sessionctl.services.secrets.access.vault_keeper import VaultKeeper
from sessionctl.services.secrets.entries.entry_merge import settle_clashes
from tests.desk import FILE, ID, NAME, SESSION
from tests.sidecars import armored


def context(desk, **more):
    machine = Machine(desk.environ)
    return SecretContext(machine, today="2026-11-25", **more)


def settle(desk, *clashes, session=ID, **more):
    path = str(desk.folder / "api.secrets.toml")
    return settle_clashes(VaultKeeper(context(desk, **more)), path, session, clashes)


@pytest.fixture
def versions(desk):
    """Return a function that gives an age file of a value: another one each time."""

    def version(value, **more):
        before = desk.sidecar.read_text()
        desk.set(b"something else", **more)
        desk.set(value, **more)
        armor = desk.entries()[more.get("name", NAME)].armor.strip()
        desk.sidecar.write_text(before)
        return armor

    return version


def test_one_value_in_two_age_files_is_no_clash(desk, versions):
    base, one, two = versions(b"old"), versions(b"new"), versions(b"new")
    assert settle(desk, EntryClash(NAME, base, one, two)).keys() == {NAME}
    assert settle(desk, EntryClash(NAME, "", one, two)).keys() == {NAME}


def test_the_newer_of_two_equal_ones_is_taken(desk, versions):
    one = desk.entries()[NAME].armor.strip()
    two = versions(b"hunter2")
    assert settle(desk, EntryClash(NAME, "", one, two)) == {NAME: "theirs"}
    assert settle(desk, EntryClash(NAME, "", two, one)) == {NAME: "ours"}


def test_a_side_that_only_encrypted_anew_gives_way(desk, versions):
    base, same, new = versions(b"old"), versions(b"old"), versions(b"new")
    assert settle(desk, EntryClash(NAME, base, same, new)) == {NAME: "theirs"}
    assert settle(desk, EntryClash(NAME, base, new, same)) == {NAME: "ours"}


def test_two_values_are_a_clash(desk, versions):
    base, one, two = versions(b"old"), versions(b"one"), versions(b"two")
    assert settle(desk, EntryClash(NAME, base, one, two)) == {}
    assert settle(desk, EntryClash(NAME, "", one, two)) == {}


def test_one_value_for_two_destinations_is_a_clash(desk, versions):
    one = versions(b"new")
    desk.session.write_text(SESSION.replace("db.example.org", "other.example.org"))
    assert settle(desk, EntryClash(NAME, "", one, versions(b"new"))) == {}


def test_what_is_forged_or_of_another_session_settles_nothing(desk, versions):
    one, two = versions(b"new"), versions(b"new")
    assert settle(desk, EntryClash(NAME, "", one, armored("x"))) == {}
    assert settle(desk, EntryClash(NAME, "", one, "no age file")) == {}
    assert settle(desk, EntryClash("other", "", one, two)) == {}
    assert settle(desk, EntryClash(NAME, "", one, two), session="another") == {}
    assert settle(desk, EntryClash(NAME, armored("y"), versions(b"a"), versions(b"b"))) == {}
    unsealed = desk.elsewhere("friend")
    unsealed.set(b"new")
    assert settle(desk, EntryClash(NAME, "", one, unsealed.entries()[NAME].armor.strip())) == {}


def test_nothing_is_settled_without_a_key_or_with_a_vault_that_is_not_known(desk, versions):
    one, two = versions(b"new"), versions(b"new")
    clash = EntryClash(NAME, "", one, two)
    assert settle(desk.elsewhere("friend"), clash) == {}
    recipient = Sidecar.parse(desk.sidecar.read_text()).vault
    assert settle(desk, clash, trusted_vault=recipient)
    assert settle(desk, clash, trusted_vault="age1other") == {}
    desk.trust.unlink()
    assert settle(desk, clash) == {}
    assert not desk.trust.exists(), "nothing is stored"


def test_a_file_of_another_kind_settles_nothing(desk):
    keeper = VaultKeeper(context(desk))
    assert settle_clashes(keeper, str(desk.folder / FILE) + ".bak", ID, []) == {}
