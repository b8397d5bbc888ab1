"""Dull texts: what no rule had anything to look at is not looked at again, and nothing else."""

from __future__ import annotations

import pytest

from sessionctl.core.scan import text_scan
from sessionctl.core.scan.document_scan import find_secrets
from sessionctl.core.scan.judgement import Judgement
from sessionctl.core.scan.text_scan import is_dull, is_worth_a_look
from sessionctl.core.toml.document import Document
from tests.call_log import log_calls

TEXT = """\
# Where the work is done.
editor = "nvim"
layout = "main-vertical"  # wide enough
run = ["make", "all"]
url = "https://ada:c0rrecth0rse@example.org"
"""


@pytest.fixture(autouse=True)
def nothing_remembered(monkeypatch):
    monkeypatch.setattr(text_scan, "_DULL", set())


def test_a_second_file_with_the_same_words_is_hardly_looked_at(monkeypatch):
    asked = log_calls(monkeypatch, text_scan, "_has_a_sign")
    first = find_secrets(Document.parse(TEXT), Judgement(in_session=True))
    count = len(asked)
    second = find_secrets(Document.parse(TEXT), Judgement(in_session=True))
    assert first == second
    assert len(first) == 1
    assert count > 5
    assert {text for text in asked[count:] if "://" not in text} == set()


def test_what_may_be_a_secret_is_not_remembered():
    address = "https://ada:c0rrecth0rse@example.org"
    assert is_worth_a_look(address)
    assert not is_worth_a_look("main-vertical")
    assert is_dull("main-vertical")
    assert not is_dull(address)


def test_long_texts_and_too_many_are_not_remembered(monkeypatch):
    monkeypatch.setattr(text_scan, "_MOST_DULL", 10)
    assert not is_worth_a_look("of it " * 100)
    assert not is_dull("of it " * 100)
    for number in range(25):
        assert not is_worth_a_look(f"word {number}")
    assert 0 < len(text_scan._DULL) <= 10
    assert is_dull("word 24")
