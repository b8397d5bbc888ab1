"""Schemas in several files: followed below the first one's directory, and nowhere else."""

from __future__ import annotations

import json
import os

import pytest

from sessionctl import SessionctlError, validate
from sessionctl.services.documents.schema_source import read_schema
from sessionctl.system.files import sibling_files


@pytest.fixture
def write(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def write_all(**files):
        for name, data in files.items():
            path = tmp_path / name.replace("__", "/")
            path.parent.mkdir(exist_ok=True, parents=True)
            path.with_name(f"{path.name}.json").write_text(json.dumps(data))
        return tmp_path

    return write_all


def refused(path="first.json"):
    with pytest.raises(SessionctlError) as caught:
        read_schema(path)
    assert caught.value.exit_code == 3
    return caught.value


def refer(reference):
    return {"properties": {"a": {"$ref": reference}}}


FOUND = {
    "a file beside it": ("base.json", {"base": {"type": "integer"}}),
    "a part of it": ("base.json#/$defs/i", {"base": {"$defs": {"i": {"type": "integer"}}}}),
    "an anchor in it": (
        "base.json#i", {"base": {"$defs": {"i": {"$anchor": "i", "type": "integer"}}}},
    ),
    "without its suffix": ("base#/i", {"base": {"i": {"type": "integer"}}}),
    "one below": ("sub/base.json", {"sub__base": {"type": "integer"}}),
    "with a dot": ("./sub/../base.json", {"base": {"type": "integer"}}),
    "with a space": ("my%20base.json", {"my base": {"type": "integer"}}),
    "one with an address of its own": (
        "base.json", {"base": {"$id": "https://x.example/base.json", "$ref": "#/i",
                               "i": {"type": "integer"}}},
    ),
    "one of an older draft": (
        "base.json", {"base": {"$schema": "http://json-schema.org/draft-04/schema#",
                               "minimum": 1, "type": "integer"}},
    ),
    "one after another": (
        "sub/base.json", {"sub__base": {"$ref": "../more.json#/m"},
                          "more": {"m": {"$ref": "sub/end"}}, "sub__end": {"type": "integer"}},
    ),
    "back to the first": (
        "base.json", {"base": {"$ref": "first.json#/$defs/i"}},
    ),
}  # fmt: skip


@pytest.mark.parametrize("identifier", ["", "https://x.example/first.json", "urn:first"])
@pytest.mark.parametrize("name", FOUND)
def test_a_schema_in_another_file_is_followed(write, name, identifier):
    reference, files = FOUND[name]
    first = {**refer(reference), "$defs": {"i": {"type": "integer"}}}
    write(first={"$id": identifier, **first} if identifier else first, **files)
    schema = read_schema("first.json")
    assert validate("a = 1", schema) == ()
    assert [p.message for p in validate("a = 'x'", schema)] == ['expected an integer, got "x"']


def test_a_schema_in_another_directory_leads_to_what_is_beside_it(write):
    folder = write(first=refer("base.json"), base={"type": "integer"})
    (folder / "elsewhere").mkdir()
    os.chdir(folder / "elsewhere")
    assert validate("a = 1", read_schema("../first.json")) == ()
    assert validate("a = 1", read_schema(str(folder / "first.json"))) == ()


REFUSED = {
    "above": ("../base.json", "../base.json is not below this directory"),
    "above, by way of below": ("sub/../../x.json", "is not below this directory"),
    "above, in an escaped form": ("%2e%2e/x.json", "is not below this directory"),
    "not there": ("base.json", "there is no file base.json"),
    "a directory": ("sub", "there is no file sub"),
    "a link out": ("link.json", "link.json is a link that leads out of this directory"),
    "by a link out": ("out/x.json", "out/x.json is a link that leads out of this directory"),
    "not JSON": ("bad.json", "bad.json:1:2: not JSON"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_below_the_directory_or_is_no_schema_is_refused(write, tmp_path_factory, name):
    reference, message = REFUSED[name]
    folder = write(first=refer(reference), sub__x={})
    outside = tmp_path_factory.mktemp("outside")
    (outside / "x.json").write_text("{}")
    (folder / "link.json").symlink_to(outside / "x.json")
    (folder / "out").symlink_to(outside)
    (folder / "bad.json").write_text("{")
    error = refused()
    assert error.message.startswith("first.json: #/properties/a/$ref: refers to ")
    assert message in error.message


@pytest.mark.parametrize(
    "reference", ["file:///etc/passwd", "//x.example/base.json", "/etc/passwd", "urn:x"]
)
def test_no_absolute_path_is_read(write, reference):
    write(first=refer(reference))
    assert "which is not in it; schemas are never fetched" in refused().message


ADDRESS = "https://x.example/sub/base.json"
COPIES = {
    "where the address says": {"x.example__sub__base": {"type": "integer"}},
    "where it says, whatever it calls itself": {
        "x.example__sub__base": {"$id": "https://y.example/", "type": "integer"},
    },
    "beside it, by its own word": {"base": {"$id": ADDRESS, "type": "integer"}},
    "beside it, by its own word in draft-04": {
        "base": {"$schema": "http://json-schema.org/draft-04/schema#",
                 "id": "http://x.example/sub/base.json#", "type": "integer"},
    },
    "which leads to more": {
        "base": {"$id": ADDRESS, "$ref": "https://x.example/end.json#/i"},
        "end": {"$id": "https://x.example/end.json", "i": {"type": "integer"}},
    },
}  # fmt: skip


@pytest.mark.parametrize("identifier", [None, "https://x.example/first.json", "urn:first"])
@pytest.mark.parametrize("name", COPIES)
def test_a_copy_of_a_schema_of_the_network_is_used(write, name, identifier):
    first = refer(ADDRESS) if identifier is None else {"$id": identifier, **refer(ADDRESS)}
    write(first=first, **COPIES[name])
    schema = read_schema("first.json")
    assert validate("a = 1", schema) == ()
    assert [p.message for p in validate("a = 'x'", schema)] == ['expected an integer, got "x"']


@pytest.mark.parametrize(
    "files",
    [
        {},
        {"base": {"type": "integer"}},
        {"base": {"$id": "https://y.example/sub/base.json", "type": "integer"}},
        {"base": {"$id": "base.json", "type": "integer"}},
        {"sub__base": {"$id": ADDRESS, "type": "integer"}},
        {"base": [1]},
    ],
)
def test_without_a_copy_a_value_is_not_checked_and_a_warning_says_so(write, files):
    write(first={**refer(ADDRESS), "required": ["b"]}, **files)
    schema = read_schema("first.json")
    assert validate("b = 1", schema) == ()
    missing, warning = validate("# x\na = 1", schema)
    assert missing.rule == "missing-key"
    assert (warning.rule, warning.severity, str(warning.key_path)) == (
        "not-checked", "warning", "a",
    )  # fmt: skip
    assert warning.span.start == len("# x\na = ")
    assert warning.message == (
        f"not checked: the schema for this is {ADDRESS}; schemas are never fetched"
    )
    assert warning.hint == "save that schema as x.example/sub/base.json"


def test_the_hint_names_a_place_where_the_copy_is_found(write):
    folder = write(first={"properties": {"a": {"$ref": "https://x.example/v2/base"}}})
    os.chdir("/")
    name = f"{folder}/first.json"
    (warning,) = validate("a = 'x'", read_schema(name))
    place = warning.hint.removeprefix("save that schema as ")
    assert place == f"{folder}/x.example/v2/base.json"
    os.makedirs(os.path.dirname(place))
    with open(place, "w") as stream:
        json.dump({"type": "integer"}, stream)
    assert [p.rule for p in validate("a = 'x'", read_schema(name))] == ["type"]


@pytest.mark.parametrize(
    "address", ["https://x:80/b", "https://x/../b", "https://x/b?c", "https://x/%2e%2e/b",
                "https://x//b", "https://x", "https://x/.ssh/b", "https://x/a\\b"],
)  # fmt: skip
def test_an_address_that_makes_no_name_of_a_file_is_looked_for_nowhere(write, address):
    folder = write(first=refer(address))
    (folder / "b.json").write_text(json.dumps({"$id": address, "type": "integer"}))
    (warning,) = validate("a = 'x'", read_schema("first.json"))
    assert warning.rule == "not-checked"
    assert warning.hint.startswith('put that schema under "$defs" of first.json, with "$id": "')


def test_a_copy_that_cannot_be_used_is_refused(write):
    folder = write(first=refer(ADDRESS), x__y={})
    (folder / "x.example" / "sub").mkdir(parents=True)
    (folder / "x.example" / "sub" / "base.json").write_text("{")
    assert "x.example/sub/base.json:1:2: not JSON" in refused().message
    write(first=refer("https://x.example/base.json"))
    (folder / "x.example" / "base.json").symlink_to("/etc/hostname")
    assert "is a link that leads out of" in refused().message


def test_what_the_address_of_a_file_beside_it_would_be_may_be_saved_by_its_address(write):
    write(first={"$id": "https://x.example/first.json", **refer("base.json")})
    (warning,) = validate("a = 'x'", read_schema("first.json"))
    assert warning.hint == "save that schema as x.example/base.json"
    write(x__y={}, **{"x.example__base": {"type": "integer"}})
    assert [p.rule for p in validate("a = 'x'", read_schema("first.json"))] == ["type"]


HOLLOW = {
    "a reference": {"$ref": ADDRESS},
    "with a title": {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "x",
                     "$ref": ADDRESS},
    "by way of another": {"$ref": "#/$defs/a", "$defs": {"a": {"$ref": ADDRESS}}},
    "all of them": {"allOf": [{"$ref": ADDRESS}, {"$ref": "https://x.example/2"}]},
}  # fmt: skip


@pytest.mark.parametrize("name", HOLLOW)
def test_a_schema_that_would_check_nothing_is_refused(write, name):
    write(first=HOLLOW[name])
    error = refused()
    assert f"refers to {ADDRESS}, which is not in it; schemas are never fetched" in error.message
    assert error.hints == ("save that schema as x.example/sub/base.json",)


def test_a_link_within_the_directory_is_followed(write):
    folder = write(first=refer("link.json"), base={"type": "integer"})
    (folder / "link.json").symlink_to("base.json")
    assert len(validate("a = 'x'", read_schema("first.json"))) == 1


def test_a_mistake_in_another_file_is_reported_with_its_place_there(write):
    write(first=refer("base.json"), base={"properties": {"x": {"type": "text"}}})
    assert refused().message.startswith(
        "base.json: not a JSON Schema: #/properties/x/type: expected one of"
    )
    write(base={"allOf": [{"$ref": "gone.json"}]})
    assert refused().message == (
        "base.json: #/allOf/0/$ref: refers to gone.json, which cannot be used: "
        "there is no file gone.json"
    )
    write(base=[1])
    assert "refers to base.json, which is not a JSON Schema" in refused().message


def test_the_number_the_size_and_the_levels_of_files_are_bounded(write, monkeypatch):
    monkeypatch.setattr(sibling_files, "_MOST_FILES", 3)
    write(first={"allOf": [{"$ref": f"f{n}.json"} for n in range(5)]}, f0={}, f1={}, f2={}, f3={})
    assert "more than 3 files" in refused().message
    monkeypatch.setattr(sibling_files, "_MOST_FILES", 99)
    monkeypatch.setattr(sibling_files, "_MOST_LEVELS", 2)
    write(first={"$ref": "f0.json"}, **{f"f{n}": {"$ref": f"f{n + 1}.json"} for n in range(4)})
    assert "more than 2 files, one after another" in refused().message
    monkeypatch.setattr(sibling_files, "_MOST_LEVELS", 99)
    monkeypatch.setattr(sibling_files, "_MOST_BYTES", 60)
    write(f0={"description": "x" * 40, "$ref": "f1.json"}, f1={"description": "x" * 40})
    assert "larger than" in refused().message
    monkeypatch.setattr(sibling_files, "_MOST_BYTES", 1 << 20)
    deep = {}
    for _ in range(120):
        deep = {"not": deep}
    write(f0=deep)
    assert refused().message.startswith("f0.json: not a JSON Schema that can be used: nested")


def test_files_that_refer_to_each_other_in_a_ring_are_read_once(write):
    write(
        first={"properties": {"a": {"type": "integer"}, "n": {"$ref": "b.json"}}},
        b={"properties": {"m": {"$ref": "first.json"}}},
    )
    assert [str(p.key_path) for p in validate("n.m.n.m.a = 'x'", read_schema("first.json"))] == [
        "n.m.n.m.a"
    ]
