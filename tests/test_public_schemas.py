"""The tool that holds the check of schemas to a directory of public ones."""

from __future__ import annotations

import json

import pytest

from tools import public_schemas


@pytest.fixture
def directory(tmp_path):
    def write(name, text):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text if isinstance(text, str) else json.dumps(text))

    write("schemas/json/one.json", {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "properties": {"a.b": {"$ref": "two.json"}, "d": {"type": "string", "format": "date"}},
    })  # fmt: skip
    write("schemas/json/two.json", {"type": "integer"})
    write("schemas/json/far.json", {"$ref": "https://x.example/y"})
    write("schemas/json/bad.json", {"type": "text"})
    write("test/one/good.toml", '"a.b" = 1\nd = "2026-01-02"\n')
    write("test/one/good.json", {"a.b": 1})
    write("test/one/good.yaml", "a.b: 1\nd: 2026-01-02\n")
    write("test/one/null.yaml", "a.b: null\n")
    write("negative_test/one/bad.json", {"a.b": "x"})
    write("negative_test/one/no-date.yml", "d: soon\n")
    return tmp_path


def test_schemas_and_examples_are_counted_by_what_was_found(directory, capsys):
    assert public_schemas.main([str(directory)]) == 0
    lines = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
    assert lines[-5:-1] == [
        "5 examples",
        "2 loaded",
        "1 not self-contained",
        "1 refused",
    ]
    assert any(line.startswith("refused: ") and "#/type" in line for line in lines)


def test_a_verdict_that_differs_fails(directory, monkeypatch):
    monkeypatch.setattr(public_schemas, "validate", lambda _document, _schema: ())
    assert public_schemas.main([str(directory), "--only", "one"]) == 1
