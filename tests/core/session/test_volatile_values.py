"""What changes all the time, apart from the document: parted, joined, merged."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessionctl.core.keypath import KeyPath
from sessionctl.core.schema.model import Schema
from sessionctl.core.session.volatile_values import (
    StampedValue,
    join,
    merge_fields,
    read_fields,
    render_fields,
    split,
    without_volatile,
)
from sessionctl.core.toml.document import Document

SCHEMA = Schema.session()
TEXT = """\
schema_version = 1
name = "api"
last_saved = "2026-01-02T03:04:05Z"  # by itself

[[windows]]
name = "editor"
focus = true

  [[windows.panes]]
  cwd = "."  # here
  run = ["vim", "a"]
  zoomed = true

  [[windows.panes]]
  name = "tests"
  focus = false

[connections.prod]
driver = "postgres"
last_connected = "2026-01-02T03:04:05Z"
connect_count = 3

# what was typed
[history]
prod = ["select 1", "select 2"]
web = []
"""
DURABLE = """\
schema_version = 1
name = "api"

[[windows]]
name = "editor"

  [[windows.panes]]
  cwd = "."  # here
  run = ["vim", "a"]

  [[windows.panes]]
  name = "tests"

[connections.prod]
driver = "postgres"
"""
VALUES = {
    "last_saved": "2026-01-02T03:04:05Z",
    "windows[name=editor].focus": True,
    "windows[name=editor].panes[0].zoomed": True,
    "windows[name=editor].panes[name=tests].focus": False,
    "connections.prod.last_connected": "2026-01-02T03:04:05Z",
    "connections.prod.connect_count": 3,
    "history.prod": ["select 1", "select 2"],
    "history.web": [],
}


def fields(values, at_ns=1):
    return {KeyPath.parse(key): StampedValue(value, at_ns) for key, value in values.items()}


def test_volatile_values_are_parted_from_the_text_and_nothing_else_is_touched():
    found = split(Document.parse(TEXT), SCHEMA)
    assert found.durable.text == DURABLE
    assert {str(path): value for path, value in found.volatile.items()} == VALUES


def test_a_document_without_volatile_values_is_the_same_document():
    document = Document.parse(DURABLE)
    found = split(document, SCHEMA)
    assert found.durable is document
    assert found.volatile == {}


def test_what_was_parted_can_be_joined():
    found = split(Document.parse(TEXT), SCHEMA)
    stamped = {path: StampedValue(value, 1) for path, value in found.volatile.items()}
    assert join(found.durable, stamped, SCHEMA) == Document.parse(TEXT).value


def test_joining_changes_neither_the_document_nor_the_fields():
    document = Document.parse(DURABLE)
    stamped = fields(VALUES)
    joined = join(document, stamped, SCHEMA)
    joined["history"]["prod"].append("select 3")
    joined["windows"][0]["panes"][0]["cwd"] = "x"
    assert document.value == Document.parse(DURABLE).value
    assert stamped == fields(VALUES)


@pytest.mark.parametrize(
    "key",
    [
        "windows[name=gone].focus",
        "windows[3].focus",
        "windows[name=editor].panes[7].zoomed",
        "connections.gone.connect_count",
        "windows",
        "windows[0]",
        "name.x.y",
    ],
)
def test_a_field_whose_place_is_gone_is_left_out(key):
    document = Document.parse(DURABLE)
    if key == "windows":
        assert join(document, fields({key: []}), SCHEMA)["windows"] == []
    else:
        assert join(document, fields({key: 1}), SCHEMA) == document.value


def test_a_stored_field_counts_before_one_that_stands_in_the_file():
    document = Document.parse('name = "api"\nlast_saved = "2020-01-01T00:00:00Z"\n')
    later = "2026-01-02T03:04:05Z"
    assert join(document, fields({"last_saved": later}), SCHEMA)["last_saved"] == later
    assert join(document, {}, SCHEMA)["last_saved"] == "2020-01-01T00:00:00Z"


def test_a_table_of_its_own_takes_the_place_of_what_is_no_table():
    document = Document.parse("history = 1\n")
    joined = join(document, fields({"history.prod": ["x"]}), SCHEMA)
    assert joined == {"history": {"prod": ["x"]}}


def test_volatile_values_of_the_live_side_never_reach_the_file():
    base = Document.parse(DURABLE)
    live = Document.parse(TEXT).set("connections.prod.port", 5433)
    found = without_volatile(live, base, SCHEMA)
    assert found.text == base.set("connections.prod.port", 5433).text


def test_volatile_values_that_were_written_into_the_file_by_hand_stay_as_they_are():
    base = Document.parse(DURABLE).set("windows[0].focus", value=False)
    live = Document.parse(TEXT)
    found = without_volatile(live, base, SCHEMA)
    assert found.value == base.value
    assert without_volatile(base, base, SCHEMA) is base


def test_a_volatile_value_whose_table_is_gone_goes_with_it():
    base = Document.parse(TEXT)
    live = base.delete("connections").delete("windows")
    found = without_volatile(live, base, SCHEMA)
    assert "connections" not in found.value or found.get("connections") == {}
    assert "windows" not in found.value


def test_fields_are_kept_as_toml():
    stamped = {**fields(VALUES, 5), KeyPath(["history", "a b"]): StampedValue(["x"], 2**62)}
    text = render_fields(stamped, "api.session.toml\n[x]")
    assert text.splitlines()[1:5] == [
        "",
        "[[fields]]",
        'key = "connections.prod.connect_count"',
        "value = 3",
    ]
    assert read_fields(text) == stamped
    assert read_fields(render_fields({}, "x")) == {}


@pytest.mark.parametrize(
    "text",
    [
        "fields = 1\n",
        "fields = [1]\n",
        "[[fields]]\nkey = 'a'\nat_ns = 1\n",
        "[[fields]]\nvalue = 1\nat_ns = 1\n",
        "[[fields]]\nkey = 'a'\nvalue = 1\nat_ns = true\n",
        "[[fields]]\nkey = 'a..b'\nvalue = 1\nat_ns = 1\n",
    ],
)
def test_entries_of_another_form_are_left_out(text):
    assert read_fields(text) == {}


def test_of_two_values_of_a_field_the_later_one_counts():
    ours, theirs = fields({"windows[0].focus": True}, 1), fields({"windows[0].focus": False}, 2)
    assert merge_fields(ours, theirs, SCHEMA) == theirs
    assert merge_fields(theirs, ours, SCHEMA) == theirs


def test_counters_never_go_back_and_of_two_times_the_newest_counts():
    for key, small, great in (
        ("connections.prod.connect_count", 3, 5),
        ("last_saved", "2025-01-01T00:00:00Z", "2026-01-01T00:00:00Z"),
    ):
        ours, theirs = fields({key: great}, 1), fields({key: small}, 2)
        assert merge_fields(ours, theirs, SCHEMA) == fields({key: great}, 2)


KEYS = st.sampled_from(
    ["last_saved", "connections.a.connect_count", "history.a", "windows[0].focus"]
)
SOME = st.dictionaries(
    KEYS.map(KeyPath.parse),
    st.builds(
        StampedValue,
        st.integers(0, 3)
        | st.booleans()
        | st.sampled_from(["x", "y"])
        | st.just([])
        | st.just(0.5),
        st.integers(0, 3),
    ),
)


def same(one, other):
    return render_fields(one, "x") == render_fields(other, "x")


@given(SOME, SOME, SOME)
def test_merging_fields_does_not_depend_on_order_or_number_of_times(one, two, three):
    def merged(*sides):
        found = {}
        for side in sides:
            found = merge_fields(found, side, SCHEMA)
        return found

    assert same(merged(one, two), merged(two, one))
    assert same(merged(one, one), one)
    assert same(merge_fields(merged(one, two), three, SCHEMA), merged(one, merged(two, three)))
