"""Names of files that look like sessions and are none."""

from __future__ import annotations

from sessionctl.core.filename import SESSION_SUFFIX, SIDECAR_SUFFIX
from sessionctl.core.leftover import is_leftover, is_losing_copy, winner_of
from tests.together import together

SESSIONS = [
    "api.session.toml",
    "api.secrets.toml",
    ".api.session.toml",
    "_api.session.toml",
    "api (1).session.toml",
    "api.old.session.toml",
    "conflict.session.toml",
    "conflicted copy.session.toml",
    "orig.session.toml",
    "~.session.toml",
    "api.session.toml##os.Linux",
    "caf\u00e9.session.toml",
]
LEFTOVERS = [
    "._api.session.toml",
    "._.session.toml",
    ".#api.session.toml",
    "#api.session.toml#",
    ".~api.session.toml",
    ".~lock.api.session.toml#",
    "~$api.session.toml",
    "api.session.toml~",
    "api.session.toml.orig",
    "api.session.toml.rej",
    "api.session.toml.bak",
    ".api.session.toml.swp",
    ".api.session.toml.swx",
    "api.session.toml.part",
    "api.session.toml##os.Linux~",
    "api.session.toml##os.Linux.orig",
    ".merge_file_x.session.toml",
    ".syncthing.api.session.toml",
    ".syncthing.api.session.toml.tmp",
    "~syncthing~api.session.toml.tmp",
    ".goutputstream-AB12.session.toml",
    ".sessionctl-a1.tmp",
    ".nfs000000.session.toml",
    "4913",
]
LOSERS = [
    "api.session.sync-conflict-20260102-030405-ABCDEFG.toml",
    "api.session.sync-conflict-20260102-030405.toml",
    "api.sync-conflict-20260102-030405-ABCDEFG.session.toml",
    "api.session (ada's conflicted copy 2026-01-02).toml",
    "api (conflicted copy 2026-01-02 030405).session.toml",
    "api.session (SFConflict ada@example.org 2026-01-02-03-04-05).toml",
    "api.session[conflicted].toml".replace("[", " ["),
    "api.session_conflict-20260102-030405.toml",
    "api.session.variant-7a1d.toml",
    "api.session.Conflict.toml",
]


@together("name", SESSIONS)
def test_a_session_of_an_odd_name_is_a_session(name):
    assert not is_leftover(name)


@together("name", LEFTOVERS)
def test_what_editors_and_file_carriers_leave_is_no_session(name):
    assert is_leftover(name)
    assert not is_losing_copy(name)


@together("name", LOSERS)
def test_losing_copies_are_known_by_their_names(name):
    assert is_losing_copy(name)
    assert is_leftover(name)
    assert winner_of(name) == "api.session.toml"


def test_our_own_names_are_no_leftovers():
    assert not is_leftover(f"x{SESSION_SUFFIX}")
    assert not is_leftover(f"x{SIDECAR_SUFFIX}")
