"""Resolved text: what a marked text becomes, which keys its conflicts are about, the checks."""

from __future__ import annotations

from bisect import bisect_right
from typing import NamedTuple

from sessionctl.core.conflict.marked_text import MarkedText, Side
from sessionctl.core.keypath import KeyPath
from sessionctl.core.problem import Span, errors_of
from sessionctl.core.text.source import Source
from sessionctl.core.toml.document import Document
from sessionctl.core.toml.parse.comments import statement_start
from sessionctl.core.toml.parse.statement import ParseMemory
from sessionctl.errors import ParseError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from sessionctl.core.conflict.marked_text import Resolution
    from sessionctl.core.keypath import Part
    from sessionctl.core.problem import Problem
    from sessionctl.core.schema.model import Schema
    from sessionctl.core.toml.key_places import KeyPlaces
    from sessionctl.core.toml.parse.tree import Node, Section

# Where the whole text is TOML for no side, each conflict is tried by itself, up to so many
# characters in all.
MOST_TRIED = 2_000_000
_OTHERS = (Side.OURS, Side.THEIRS, Side.BASE)


class ResolvedConflict(NamedTuple):
    """A document in which a conflict is resolved, and where its text is in it."""

    document: Document
    span: Span


class ResolutionProblem(NamedTuple):
    """A problem of a resolved text, and the line of the marked text that it comes from.

    The place of the problem is one of the resolved text; the line is that of the
    conflict where the problem is in one.
    """

    problem: Problem
    line: int


class ResolvedText:
    """The documents that one marked text may become; each is parsed when asked for."""

    def __init__(self, marked: MarkedText, schema: Schema | None = None) -> None:
        """Look at ``marked``; ``schema`` tells the identity of items and what is valid."""
        self.marked = marked
        self.schema = schema
        self._memory = ParseMemory()
        self._whole: dict[Side, tuple[Document, list[Span]] | None] = {}
        self._alone: dict[tuple[int, Side], ResolvedConflict | None] = {}
        self._errors: dict[Side, tuple[Problem, ...] | None] = {}
        self._places: dict[int, tuple[Document, KeyPlaces]] = {}

    def with_side(self, index: int, side: Side) -> ResolvedConflict | None:
        """Return conflict ``index`` resolved by ``side``; None where that is no TOML."""
        whole = self._whole_of(side)
        if whole is not None:
            return ResolvedConflict(whole[0], whole[1][index])
        if len(self.marked.text) * len(self.marked.conflicts) > MOST_TRIED:
            return None
        if (index, side) not in self._alone:
            text = self.marked.conflicts[index].text_of(side)
            self._alone[index, side] = self.with_text(index, text)
        return self._alone[index, side]

    def with_text(self, index: int, text: str) -> ResolvedConflict | None:
        """Return ``text`` in the place of conflict ``index``; None where that is no TOML.

        The other conflicts are resolved by a side with which it is, if there is one.
        """
        for other in _OTHERS:
            texts = {i: c.text_of(other) for i, c in enumerate(self.marked.conflicts)}
            found, spans = self.marked.with_spans({**texts, index: text})
            document = self._parsed(found)
            if document is not None:
                return ResolvedConflict(document, spans[index])
        return None

    def key_paths(self, index: int) -> tuple[KeyPath, ...]:
        """Return the keys that conflict ``index`` is about, items told by their name.

        None for comments, and where the text is no TOML whatever is chosen.
        """
        for sides in ((Side.OURS, Side.THEIRS), (Side.BASE,)):
            resolved = [self.with_side(index, side) for side in sides]
            found = [path for one in resolved if one is not None for path in self._shown(one)]
            if found:
                return tuple(dict.fromkeys(found))
        return ()

    def side_problems(self, index: int, side: Side) -> tuple[Problem, ...]:
        """Return what the schema finds wrong with ``side`` of conflict ``index``."""
        whole = self._whole_of(side)
        if whole is None:
            return ()
        return _within(self._errors_of(side) or (), whole[1][index])

    def text_problems(self, index: int, text: str) -> tuple[Problem, ...]:
        """Return what ``text``, put in the place of conflict ``index``, would break there.

        The places are those in ``text``. Errors that both sides have do not count; where
        the whole is no TOML anyway, ``text`` is read by itself.
        """
        resolved = self.with_text(index, text)
        if resolved is not None:
            found = _within(self._new_errors(resolved.document), resolved.span)
            return tuple(_shifted(problem, resolved.span, text) for problem in found)
        is_apart = self._parsed(self.marked.conflicts[index].ours) is not None
        if is_apart and self._parsed(text) is None:
            return (_syntax(text),)
        texts = {i: conflict.ours for i, conflict in enumerate(self.marked.conflicts)}
        if self._whole_of(Side.OURS) is None:
            return () if self._parsed(text) is not None else (_syntax(text),)
        whole, spans = self.marked.with_spans({**texts, index: text})
        return (_shifted(_syntax(whole), spans[index], text),)

    def choice_problems(self, choices: Mapping[int, Resolution]) -> list[ResolutionProblem]:
        """Return why the text with ``choices`` made must not be written.

        It is not TOML, or breaks the schema in a way that not both sides do. While
        conflicts are left, only what the choices themselves break counts.
        """
        is_whole = len(choices) == len(self.marked.conflicts)
        for other in _OTHERS:
            texts = {i: c.text_of(other) for i, c in enumerate(self.marked.conflicts)}
            texts |= {i: self.marked.chosen(i, choice) for i, choice in choices.items()}
            text, spans = self.marked.with_spans(texts)
            document = self._parsed(text)
            if document is not None:
                errors = self._new_errors(document)
            elif is_whole:
                errors = (_syntax(text),)
            else:
                continue
            return [
                ResolutionProblem(problem, self._line(problem.span.start, spans))
                for problem in errors
                if is_whole or any(_within((problem,), spans[index]) for index in choices)
            ]
        return []

    def _line(self, offset: int, spans: list[Span]) -> int:
        """Return the line in the marked text of an offset in one with ``spans``."""
        shift = 0
        for conflict, span in zip(self.marked.conflicts, spans, strict=True):
            if offset < span.start:
                break
            if offset < span.end:
                return conflict.line
            shift = conflict.span.end - span.end
        return Source(self.marked.text).place(offset + shift)[0]

    # -- documents -------------------------------------------------------------------

    def _parsed(self, text: str) -> Document | None:
        try:
            return Document.parse(text, memory=self._memory)
        except ParseError:
            return None

    def _whole_of(self, side: Side) -> tuple[Document, list[Span]] | None:
        if side not in self._whole:
            conflicts = enumerate(self.marked.conflicts)
            text, spans = self.marked.with_spans({i: c.text_of(side) for i, c in conflicts})
            document = self._parsed(text)
            self._whole[side] = None if document is None else (document, spans)
        return self._whole[side]

    # -- errors ----------------------------------------------------------------------

    def _errors_of(self, side: Side) -> tuple[Problem, ...] | None:
        """Return the errors of the whole text resolved by ``side``; None where it is no TOML."""
        if side not in self._errors:
            whole = self._whole_of(side)
            self._errors[side] = None if whole is None else self._invalid(whole[0])
        return self._errors[side]

    def _invalid(self, document: Document) -> tuple[Problem, ...]:
        if self.schema is None:
            return ()
        from sessionctl.core.schema.verdict import validate

        found = validate(document, self.schema)
        return tuple(errors_of(found))

    def _new_errors(self, document: Document) -> tuple[Problem, ...]:
        found = self._invalid(document)
        if not found:
            return ()
        sides = [self._errors_of(side) for side in (Side.OURS, Side.THEIRS)]
        known = [set(map(_identity, errors)) for errors in sides if errors is not None]
        shared = set.intersection(*known) if known else set()
        return tuple(problem for problem in found if _identity(problem) not in shared)

    # -- keys ------------------------------------------------------------------------

    def _shown(self, resolved: ResolvedConflict) -> list[KeyPath]:
        """Return the outermost paths of the statements in the span, items by their names."""
        from sessionctl.core.schema.model import Schema

        places = self._places_in(resolved.document)
        schema = self.schema or Schema({})
        paths = paths_in(resolved)
        outer = [p for p in paths if not any(p[:n] in paths for n in range(1, len(p)))]
        return [places.shown(path, schema.item_key) for path in outer]

    def _places_in(self, document: Document) -> KeyPlaces:
        """Return the places of a document; those of the last ones are kept: many ask in a row."""
        from sessionctl.core.toml.key_places import KeyPlaces

        known = self._places.get(id(document))
        if known is None:
            if len(self._places) >= len(Side):
                self._places.clear()
            known = self._places[id(document)] = (document, KeyPlaces(document))
        return known[1]


