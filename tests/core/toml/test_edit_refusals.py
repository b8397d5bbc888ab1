"""Edits that cannot be: what is said of each, with the key, and the document stays as it was."""

from __future__ import annotations

import datetime as dt
import functools

import pytest

from sessionctl.core.keypath import KeyPath
from sessionctl.core.toml.document import Document
from sessionctl.core.toml.edit.guard import first_that_verifies, verify_whole
from sessionctl.core.toml.edit.intended_value import plain
from sessionctl.core.toml.item_edits import moved, with_value
from sessionctl.core.toml.literal import read_literal
from sessionctl.errors import EditError, GuardError, SessionctlError, UsageError
from tests.together import together

TEXT = 'a = 1\nl = [1, 2]\n[[w]]\nname = "x"\n[[w]]\nname = "y"\n[[v]]\n'
DIGITS = 4000
LARGE = 10**DIGITS
DEEP = functools.reduce(lambda inner, _: {"a": inner}, range(200), 1)
ZONE = dt.timezone(dt.timedelta(seconds=30))
NO_VALUE = "use a string, number, boolean, date, time, list or dict with string keys"


@together(
    "edit, message, hints",
    [
        (("put", "a", 1), "there is no edit put",
         ["edits are set, insert, append, delete, rename"]),
        (("append", "x", object()), "x[0]: TOML has no value for object", [NO_VALUE]),
        (("append", "l", object()), "l[2]: TOML has no value for object", [NO_VALUE]),
        (("set", "x", DEEP), "x.a.a.a...: nested deeper than 128 levels", []),
        (("set", "x", {"b": b""}), "x.b: TOML has no value for bytes", [NO_VALUE]),
        (("set", "", 1), "the document itself is a table, got an integer", []),
        (("insert", "", 1), "the document itself cannot be inserted", []),
        (("insert", "l[0]", 1, "a"), "l[0]: an array item is placed by its index", []),
        (("insert", "l[0]", 1, None, "a"), "l[0]: an array item is placed by its index", []),
        (("insert", "a", 1), "a: the key exists already", ["set changes its value"]),
        (("append", "a", 1), "a: only an array takes items, got an integer", []),
        (("delete", ""), "the document itself cannot be deleted", []),
        (("rename", "l[0]", "b"), '"l[0]": only keys have names, an array item has none', []),
        (("rename", "", "b"), '"": only keys have names, an array item has none', []),
        (("rename", "a", "l"), "l: the key exists already", []),
        (("set", "b[1]", 1), "b[1]: there is no such item to change", []),
        (("set", "a", object()), "a: TOML has no value for object", [NO_VALUE]),
        (("set", "a", [None]), "a[0]: TOML has no value for NoneType", [NO_VALUE]),
        (("set", "a", {1: 2}), "a: the keys of a table are strings, got int", []),
        (("set", "a", {"b": "\ud800"}),
         "a.b: half of a surrogate pair, U+D800, is not Unicode text", []),
        (("set", "a", "x\udfff"), "a: half of a surrogate pair, U+DFFF, is not Unicode text", []),
        (("set", "a", LARGE), f"a: the integer has more than {DIGITS} digits", []),
        (("set", "a", dt.datetime(2026, 1, 2, tzinfo=ZONE)),
         "a: TOML has no time offset with seconds, got 0:00:30", []),
        (("set", "a", dt.time(1, tzinfo=dt.UTC)),
         "a: a time without a date has no offset in TOML", []),
    ],
    ids=lambda value: repr(value)[:60] if not isinstance(value, tuple) else value[0],
)  # fmt: skip
def test_an_edit_that_cannot_be_names_the_key(edit, message, hints):
    document = Document.parse(TEXT)
    with pytest.raises(SessionctlError) as caught:
        document.apply([edit])
    assert caught.value.message == message
    assert list(caught.value.hints) == hints
    assert document.text == TEXT


@together(
    "path, where, other, message",
    [
        ("a", "first", None, "a: it is no item of an array, only those have an order"),
        ("", "first", None, ": it is no item of an array, only those have an order"),
        ("w[0]", "before", "v[0]", "v[0]: it is not in the same array as w[0]"),
        ("w[0]", "after", "a", "a: it is not in the same array as w[0]"),
    ],
)
def test_only_items_of_one_array_have_an_order(path, where, other, message):
    with pytest.raises(EditError) as caught:
        moved(Document.parse(TEXT), KeyPath.parse(path), where, other and KeyPath.parse(other))
    assert caught.value.message == message


