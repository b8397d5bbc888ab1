"""What this machine trusts while a vault key is replaced, and after that: the whole book."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

from sessionctl.core.secrets.trust_book import EntryPin, TrustBook, VaultPin
from sessionctl.services.secrets.readers.vault_change import (
    RewrappedEntry,
    VaultChange,
    _begun,
    _finished,
)

TODAY = "2026-02-03"
BOOK = TrustBook(
    {
        "old": VaultPin("2026-01-01", ("/r",), ("a",)),
        "older": VaultPin("2025-01-01", ("/r",), ("a",), replaced="2026-01-01"),
        "forgotten": VaultPin("2025-06-01", ("/r", "/q")),
        "elsewhere": VaultPin("2025-01-01", ("/else",), ("z",)),
    },
    {"s1": "old", "s2": "elsewhere"},
    {("s1", "p"): EntryPin(3, ("d3",)), ("s2", "p"): EntryPin(1, ("x",))},
)


def change(after, moved=()):
    """Return a change from the vault ``old`` of the folder /r to ``after``, for a and b."""
    vault = SimpleNamespace(current=SimpleNamespace(recipient=after))
    return VaultChange(SimpleNamespace(root=Path("/r")), vault, "old", ("a", "b"), (), moved)


def test_a_change_that_begins_is_remembered_so_that_it_can_be_finished():
    assert _begun(BOOK, change("old"), TODAY) == BOOK
    begun = _begun(BOOK, change("new"), TODAY)
    pin = VaultPin(TODAY, ("/r",), ("a", "b"), continues="old")
    assert begun == BOOK._replace(vaults={**BOOK.vaults, "new": pin})


def test_a_change_that_is_finished_replaces_what_was_used_here():
    entry = SimpleNamespace(name="p", digest="d4")
    moved = (RewrappedEntry(Path("/r/a.secrets.toml"), "s1", entry, 3),)
    book = _finished(_begun(BOOK, change("new"), TODAY), change("new", moved), TODAY)
    assert book.vaults == {
        "new": VaultPin(TODAY, ("/r",), ("a", "b")),
        "old": BOOK.vaults["old"]._replace(replaced=TODAY),
        "older": BOOK.vaults["older"],
        "forgotten": BOOK.vaults["forgotten"]._replace(replaced=TODAY),
        "elsewhere": BOOK.vaults["elsewhere"],
    }
    assert book.sessions == {"s1": "new", "s2": "elsewhere"}
    assert book.entries == {**BOOK.entries, ("s1", "p"): EntryPin(3, ("d3", "d4"))}


def test_a_vault_that_only_others_may_read_now_stays_in_use():
    book = _finished(BOOK, change("old"), TODAY)
    assert book.vaults["old"] == BOOK.vaults["old"]._replace(recipients=("a", "b"))
    assert book.vaults["forgotten"].replaced == TODAY
    assert book.sessions == BOOK.sessions
