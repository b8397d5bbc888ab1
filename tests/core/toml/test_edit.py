"""What the edits of a document do and what they refuse."""

from __future__ import annotations

import tomllib
from datetime import date, datetime, time, timedelta, timezone
from enum import IntEnum, StrEnum

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sessionctl.core.keypath import ItemKey, KeyPath
from sessionctl.core.toml.document import Document
from sessionctl.core.toml.edit import guard
from sessionctl.core.toml.edit.single_edits import put
from sessionctl.core.toml.parse.document_text import DocumentText
from sessionctl.core.toml.parse.parser import MAX_DEPTH
from sessionctl.core.toml.write.splice import CannotPlaceError, Splice, spliced
from sessionctl.core.values import same_value
from sessionctl.errors import EditError, GuardError, KeyNotFoundError, UsageError
from tests.core.toml import edited_arrays, edited_tables
from tests.core.toml.corpus import SESSION, TRICKY
from tests.strategies import documents
from tests.together import together

# -- set -----------------------------------------------------------------------------------


def test_an_equal_value_gives_the_same_document():
    document = Document.parse("a = 0x1F\nb = nan\nc = { d = [1.0] }\n")
    assert document.set("a", 31) is document
    assert document.set("b", float("nan")) is document
    assert document.set("c", {"d": [1.0]}) is document
    assert document.set((), document.value) is document


@pytest.mark.parametrize("new", [True, 1.0, "1", [1], {"b": 1}])
def test_a_value_of_another_type_is_another_value(new):
    after = Document.parse("a = 1\n").set("a", new)
    assert same_value(after.value, {"a": new})


def test_an_edit_leaves_the_document_it_is_made_from_alone():
    document = Document.parse(SESSION, "s.toml")
    after = document.set("windows[0].panes[0].name", "x")
    assert document.text == SESSION
    assert document.value == tomllib.loads(SESSION)
    assert after.name == "s.toml"


def test_a_value_that_is_changed_later_does_not_change_the_document():
    new = {"x": [1]}
    after = Document.parse("").set("a", new)
    new["x"].append(2)
    assert after.value == {"a": {"x": [1]}}


def test_paths_may_count_from_the_end_and_name_items():
    document = Document.parse(SESSION)
    for path in (
        "windows[-2].panes[-1].name",
        "windows[name=editor].panes[name=tests].name",
        ("windows", 0, "panes", ItemKey("name", "tests"), "name"),
        KeyPath(["windows", 0, "panes", 1, "name"]),
        "windows.0.panes.1.name",
    ):
        assert document.set(path, "x").get("windows[0].panes[1].name") == "x"


def test_missing_tables_and_arrays_are_made():
    document = Document.parse("")
    assert document.set("a.b.c", 1).value == {"a": {"b": {"c": 1}}}
    assert document.set("a[0].b[0]", 1).value == {"a": [{"b": [1]}]}
    assert document.insert("a.b", 1).value == {"a": {"b": 1}}
    assert document.append("a.b", 1).value == {"a": {"b": [1]}}
    assert document.append("a", {"b": 1}).text == "[[a]]\nb = 1\n"


def test_the_index_behind_the_last_item_appends():
    document = Document.parse("a = [1]\n")
    assert document.set("a[1]", 2).value == {"a": [1, 2]}
    assert document.set("a.1", 2).value == {"a": [1, 2]}
    assert document.insert("a[1]", 2).value == {"a": [1, 2]}
    assert document.insert("a[-1]", 2).value == {"a": [2, 1]}


def test_the_whole_document_may_be_set():
    document = Document.parse("# a\na = 1\n# b\nb = 2\n")
    after = document.set((), {"b": 2, "c": 3})
    assert after.text == "# b\nb = 2\nc = 3\n"


def test_a_table_keeps_what_stays_the_same_in_it():
    document = Document.parse("[t] # t\n# x\nx = 1 # one\ny = 2\n\n[t.u]\nz = 3 # three\n")
    after = document.set("t", {"x": 5, "w": 6, "u": {"z": 3}})
    assert after.text == "[t] # t\n# x\nx = 5 # one\nw = 6\n\n[t.u]\nz = 3 # three\n"


def test_an_array_keeps_what_stays_the_same_in_it():
    document = Document.parse("a = [\n  1, # one\n  2, # two\n  3, # three\n]\n")
    after = document.set("a", [0, 1, 3, 4])
    assert after.text == "a = [\n  0,\n  1, # one\n  3, # three\n  4,\n]\n"
    assert document.set("a", [1, 9, 3]).text == document.text.replace("  2,", "  9,")
    assert document.set("a", []).text == "a = []\n"


