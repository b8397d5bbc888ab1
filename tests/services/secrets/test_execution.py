"""Which secrets a program gets, by which variables, and what is said of the others."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from sessionctl.core.secrets.secret import Secret
from sessionctl.errors import RefusedError, SessionctlError, UsageError
from sessionctl.services.secrets.entries.execution import plan_exec
from tests.together import together


def secrets(*names, referred=(), **values):
    """Return the secrets of a session that refers to some of them."""
    return SimpleNamespace(
        document=SimpleNamespace(value={"env": {str(n): {"secret": n} for n in referred}}),
        names=lambda: names,
        values=lambda wanted: {one: Secret(values.get(one, one)) for one in wanted},
        keeper=SimpleNamespace(notes=["before"]),
    )


def test_what_reads_like_a_secret_and_is_referred_to_is_passed():
    names = ("db.password", "api_token", "x.pin", "region", "old.key", "a b'c")
    found = secrets(*names, referred=("db.password", "api_token", "x.pin", "region", "a b'c"))
    plan = plan_exec(found, (), ())
    assert plan.files == {}
    assert plan.variables == {
        "DB_PASSWORD": Secret("db.password"),
        "API_TOKEN": Secret("api_token"),
        "X_PIN": Secret("x.pin"),
        "api_token": Secret("api_token"),
    }
    assert found.keeper.notes == [
        "before",
        "region: not passed, it does not read like a secret; with it: --env region=region",
        "old.key: not passed, the session does not refer to it; with it: --env OLD_KEY=old.key",
        "a b'c: not passed, it does not read like a secret; with it:"
        """ --env A_B_C='a b'"'"'c\'""",
    ]


def test_words_say_what_is_passed_and_how():
    found = secrets("x", referred=("x",), zero=b"a\0b")
    plan = plan_exec(found, ["A=x", "_b1=y"], ["F=zero"])
    assert plan.variables == {"A": Secret("x"), "_b1": Secret("y")}
    assert plan.files == {"F": Secret(b"a\0b")}
    assert plan_exec(found, [], ["F=x"]) == ({}, {"F": Secret("x")})
    assert found.keeper.notes == ["before"]


@together(
    ("found", "words", "files", "kind", "message", "hints"),
    [
        (secrets(), ["A"], [], UsageError, "exec: expected VAR=NAME",
         ["for example: --env PGPASSWORD=prod.password"]),
        (secrets(), ["1A=x"], [], UsageError, "exec: expected VAR=NAME",
         ["for example: --env PGPASSWORD=prod.password"]),
        (secrets(), ["A=x", "A=y"], [], UsageError, "exec: A: given twice", []),
        (secrets(), ["B=x", "A=x"], ["A=y", "B=y"], UsageError,
         "exec: A: given with --env and with --file", []),
        (secrets(zero=b"a\0b"), ["A=zero"], [], UsageError,
         "exec: zero: holds a zero byte, no variable can",
         ["pass it as a file: --file A=zero"]),
        (secrets("path"), [], [], RefusedError,
         "exec: path would be PATH, which decides what a program runs",
         ["if it is meant: --env PATH=path, with all others"]),
        (secrets("ld.preload"), [], [], RefusedError,
         "exec: ld.preload would be LD_PRELOAD, which decides what a program runs",
         ["if it is meant: --env LD_PRELOAD=ld.preload, with all others"]),
        (secrets("a.key", "a key"), [], [], UsageError,
         "exec: a.key and a key would both be A_KEY",
         ["say which is which: --env A_KEY='a key'"]),
        (secrets("a.key", "b", referred=("b",)), [], [], RefusedError,
         "exec: no secret would be passed",
         ["a.key: not passed, the session does not refer to it; with it: --env A_KEY=a.key",
          "b: not passed, it does not read like a secret; with it: --env b=b"]),
    ],
)  # fmt: skip
def test_what_cannot_be_passed_is_refused(found, words, files, kind, message, hints):
    with pytest.raises(SessionctlError) as caught:
        plan_exec(found, words, files)
    assert (type(caught.value), caught.value.message, list(caught.value.hints)) == (
        kind, message, hints,
    )  # fmt: skip
    assert found.keeper.notes == ["before"]


def test_without_secrets_nothing_is_passed_and_nothing_said():
    found = secrets()
    assert plan_exec(found, (), ()) == ({}, {})
    assert found.keeper.notes == ["before"]
