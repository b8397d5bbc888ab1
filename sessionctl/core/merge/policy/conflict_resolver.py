"""Conflict resolver: one policy put to single conflicts, value by value or whole."""

from __future__ import annotations

from typing import NamedTuple

from sessionctl.core.conflict.conflict import Conflict, ConflictKind
from sessionctl.core.keypath import ItemKey, KeyPath
from sessionctl.core.merge.context import MergeContext
from sessionctl.core.merge.policy.policy import NEWEST, OURS, THEIRS, USUAL, Policy
from sessionctl.core.merge.policy.policy_guide import PolicyGuide, PolicyNotes, inherits_inside
from sessionctl.core.merge.policy.time_stamps import newer_side
from sessionctl.core.merge.result import ValueDecision
from sessionctl.core.merge.structural_merge import skeletons_of
from sessionctl.core.merge.structure.assembly import Assembly
from sessionctl.core.toml.parse.parser import KEY
from sessionctl.errors import ParseError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sessionctl.core.toml.parse.document_text import DocumentText
    from sessionctl.core.values import Table

# Conflicts that are about a text, and not about the values in it.
WHOLE_TEXT_KINDS = frozenset({ConflictKind.INVALID, ConflictKind.OPAQUE})

# Of a deletion against an edit it was the deletion in four of five merges.
_DELETING = {ConflictKind.DELETED_BY_US: OURS, ConflictKind.DELETED_BY_THEM: THEIRS}


class PolicyResolution(NamedTuple):
    """The text that resolves a conflict, and what was decided in it."""

    text: str
    decisions: tuple[ValueDecision, ...]


class ConflictResolver:
    """Resolves single conflicts by one policy.

    ``sides`` gives the values of ours and theirs, where time stamps are looked up; it is
    called once at most. With ``is_text`` conflicts are lines that are not TOML.
    """

    def __init__(
        self,
        policy: Policy,
        context: MergeContext,
        sides: Callable[[], Sequence[Table]] = lambda: ({}, {}),
        *,
        is_text: bool = False,
    ) -> None:
        self.policy = policy
        self.context = context
        self.is_text = is_text
        self._find_sides = sides
        self._sides: Sequence[Table] | None = None

    def resolve(self, conflict: Conflict, *, is_offer: bool = False) -> PolicyResolution | None:
        """Return what resolves ``conflict``; None where neither policy nor schema does.

        With ``is_offer``, numbers and deletions are not resolved, which a person should see.
        """
        notes = PolicyNotes(is_offer=is_offer)
        guide = self._guide(conflict.path, notes)
        if conflict.kind not in WHOLE_TEXT_KINDS:
            text = self._composed(conflict, guide)
            if text is not None:
                return PolicyResolution(text, tuple(notes.decisions))
        rule = guide.deciding
        if rule is None or not notes.leave_it_to(rule):
            return None
        side = guide.side_of(rule)
        if rule.way == USUAL:
            side = _DELETING.get(conflict.kind) or self._inheriting(conflict)
        whole = self._whole(conflict, side)
        return None if whole is None else PolicyResolution(whole, (guide.decision(rule),))

    def _guide(self, path: KeyPath, notes: PolicyNotes) -> PolicyGuide:
        guide = PolicyGuide(path, self.policy, notes, self.context.schema)
        rule = guide.deciding
        if self.policy.asks_for_dates or (rule is not None and rule.way == NEWEST):
            if self._sides is None:
                self._sides = self._find_sides()
            ours, theirs = self._sides
            guide.newer = newer_side(path, ours, theirs, self.policy.dates)
        return guide

    def _composed(self, conflict: Conflict, guide: PolicyGuide) -> str | None:
        """Return the merge of one statement, in which the policy resolved what conflicts."""
        texts = [conflict.base or "", conflict.ours or "", conflict.theirs or ""]
        if not texts[1] or not texts[2]:
            return None
        # The parts of a merge are put together in LF, as the whole merge is.
        is_crlf = all("\r\n" in text for text in texts if text)
        if is_crlf:
            texts = [text.replace("\r\n", "\n") for text in texts]
        try:
            text = self._merged(texts, guide)
        except ParseError:
            return None
        return text.replace("\n", "\r\n") if text and is_crlf else text

    def _merged(self, texts: Sequence[str], guide: PolicyGuide) -> str | None:
        context = self.context._replace(
            style=self.context.style._replace(newline="\n"), schema=None
        )
        documents = [context.parse(text) for text in texts]
        statements = documents[1].statements
        keys = statements[0].keys if statements else ()
        there = [document for document in documents if document.text]
        if not keys or not all(_is_statement(document, keys) for document in there):
            return None
        # The texts may be another statement than the path names (a header, several keys, an edit by
        # hand): what is not this one key is not taken apart.
        if guide.path[-len(keys) :] != keys:
            return None
        around = KeyPath(guide.path[: -len(keys)])
        inner = PolicyGuide(around, guide.policy, guide.notes, guide.schema, guide.newer)
        merged = Assembly(*skeletons_of(documents, context), context.style, inner).output
        if merged.conflicts or not guide.notes.decisions:
            return None
        text = merged.text
        return text if _is_statement(context.parse(text), keys) else None

    def _inheriting(self, conflict: Conflict) -> str:
        """Return the side that takes the value from its workspace, spelled in any way."""
        found = []
        for side, text in ((OURS, conflict.ours), (THEIRS, conflict.theirs)):
            try:
                value = self.context.parse(text or "").value
            except ParseError:
                return ""
            found += [side] if inherits_inside(value) else []
        return found[0] if len(found) == 1 else ""

    def _whole(self, conflict: Conflict, side: str) -> str | None:
        """Return the text of ``side``, or of both where nothing is said twice."""
        base, ours, theirs = (t or "" for t in (conflict.base, conflict.ours, conflict.theirs))
        if side in (OURS, THEIRS):
            return ours if side == OURS else theirs
        if not side:
            return None
        if self.is_text:
            from sessionctl.core.merge.value.string_merge import merge_string_lines

            return merge_string_lines(base, ours, theirs)
        if conflict.kind in WHOLE_TEXT_KINDS:
            return None
        if not ours or not theirs:
            return ours or theirs
        # Two items can stand one behind the other; a key that stands there twice is not TOML
        # (union_of_plain_values_stays_a_conflict).
        is_item = conflict.path and isinstance(conflict.path[-1], int | ItemKey)
        if not is_item:
            return None
        newline = "\r\n" if "\r\n" in ours else "\n"
        return ours.rstrip("\r\n") + 2 * newline + theirs.lstrip("\r\n")


def _is_statement(document: DocumentText, keys: tuple[str, ...]) -> bool:
    statements = document.statements
    return len(statements) == 1 and statements[0].kind == KEY and statements[0].keys == keys


# -- advice --------------------------------------------------------------------------
