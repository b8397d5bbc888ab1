"""Broken scan: secrets in a text that is not TOML now, at least those of the whole text."""

from __future__ import annotations

import re

from sessionctl.core.keypath import KeyPath
from sessionctl.core.problem import Span
from sessionctl.core.regex.lazy_pattern import late
from sessionctl.core.scan.broken_text import read_tables
from sessionctl.core.scan.comment_blocks import parts_across
from sessionctl.core.scan.document_scan import place_inside
from sessionctl.core.scan.finding import SecretFinding
from sessionctl.core.scan.text_scan import text_parts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from sessionctl.core.scan.broken_text import TextTable
    from sessionctl.core.scan.judgement import Judgement, SecretValue

_COMMENT = late(r"(?:^|(?<=[\s,\]}\"']))#([^\n]*)", re.MULTILINE)
# A reference names a secret; flattened to words its line would read like one.
_REFERENCE = late(r"""\{\s*secret\s*=\s*["'][A-Za-z0-9._/-]{1,64}["']\s*\}""")
_FLAT = str.maketrans(dict.fromkeys("\"',[]{}", " "))
_LONGEST_LINE = 4096
_SHORTEST = 3
_MOST_COMPARED = 1_000_000


def find_in_broken(text: str, judgement: Judgement) -> list[SecretFinding]:
    """Return the secrets in a text that should be TOML and is not, in order, none twice.

    What a corruption leaves unhurt is found as in the whole text: by key, by place, in
    commands and in comments. A line with a waiver, or below one, is not looked at.
    """
    from sessionctl.core.scan.waivers import Waivers

    waivers = Waivers.of_lines(text)
    found = [one for one in all_in_broken(text, judgement) if not waivers.cover(one.span)]
    return [*found, *waivers.findings()]


def all_in_broken(text: str, judgement: Judgement) -> list[SecretFinding]:
    """Return the secrets in such a text, those that are waived too."""
    kept: list[SecretFinding] = []
    for finding in sorted(_all(text, judgement), key=lambda f: (f.span.start, -f.span.end)):
        if not kept or finding.span.end > kept[-1].span.end:
            kept.append(finding)
    return _without_values_as_keys(text, kept)


def _without_values_as_keys(text: str, found: list[SecretFinding]) -> list[SecretFinding]:
    """Return the findings without key paths that show what was found.

    The end of an array that is torn, ``"X" ]``, may read as the header of a table.
    """
    words = {word for one in found for word in text[slice(*one.span)].translate(_FLAT).split()}
    words = {word for word in words if len(word) >= _SHORTEST}
    is_many = len(found) * len(words) > _MOST_COMPARED
    return [
        one._replace(key_path=KeyPath()) if is_many or _holds_one(one.key_path, words) else one
        for one in found
    ]


def _holds_one(path: KeyPath, words: set[str]) -> bool:
    shown = ".".join(key for key in path if isinstance(key, str))
    return any(word in shown for word in words)


def _all(text: str, judgement: Judgement) -> Iterator[SecretFinding]:
    for has_long_strings in (True, False):
        for table in read_tables(text, has_long_strings=has_long_strings):
            yield from _in_table(text, table, judgement)
        if '"""' not in text and "'''" not in text:
            break
    parts = text_parts(text, known=judgement.known, is_strict=judgement.in_session)
    yield from (SecretFinding(p.rule, p.what, Span(p.start, p.end)) for p in parts)
    yield from _in_lines(text, judgement)
    comments = [match.span() for match in _COMMENT.finditer(text)]
    for part in parts_across(text, (Span(start, end) for start, end in comments)):
        yield SecretFinding(part.rule, part.what, Span(part.start, part.end), is_comment=True)
    for match in _COMMENT.finditer(text):
        for part in judgement.parts(match[1]):
            span = Span(match.start(1) + part.start, match.start(1) + part.end)
            yield SecretFinding(part.rule, part.what, span, is_comment=True)


def _in_table(text: str, table: TextTable, judgement: Judgement) -> Iterator[SecretFinding]:
    for found in judgement.find(table.value, table.path):
        place = table.places.get(tuple(found.path[len(table.path) :]))
        if place is not None:
            yield from _findings(text, found, place)


def _findings(text: str, found: SecretValue, place: Span) -> Iterator[SecretFinding]:
    raw = text[place.start : place.end]
    for part in found.parts:
        inside = None if found.is_whole else place_inside(raw, place, found.text, part)
        yield SecretFinding(
            part.rule, part.what, inside or place, KeyPath(found.path), is_whole=found.is_whole
        )


def _in_lines(text: str, judgement: Judgement) -> Iterator[SecretFinding]:
    """Look at each line, and at each array, as at a command: a quote that is lost hides no word."""
    if not judgement.in_session:
        return
    position = 0
    for line in _stretches(text):
        flat = _REFERENCE.sub(lambda match: " " * len(match[0]), line) if "{" in line else line
        flat = flat.translate(_FLAT).replace("\n", " ")
        if len(flat) <= _LONGEST_LINE:
            for part in judgement.parts(flat):
                span = Span(position + part.start, position + part.end)
                yield SecretFinding(part.rule, part.what, span)
        position += len(line)


def _stretches(text: str) -> Iterator[str]:
    """Yield the lines of ``text``; those of an array that goes on are one."""
    held = ""
    depth = 0
    for line in text.splitlines(keepends=True):
        held += line
        depth = max(0, depth + line.count("[") - line.count("]"))
        if depth == 0 or len(held) > _LONGEST_LINE:
            yield held
            held, depth = "", 0
    if held:
        yield held
