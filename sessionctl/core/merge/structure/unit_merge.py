"""The three-way merge of one unit: its comments, its spelling, its value."""

from __future__ import annotations

from collections import Counter

from sessionctl.core.conflict.conflict import ConflictKind
from sessionctl.core.keypath import render_key
from sessionctl.core.merge.value.fragment import Fragment
from sessionctl.core.merge.value.guide import ANYWHERE
from sessionctl.core.merge.value.value_merge import merge_value
from sessionctl.core.problem import Span
from sessionctl.core.text.alignment import merge_chunks
from sessionctl.core.text.lines import split_lines
from sessionctl.core.toml.parse.inline_value import comments_in

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TypeVar

    from sessionctl.core.conflict.markers import MarkerStyle
    from sessionctl.core.merge.structure.skeleton import Ident, Skeleton, Unit
    from sessionctl.core.merge.value.guide import Guide
    from sessionctl.core.toml.parse.statement import Statement
    from sessionctl.core.values import Value

    T = TypeVar("T")


class MergedUnit:
    """A merged unit: its text, or the kind and the texts of a conflict.

    ``section`` is where its text was written for, ``statement`` its key there.
    """

    __slots__ = ("body", "kind", "lead", "section", "statement", "texts")

    def __init__(self, lead: str, body: str, section: Ident, statement: Statement | None) -> None:
        self.lead = lead
        self.body = body
        self.section = section
        self.statement = statement
        self.kind: ConflictKind | None = None
        self.texts: tuple[str | None, ...] = ()

    @classmethod
    def of(cls, unit: Unit) -> MergedUnit:
        """Return ``unit`` as it is."""
        return cls(unit.lead, unit.body, unit.section, unit.statement)

    @classmethod
    def conflict(
        cls, kind: ConflictKind, unit: Unit | None, texts: tuple[str | None, ...], lead: str = ""
    ) -> MergedUnit:
        """Return a conflict of ``kind`` between base, ours and theirs."""
        merged = cls(unit.lead if unit else lead, "", unit.section if unit else (), None)
        merged.kind = kind
        merged.texts = texts
        return merged


def pick(base: T, ours: T, theirs: T) -> T:
    """Return the changed side; ours when both changed."""
    return theirs if ours == base else ours


def unit_value(version: Skeleton, unit: Unit) -> Fragment:
    """Return the value of a key statement with its source text."""
    statement = unit.statement
    assert statement is not None
    value: Value = version.by_ident[unit.section].value
    for key in statement.keys:
        value = value[key]  # type: ignore[call-overload,index]
    span = Span(statement.value_start, statement.value_end)
    return Fragment(version.document.text, span, value)


def body_in(unit: Unit, section: Ident) -> str:
    """Return the lines of a key with the key as it is written in ``section``."""
    if unit.section == section or unit.statement is None:
        return unit.body
    keys = ".".join(render_key(str(part)) for part in unit.ident[len(section) :])
    start = unit.statement.key_start - unit.start
    end = unit.statement.key_end - unit.start
    return unit.body[:start] + keys + unit.body[end:]


def comment_beside(unit: Unit | None) -> str:
    """Return the comment on the line of a statement, behind it, or ""."""
    if unit is None or unit.statement is None:
        return ""
    return unit.body[unit.statement.value_end - unit.start :].strip()


def comments_beside(version: Skeleton, unit: Unit) -> list[str]:
    """Return the comments inside and behind the value of a key statement."""
    statement = unit.statement
    if statement is None or "#" not in unit.body:
        return []
    span = Span(statement.value_start, statement.value_end)
    return [*comments_in(version.document.text, span), comment_beside(unit)]


def comments_of(text: str) -> Counter[str]:
    """Return the comments of a stretch of statements, with how often each stands."""
    return Counter(comments_in(text, Span(0, len(text)))) if "#" in text else Counter()


