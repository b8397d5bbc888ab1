"""Secrets in a document: in its values, by key and by content, and in its comments."""

from __future__ import annotations

from _bisect import bisect_right
from _operator import attrgetter

from sessionctl.core.problem import Span
from sessionctl.core.scan.comment_blocks import parts_across
from sessionctl.core.scan.finding import ENTROPY, SecretFinding, SecretPart
from sessionctl.core.scan.judgement import Judgement
from sessionctl.core.toml.parse.inline_value import comment_spans
from sessionctl.core.toml.parse.statement import KEY as KEY_STATEMENT
from sessionctl.core.toml.parse.tree import path_of, section_of
from sessionctl.core.values import value_at

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sessionctl.core.scan.judgement import SecretValue
    from sessionctl.core.toml.document import Document
    from sessionctl.core.toml.parse.tree import Section
    from sessionctl.core.values import Value

_SHORTEST_COMMENT = 6
_WAIVER = "allow-secret"
_PLAIN = Judgement()
_END = attrgetter("end")


def find_secrets(document: Document, judgement: Judgement = _PLAIN) -> list[SecretFinding]:
    """Return the secrets written out in a document, in the order of its text.

    A finding that a waiver covers is left out; a waiver without a reason is one. The
    schema of sessions need not be given: it marks no field that its name does not give away.
    """
    judgement = judgement.narrowed(document.text)
    found = list(in_values(document, judgement))
    comments = list(comments_of(document))
    for span in comments:
        found += _in_comment(document.text, span, judgement)
    for part in parts_across(document.text, comments):
        place = Span(part.start, part.end)
        if not any(meet(place, one.span) for one in found):
            found.append(SecretFinding(part.rule, part.what, place, is_comment=True))
    found.sort(key=lambda finding: finding.span)
    waiving = [span for span in comments if document.text.find(_WAIVER, *span) >= 0]
    return _without_waived(document, found, waiving) if waiving else found


def comments_of(document: Document) -> Iterator[Span]:
    """Yield where the comments of a document are, those inside of arrays too."""
    text, statements = document.text, document.statements
    sign = text.find("#")
    index = 0
    while sign >= 0:
        index = bisect_right(statements, sign, index, key=_END)
        if index == len(statements):
            stop = len(text)
        else:
            statement = statements[index]
            content = min(statement.key_start, statement.value_start)
            if content <= sign < statement.value_end:
                if statement.kind == KEY_STATEMENT and text[statement.value_start] == "[":
                    span = Span(statement.value_start, statement.value_end)
                    if text.find("#", *span) >= 0:
                        yield from comment_spans(text, span)
                sign = text.find("#", statement.value_end)
                continue
            stop = content if sign < content else statement.end
        end = text.find("\n", sign, stop)
        end = stop if end < 0 else end
        yield Span(sign, end)
        sign = text.find("#", end)


def in_values(
    document: Document, judgement: Judgement, within: Span | None = None
) -> Iterator[SecretFinding]:
    """Yield the secrets in the values of a document, those that are waived too.

    Or only those that reach into the stretch ``within``.
    """
    places = None
    for found in _found(document, judgement, within):
        if places is None:
            from sessionctl.core.toml.key_places import KeyPlaces

            places = KeyPlaces(document)
        span = places.value(found.path)
        if within is not None and not meet(span, within):
            continue
        raw = document.text[span.start : span.end]
        for part in found.parts:
            inside = None if found.is_whole else place_inside(raw, span, found.text, part)
            yield SecretFinding(
                part.rule,
                part.what,
                inside or span,
                found.path,
                is_whole=found.is_whole,
                is_inside=inside is not None,
                severity="warning" if part.rule == ENTROPY else "error",
            )


def meet(one: Span, other: Span) -> bool:
    """Return whether two stretches of a text have something in common."""
    return one.start < other.end and other.start < one.end


def _found(document: Document, judgement: Judgement, within: Span | None) -> Iterator[SecretValue]:
    if within is None:
        yield from judgement.find(document.value)
        return
    for section, keys in _touched(document, within).items():
        path = path_of(section.table)
        table = value_at(document.value, path)
        assert isinstance(table, dict)
        # What a value is depends on the keys above it and beside it, and on nothing further away.
        near = {key: item if key in keys else _emptied(item) for key, item in table.items()}
        yield from judgement.find(near, path)


def _touched(document: Document, within: Span) -> dict[Section, set[str]]:
    """Return the sections with a statement in a stretch, and the first keys of those statements."""
    statements, sections = document.statements, document.outline.sections
    touched: dict[Section, set[str]] = {}
    for index in range(bisect_right(statements, within.start, key=_END), len(statements)):
        statement = statements[index]
        if statement.kind != KEY_STATEMENT:
            continue
        if statement.key_start >= within.end:
            break
        touched.setdefault(section_of(sections, index), set()).add(statement.keys[0])
    return touched


def _emptied(value: Value) -> Value:
    return type(value)() if isinstance(value, dict | list) else value


def place_inside(raw: str, span: Span, value: str, part: SecretPart) -> Span | None:
    """Return where a part of a string stands in the text; None where escapes hide that."""
    secret = value[part.start : part.end]
    quotes = 3 if raw.startswith(('"""', "'''")) else 1
    for skipped in range(3):  # the line end that may follow three quotes
        start = quotes + skipped + part.start
        if raw.startswith(secret, start):
            return Span(span.start + start, span.start + start + len(secret))
    return None


def _in_comment(text: str, span: Span, judgement: Judgement) -> Iterator[SecretFinding]:
    start = span.start + 1
    comment = text[start : span.end]
    if len(comment) < _SHORTEST_COMMENT:
        return
    if comment.lstrip().startswith("-----BEGIN"):
        comment += "\n"  # the next comment goes on with the key
    for part in judgement.parts(comment):
        place = Span(start + part.start, min(start + part.end, span.end))
        yield SecretFinding(part.rule, part.what, place, is_comment=True)


def _without_waived(
    document: Document, found: list[SecretFinding], comments: Iterable[Span]
) -> list[SecretFinding]:
    from sessionctl.core.scan.waivers import Waivers

    statements = (Span(s.key_start, s.end) for s in document.statements)
    waivers = Waivers.of_comments(document.text, comments, statements)
    kept = [finding for finding in found if not waivers.cover(finding.span)]
    return sorted([*kept, *waivers.findings()], key=lambda finding: finding.span)
