"""What a machine has seen: kept as a value, and never going back by itself."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessionctl.core.secrets.trust_book import (
    EntryPin,
    EntrySighting,
    TrustBook,
    VaultPin,
    Verdict,
    read_trust,
    write_trust,
)
from sessionctl.errors import DocumentError, ParseError
from tests.together import together

TODAY = "2026-10-03"
WORDS = st.text(max_size=8)
BOOKS = st.builds(
    TrustBook,
    st.dictionaries(
        WORDS,
        st.builds(
            VaultPin,
            WORDS,
            st.lists(WORDS, max_size=2).map(tuple),
            st.lists(WORDS, max_size=2).map(tuple),
            WORDS,
            WORDS,
        ),
        max_size=3,
    ),
    st.dictionaries(WORDS, WORDS, max_size=3),
    st.dictionaries(
        st.tuples(WORDS, WORDS),
        st.builds(
            EntryPin,
            st.integers(0, 9),
            st.lists(WORDS, max_size=2).map(tuple),
            st.booleans(),
            WORDS,
        ),
        max_size=3,
    ),
)


def seen(generation, digest, **where):
    return EntrySighting("a", generation, digest, **where)


@given(BOOKS)
def test_a_book_comes_back_as_it_was_written(book):
    assert read_trust(write_trust(book), "trust.toml") == book


WRITTEN = """\
# What sessionctl has seen of vaults and secrets on this machine; it writes this file.
format = 1

[vaults."age1a"]
since = "2026-10-01"
places = []
recipients = []

