"""Texts with markers, each with all that is read in it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sessionctl.core.conflict.marked_text import read_conflicts, whole_conflicts
from tests.together import together

# Below "---" stand the conflicts: their line and size, the labels, base, ours, theirs, the span;
# behind "!" what is wrong; behind "whole" where a first marker is for who wants no half ones.
TEXTS = (Path(__file__).parent / "marked_texts.txt").read_text(encoding="utf-8")
_TEXT = re.compile(r"^=== [^\n]*\n(.*?)^---\n(.*?)(?=^=== |\Z)", re.MULTILINE | re.DOTALL)


def read(text):
    marked = read_conflicts(text)
    lines = [
        f"{c.line} {c.marker_size} {tuple(c.labels)} {c.base!r} {c.ours!r} {c.theirs!r}"
        f" {tuple(c.span)}\n"
        for c in marked.conflicts
    ]
    lines += [
        f"! {p.span.start}: {text[p.span.start : p.span.end]!r}: {p.rule}: {p.message} ({p.hint})\n"
        for p in marked.problems
    ]
    whole = [(span.start, text[span.start : span.end]) for span in whole_conflicts(text)]
    return "".join([*lines, f"whole {whole}\n"])


@together(("text", "found"), _TEXT.findall(TEXTS))
def test_this_is_read_in_a_text(text, found):
    assert read(text) == found


@pytest.mark.parametrize("end", ["\n", "\r\n", ""])
def test_a_line_end_of_any_kind_may_follow_a_marker(end):
    text = f"<<<<<<<{end or chr(10)}a\n=======\nb\n>>>>>>> x y{end}"
    [conflict] = read_conflicts(text).conflicts
    assert (conflict.ours, conflict.theirs, tuple(conflict.labels)) == (
        "a\n",
        "b\n",
        ("", "", "x y"),
    )
    assert conflict.span == (0, len(text))
    assert whole_conflicts(text) == [(0, 7)]
    [conflict] = read_conflicts(f"\ufeff{text}").conflicts
    assert conflict.span == (1, len(text) + 1)
