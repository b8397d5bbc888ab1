"""What a host may not ask for: names, versions and values, each refused with its place."""

from __future__ import annotations

import datetime as dt
import enum

import pytest

from sessionctl.errors import SessionctlError, UsageError
from sessionctl.sdk.provider import Provider, Veto, check_provider
from sessionctl.sdk.sessions.session_place import check_app, find_place, session_file
from sessionctl.sdk.states.provider_side import migrated, reason_of
from sessionctl.sdk.states.state_text import checked_state
from sessionctl.services.machine import Machine
from tests.together import together

ADA = Machine({"HOME": "/home/ada"})
IN_TOML = "leave the key out, or give a string, number, true, false, date, list or table"


def refusal(call, *arguments, **more):
    with pytest.raises(UsageError) as caught:
        call(*arguments, **more)
    return caught.value.message, list(caught.value.hints)


@together("name", ["", ".a", "-a", "a/b", "a\\b", "a\n", "a" * 101], ids=repr)
def test_a_name_that_no_file_can_have_is_refused(name):
    expected = f'application "{name}": expected a plain name such as "pgdesk"', []
    assert refusal(check_app, name) == expected
    if name:
        assert refusal(session_file, ADA, "pgdesk", name) == (
            f'session "{name}": expected a plain name without a dot', [],
        )  # fmt: skip


def test_the_file_of_a_session_is_named_after_the_application():
    folder = "/home/ada/.config/sessionctl/sessions"
    assert session_file(ADA, "pg.desk", "") == f"{folder}/pg.desk.session.toml"
    assert session_file(ADA, "pgdesk", "work") == f"{folder}/pgdesk.work.session.toml"
    assert session_file(ADA, "a" * 100, "b" * 100)
    assert refusal(session_file, ADA, "pgdesk", "a.b")[0].startswith('session "a.b": expected')
    assert find_place(ADA, "pgdesk", path="/x/../y.toml") == ("/y.toml", None)
    assert find_place(ADA, "pgdesk").file == f"{folder}/pgdesk.session.toml"


@together(
    "asked, message",
    [
        ({"path": "x", "is_isolated": True},
         "an isolated instance has a file of its own: no path, no session"),
        ({"session": "x", "adopt": "newest"},
         "an isolated instance has a file of its own: no path, no session"),
        ({"path": "x", "session": "y"}, "give a path or the name of a session, not both"),
        ({"path": ""  , "session": "y"}, "give a path or the name of a session, not both"),
    ],
    ids=str,
)  # fmt: skip
def test_a_place_is_asked_for_in_one_way(asked, message):
    assert refusal(find_place, ADA, "pgdesk", **asked) == (message, [])


@together(
    "name, version, message",
    [
        ("", 1, 'provider "": expected a name, other than "versions"'),
        ("versions", 1, 'provider "versions": expected a name, other than "versions"'),
        ("a\n", 1, 'provider "a\n": expected a name, other than "versions"'),
        ("a", 0, "provider a: version: expected 1 or more, got 0"),
        ("a", True, "provider a: version: expected 1 or more, got True"),
        ("a", "1", "provider a: version: expected 1 or more, got 1"),
    ],
    ids=repr,
)
def test_a_provider_has_a_name_and_a_version(name, version, message):
    assert refusal(check_provider, Provider(name, dict, print, version)) == (message, [])
    check_provider(Provider("a", dict, print, 1))


class Number(int):
    pass


class Kind(enum.StrEnum):
    ONE = "one"


@together(
    "state, message, hints",
    [
        (1, "provider p: get: expected a table, got int", []),
        (None, "provider p: get: expected a table, got NoneType", []),
        ({1: 2}, "provider p: expected keys that are strings, got 1", []),
        ({"a": {None: 2}}, "provider p.a: expected keys that are strings, got None", []),
        ({"a": None}, "provider p.a: nothing (None) cannot be written in TOML", [IN_TOML]),
        ({"a": [{"b": b"x"}]}, "provider p.a[0].b: a bytes cannot be written in TOML", [IN_TOML]),
        ({"a": 2**63}, "provider p.a: an integer of more than 64 bits", []),
        ({"a": -(2**63) - 1}, "provider p.a: an integer of more than 64 bits", []),
        ({"a": "\ud800"}, "provider p.a: half of a surrogate pair, U+D800, is not text", []),
        ({"\udfff": 1}, "provider p: half of a surrogate pair, U+DFFF, is not text", []),
    ],
    ids=lambda value: ascii(value)[:40],
)
def test_a_state_is_made_of_what_toml_has(state, message, hints):
    assert refusal(checked_state, "p", state) == (message, hints)


def test_a_state_keeps_its_values_and_numbers_of_other_libraries_become_plain():
    day = dt.date(2026, 1, 2)
    state = {"a": Number(5), "k": Kind.ONE, "t": (1, 2.5), "d": day, "m": 2**63 - 1, "é": True}
    made = checked_state("p", state)
    assert made == {"a": 5, "k": "one", "t": [1, 2.5], "d": day, "m": 2**63 - 1, "é": True}
    assert [type(made[key]) for key in "akt"] == [int, str, list]


@together(
    "version, migrate, reason",
    [
        (3, None, "its state has version 3, newer than 2; left as it is"),
        (1, None, "its state has version 1, and there is no migration to 2"),
        (1, lambda *_: 1, "migrate made a int of its state, expected a table"),
    ],
    ids=str,
)
def test_a_state_that_cannot_be_migrated_is_left(version, migrate, reason):
    with pytest.raises(Veto, match=f"^{reason}$"):
        migrated(Provider("p", dict, print, 2, migrate), {}, version)


def test_a_state_is_migrated_from_its_version():
    migrate = lambda state, version: {**state, "from": version}  # noqa: E731
    assert migrated(Provider("p", dict, print, 2, migrate), {"a": 1}, 1) == {"a": 1, "from": 1}


@together(
    "error, reason",
    [
        (SessionctlError("a: b", hints=["c"]), "a: b"),
        (ValueError("x\n  y"), "ValueError: x y"),
        (KeyError(), "KeyError"),
    ],
    ids=repr,
)
def test_why_something_failed_is_one_line(error, reason):
    assert reason_of(error) == reason
