"""Everything that speaks against an entry is told, and what may be overruled."""

from __future__ import annotations

import pytest

from sessionctl.core.secrets import objection
from sessionctl.core.secrets.envelope import Envelope, seal_key
from sessionctl.core.secrets.objection import ObjectionKind, judge
from sessionctl.core.secrets.secret import Secret
from tests.together import together

KEY = seal_key(Secret("k"))
BIND = {"driver": "postgres", "host": "db", "port": 5432}
GOOD = Envelope("id", "a", 1, BIND, "age1x", Secret("canary")).sealed(KEY)


TEXTS = {
    ObjectionKind.UNSEALED: "it was written without a key and is unconfirmed",
    ObjectionKind.FALSE_SEAL: "its seal is false: it was forged or changed",
    ObjectionKind.FOREIGN_SESSION: "it belongs to another session",
    ObjectionKind.FOREIGN_NAME: "it is the entry of another secret",
}


def told(envelope, **changes):
    expected = {"session": "id", "name": "a", "bind": BIND, **changes}
    return {found.fault: found.text for found in judge(envelope, KEY, **expected)}


def test_nothing_speaks_against_what_is_in_order():
    assert told(GOOD) == {}
    assert told(GOOD, bind=dict(reversed(BIND.items()))) == {}


@pytest.mark.parametrize(
    ("envelope", "changes", "faults"),
    [
        (GOOD._replace(tag=""), {}, {ObjectionKind.UNSEALED}),
        (GOOD._replace(tag="x"), {}, {ObjectionKind.FALSE_SEAL}),
        (GOOD._replace(value=Secret("x")), {}, {ObjectionKind.FALSE_SEAL}),
        (GOOD, {"session": "other"}, {ObjectionKind.FOREIGN_SESSION}),
        (GOOD, {"name": "b"}, {ObjectionKind.FOREIGN_NAME}),
        (GOOD, {"bind": {}}, {ObjectionKind.DESTINATION}),
        (
            GOOD._replace(tag=""),
            {"session": "o", "name": "b", "bind": []},
            {
                ObjectionKind.UNSEALED,
                ObjectionKind.FOREIGN_SESSION,
                ObjectionKind.FOREIGN_NAME,
                ObjectionKind.DESTINATION,
            },
        ),
    ],
)
def test_each_fault_is_told(envelope, changes, faults):
    found = told(envelope, **changes)
    assert found.keys() == faults
    assert all(found[fault] == TEXTS[fault] for fault in faults & TEXTS.keys())
    assert "canary" not in repr(judge(envelope, KEY, session="", name="", bind={}))


@together(
    ("before", "after", "text"),
    [
        (BIND, {**BIND, "host": "evil"}, 'its destination changed: host: "db" -> "evil"'),
        (BIND, {**BIND, "tls": False}, "its destination changed: tls: none -> false"),
        (
            {"a": 1, "b": 1},
            {"c": 1},
            "its destination changed: a: 1 -> none, b: 1 -> none, c: none -> 1",
        ),
        (
            {},
            BIND,
            "nothing referred to it when it was set, and now it goes somewhere:"
            " driver postgres at db:5432",
        ),
        (BIND, {}, "it is no longer referred to"),
        (
            BIND,
            [BIND, {"env": "X"}],
            "the places that refer to it changed: driver postgres at db:5432"
            " -> driver postgres at db:5432; env X",
        ),
        (
            [{"host": "db", "user": "ada"}, 3],
            {"z": "a b", "b": ""},
            'the places that refer to it changed: at db as user ada; 3 -> b "", z "a b"',
        ),
        ({"port": 1}, {"port": True}, "its destination changed: port: 1 -> true"),
        (
            {"host": "a", "key": 1},
            {"rules": 2, "key": 2, "connection": {"host": "b"}},
            'its destination changed: host: "a" -> "b"',
        ),
        (
            {"key": 1},
            {"rules": 2, "key": 2},
            "its destination changed: key: 1 -> 2, rules: none -> 2",
        ),
        (
            {"rules": 2, "key": 1, "connection": {"host": "a"}},
            {"rules": 2, "key": 2, "connection": {"host": "a"}},
            "its destination changed: key: 1 -> 2",
        ),
    ],
)
def test_a_changed_destination_is_told_field_by_field(before, after, text):
    envelope = GOOD._replace(bind=before).sealed(KEY)
    assert told(envelope, bind=after)[ObjectionKind.DESTINATION] == text


def test_what_was_forged_or_moved_is_not_to_be_accepted():
    assert {fault for fault in ObjectionKind if fault.can_be_accepted} == {
        ObjectionKind.UNSEALED, ObjectionKind.OLD_KEY,
        ObjectionKind.DESTINATION, ObjectionKind.ROLLED_BACK,
    }  # fmt: skip


def test_secrets_among_the_fields_of_a_destination_are_masked():
    bind = {"driver": "acme", "api_key": "canary-1", "url": "https://me:canary-2@h/"}
    sealed = GOOD._replace(bind=bind).sealed(KEY)
    now = {"driver": "acme", "url": "https://me:canary-3@other/"}
    (objection,) = judge(sealed, KEY, session="id", name="a", bind=now)
    assert "canary" not in objection.text
    assert 'api_key: "***" -> none' in objection.text
    assert 'url: "https://me:***@h/" -> "https://me:***@other/"' in objection.text


def test_where_a_secret_goes_is_said_in_words():
    place = {"driver": "postgres", "host": "localhost", "port": 5432, "user": "app b"}
    told = objection._changed({}, ({"rules": 2, "key": ["password"], "connection": place}, None))
    assert told.endswith(
        'somewhere: driver postgres at localhost:5432 as user "app b", key ["password"]'
    )


def test_what_an_older_version_bound_is_compared_with_what_it_would_bind_now():
    envelope = GOOD._replace(bind={"host": "a"}).sealed(KEY)
    now = {"rules": 2, "connection": {"host": "a"}}
    assert told(envelope, bind=now, older={"host": "a"}) == {}
    assert told(envelope, bind=now, older={"host": "b"}) == {
        ObjectionKind.DESTINATION: 'its destination changed: host: "a" -> "b"'
    }


def test_what_an_older_binding_had_is_compared_with_what_it_would_be_now():
    older = {"driver": "postgres", "host": "evil"}
    for before, after, text in (
        # Without rules on either side, or with them on both, it is no older binding.
        ({"host": "a"}, {"host": "b"}, 'host: "a" -> "b"'),
        (
            {"driver": "postgres", "host": "db"},
            {"rules": 2, "connection": {"host": "x"}},
            'host: "db" -> "evil"',
        ),
        (
            {"rules": 2, "connection": {"host": "a"}},
            {"rules": 2, "connection": {"host": "b"}},
            'host: "a" -> "b"',
        ),
    ):
        envelope = GOOD._replace(bind=before).sealed(KEY)
        found = told(envelope, bind=after, older=older)[ObjectionKind.DESTINATION]
        assert found == f"its destination changed: {text}"