[vaults."age1b"]
since = "2026-10-03"
places = ["/here", "/th\\"ere"]
recipients = ["age1r", "age1s"]
replaced = "2026-10-04"
continues = "age1c"

[sessions."one"]
vault = "age1a"

[sessions."two"]
vault = "age1b"
secrets."a.b" = { gen = 3, digests = [], removed = true }
secrets."z" = { gen = 2, digests = ["d1", "d2"] }

[sessions."zero"]
secrets."c" = { gen = 1, digests = ["d"], loose = "/here", not_in = "c0ffee" }
"""


def test_a_book_is_written_in_the_order_of_its_names():
    accepted = VaultPin(
        "2026-10-03", ("/here", '/th"ere'), ("age1r", "age1s"), "2026-10-04", "age1c"
    )
    book = TrustBook(
        {"age1b": accepted, "age1a": VaultPin("2026-10-01")},
        {"two": "age1b", "one": "age1a"},
        {
            ("zero", "c"): EntryPin(1, ("d",), loose="/here", not_in="c0ffee"),
            ("two", "z"): EntryPin(2, ("d1", "d2")),
            ("two", "a.b"): EntryPin(3, (), is_removed=True),
        },
    )
    assert write_trust(book) == WRITTEN
    assert read_trust(WRITTEN, "trust.toml") == book


def test_the_nearest_level_with_a_vault_says_which_one_is_expected():
    book = TrustBook().with_use("age1x", "/a", "", TODAY).with_use("age1y", "/a/b/c", "", TODAY)
    levels = (("/a/b/c/d",), ("/a/b", "/a/b/c"), ("/a",))
    assert book.vault_of("/a/b/c/d", "", levels) == "age1y"
    assert book.verdict("age1y", "/a/b/c/d", "", levels) is Verdict.KNOWN
    assert book.verdict("age1x", "/a/b/c/d", "", levels) is Verdict.ANOTHER
    assert book.vault_of("/z", "", (("/y",), ("/z",))) == ""
    left = book.without_place("/a/b/c")
    assert left.vaults == {"age1x": VaultPin(TODAY, ("/a",)), "age1y": VaultPin(TODAY)}
    assert left.verdict("age1x", "/a/b/c/d", "", levels) is Verdict.KNOWN


def test_entries_go_with_the_vault_that_is_founded_anew():
    book = TrustBook().with_use("age1x", "/here", "id", TODAY).with_session("other", "age1y")
    for session in ("id", "other"):
        book = book.with_entry(session, seen(1, "d"))
    assert book.without_foreign_entries("/here", ["age1x"]) is book
    assert book.without_foreign_entries("/there", []) is book
    left = book.without_foreign_entries("/here", ["age1y"])
    assert left == book._replace(entries={("other", "a"): EntryPin(1, ("d",))})


def test_a_commit_that_lacks_an_entry_is_known_of_one_age_file_in_one_place():
    book = TrustBook().with_entry("id", seen(1, "d", loose="/here", not_in="c1"))
    assert book.entries["id", "a"] == EntryPin(1, ("d",), loose="/here", not_in="c1")
    assert book.with_entry("id", seen(1, "d", not_in="c1")).entries["id", "a"].not_in == ""
    other = book.with_entry("id", seen(1, "e", loose="/here", not_in="c1")).entries["id", "a"]
    assert other == EntryPin(1, ("d", "e"), loose="/here")
    as_it_is = book.with_entry_set("id", seen(0, "f", loose="/x", not_in="c2")).entries["id", "a"]
    assert as_it_is == EntryPin(0, ("f",), loose="/x", not_in="c2")
    assert book.with_entry_set("id", seen(0, "f", not_in="c2")).entries["id", "a"].not_in == ""


def test_a_removal_keeps_the_last_digests_and_the_higher_generation():
    book = TrustBook().with_entry("id", seen(3, "d3"))
    gone = book.with_entry_removed("id", "a", 7, ["x", "d3", "y"])
    assert gone.entries["id", "a"] == EntryPin(8, ("d3", "x", "y"), is_removed=True)
    more = gone.with_entry_removed("id", "a", 9, [f"n{number}" for number in range(9)])
    digests = tuple(f"n{number}" for number in range(1, 9))
    assert more.entries["id", "a"] == EntryPin(10, digests, is_removed=True)


def test_a_vault_that_was_never_seen_is_a_first_use():
    assert TrustBook().verdict("age1x", "/here", "id") is Verdict.FIRST_USE


def test_a_vault_is_known_in_every_place_once_it_was_used():
    book = TrustBook().with_use("age1x", "/here", "id", TODAY)
    assert book.verdict("age1x", "/here", "id") is Verdict.KNOWN
    assert book.verdict("age1x", "/there", "other") is Verdict.KNOWN
    assert book.with_use("age1x", "/here", "id", TODAY) == book
    assert book.with_use("age1x", "/there", "", TODAY).vaults["age1x"].places == ("/here", "/there")


@pytest.mark.parametrize(("place", "session"), [("/here", "other"), ("/there", "id")])
def test_another_vault_is_noticed_by_the_place_and_by_the_session(place, session):
    book = TrustBook().with_use("age1x", "/here", "id", TODAY)
    assert book.verdict("age1evil", place, session) is Verdict.ANOTHER
    assert book.vault_of(place, session) == "age1x"
    assert book.verdict("age1evil", "/there", "other") is Verdict.FIRST_USE


@pytest.mark.parametrize(("place", "session"), [("/here", "other"), ("/there", "id")])
def test_a_vault_that_is_trusted_elsewhere_does_not_take_the_place_of_this_one(place, session):
    book = TrustBook().with_use("age1x", "/here", "id", TODAY)
    book = book.with_use("age1evil", "/elsewhere", "bait", TODAY)
    assert book.verdict("age1evil", place, session) is Verdict.ANOTHER
    assert book.verdict("age1evil", "/elsewhere", "id") is Verdict.KNOWN
    assert book.verdict("age1evil", "/there", "other") is Verdict.KNOWN


def test_a_vault_that_was_replaced_is_not_used_again():
    book = TrustBook().with_vault("age1x", VaultPin(TODAY, ("/here",), replaced=TODAY))
    assert book.verdict("age1x", "/here", "id") is Verdict.REPLACED
    assert book.vault_of("/here", "id") == ""
    assert book.with_session("id", "age1x").vault_of("/there", "id") == ""


def test_a_generation_never_goes_back_by_itself():
    book = TrustBook().with_entry("id", seen(3, "d3"))
    assert book.with_entry("id", seen(2, "d2")) is book
    assert book.with_entry("id", seen(4, "d4")).entries["id", "a"] == EntryPin(4, ("d4",))
    assert book.with_entry_set("id", seen(1, "d1")).entries["id", "a"] == EntryPin(1, ("d1",))


def test_a_removal_is_a_generation():
    book = TrustBook().with_entry("id", seen(3, "d3")).with_entry_removed("id", "a", 0, ["d3"])
    assert book.entries["id", "a"] == EntryPin(4, ("d3",), is_removed=True)
    assert not book.is_expected("id", "a")
    assert book.with_entry_removed("id", "a", 0, []) == book, "twice is once"
    assert book.with_entry("id", seen(3, "d3")) is book
    again = book.with_entry("id", seen(5, "d5"))
    assert again.entries["id", "a"] == EntryPin(5, ("d5",))
    assert again.is_expected("id", "a")
    unseen = TrustBook().with_entry_removed("id", "a", 7, ["d"])
    assert unseen.entries["id", "a"] == EntryPin(8, ("d",), is_removed=True)


def test_what_was_seen_in_one_place_only_and_not_committed_is_loose():
    book = TrustBook().with_entry("id", seen(1, "d", loose="/here"))
    assert book.entries["id", "a"].loose == "/here"
    assert book.with_entry("id", seen(1, "d", loose="/here")) == book
    assert book.with_entry("id", seen(1, "d", loose="/there")).entries["id", "a"].loose == ""
    settled = book.with_entry("id", seen(1, "d"))
    assert settled.entries["id", "a"].loose == ""
    assert settled.with_entry("id", seen(1, "d", loose="/here")) == settled
    assert settled.with_entry("id", seen(2, "e", loose="/here")).entries["id", "a"].loose == "/here"


def test_the_last_digests_of_a_generation_are_kept():
    book = TrustBook()
    for number in range(12):
        book = book.with_entry("id", seen(1, f"d{number}"))
    assert book.entries["id", "a"].digests == tuple(f"d{number}" for number in range(4, 12))
    assert book.with_entry("id", seen(1, "d5")) == book


def test_recipients_are_those_that_were_accepted():
    book = TrustBook().with_recipients("age1x", ["b", "a", "b"], TODAY)
    assert book.vaults["age1x"].recipients == ("a", "b")
    assert book.with_recipients("age1x", ["c"], TODAY).vaults["age1x"].recipients == ("c",)


@together(
    "text",
    [
        "",
        "format = 2\n",
        "format = 1\nvaults = 1\n",
        "format = 1\nvaults.x = 1\n",
        "format = 1\n[vaults.x]\n",
        "format = 1\n[vaults.x]\nsince = 1\nplaces = []\nrecipients = []\n",
        "format = 1\n[vaults.x]\nsince = ''\nplaces = ''\nrecipients = []\n",
        "format = 1\n[vaults.x]\nsince = ''\nplaces = [1]\nrecipients = []\n",
        "format = 1\n[sessions.x]\nsecrets.a = { gen = '1', digests = [] }\n",
        "format = 1\n[sessions.x]\nsecrets.a = { gen = 1 }\n",
    ],
)
def test_what_is_something_else_is_refused(text):
    with pytest.raises(DocumentError) as refused:
        read_trust(text, "my trust.toml")
    assert refused.value.message == "my trust.toml: not what sessionctl wrote"
    hint = "move it away, and confirm vaults again: mv 'my trust.toml' 'my trust.toml.old'"
    assert list(refused.value.hints) == [hint]
    with pytest.raises(ParseError):
        read_trust("format = ", "trust.toml")


@together(
    "vault, place, session, levels, verdict, expected",
    [
        ("x", "/x", "", (), Verdict.KNOWN, "x"),
        ("w", "/x", "", (), Verdict.KNOWN, "x"),
        ("y", "/x", "", (), Verdict.ANOTHER, "x"),
        ("q", "/x", "", (), Verdict.ANOTHER, "x"),
        ("z", "/z", "", (), Verdict.REPLACED, ""),
        ("z", "/x", "", (), Verdict.REPLACED, "x"),
        ("x", "/z", "", (), Verdict.KNOWN, ""),
        ("x", "/new", "", (), Verdict.KNOWN, ""),
        ("q", "/new", "", (), Verdict.FIRST_USE, ""),
        ("x", "/new", "of x", (), Verdict.KNOWN, "x"),
        ("y", "/new", "of x", (), Verdict.ANOTHER, "x"),
        ("q", "/new", "of x", (), Verdict.ANOTHER, "x"),
        ("q", "/new", "of z", (), Verdict.FIRST_USE, ""),
        ("q", "/new", "of q", (), Verdict.FIRST_USE, ""),
        ("y", "/x", "", (("/new",),), Verdict.ANOTHER, ""),
        ("y", "/new", "of x", (("/new",), ("/y", "/x")), Verdict.KNOWN, "x"),
        ("q", "/new", "of x", (("/z",), ("/y",), ("/x",)), Verdict.ANOTHER, "y"),
        ("x", "/new", "of x", (("/z",), ("/y",), ("/x",)), Verdict.ANOTHER, "y"),
    ],
)
def test_a_vault_is_known_where_it_was_used_or_where_none_is_expected(
    vault, place, session, levels, verdict, expected
):
    vaults = {
        "x": VaultPin(TODAY, ("/x",)),
        "w": VaultPin(TODAY, ("/w", "/x")),
        "y": VaultPin(TODAY, ("/y",)),
        "z": VaultPin(TODAY, ("/x", "/z"), replaced=TODAY),
    }
    book = TrustBook(vaults, {f"of {name}": name for name in "xzq"})
    assert book.verdict(vault, place, session, levels) is verdict
    assert book.vault_of(place, session, levels) == expected


def test_a_secret_is_expected_once_it_was_seen_until_it_is_removed():
    book = TrustBook()
    assert book.is_expected("id", "a") is False
    book = book.with_entry("id", seen(1, "d"))
    assert (book.is_expected("id", "a"), book.is_expected("other", "a")) == (True, False)
    assert book.with_entry_removed("id", "a", 1, []).is_expected("id", "a") is False
