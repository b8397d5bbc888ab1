"""Settling: a policy put to the conflicts of a merge, and what policies would settle told."""

from __future__ import annotations

from typing import NamedTuple

from sessionctl.core.conflict.conflict import Conflict, ConflictKind
from sessionctl.core.keypath import ItemKey, KeyPath
from sessionctl.core.merge.policy.policy import MAX, NEWEST, OURS, THEIRS, UNION, Policy, Rule
from sessionctl.core.merge.policy.policy_guide import PolicyGuide, PolicyNotes, ValueDecision
from sessionctl.core.merge.policy.time_stamps import newer_side
from sessionctl.core.merge.result import MergeResult
from sessionctl.core.merge.strategy import Task, skeletons_of
from sessionctl.core.merge.structure.assembly import Assembly
from sessionctl.core.problem import Span
from sessionctl.core.toml.parse.parser import KEY
from sessionctl.errors import ParseError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sessionctl.core.toml.document import Document
    from sessionctl.core.values import Table

# Conflicts that are about a text, and not about the values in it.
_WHOLE = frozenset({ConflictKind.INVALID, ConflictKind.OPAQUE})
_OFFERED = {MAX: "the higher version", UNION: "what both sides have"}


class SettledConflict(NamedTuple):
    """The text that settles a conflict, and what was decided in it."""

    text: str
    settlements: tuple[ValueDecision, ...]


def settle(result: MergeResult, policy: Policy, versions: Sequence[str], task: Task) -> MergeResult:
    """Return ``result`` with the conflicts settled that the policy or the schema settles.

    The others stay, each with a hint where a policy would settle it. A settlement stands
    only if the text is TOML with it, whichever side settles the rest, and, where the
    schema is known and all ``versions`` (base, ours, theirs) hold to it, valid.
    """

    def sides() -> list[Table]:
        texts = ["", ""] if result.method == "text" else versions[1:]
        return [task.parse(text).value for text in texts]

    settler = Settler(policy, task, sides, is_text=result.method == "text")
    found = {index: settler.settle(conflict) for index, conflict in enumerate(result.conflicts)}
    fitting = _fitting(result, {i: one for i, one in found.items() if one is not None}, task)
    settled = _put(result, fitting)
    if settled.is_clean and task.schema is not None and result.method != "text":
        from sessionctl.core.merge.schema_conflicts import mark_invalid

        marked = mark_invalid(versions, settled, task.schema, task.style)
        if not marked.is_clean:
            was_invalid = any(c.kind is ConflictKind.INVALID for c in result.conflicts)
            return result if was_invalid else settle(marked, policy, versions, task)
    return settled if settled.is_clean else _advised(settled, task)


class Settler:
    """Settles single conflicts by one policy.

    ``sides`` gives the values of ours and theirs, where time stamps are looked up; it is
    called once at most. With ``is_text`` conflicts are lines that are not TOML.
    """

    def __init__(
        self,
        policy: Policy,
        task: Task,
        sides: Callable[[], Sequence[Table]] = lambda: ({}, {}),
        *,
        is_text: bool = False,
    ) -> None:
        self.policy = policy
        self.task = task
        self.is_text = is_text
        self._find_sides = sides
        self._sides: Sequence[Table] | None = None

    def settle(self, conflict: Conflict, *, is_offer: bool = False) -> SettledConflict | None:
        """Return what settles ``conflict``; None where neither policy nor schema does.

        With ``is_offer``, numbers and deletions are not settled, which a person should see.
        """
        notes = PolicyNotes(is_offer=is_offer)
        guide = self._guide(conflict.path, notes)
        if conflict.kind not in _WHOLE:
            text = self._composed(conflict, guide)
            if text is not None:
                return SettledConflict(text, tuple(notes.settled))
        rule = guide.deciding
        if rule is None or not notes.leave_it_to(rule):
            return None
        whole = self._whole(conflict, guide.side_of(rule))
        return None if whole is None else SettledConflict(whole, (guide.settlement(rule),))

    def _guide(self, path: KeyPath, notes: PolicyNotes) -> PolicyGuide:
        guide = PolicyGuide(path, self.policy, notes, self.task.schema)
        rule = guide.deciding
        if self.policy.asks_for_dates or (rule is not None and rule.way == NEWEST):
            if self._sides is None:
                self._sides = self._find_sides()
            ours, theirs = self._sides
            guide.newer = newer_side(path, ours, theirs, self.policy.dates)
        return guide

    def _composed(self, conflict: Conflict, guide: PolicyGuide) -> str | None:
        """Return the merge of one statement, in which the policy settled what clashes."""
        texts = [conflict.base or "", conflict.ours or "", conflict.theirs or ""]
        if not texts[1] or not texts[2]:
            return None
        is_crlf = all("\r\n" in text for text in texts if text)
        if is_crlf:
            texts = [text.replace("\r\n", "\n") for text in texts]
        try:
            text = self._merged(texts, guide)
        except ParseError:
            return None
        return text.replace("\n", "\r\n") if text and is_crlf else text

    def _merged(self, texts: Sequence[str], guide: PolicyGuide) -> str | None:
        task = self.task._replace(style=self.task.style._replace(newline="\n"), schema=None)
        documents = [task.parse(text) for text in texts]
        statements = documents[1].statements
        keys = statements[0].keys if statements else ()
        there = [document for document in documents if document.text]
        if not keys or not all(_is_statement(document, keys) for document in there):
            return None
        if guide.path[-len(keys) :] != keys:
            return None
        around = KeyPath(guide.path[: -len(keys)])
        inner = PolicyGuide(around, guide.policy, guide.notes, guide.schema, guide.newer)
        assembly = Assembly(*skeletons_of(documents, task), task.style, inner)
        if assembly.conflicts or not guide.notes.settled:
            return None
        return assembly.text if _is_statement(task.parse(assembly.text), keys) else None

    def _whole(self, conflict: Conflict, side: str) -> str | None:
        """Return the text of ``side``, or of both where nothing is said twice."""
        base, ours, theirs = (t or "" for t in (conflict.base, conflict.ours, conflict.theirs))
        if side in (OURS, THEIRS):
            return ours if side == OURS else theirs
        if not side:
            return None
        if self.is_text:
            from sessionctl.core.merge.value.set_merge import merge_lines

            return merge_lines(base, ours, theirs)
        if conflict.kind in _WHOLE:
            return None
        if not ours or not theirs:
            return ours or theirs
        is_item = conflict.path and isinstance(conflict.path[-1], int | ItemKey)
        if not is_item:
            return None
        newline = "\r\n" if "\r\n" in ours else "\n"
        return ours.rstrip("\r\n") + 2 * newline + theirs.lstrip("\r\n")


