"""The application of a policy to the conflicts of a merge; advice about what others would do."""

from __future__ import annotations

from sessionctl.core.conflict.conflict import Conflict, ConflictKind
from sessionctl.core.merge.policy.conflict_resolver import (
    WHOLE_TEXT_KINDS,
    SettledConflict,
    Settler,
)
from sessionctl.core.merge.policy.policy import MAX, OURS, THEIRS, UNION, Policy, Rule
from sessionctl.core.merge.result import MergeResult
from sessionctl.core.merge.strategy import Task
from sessionctl.core.problem import Span
from sessionctl.errors import ParseError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sessionctl.core.values import Table

_OFFERED = {MAX: "the higher version", UNION: "what both sides have"}


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


def _advised(result: MergeResult, task: Task) -> MergeResult:
    """Return ``result``; its conflicts say which policy would settle them and drop nothing."""
    settlers = [Settler(Policy((Rule(way),)), task) for way in _OFFERED]
    conflicts = []
    for conflict in result.conflicts:
        if conflict.kind not in WHOLE_TEXT_KINDS and conflict.ours and conflict.theirs:
            settler = next((s for s in settlers if s.settle(conflict, is_offer=True)), None)
            if settler is not None:
                way = settler.policy.rules[0].way
                hint = f"'{conflict.path}={way}' settles it: {_OFFERED[way]}"
                conflict = conflict._replace(hint=hint, offers=(way,))
        conflicts.append(conflict)
    return result._replace(conflicts=tuple(conflicts))
