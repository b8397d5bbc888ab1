"""The generated documents: valid, varied, and edited in the ways people edit."""

from __future__ import annotations

from functools import cache
from random import Random

import pytest
from hypothesis import given

from sessionctl.core.toml.document import Document
from sessionctl.core.values import same_value
from tests import strategies
from tests.together import together


@cache
def samples():
    return [strategies.write_document(Random(seed)) for seed in range(300)]


@pytest.mark.slow
@together(
    "trait",
    [
        "[[", "\n[", "\r\n", "\ufeff", '"""', "'''", '"""\\', "{", "#", ".", "= [\n", "\n\n", "nan",
        "\t", "[]", "{}", "1979-05-27",
    ],
)  # fmt: skip
def test_every_trait_of_toml_is_generated(trait):
    assert any(trait in text for text in samples())


@pytest.mark.slow
def test_a_missing_final_newline_is_generated():
    assert any(text and not text.endswith("\n") for text in samples())


@given(strategies.edit_triples())
def test_generated_documents_and_edits_are_valid(triple):
    assert all(map(strategies.is_toml, triple))


@pytest.mark.slow
def test_most_edits_change_the_document():
    edited = [strategies.edit_document(Random(text), text) for text in samples()]
    assert sum(one != other for one, other in zip(samples(), edited, strict=True)) > 200


@pytest.mark.slow
def test_a_change_of_layout_keeps_the_value():
    for text in samples():
        changed = strategies.reformat_document(Random(text), text)
        assert same_value(Document.parse(changed).value, Document.parse(text).value)