def _is_statement(document: Document, keys: tuple[str, ...]) -> bool:
    statements = document.statements
    return len(statements) == 1 and statements[0].kind == KEY and statements[0].keys == keys


# -- putting it together -------------------------------------------------------------


def _put(result: MergeResult, found: Mapping[int, SettledConflict]) -> MergeResult:
    """Return ``result`` with the texts of ``found`` in the place of conflicts, by index."""
    parts: list[str] = []
    left: list[Conflict] = []
    position = length = 0
    for index, conflict in enumerate(result.conflicts):
        start, end = conflict.span
        parts.append(result.text[position:start])
        length += start - position
        position = end
        block = result.text[start:end]
        if index in found:
            text = found[index].text
            if text and not text.endswith("\n") and end < len(result.text):
                text += "\r\n" if block.endswith("\r\n") else "\n"
        else:
            text = block
            left.append(conflict._replace(span=Span(length, length + len(block))))
        parts.append(text)
        length += len(text)
    parts.append(result.text[position:])
    settlements = [one for index in found for one in found[index].settlements]
    return result._replace(
        text="".join(parts),
        conflicts=tuple(left),
        settlements=(*result.settlements, *settlements),
    )


def _fitting(
    result: MergeResult, found: Mapping[int, SettledConflict], task: Task
) -> Mapping[int, SettledConflict]:
    """Return what of ``found`` leaves TOML: all of it, else as much as goes together."""
    if not found or result.method == "text" or _is_toml(_put(result, found), task):
        return found
    fitting: dict[int, SettledConflict] = {}
    for index, settled in found.items():
        if _is_toml(_put(result, {**fitting, index: settled}), task):
            fitting[index] = settled
    return fitting


def _is_toml(result: MergeResult, task: Task) -> bool:
    """Tell whether a text is TOML, with the conflicts in it settled by either side."""
    if result.conflicts:
        return all(result.settled(side, task.memory).is_clean for side in (OURS, THEIRS))
    try:
        task.parse(result.text)
    except ParseError:
        return False
    return True


# -- advice --------------------------------------------------------------------------


def _advised(result: MergeResult, task: Task) -> MergeResult:
    """Return ``result``; its conflicts say which policy would settle them and drop nothing."""
    settlers = [Settler(Policy((Rule(way),)), task) for way in _OFFERED]
    conflicts = []
    for conflict in result.conflicts:
        if conflict.kind not in _WHOLE and conflict.ours and conflict.theirs:
            settler = next((s for s in settlers if s.settle(conflict, is_offer=True)), None)
            if settler is not None:
                way = settler.policy.rules[0].way
                hint = f"'{conflict.path}={way}' settles it: {_OFFERED[way]}"
                conflict = conflict._replace(hint=hint, offers=(way,))
        conflicts.append(conflict)
    return result._replace(conflicts=tuple(conflicts))
