"""Policy application: applies a policy to the conflicts of a merge, or advises one."""

from __future__ import annotations

from sessionctl.core.conflict.conflict import Conflict, ConflictKind
from sessionctl.core.merge.context import MergeContext
from sessionctl.core.merge.policy.conflict_resolver import (
    WHOLE_TEXT_KINDS,
    ConflictResolver,
    PolicyResolution,
)
from sessionctl.core.merge.policy.policy import MAX, OURS, THEIRS, UNION, USUAL, Policy, Rule
from sessionctl.core.merge.result import MergeResult
from sessionctl.core.problem import Span
from sessionctl.errors import ParseError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sessionctl.core.values import Table

_OFFERED = {MAX: "the higher version", UNION: "what both sides have"}


def apply_policy(
    result: MergeResult, policy: Policy, versions: Sequence[str], context: MergeContext
) -> MergeResult:
    """Return ``result`` with the conflicts resolved that the policy or the schema resolves.

    The others stay, each with a hint where a policy would resolve it. A decision stands
    only if the text is TOML with it, whichever side resolves the rest, and, where the
    schema is known and all ``versions`` (base, ours, theirs) hold to it, valid.
    """

    def sides() -> list[Table]:
        texts = ["", ""] if result.method == "text" else versions[1:]
        return [context.parse(text).value for text in texts]

    resolver = ConflictResolver(policy, context, sides, is_text=result.method == "text")
    found = {index: resolver.resolve(conflict) for index, conflict in enumerate(result.conflicts)}
    fitting = _fitting(result, {i: one for i, one in found.items() if one is not None}, context)
    resolved = _put(result, fitting)
    # Sides that were put together by a policy may break the schema as well as merged ones do
    # (a_union_that_breaks_the_schema_is_a_conflict).
    if resolved.is_clean and context.schema is not None and result.method != "text":
        from sessionctl.core.merge.schema_conflicts import mark_invalid

        marked = mark_invalid(versions, resolved, context.schema, context.style)
        if not marked.is_clean:
            was_invalid = any(c.kind is ConflictKind.INVALID for c in result.conflicts)
            return result if was_invalid else apply_policy(marked, policy, versions, context)
    return resolved if resolved.is_clean else _advised(resolved, context)


def _put(result: MergeResult, found: Mapping[int, PolicyResolution]) -> MergeResult:
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
    decisions = [one for index in found for one in found[index].decisions]
    return result._replace(
        text="".join(parts),
        conflicts=tuple(left),
        decisions=(*result.decisions, *decisions),
    )


def _fitting(
    result: MergeResult, found: Mapping[int, PolicyResolution], context: MergeContext
) -> Mapping[int, PolicyResolution]:
    """Return what of ``found`` leaves TOML: all of it, else as much as goes together."""
    # All at once is one parse and nearly always right; else what does not go together with the
    # others stays a conflict.
    if not found or result.method == "text" or _is_toml(_put(result, found), context):
        return found
    fitting: dict[int, PolicyResolution] = {}
    for index, resolved in found.items():
        if _is_toml(_put(result, {**fitting, index: resolved}), context):
            fitting[index] = resolved
    return fitting


def _is_toml(result: MergeResult, context: MergeContext) -> bool:
    """Return whether a text is TOML, with the conflicts in it resolved by either side."""
    if result.conflicts:
        return all(result.resolved(side, context.memory).is_clean for side in (OURS, THEIRS))
    try:
        context.parse(result.text)
    except ParseError:
        return False
    return True


def _usual_result(conflict: Conflict) -> str:
    """Return in words what the policy "usual" makes of a conflict."""
    if conflict.kind in (ConflictKind.DELETED_BY_US, ConflictKind.DELETED_BY_THEM):
        return "the deletion, as most people decide"
    if any("workspace" in (side or "") for side in (conflict.ours, conflict.theirs)):
        return "what the workspace says, as most people decide"
    return "the table with a version, the higher version or the pattern, as most people decide"


def _advised(result: MergeResult, context: MergeContext) -> MergeResult:
    """Return ``result``; its conflicts say which policy would resolve them and drop nothing."""
    resolvers = [ConflictResolver(Policy((Rule(way),)), context) for way in _OFFERED]
    usual = ConflictResolver(Policy((Rule(USUAL),)), context)
    conflicts = []
    for conflict in result.conflicts:
        if conflict.kind not in WHOLE_TEXT_KINDS and conflict.ours and conflict.theirs:
            resolver = next((s for s in resolvers if s.resolve(conflict, is_offer=True)), None)
            if resolver is not None:
                way = resolver.policy.rules[0].way
                hint = f"'{conflict.path}={way}' resolves it: {_OFFERED[way]}"
                conflict = conflict._replace(hint=hint, offers=(way,))
        if not conflict.hint and usual.resolve(conflict, is_offer=True) is not None:
            what = _usual_result(conflict)
            conflict = conflict._replace(
                hint=f"'{conflict.path}={USUAL}' resolves it: {what}", offers=(USUAL,)
            )
        conflicts.append(conflict)
    return result._replace(conflicts=tuple(conflicts))