def paths_in(resolved: ResolvedConflict) -> list[KeyPath]:
    """Return the path of each statement that lies in the span, in keys and indexes."""
    document, span = resolved
    statements, sections = document.statements, document.tree.sections
    index = bisect_right(statements, span.start, key=lambda statement: statement.end)
    section = bisect_right(sections, index, lo=1, key=_first_statement) - 1
    found: list[KeyPath] = []
    while index < len(statements) and statement_start(document, index) < span.end:
        if section + 1 < len(sections) and sections[section + 1].header == index:
            section += 1
        keys = () if sections[section].header == index else statements[index].keys
        found.append(KeyPath((*_table_path(sections[section].table), *keys)))
        index += 1
    return found


def _first_statement(section: Section) -> int:
    assert section.header is not None  # the first section is not looked at
    return section.header


def _table_path(node: Node) -> KeyPath:
    parts: list[Part] = []
    while node.parent is not None:
        parts.append(node.key)
        node = node.parent
    return KeyPath(reversed(parts))


def _within(problems: tuple[Problem, ...], span: Span) -> tuple[Problem, ...]:
    return tuple(p for p in problems if p.span.start < span.end and p.span.end > span.start)


def _identity(problem: Problem) -> tuple[str, KeyPath, str]:
    return problem.rule, problem.key_path, problem.message


def _shifted(problem: Problem, span: Span, text: str) -> Problem:
    """Return ``problem`` with its place in ``text``, which is at ``span``.

    Its hint may name a line of the whole, so it is left out.
    """
    start = min(max(0, problem.span.start - span.start), len(text))
    end = min(max(start, problem.span.end - span.start), len(text))
    return problem._replace(span=Span(start, end), hint="")


def _syntax(text: str) -> Problem:
    """Return why ``text`` is not TOML."""
    from sessionctl.core.schema.verdict import validate

    return validate(text)[0]
