"""The laws of policies: they settle conflicts, touch nothing else, and leave TOML."""

from __future__ import annotations

import tomllib

from sessionctl.core.conflict.marked_text import read_conflicts
from sessionctl.core.conflict.resolved_text import ResolvedText
from sessionctl.core.merge import merge
from sessionctl.core.merge.resolution.policy_resolution import resolve_by_policy
from sessionctl.core.schema.model import Schema
from tests.core.merge import oracle

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.core.merge import MergeResult

    Texts = tuple[str, str, str]

_POLICIES = ("ours", "theirs", "union", "newest", "max", "usual", "*.a=ours, t.**=max, union")
_SIDES = ("ours", "theirs")
_ANNOTATED = Schema(
    {
        "properties": {
            "a": {"x-merge": "atomic"},
            "key": {"x-merge": "text"},
            "t": {"x-merge": "atomic"},
        },
        "additionalProperties": {"x-merge": "set", "additionalProperties": {"x-merge": "max"}},
    }
)


def policy_laws(base: str, ours: str, theirs: str) -> list[str]:
    """Hold merging under policies to its laws, whatever the three texts are."""
    texts = (base, ours, theirs)
    plain = merge(*texts)
    merge(*texts, schema=_ANNOTATED, policy="union")
    broken = []
    for policy in _POLICIES:
        result = merge(*texts, policy=policy)
        broken += [f"{policy}: {fault}" for fault in _faults(texts, plain, result)]
        if policy in _SIDES and not result.is_clean and plain.method != "text":
            broken.append(f"{policy}: does not settle everything")
    return [*broken, *_resolving(texts, plain)]


def _faults(texts: Texts, plain: MergeResult, result: MergeResult) -> list[str]:
    if plain.is_clean:
        return [] if result == plain else ["touches a clean merge"]
    known = [(c.kind, c.path, c.base, c.ours, c.theirs) for c in plain.conflicts]
    left = [(c.kind, c.path, c.base, c.ours, c.theirs) for c in result.conflicts]
    broken = []
    if [one for one in known if one in left] != left:
        broken.append("makes a conflict of its own")
    if (len(left) < len(known)) != bool(result.decisions):
        broken.append("does not tell what it settled")
    if result.method == "text":
        return broken
    values = [_read(result.resolved(side).text) for side in _SIDES]
    if None in values:
        return [*broken, "settled by a side it is no TOML"]
    b, o, t = map(_read, oracle.with_moves(*texts))
    clashes = oracle.paths_of(plain.conflicts)
    if () not in clashes:
        for value in values:
            if oracle.lost_changes(b, o, t, value, clashes):
                broken.append("a change of ours outside of the conflicts is lost")
            if oracle.lost_changes(b, t, o, value, clashes):
                broken.append("a change of theirs outside of the conflicts is lost")
    return broken


def _resolving(texts: Texts, plain: MergeResult) -> list[str]:
    """Compare what ``resolve`` makes of the marked text with what ``merge`` makes."""
    marked = read_conflicts(plain.text)
    if plain.method == "text" or marked.problems or len(marked.conflicts) != len(plain.conflicts):
        return []
    settled = ResolvedText(marked)
    numbers = range(len(plain.conflicts))
    found = {number: resolve_by_policy(settled, number, "max") for number in numbers}
    text = marked.resolve({i: taken for i, taken in found.items() if taken is not None})
    result = merge(*texts, policy="max")
    told = any(not c.path for c in plain.conflicts)
    # A last line without an end has one between markers.
    is_same = told or text.split() == result.text.split()
    return [] if is_same else ["resolve by max gives another text than merge"]


def _read(text: str) -> dict | None:
    try:
        return tomllib.loads(text.removeprefix("\ufeff"))
    except (tomllib.TOMLDecodeError, RecursionError, ValueError):
        return None