def test_an_array_comment_outlives_new_items():
    document = Document.parse("a = [\n  # none yet\n]\n")
    assert document.set("a", [1, 2]).text == "a = [\n  # none yet\n\n  1,\n  2,\n]\n"


def test_tables_without_a_name_are_matched_by_what_they_hold():
    document = Document.parse("# a\n[[a]]\nx = 1\ny = 1\n\n# b\n[[a]]\nx = 2\ny = 2\n")
    after = document.set("a", [{"x": 2, "y": 2}])
    assert after.text == "# b\n[[a]]\nx = 2\ny = 2\n"


@pytest.mark.parametrize("ends", ["[b]\nx = 1\n", ""])
def test_an_item_that_moves_takes_its_comments_with_it(ends):
    one, two = "[[a]]\nn = 1  # one\n", "# two\n[[a]]\nn = 2\n"
    text = "\n".join(filter(None, [one, two, ends]))
    swapped = Document.parse(text).set("a", [{"n": 2}, {"n": 1}]).text
    assert swapped == "\n".join(filter(None, [two, one, ends]))


def test_items_in_several_places_are_moved_too():
    text = "[[a]]\nid = 1\n\n[z]\n\n[a.b]\nx = 1\n\n[[a]]\nid = 2\n\n[[a]]\nid = 3\n"
    document = Document.parse(text)
    items = document.value["a"]
    for order in ([1, 0, 2], [2, 0, 1], [1, 2, 0], [2, 1, 0]):
        expected = [items[number] for number in order]
        assert document.set("a", expected).value == {"a": expected, "z": {}}


def test_an_item_that_moves_where_no_line_is_its_own_is_written_anew():
    document = Document.parse("a = [1,\n  2, # two\n]\n")
    assert document.set("a", [2, 1]).value == {"a": [2, 1]}


# -- delete --------------------------------------------------------------------------------


@together(
    ("text", "path", "after"),
    [
        ("a.b.c = 1\n", "a.b.c", "a.b = {}\n"),
        ("a.b.c = 1\n", "a.b", "a = {}\n"),
        ("[x]\n  a.b = 1 # one\n", "x.a.b", "[x]\n  a = {}\n"),
        ("[a.b.c]\nx = 1\n", "a.b.c", "[a.b]\n"),
        ("[a.b.c]\nx = 1\n", "a.b", "[a]\n"),
        ("[a.b.c]\nx = 1", "a.b.c", "[a.b]"),
        ("[a]\nx = 1\n", "a.x", "[a]\n"),
        ("[a]\nb.c = 1\n[a.b.d]\n", "a.b.d", "[a]\nb.c = 1\n"),
        ("a = { b = 1 }\n", "a.b", "a = {}\n"),
        ("a = { b.c = 1, d = 2 }\n", "a.b.c", "a = { b = {}, d = 2 }\n"),
        ("a = { b = 1, c = 2, d = 3 }\n", "a.b", "a = { c = 2, d = 3 }\n"),
        ("a = { b.c = 1, d = 2, b.e = 3 }\n", "a.b", "a = { d = 2 }\n"),
        ("a = [1] # one\n", "a[0]", "a = [] # one\n"),
        ("a = [1, [2, 3]]\n", "a[1][0]", "a = [1, [3]]\n"),
        ("x = 1\n\n# a\n[[a]]\ny = 1\n", "a[0]", "x = 1\na = []\n"),
        ("[[a.b]]\ny = 1\n", "a.b[0]", "[a]\nb = []\n"),
        ("a.x = 1\n[[a.b]]\ny = 1\n", "a.b[0]", "a.x = 1\na.b = []\n"),
        ("[[a]]\n[[a.b]]\ny = 1\n[[a]]\n", "a[0].b[0]", "[[a]]\nb = []\n[[a]]\n"),
        ("# c\n[a]\n", "a", ""),
        ("a = 1", "a", ""),
    ],
)
def test_what_a_deletion_empties_stays(text, path, after):
    assert Document.parse(text).delete(path).text == after
    windows = text.replace("\n", "\r\n")
    assert Document.parse(windows).delete(path).text == after.replace("\n", "\r\n")


