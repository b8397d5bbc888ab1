"""The shipped schemas: complete as documentation, in step with what is made of them."""

from __future__ import annotations

import json

import jsonschema
import pytest

from sessionctl.core.schema.loader import load_schema
from sessionctl.core.schema.model import Schema
from sessionctl.core.schema.session_schema import SESSION
from sessionctl.resources import schema_names, schema_root, schema_text
from tests.together import together
from tests.world import CHECKOUT
from tools import schemas as tool
from tools.draft07 import to_draft_07

SOURCE = json.loads(tool.SOURCE.read_text(encoding="utf-8"))
MERGE_RULES = {"atomic", "list", "set", "text", "max", "newest"}


def subschemas(schema, path="#"):
    """Yield every subschema with its pointer."""
    if not isinstance(schema, dict):
        return
    yield path, schema
    for keyword in ("properties", "$defs", "definitions"):
        for key, inner in schema.get(keyword, {}).items():
            yield from subschemas(inner, f"{path}/{keyword}/{key}")
    for keyword in ("items", "additionalProperties", "propertyNames"):
        yield from subschemas(schema.get(keyword), f"{path}/{keyword}")
    for keyword in ("oneOf", "anyOf", "allOf"):
        for index, inner in enumerate(schema.get(keyword, ())):
            yield from subschemas(inner, f"{path}/{keyword}/{index}")


def all_of(schema):
    return [pytest.param(inner, id=path) for path, inner in subschemas(schema)]


@together("name", schema_names())
def test_a_shipped_schema_is_a_schema(name):
    data = json.loads(schema_text(name))
    assert load_schema(data, name).data == data


@pytest.mark.slow  # tests/core/schema/test_loader.py compares the two for every keyword
@together("name", schema_names())
def test_a_shipped_schema_is_one_to_stock_jsonschema_too(name):
    data = json.loads(schema_text(name))
    jsonschema.validators.validator_for(data).check_schema(data)


@together("name", schema_names())
def test_every_object_of_a_shipped_schema_says_whether_it_is_open(name):
    for path, schema in subschemas(json.loads(schema_text(name))):
        if schema.get("type") == "object":
            assert "additionalProperties" in schema, path


@together("name", schema_names())
def test_every_property_of_a_shipped_schema_is_described(name):
    data = json.loads(schema_text(name))
    schema = Schema(data)
    for path, inner in subschemas(data):
        if path.split("/")[-2:-1] == ["properties"] or path.endswith(("/items", "Properties")):
            described = [part for part in schema.parts_of(inner) if "description" in part]
            assert described, path
            assert described[0]["description"].endswith("."), path


@together("schema", all_of(SOURCE))
def test_the_annotations_are_those_we_know(schema):
    for keyword in schema:
        if keyword.startswith("x-"):
            assert keyword in {
                "x-destination", "x-expected", "x-item-key", "x-merge", "x-rare", "x-secret",
                "x-tombi-toml-version", "x-volatile",
            }  # fmt: skip
    assert schema.get("x-merge", "list") in MERGE_RULES


def test_examples_and_defaults_are_valid_where_they_stand():
    checked = 0
    for path, inner in subschemas(SOURCE):
        part = {**inner, "$defs": SOURCE["$defs"]}
        for value in [
            *inner.get("examples", ()),
            *([inner["default"]] if "default" in inner else ()),
        ]:
            jsonschema.Draft202012Validator(part).validate(value), path
            checked += 1
    assert checked > 50


def test_secret_fields_are_write_only_references():
    for path, inner in subschemas(SOURCE):
        if path.endswith(("/passphrase", "/password", "/secret_key", "/token")):
            assert inner["writeOnly"] is True
            assert inner["$ref"] == "#/$defs/secret"


def test_the_export_is_in_step_with_the_schema():
    assert tool.EXPORT.read_text(encoding="utf-8") == tool.render_export(SOURCE)


def test_the_copy_in_python_is_in_step_with_the_schema():
    assert tool.MODULE.read_text(encoding="utf-8") == tool.render_module(SOURCE)
    assert tool.strip(SOURCE) == SESSION


def test_the_tool_writes_what_is_out_of_step(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(tool, "ROOT", tmp_path)
    monkeypatch.setattr(tool, "EXPORT", tmp_path / "export.json")
    monkeypatch.setattr(tool, "MODULE", tmp_path / "module.py")
    tool.main()
    assert capsys.readouterr().out == "wrote export.json\nwrote module.py\n"
    tool.main()
    assert capsys.readouterr().out == ""


def test_stripping_keeps_a_property_of_the_name_description():
    schema = {"description": "x", "properties": {"description": {"description": "y", "type": "a"}}}
    assert tool.strip(schema) == {"properties": {"description": {"type": "a"}}}


def test_the_export_moves_a_reference_out_of_its_neighbours():
    schema = {"$defs": {"a": {}}, "properties": {"b": {"$ref": "#/$defs/a", "title": "t"}}}
    found = to_draft_07(schema)
    assert found["properties"] == {"b": {"title": "t", "allOf": [{"$ref": "#/definitions/a"}]}}
    assert found["definitions"] == {"a": {}}


def test_the_export_refuses_what_draft_07_cannot_say():
    with pytest.raises(ValueError, match="draft-07 has no unevaluatedProperties"):
        to_draft_07({"unevaluatedProperties": False})


def test_the_schemas_of_a_wheel_come_first(tmp_path, monkeypatch):
    assert str(schema_root()) == str(CHECKOUT / "schemas")
    (tmp_path / "schemas").mkdir()
    monkeypatch.setattr("sessionctl.resources.__file__", str(tmp_path / "resources.py"))
    assert schema_root() == tmp_path / "schemas"
    assert schema_names() == []


def test_the_schemas_of_an_archive_are_found_by_python(tmp_path, monkeypatch):
    (tmp_path / "schemas").mkdir()
    monkeypatch.setattr("sessionctl.resources.__file__", str(tmp_path / "a.zip" / "resources.py"))
    monkeypatch.setattr("importlib.resources.files", lambda _package: tmp_path)
    assert schema_root() == tmp_path / "schemas"


def test_a_schema_that_is_missing_is_told_with_its_path():
    from sessionctl.errors import FileError

    with pytest.raises(FileError, match=r"nope\.schema\.json: the shipped schema cannot be read"):
        schema_text("nope")