def merge_unit(
    versions: Sequence[Skeleton],
    ident: Ident,
    place: Ident,
    style: MarkerStyle,
    guide: Guide = ANYWHERE,
) -> MergedUnit:
    """Merge a unit that both sides have, for the section ``place``; ``guide`` is of the document.

    Comments never conflict: where both sides changed those of one statement, both stay.
    """
    base, ours, theirs = (version.units.get(ident) for version in versions)
    assert ours is not None
    assert theirs is not None
    lead = merge_lead(base.lead if base else None, ours.lead, theirs.lead)
    shape = theirs if theirs.section == place != ours.section else ours
    if ours.statement is None or theirs.statement is None:
        return MergedUnit(lead, ours.body, place, None)
    other = theirs if shape is ours else ours
    if ours.body == theirs.body or (
        base is not None and base.body == other.body and shape.section == other.section
    ):
        return MergedUnit(lead, shape.body, shape.section, shape.statement)
    if (
        base is not None
        and base.body == shape.body
        and shape.section == other.section == base.section
    ):
        return MergedUnit(lead, other.body, other.section, other.statement)
    one, two = unit_value(versions[1], ours), unit_value(versions[2], theirs)
    before = unit_value(versions[0], base) if base is not None else None
    keys = [part for part in ident if isinstance(part, str)]
    value = merge_value(before, one, two, guide.below(*keys))
    if value is None:
        kind = _kind(before, one, two)
        texts = tuple(body_in(unit, place) if unit else None for unit in (base, ours, theirs))
        return MergedUnit.conflict(kind, None, texts, lead)
    return _composed((base, ours, theirs), versions, value, lead, shape, style)


def _kind(before: Fragment | None, ours: Fragment, theirs: Fragment) -> ConflictKind:
    if before is None:
        return ConflictKind.BOTH_ADDED
    if type(ours.value) is not type(theirs.value):
        return ConflictKind.TYPE_CHANGED
    return ConflictKind.BOTH_MODIFIED


def _composed(
    units: tuple[Unit | None, Unit, Unit],
    versions: Sequence[Skeleton],
    value: str,
    lead: str,
    shape: Unit,
    style: MarkerStyle,
) -> MergedUnit:
    """Put the merged value between what stands before and behind it."""
    before, after = [], []
    for unit, version in zip(units, versions, strict=True):
        statement = unit.statement if unit else None
        text = version.document.text
        before.append(text[unit.start : statement.value_start] if unit and statement else None)
        after.append(text[statement.value_end : statement.end] if statement else None)
    prefix = pick(*before)
    # Keys written for two sections differ in text though not in meaning; the text that fits the
    # section of the result is that of the side which has the key there.
    if any(unit is not None and unit.section != shape.section for unit in units):
        prefix = before[1 if shape is units[1] else 2]
    suffix = pick(*after)
    assert prefix is not None
    assert suffix is not None
    # Ours may have taken the comment away that theirs changed: there is room for it.
    if after[2] and not suffix.strip() and after[2].strip() != (after[0] or "").strip():
        suffix = after[2]
    # One line has room for one comment: that of theirs goes above the key where ours has another
    # one. Compared whole, for "# port" is part of "# port number" and still a comment of its own.
    theirs = (after[2] or "").strip()
    if theirs not in ("", suffix.strip(), (after[0] or "").strip()):
        lead += prefix[: len(prefix) - len(prefix.lstrip(" \t"))] + theirs + style.newline
    return MergedUnit(lead, prefix + value + suffix, shape.section, shape.statement)


def merge_lead(base: str | None, ours: str, theirs: str) -> str:
    """Merge the text above a statement: blank lines and comments, by line.

    Where both sides changed the same lines, both versions stand, ours first.
    """
    if ours in (theirs, base):
        return theirs
    if theirs == base:
        return ours
    versions = [split_lines(text or "") for text in (base, ours, theirs)]
    # An indent that one side changed does not make another comment of it.
    stripped = [[line.strip() for line in lines] for lines in versions]
    merged: list[str] = []
    for chunk in merge_chunks(*stripped):
        mine, other = versions[1][chunk.ours], versions[2][chunk.theirs]
        if chunk.changed == "theirs":
            merged += other
        elif chunk.changed == "conflict":
            merged += _lines_of_both(versions[0][chunk.base], mine, other)
        else:
            merged += mine
    return "".join(merged)


def _lines_of_both(base: Sequence[str], ours: Sequence[str], theirs: Sequence[str]) -> list[str]:
    """Return the lines of ours and what theirs adds to them.

    Lines are counted, for the same one may stand there twice.
    """
    old, mine, other = (
        Counter(line.strip() for line in lines if line.strip()) for lines in (base, ours, theirs)
    )
    if old and mine == old != other:
        return list(theirs)  # ours changed only the blank lines beside them
    # What theirs took out goes if ours only wrote another line beside it.
    gone = old - other if mine > old else Counter[str]()
    merged = _without(ours, gone)
    # Lines that ours has, or took out knowingly, do not come back with those of theirs.
    return merged + [line for line in _without(theirs, old | mine) if line.strip()]


def _without(lines: Sequence[str], known: Counter[str]) -> list[str]:
    """Return the lines that are not ``known``, as often as that counts them."""
    left = Counter(known)
    kept = []
    for line in lines:
        if left[line.strip()] > 0:
            left[line.strip()] -= 1
        else:
            kept.append(line)
    return kept
