"""The keys of this user: whether one opens a place, and what is sealed to them alone."""

from __future__ import annotations

import pytest

from sessionctl.core.secrets.agefile import BEGIN
from sessionctl.errors import LockedError, RefusedError
from sessionctl.services.machine import Machine
from sessionctl.services.secrets.access.secret_context import SecretContext, explicit_identity
from sessionctl.services.secrets.access.secret_place import SecretPlace
from sessionctl.services.secrets.own_keys import OwnKey, OwnKeys, missing_key
from sessionctl.services.secrets.own_seal import OwnSeal
from tests.sidecars import key

NOBODY = 2**31 - 9
FILE = "c/sessionctl/identities.txt"


@pytest.fixture
def home(tmp_path):
    """A home with a key, whose path is that of ``FILE``."""
    path = tmp_path / FILE
    path.parent.mkdir(parents=True)
    path.write_text(f"{key()[0]}\n")
    path.chmod(0o600)
    return tmp_path


def machine(home, **more):
    return Machine({"HOME": str(home), "XDG_CONFIG_HOME": f"{home}/c", **more})


def seal(machine):
    return OwnSeal(SecretContext(machine, "2026-02-03", explicit_identity(machine.environ)))


def test_what_is_sealed_opens_with_a_key_of_this_user_alone(home, tmp_path):
    own = seal(machine(home))
    sealed = own.seal("words")
    assert own.recipients() == [str(key()[1])]
    assert sealed.startswith(BEGIN)
    assert "words" not in sealed
    assert own.open(sealed) == "words"
    assert own.open("no age file") is None
    other = seal(machine(tmp_path / "other"))
    assert (other.recipients(), other.seal("words"), other.open(sealed)) == ([], None, None)


def test_without_a_home_a_key_counts_that_is_asked_for(home):
    asked = seal(Machine({"SESSIONCTL_IDENTITY_FILE": str(home / FILE)}, user_id=NOBODY))
    assert asked.open(asked.seal("words")) == "words"
    none = seal(Machine({}, user_id=NOBODY))
    assert (none.seal("words"), none.open(asked.seal("words"))) == (None, None)


def test_a_key_that_others_may_read_is_refused_to_seal_and_opens_nothing(home):
    sealed = seal(machine(home)).seal("words")
    (home / FILE).chmod(0o644)
    own = seal(machine(home, SESSIONCTL_IDENTITY_FILE=str(home / FILE)))
    assert own.open(sealed) is None
    with pytest.raises(RefusedError):
        own.seal("words")
    (home / FILE).unlink()
    with pytest.raises(LockedError):
        own.seal("words")
    assert own.open(sealed) is None


def place_with(home, *readers, vault=True):
    (home / ".age-recipients").write_text("".join(f"{one}\n" for one in readers))
    place = SecretPlace(home / "a.session.toml", home / "a.secrets.toml", home, home)
    if vault:
        place.vault.parent.mkdir()
        place.vault.touch()
    return place


def test_the_keys_are_told_where_none_is_a_reader(home):
    other = "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj"
    own = OwnKeys((OwnKey(str(key()[1]), str(home / FILE)),))
    here = machine(home)
    assert missing_key(here, place_with(home, other, vault=False)) is None
    place = place_with(home, other)
    assert missing_key(here, place) == own
    assert missing_key(machine(home / "none"), place) == OwnKeys(())
    assert missing_key(machine(home, SESSIONCTL_IDENTITY_FILE="none"), place) is None
    place.recipients.write_text(f"{other}\n{key()[1]}\n")
    assert missing_key(here, place) is None
    place.recipients.unlink()
    assert missing_key(here, place) is None