@together(
    "text, kind, message, hint",
    [
        ("x", "integer", "the value is not an integer, got a string", "such as 8080"),
        ("1.5", "integer", "the value is not an integer, got a float", "such as 8080"),
        ("x", "float", "the value is not a float, got a string", "such as 0.5"),
        ("1", "boolean", "the value is not a boolean, got an integer", "true or false"),
        ("x", "datetime", "the value is not a datetime, got a string",
         "such as 2026-01-02T03:04:05Z, 2026-01-02 or 03:04:05"),
        ("{}", "array", "the value is not an array, got a table", """such as '["nvim", "src"]'"""),
        ("[]", "table", "the value is not a table, got an array",
         """such as '{ secret = "prod.password" }'"""),
        ("9" * 4001, None, "the integer has more than 4000 digits", "with --string it is a string"),
        ("9" * 400, "float", "the value is larger than a float can be", None),
    ],
    ids=lambda value: str(value)[:40],
)  # fmt: skip
def test_a_value_that_is_not_of_the_kind_is_refused(text, kind, message, hint):
    with pytest.raises(UsageError) as caught:
        read_literal(text, kind)
    assert (caught.value.message, list(caught.value.hints)) == (message, [hint] if hint else [])


@together(
    "text, path, message",
    [
        ("[[a]]\nid = 1\n", "a[id=x].b", "a[id=x]: id is a number in the others, got 'x'"),
        ("[[a]]\nid = 1\n", "a[id=-].b", "a[id=-]: id is a number in the others, got '-'"),
        ("a = [1]\n", "a[name=x].b", 'a[name=x].b: "a" has 1 item, and no item [name=x]'),
        ("a = [{ name = 'y' }, 1]\n", "a[2].b", 'a[2].b: "a" has 2 items, and no item [2]'),
    ],
)
def test_an_item_that_cannot_be_made_says_why(text, path, message):
    with pytest.raises(SessionctlError) as caught:
        with_value(Document.parse(text), KeyPath.parse(path), 1)
    assert caught.value.message == message


def test_a_number_below_zero_is_one_too():
    document = with_value(Document.parse("[[a]]\nid = 1\n"), KeyPath.parse("a[id=-2].b"), 3)
    assert document.value == {"a": [{"id": 1}, {"id": -2, "b": 3}]}


def test_an_edit_that_does_not_verify_is_a_bug_to_report():
    hint = ["nothing was changed; please report this with the file and the command"]
    marked = Document.parse("\ufeffa = 1\n", "x.toml")
    bare = Document.parse("a = 1\n")
    other = Document("a = 2\n", {"a": 1}, bare.statements)
    broken = Document("a = \n", {"a": 1}, bare.statements)
    for act, message in (
        (
            lambda: first_that_verifies(bare, {}, iter(())),
            "document: the edit did not verify, no layout gives the value asked for",
        ),
        (
            lambda: verify_whole(marked, bare),
            "x.toml: the edit did not verify, the byte order mark would be lost",
        ),
        (
            lambda: verify_whole(bare, other),
            "document: the edit did not verify, "
            "the result has another value than the one asked for",
        ),
        (
            lambda: verify_whole(bare, broken),
            "document: the edit did not verify, the result is not TOML: Invalid value "
            "(at line 1, column 5)",
        ),
    ):
        with pytest.raises(GuardError) as caught:
            act()
        assert (caught.value.message, list(caught.value.hints)) == (message, hint)


class Moment(dt.datetime):
    """A moment as another library has it."""


def zone(minutes):
    return dt.timezone(dt.timedelta(minutes=minutes))


@together(
    "value, text",
    [
        (dt.datetime(2026, 1, 2, tzinfo=zone(1)), "2026-01-02T00:00:00+00:01"),
        (dt.datetime(2026, 1, 2, tzinfo=zone(-61)), "2026-01-02T00:00:00-01:01"),
        (Moment(2026, 1, 2, 3, 4, 5, 600, fold=1), "2026-01-02T03:04:05.0006"),
        (dt.datetime(2026, 1, 2, 3, 4, tzinfo=dt.UTC), "2026-01-02T03:04:00Z"),
        (dt.date(2026, 1, 2), "2026-01-02"),
        (dt.time(1, 2, 3, 4, fold=1), "01:02:03.000004"),
    ],
)  # fmt: skip
def test_a_moment_is_written_to_its_last_digit(value, text):
    document = Document.parse("").set("a", value)
    assert document.text == f"a = {text}\n"
    assert type(document.value["a"]) in (dt.datetime, dt.date, dt.time)
    assert plain(value, KeyPath()) == value
    assert getattr(plain(value, KeyPath()), "fold", 0) == 0
    assert type(plain(value, KeyPath())) in (dt.datetime, dt.date, dt.time)
