"""Three-way merge of TOML: by lines where that is proved right, else by structure."""

from __future__ import annotations

from sessionctl.core.conflict.conflict import Conflict, ConflictKind
from sessionctl.core.conflict.markers import DEFAULT_MARKER_SIZE, Labels, MarkerStyle
from sessionctl.core.merge.context import MergeContext
from sessionctl.core.merge.result import MergeResult
from sessionctl.core.merge.strategy import merge_texts
from sessionctl.core.toml.parse.statement import ParseMemory

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from sessionctl.core.merge.policy.policy import Policy
    from sessionctl.core.schema.model import Schema

__all__ = ["DEFAULT_MARKER_SIZE", "Conflict", "Labels", "MergeResult", "merge"]

# Versions have digits; elements and lines that can be joined stand in brackets or quotes.
_SIGNS = (*"0123456789[", '"""', "'''", r"\n")


def merge(
    base: str,
    ours: str,
    theirs: str,
    *,
    schema: Schema | None = None,
    policy: Policy | str | Sequence[str] | None = None,
    labels: Labels = Labels(),  # noqa: B008 - an immutable value
    marker_size: int = DEFAULT_MARKER_SIZE,
) -> MergeResult:
    """Return ours with every change of theirs; conflicts stand between markers.

    A change on one side wins, equal changes are one change, a deletion against an edit
    is a conflict. A clean result is TOML, holds every change of both sides, and keeps
    the comments of both. Inputs that are not TOML are merged by lines.

    Raises:
      UsageError: a word of ``policy`` is none.

    Args:
      base: the text both sides began with; empty when both added the file.
      ours: the text of the side that is merged into.
      theirs: the text of the other side.
      schema: names the identity of items (``x-item-key``); a result that breaks it,
        though base, ours and theirs hold to it, is a conflict of kind ``INVALID``.
      policy: resolves what conflicts, and nothing else: words such as "theirs" (for all) and
        "windows.*=max" (by key path), of ours, theirs, union, newest and max.
      labels: what the sides are called behind the markers.
      marker_size: the length of the markers.
    """
    asked = _policy(policy)
    style = MarkerStyle(labels, marker_size)
    context = MergeContext(style, ParseMemory(), schema)
    if base == ours or ours == theirs:
        result = MergeResult(theirs)
    elif base == theirs:
        result = MergeResult(ours)
    else:
        result = merge_texts(base, ours, theirs, context)
        if schema is not None and result.is_clean and result.method != "text":
            from sessionctl.core.merge.schema_conflicts import mark_invalid

            result = mark_invalid((base, ours, theirs), result, schema, style)
        if result.conflicts and (asked or schema or any(map(_has_offer, result.conflicts))):
            from sessionctl.core.merge.policy.policy import Policy
            from sessionctl.core.merge.policy.policy_application import apply_policy

            result = apply_policy(result, asked or Policy(), (base, ours, theirs), context)
    return result._replace(before=ours)


def _policy(policy: Policy | str | Sequence[str] | None) -> Policy | None:
    if not policy:
        return None
    from sessionctl.core.merge.policy.policy import Policy

    return policy if isinstance(policy, Policy) else Policy.parse(policy)


def _has_offer(conflict: Conflict) -> bool:
    """Return whether there may be a policy to name for a conflict: a guess in no time."""
    sides = (conflict.ours or "", conflict.theirs or "")
    if conflict.kind in (ConflictKind.DELETED_BY_US, ConflictKind.DELETED_BY_THEM):
        return True
    return all(any(sign in side for sign in _SIGNS) for side in sides)
