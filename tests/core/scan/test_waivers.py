"""Waivers: a comment lets a secret stand, if it says why."""

from __future__ import annotations

import pytest

from sessionctl import Document
from sessionctl.core.problem import Span
from sessionctl.core.scan.document_scan import find_secrets
from sessionctl.core.scan.judgement import Judgement
from sessionctl.core.scan.text_scan import find_in_text
from sessionctl.core.scan.waivers import Waivers
from tests.together import together

WAIVER = "# sessionctl: allow-secret a test server"


def rules(text):
    return [f.rule for f in find_secrets(Document.parse(text), Judgement(in_session=True))]


@together(
    "text",
    [
        f"password = 'x1'  {WAIVER}\n",
        f"{WAIVER}\npassword = 'x1'\n",
        f"{WAIVER}\n# and why it is so\npassword = 'x1'\n",
        f"a = [\n  'redis://:x1@h',  {WAIVER}\n  'b',\n]\n",
        f"a = [\n  {WAIVER}\n  'redis://:x1@h',\n]\n",
        f"{WAIVER}\na = [\n  'b',\n  'redis://:x1@h',\n]\n",
        f"a = '''\nredis://:x1@h\n'''  {WAIVER}\n",
        f"x = 1  # password: x1 {WAIVER}\n",
        f"{WAIVER}\n# password = 'x1'\n",
        f"password = 'x1'  {WAIVER}",
    ],
)
def test_a_waiver_lets_stand_what_it_is_beside_or_above(text):
    assert rules(text) == []


@pytest.mark.parametrize(
    "text",
    [
        f"{WAIVER}\n\npassword = 'x1'\n",
        f"a = 1  {WAIVER}\npassword = 'x1'\n",
        f"password = 'x1'\na = 1  {WAIVER}\n",
        f"{WAIVER}\na = 1\npassword = 'x1'\n",
        f"a = [\n  'b',  {WAIVER}\n  'redis://:x1@h',\n]\n",
        "a = '# sessionctl: allow-secret why'\npassword = 'x1'\n",
        "password = 'x1'  # sessionctl: allow-secrets why\n",
    ],
)
def test_it_lets_nothing_else_stand(text):
    assert len(rules(text)) == 1


def test_a_waiver_without_a_reason_waives_nothing_and_is_told():
    assert rules("password = 'x1'  # sessionctl: allow-secret \n") == [
        "secret-key",
        "waiver-without-reason",
    ]


def test_text_that_is_no_toml_can_be_waived_too():
    text = f"{{ password: x1 }} {WAIVER}\n{WAIVER}\npassword: x2\npassword: x3\n"
    assert [text[f.span.start : f.span.end] for f in find_in_text(text)] == ["x3"]


def test_waivers_that_reach_into_one_another_cover_what_each_covers():
    waiver = "# sessionctl: allow-secret a test\n"
    text = f"{waiver}a = [\n1, {waiver}2,\n]\nb = 1\n{waiver}c = 1\n"
    document = Document.parse(text)
    comments = [Span(at, text.index("\n", at)) for at in range(len(text)) if text[at] == "#"]
    statements = [Span(one.key_start, one.end) for one in document.statements]
    waivers = Waivers.of_comments(text, comments, statements)
    covered = [at for at in range(len(text)) if waivers.cover(Span(at, at + 1))]
    until, after = text.index("b = 1"), text.index(f"{waiver}c = 1")
    assert covered == [*range(until), *range(after, len(text))]
    assert len(waivers.covered) == 2
