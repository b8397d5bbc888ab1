"""Expressions as the first releases of Python 3.11 need them: they find what all others find."""

from __future__ import annotations

import ast
import re

import pytest

from sessionctl.core.regex import lazy_pattern, old_engine
from sessionctl.core.regex.everyday_codes import CODES as EVERYDAY_CODES
from sessionctl.core.regex.further_codes import CODES as FURTHER_CODES
from sessionctl.core.regex.large_codes import CODES as LARGE_CODES
from sessionctl.core.regex.reading_codes import CODES
from tests.core.toml.corpus import valid_texts
from tests.together import together
from tests.world import PACKAGE

AFFECTED = sorted(
    key
    for key in CODES | EVERYDAY_CODES | FURTHER_CODES | LARGE_CODES
    if old_engine.is_affected(key[0])
)
STRING = r'"""(?:[^"\\]++|\\.|"(?!""))*+"{3,5}'


def found(pattern, text):
    return [(match.span(), match.groups(), match.lastgroup) for match in pattern.finditer(text)]


@together("key", AFFECTED, ids=str)
def test_what_is_rewritten_finds_the_same(key):
    source, flags = key
    rewritten = old_engine.compiled(source, flags)
    usual = lazy_pattern.ready(source, flags)
    assert (rewritten.pattern, rewritten.groups) == (usual.pattern, usual.groups)
    assert (rewritten.flags, rewritten.groupindex) == (usual.flags, usual.groupindex)
    for text in [
        *list(valid_texts().values())[::9],
        'a = """x"y""z""" # c',
        "x://a:b@c/~1/%41?q=1_0",
    ]:
        assert found(rewritten, text) == found(usual, text), text


def test_there_are_such_expressions():
    assert len(AFFECTED) > 20


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (STRING, '"""\nab"c\n"""'),
        (rf"(?P<first>(?:x|{STRING})++)(?P<rest>.*)", 'xx"""a"b"""x y'),
        (r"(?:a(?:b|c(?=d))*+)?+e", "abcde"),
        (r"(?=(?:ab?c)*+ab)a", "acab"),
    ],
)
def test_a_repeat_of_a_group_gives_nothing_back_and_starts_where_it_ended(source, text):
    rewritten = old_engine.compiled(source, re.DOTALL)
    assert old_engine.is_affected(source)
    if not lazy_pattern._HAS_FAULT:
        assert found(rewritten, text) == found(re.compile(source, re.DOTALL), text)
    assert re.compile(STRING).fullmatch('"""a"""') or lazy_pattern._HAS_FAULT


def test_where_the_engine_has_the_fault_no_table_is_used(monkeypatch):
    monkeypatch.setattr(lazy_pattern, "_HAS_FAULT", True)
    assert all(lazy_pattern.known(source, flags) is None for source, flags in AFFECTED)
    assert lazy_pattern.ready(STRING).fullmatch('"""a"b"""')
    assert lazy_pattern.ready(r"[0-9]++").fullmatch("12")
    others = [key for key in CODES | EVERYDAY_CODES if key not in AFFECTED]
    assert lazy_pattern.known(*others[0]) is not None or not lazy_pattern._HAS_TABLES


def test_no_other_way_leads_to_such_an_expression():
    for file in sorted(PACKAGE.rglob("*.py")):
        text = file.read_text()
        if "re.compile(" not in text or not old_engine.is_affected(text):
            continue
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "re.compile":
                # What is put together of parts is made by ``late``, where it has such a repeat.
                assert not old_engine.is_affected(ast.unparse(node)), f"{file}:{node.lineno}"
