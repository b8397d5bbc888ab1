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
            path.parent.mkdir(exist_ok=True)
            path.with_suffix(".json").write_text(json.dumps(data))
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
    "reference",
    ["https://x.example/base.json", "http://x/y", "file:///etc/passwd", "//x.example/base.json",
     "/etc/passwd"],
)  # fmt: skip
def test_nothing_is_fetched_and_no_absolute_path_is_read(write, reference):
    write(first=refer(reference))
    assert "which is not in it; schemas are never fetched" in refused().message


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