@together(
    ("text", "index", "after"),
    [
        ("a = [1, 2, 3]\n", 1, "a = [1, 3]\n"),
        ("a = [ 1, 2 ]\n", 1, "a = [ 1 ]\n"),
        ("a = [ 1, 2, ]\n", 1, "a = [ 1, ]\n"),
        ("a = [ 1, ]\n", 0, "a = []\n"),
        ("a = [1,\n]\n", 0, "a = [\n]\n"),
        ("a = [\n  1, 2, # c\n  3\n]\n", 1, "a = [\n  1, # c\n  3\n]\n"),
        ("a = [1, # one\n  2]\n", 0, "a = [\n  2]\n"),
        ("a = [\n  1,\n\n  2,\n\n  3,\n]\n", 1, "a = [\n  1,\n\n  3,\n]\n"),
        ("a = [ 1 # A\n    , 2 # B\n    , 3\n    ]\n", 0, "a = [ 2 # B\n    , 3\n    ]\n"),
        ("a = [ 1 # A\n    , 2 # B\n    , 3\n    ]\n", 1, "a = [ 1 # A\n    , 3\n    ]\n"),
        ("a = [ 1 # A\n    , 2 # B\n    , 3 ]\n", 2, "a = [ 1 # A\n    , 2 # B\n      ]\n"),
        ("a = [\n  1\n  # c\n  , 2\n]\n", 0, "a = [\n  # c\n   2\n]\n"),
        ("a = [\n  1, # c\n  2]\n", 1, "a = [\n  1 # c\n  ]\n"),
        ("a = [\n  1\n  ,\n  2\n  ,\n]\n", 1, "a = [\n  1\n  ,\n]\n"),
        ("a = [\n  1, # 1\n\n  2, # 2\n]\n", 1, "a = [\n  1, # 1\n]\n"),
        ("a = [\n  1,\n\n  2\n]\n", 0, "a = [\n  2\n]\n"),
        ("a = [ # a\n  1,\n\n  # 2\n  2\n]\n", 0, "a = [ # a\n  # 2\n  2\n]\n"),
        ("a = [\n\n  1,\n\n  2,\n\n]\n", 1, "a = [\n\n  1,\n\n]\n"),
        ("a = [ 1\n    , 2\n\n    , 3\n]\n", 2, "a = [ 1\n    , 2\n]\n"),
    ],
)
def test_a_deleted_item_leaves_the_layout(text, index, after):
    assert Document.parse(text).delete(("a", index)).text == after
    windows = text.replace("\n", "\r\n")
    assert Document.parse(windows).delete(("a", index)).text == after.replace("\n", "\r\n")


@together("name, text, edits", edited_arrays.parts(), ids=lambda value: str(value)[:40])
def test_an_edit_of_an_item_keeps_the_layout_of_its_array(name, text, edits):
    for key, edit in edited_arrays.all_edits(text).items():
        assert edited_arrays.edited(text, edit) == edits.pop(key), key
    assert not edits


@together("name, text, edits", edited_tables.parts(), ids=lambda value: str(value)[:40])
def test_an_edit_of_a_key_changes_these_lines(name, text, edits):
    for edit, changes in edits:
        assert edited_tables.edited(name, text, edit) == changes, edit


# -- apply ---------------------------------------------------------------------------------


def test_many_edits_are_made_in_turn_and_checked_once(monkeypatch):
    calls = []
    real = guard.verify
    monkeypatch.setattr(
        "sessionctl.core.toml.edit.operations.verify",
        lambda *given: calls.append(given) or real(*given),
    )
    edits = [
        ("set", "a", 1),
        ("insert", "b", 2, "a"),
        ("append", "c.d", 3),
        ("rename", "a", "z"),
        ("delete", "c"),
    ]
    assert Document.parse("").apply(edits).text == "b = 2\nz = 1\n"
    assert len(calls) == 1


def test_no_edits_give_the_same_document():
    document = Document.parse("a = 1\n")
    assert document.apply([]) is document
    assert document.apply([("set", "a", 1)]) is document


def test_an_unknown_edit_is_a_usage_error():
    with pytest.raises(UsageError, match="there is no edit frob"):
        Document.parse("").apply([("frob", "a")])


