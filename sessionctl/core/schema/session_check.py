"""The check of a session: quick for a valid one; the words for all others are loaded late."""

from __future__ import annotations

from sessionctl.core.schema.check.quick_check import Acceptance, accepts
from sessionctl.core.schema.session_schema import SESSION

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from sessionctl.core.keypath import KeyPath
    from sessionctl.core.problem import Problem
    from sessionctl.core.schema.check.quick_check import Schema
    from sessionctl.core.toml.document import Document


def session_errors(document: Document) -> list[Problem]:
    """Return the problems that make a session invalid, as ``validate`` does."""
    if accepts(SESSION, document.value):
        return []
    from sessionctl.core.problem import errors_of
    from sessionctl.core.schema.verdict import session_problems

    found = errors_of(session_problems(document))
    return sorted(found, key=lambda problem: problem.span)


def makes_no_errors(old: Document, new: Document, changed: KeyPath) -> bool:
    """Return whether ``new``, which differs from ``old`` at ``changed`` alone, has no new errors.

    False also means "not sure": then ``session_errors`` has the answer.
    """
    return accepts_change(SESSION, old.value, new.value, changed)


def accepts_change(
    schema: Mapping[str, Any], old: object, new: object, changed: Iterable[object]
) -> bool:
    """Return whether ``new`` is certainly valid if ``old`` is, from which it was made.

    Args:
      schema: draft 2020-12.
      old: a value of TOML.
      new: another, the same but for what is at ``changed``.
      changed: the keys and indexes that lead there.
    """
    return accepts(schema, new, _Change(schema, _unchanged(old, new, changed)))


def _unchanged(old: object, new: object, changed: Iterable[object]) -> frozenset[int]:
    """Return the identities of the tables and arrays beside the way to what was changed."""
    unchanged: set[int] = set()
    for part in changed:
        beside: list[object]
        if isinstance(part, str) and isinstance(old, dict) and isinstance(new, dict):
            beside = [value for key, value in new.items() if key != part]
        elif isinstance(part, int) and isinstance(old, list) and isinstance(new, list):
            # Where an item came or went, the others have other places.
            if len(old) != len(new) or not 0 <= part < len(new):
                break
            beside = [*new[:part], *new[part + 1 :]]
        else:
            break
        unchanged |= {id(value) for value in beside if isinstance(value, dict | list)}
        try:
            old, new = old[part], new[part]  # type: ignore[index]
        except KeyError:
            break
    return frozenset(unchanged)


class _Change(Acceptance):
    """A schema applied to a document in which all is as before but what is at one path.

    What is unchanged meets all that it met before, where that is asked of it by its place
    alone. Of several alternatives it may be another one that has to hold now: each is looked
    at in whole.
    """

    __slots__ = ("_unchanged", "_whole")

    def __init__(self, root: Mapping[str, Any], unchanged: frozenset[int]) -> None:
        super().__init__(root)
        self._unchanged = unchanged
        self._whole = Acceptance(root)

    def holds(self, schema: Schema, value: object) -> bool:
        if id(value) in self._unchanged:
            return True
        if not isinstance(schema, bool) and ("anyOf" in schema or "oneOf" in schema):
            return self._whole.holds(schema, value)
        return super().holds(schema, value)
