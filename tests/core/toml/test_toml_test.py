"""The parser against the official test suite of TOML 1.0, and against tomllib."""

from __future__ import annotations

import re
import tomllib

import pytest

from sessionctl.core.toml.document import Document
from sessionctl.core.values import same_value
from sessionctl.errors import ParseError
from tests.core.toml.corpus import TRICKY, plain_value, toml_test_list
from tests.together import together
from tests.world import shared_data


def _names(kind: str, version: str = "1.0.0") -> list[str]:
    names = toml_test_list(version)
    return [name for name in names if name.startswith(kind) and name.endswith(".toml")]


def _read(name: str) -> str | None:
    """Return the text of a test file, None when it is not UTF-8."""
    try:
        return shared_data("toml-test", "tests", name).read_bytes().decode()
    except UnicodeDecodeError:
        return None


@together("name", _names("valid/"))
def test_a_valid_document_keeps_its_bytes_and_has_the_value_tomllib_reads(name):
    text = _read(name)
    document = Document.parse(text)
    assert document.text == text
    assert same_value(document.value, plain_value(text))


@together("name", TRICKY)
def test_a_tricky_document_keeps_its_bytes_and_has_the_value_tomllib_reads(name):
    document = Document.parse(TRICKY[name])
    assert document.text == TRICKY[name]
    assert same_value(document.value, plain_value(TRICKY[name]))


@together("name", _names("invalid/"))
def test_an_invalid_document_is_refused_with_its_place(name):
    text = _read(name)
    if text is None:
        return  # reading such a file fails before it is parsed
    with pytest.raises(ParseError) as caught:
        Document.parse(text, "x.toml")
    error = caught.value
    assert re.match(r"x\.toml:\d+:\d+: \S", error.message)
    lines = text.split("\n")
    assert 1 <= error.line <= len(lines)
    assert 1 <= error.column <= len(lines[error.line - 1]) + 1
    assert 0 <= error.problem.span.start <= error.problem.span.end <= len(text)


def test_the_suite_is_complete_where_it_is_there():
    shared_data("toml-test", "tests", "files-toml-1.0.0")
    readable = [name for name in _names("invalid/") if _read(name) is not None]
    assert len(_names("valid/")) >= 205
    assert len(readable) >= 450


@together("name", sorted({*_names("valid/", "1.1.0")} - {*_names("valid/")}))
def test_what_only_toml_1_1_has_is_named_so(name):
    text = _read(name)
    try:
        expected = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        with pytest.raises(ParseError, match=r"TOML 1\.1"):
            Document.parse(text)
    else:
        assert same_value(Document.parse(text).value, expected)