def test_many_changes_cost_few_parses(monkeypatch):
    count = 300
    text = "".join(f"# {n}\n[[a]]\nid = {n}\nx = {n} # x\n\n" for n in range(count))
    document = Document.parse(f"list = {[*range(count)]}\n{text}")
    parses = []
    real = DocumentText.parse
    monkeypatch.setattr(DocumentText, "parse", lambda *given: parses.append(given) or real(*given))
    items = [{**item, "x": item["x"] + 1} for item in document.value["a"]]
    new = [*items[:100], *({"id": -n, "x": 0} for n in range(1, 100)), *items[200:]]
    after = document.set((), {"list": [*range(0, count, 2), *range(900, 950)], "a": new})
    assert 0 < len(parses) < 10
    assert after.text.count("# x\n") == 200
    assert after.text.startswith(f"list = {after.value['list']}\n# 0\n")


@pytest.mark.parametrize("broken", ["", "batch_edits.verified", "array_elements.rewrite_items"])
def test_many_changes_at_once_are_those_made_one_by_one(monkeypatch, broken):
    if broken:
        answer = Splice(0, 0, "?") if broken.endswith("items") else None
        monkeypatch.setattr(f"sessionctl.core.toml.edit.{broken}", lambda *_: answer)
    text = (
        "x = 1 # x\ny = 2 # y\nlist = [\n" + "".join(f"  {n},\n" for n in range(9)) + "]\n"
        "\n# 1\n[[a]]\nid = 1\n\n# 2\n[[a]]\nid = 2\n\n# 3\n[[a]]\nid = 3\nx = 1\n"
    )
    wanted = {
        "x": 3,
        "y": 4,
        "list": [*range(3, 20)],
        "a": [{"id": 5}, {"id": 6}, {"id": 3, "x": 2}],
    }
    after = Document.parse(text).set((), wanted)
    assert after.text == (
        "x = 3 # x\ny = 4 # y\nlist = [\n" + "".join(f"  {n},\n" for n in range(3, 20)) + "]\n"
        "\n[[a]]\nid = 5\n\n[[a]]\nid = 6\n\n# 3\n[[a]]\nid = 3\nx = 2\n"
    )


# -- refusals ------------------------------------------------------------------------------


@together(
    ("edit", "message"),
    [
        (("set", "a", None), "a: TOML has no value for NoneType"),
        (("set", "a", [1, {2}]), r"a\[1\]: TOML has no value for set"),
        (("set", "a", {"b": {1: 2}}), "a.b: the keys of a table are strings, got int"),
        (("set", "a", {"b": b"x"}), "a.b: TOML has no value for bytes"),
        (("set", "a", "x\ud800"), "half of a surrogate pair, U\\+D800"),
        (("set", ("a\udc00", "b"), 1), "half of a surrogate pair"),
        (("set", "a", {"x\ud800": 1}), "half of a surrogate pair"),
        (("set", "a", 10**4000), "more than 4000 digits"),
        (("set", "a", time(1, tzinfo=timezone.utc)), "a time without a date has no offset"),  # noqa: UP017
        (
            ("set", "a", datetime(2024, 1, 1, tzinfo=timezone(timedelta(seconds=90)))),
            "no time offset with seconds",
        ),
        (("set", "s.x", 1), 's.x: "s" is an? string, it has no keys'),
        (("set", "l[5]", 1), 'l\\[5\\]: "l" has 2 items'),
        (("set", "l.x", 1), 'l.x: "l" has 2 items'),
        (("set", "l[name=x]", 1), "l\\[name=x\\]: "),
        (("set", "new[1]", 1), "new\\[1\\]: there is no such item"),
        (("set", ("t", 0), 1), r"\[0\]"),
        (("set", (), 1), "the document itself is a table, got an integer"),
        (("insert", (), 1), "the document itself cannot be inserted"),
        (("insert", "s", 1), "s: the key exists already"),
        (("insert", "l[9]", 1), "has 2 items"),
        (("append", "s", 1), "s: only an array takes items, got a string"),
        (("delete", ()), "the document itself cannot be deleted"),
        (("delete", "no"), 'the document has no key "no"'),
        (("rename", "l[0]", "x"), "only keys have names"),
        (("rename", (), "x"), "only keys have names"),
        (("rename", "s", "t"), "t: the key exists already"),
    ],
)
def test_what_cannot_be_is_refused_with_the_path(edit, message):
    document = Document.parse('s = "x"\nl = [1, 2]\n[t]\n')
    name, *arguments = edit
    with pytest.raises(EditError, match=message):
        getattr(document, name)(*arguments)


def test_a_neighbour_that_is_not_there_is_refused():
    document = Document.parse("a = [1]\n")
    with pytest.raises(KeyNotFoundError, match="nope"):
        document.insert("b", 1, before="nope")
    with pytest.raises(EditError, match="placed by its index"):
        document.insert("a[0]", 1, after="x")


def test_a_key_renamed_to_its_own_name_is_no_edit():
    document = Document.parse("a = 1\n")
    assert document.rename("a", "a") is document


def nested(depth: int, *, leaf: object = 1):
    value = leaf
    for number in range(depth):
        value = {"x": value} if number % 2 else [value]
    return value


def test_values_may_be_as_deep_as_the_parser_reads():
    document = Document.parse("")
    deepest = nested(MAX_DEPTH - 1)
    assert document.set("a", deepest).value == {"a": deepest}
    for text in ("[t]\n", "t = {}\n", "t.x = 1\n"):
        value = nested(MAX_DEPTH - 2)
        assert Document.parse(text).set("t.a", value).get("t.a") == value
        path = ("t", *["k"] * (MAX_DEPTH - 1))
        assert Document.parse(text).set(path, 1).get(path) == 1
    with pytest.raises(EditError, match="nested deeper than 128 levels"):
        document.set("a", nested(MAX_DEPTH))
    with pytest.raises(EditError, match="nested deeper"):
        document.set("a", nested(MAX_DEPTH - 1, leaf=[]))


def test_a_value_that_holds_itself_is_refused():
    loop: list[object] = []
    loop.append(loop)
    with pytest.raises(EditError, match="nested deeper"):
        Document.parse("").set("a", loop)


def test_subclasses_become_the_values_they_stand_for():
    class Colour(StrEnum):
        RED = "red"

    class Number(IntEnum):
        ONE = 1

    class Moment(datetime):
        pass

    new = (Colour.RED, Number.ONE, Moment(2024, 1, 1), date(2024, 1, 1))
    after = Document.parse("").set("a", new)
    assert after.text == 'a = ["red", 1, 2024-01-01T00:00:00, 2024-01-01]\n'
    assert [type(item) for item in after.value["a"]] == [str, int, datetime, date]


# -- the guard -----------------------------------------------------------------------------


def test_the_guard_passes_what_is_meant():
    for before, after in (("a = 1\n", "a = nan\n"), ("\ufeffa = 1\n", "\ufeffa = 2\n")):
        result = Document.parse(after)
        guard.verify(Document.parse(before), result)
        assert result.is_verified


@pytest.mark.parametrize(
    ("before", "after", "value", "message"),
    [
        ("a = 1\n", "a = 1.0\n", {"a": 1}, "another value"),
        ("\ufeffa = 1\n", "a = 2\n", {"a": 2}, "byte order mark"),
        ("a = 1\n", "a = \n", {"a": 1}, "not TOML"),
    ],
)
def test_the_guard_refuses_what_is_not_meant(before, after, value, message):
    with pytest.raises(GuardError, match=message) as caught:
        guard.verify(Document.parse(before, "x.toml"), Document(after, value, []))
    assert caught.value.exit_code == 70
    assert str(caught.value).startswith("x.toml: the edit did not verify")


def test_the_guard_compares_the_steps_with_the_whole(monkeypatch):
    document = Document.parse("a = 1\n")
    monkeypatch.setattr(
        "sessionctl.core.toml.edit.operations.assign", lambda *_: Document.parse("a = 3\n")
    )
    with pytest.raises(GuardError, match="another value than the one asked for"):
        document.set("a", 2)


def test_the_guard_misses_no_line():
    before = Document.parse("# a\na = 1\n\n# free\n\n# b\nb = 2\n")
    assert guard.keeps_lines(before, [0], "# free\n\n# b\nb = 2\n")
    assert not guard.keeps_lines(before, [0], "# b\nb = 2\n")
    assert not guard.keeps_lines(before, [], "# free\n# b\nb = 2\n# a\na = 1\n")


def test_an_edit_that_no_layout_can_write_is_a_bug_and_changes_nothing(monkeypatch):
    monkeypatch.setattr("sessionctl.core.toml.edit.guard.keeps_lines", lambda *_: False)
    with pytest.raises(GuardError, match="no layout gives the value"):
        put(Document.parse("[a]\n[a.b]\nc = 1\n"), KeyPath(["a", "b", "c"]), 2)


@pytest.mark.parametrize(
    ("broken", "edit"),
    [
        ("single_edits.removal", ("delete", "a[0].x")),
        ("renaming.renaming", ("rename", "a[0].x", "z")),
    ],
)
def test_an_edit_that_does_not_verify_writes_the_table_around_anew(monkeypatch, broken, edit):
    monkeypatch.setattr(f"sessionctl.core.toml.edit.{broken}", lambda *_: [])
    name, *arguments = edit
    document = Document.parse("[[a]] # a\nx = 1\ny = 2\n\n[b]\n")
    after = getattr(document, name)(*arguments)
    line = "" if name == "delete" else "z = 1\n"
    assert after.text == f"[[a]] # a\n{line}y = 2\n\n[b]\n"


def test_splices_that_overlap_are_refused():
    assert spliced("abc", [Splice(1, 2, "x"), Splice(0, 1, "y")]) == "yxc"
    with pytest.raises(CannotPlaceError):
        spliced("abc", [Splice(0, 2, ""), Splice(1, 3, "")])


# -- tomlkit -------------------------------------------------------------------------------


def test_tomlkit_gets_the_comments_too():
    document = Document.parse("\ufeff# head\na = 1 # one\n")
    assert document.as_tomlkit().as_string() == "# head\na = 1 # one\n"


@given(documents())
def test_tomlkit_reads_the_same_value_or_is_refused(text):
    document = Document.parse(text)
    try:
        converted = document.as_tomlkit()
    except EditError:
        assume(False)
    assert same_value(document.set((), converted.unwrap()).value, document.value)


def test_what_tomlkit_cannot_read_is_refused(monkeypatch):
    text = "[a.b]\n[[c]]\n[a]\n[[c.d]]\n[a.e]\n"
    import tomlkit
    from tomlkit.exceptions import ParseError

    def refuse(_text):
        raise ParseError(1, 1, "no")

    monkeypatch.setattr(tomlkit, "parse", refuse)
    with pytest.raises(EditError, match="tomlkit refuses it"):
        Document.parse(text, "x.toml").as_tomlkit()
    monkeypatch.setattr(tomlkit, "parse", lambda _text: tomlkit.document())
    with pytest.raises(EditError, match="another value"):
        Document.parse(text).as_tomlkit()


# -- laws ----------------------------------------------------------------------------------

VALUES = st.recursive(
    st.one_of(
        st.text(max_size=8),
        st.integers(-(2**70), 2**70),
        st.floats(),
        st.booleans(),
        st.dates(),
        st.times(),
        st.datetimes(timezones=st.none() | st.just(timezone(timedelta(hours=5, minutes=45)))),
    ),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=6,
)
KEYS = st.text(max_size=6)


def paths_of(value, path=()):
    yield path
    if isinstance(value, dict | list):
        for key, item in value.items() if isinstance(value, dict) else enumerate(value):
            yield from paths_of(item, (*path, key))


@given(documents(), VALUES, st.data())
def test_what_was_set_is_there(text, value, data):
    document = Document.parse(text)
    path = data.draw(st.sampled_from([*paths_of(document.value)]))
    if isinstance(document.get(path), dict):
        path = (*path, data.draw(KEYS))
    after = document.set(path, value)
    assert same_value(after.get(path), value)
    assert after.set(path, value) is after
    assert Document.parse(after.text).text == after.text


@given(documents(), st.data())
def test_what_was_deleted_is_gone_and_its_container_is_not(text, data):
    document = Document.parse(text)
    paths = [*paths_of(document.value)][1:]
    assume(paths)
    path = data.draw(st.sampled_from(paths))
    before = document.get(path[:-1])
    after = document.delete(path)
    rest = after.get(path[:-1])
    assert len(rest) == len(before) - 1
    if isinstance(path[-1], str):
        assert path not in after


@given(documents(), KEYS, st.data())
def test_a_renamed_key_has_the_value_it_had(text, key, data):
    document = Document.parse(text)
    paths = [path for path in paths_of(document.value) if path and isinstance(path[-1], str)]
    assume(paths)
    path = data.draw(st.sampled_from(paths))
    new = (*path[:-1], key)
    assume(new not in document)
    after = document.rename(path, key)
    assert same_value(after.get(new), document.get(path))
    assert path not in after
    assert same_value(after.rename(new, path[-1]).value, document.value)


@given(st.sampled_from(list(TRICKY.values())), st.sampled_from(list(TRICKY.values())))
def test_any_document_can_become_any_other(one, other):
    wanted = tomllib.loads(other.removeprefix("\ufeff"))
    assert same_value(Document.parse(one).set((), wanted).value, wanted)
