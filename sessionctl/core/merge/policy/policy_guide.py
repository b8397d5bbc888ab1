"""Policy guide: the policy for one place, which resolves what conflicts there value by value."""

from __future__ import annotations

import re

from sessionctl.core.identity import identity_field
from sessionctl.core.keypath import KeyPath
from sessionctl.core.merge.policy.policy import (
    MAX,
    NEWEST,
    OURS,
    THEIRS,
    UNION,
    USUAL,
    Policy,
    Rule,
)
from sessionctl.core.merge.policy.time_stamps import newer_moment
from sessionctl.core.merge.policy.versions import order
from sessionctl.core.merge.result import ValueDecision
from sessionctl.core.merge.value.guide import Guide
from sessionctl.core.toml.parse.inline_value import read_table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Self

    from sessionctl.core.merge.value.fragment import Fragment
    from sessionctl.core.schema.model import Schema
    from sessionctl.core.values import Value

ANNOTATION = "x-merge"
NOBODY = "nobody"
_WRAPPED = "version"
_INHERITED = "workspace"


class PolicyNotes:
    """What was resolved inside one conflict, and the rules that could not resolve something.

    With ``is_offer``, what a person did not ask for is not resolved: no numbers by "max" (of
    two ports the larger is seldom the one that is meant), no deletions by "union".
    """

    __slots__ = ("decisions", "failed", "is_offer")

    def __init__(self, *, is_offer: bool = False) -> None:
        self.decisions: dict[ValueDecision, None] = {}
        self.failed: set[Rule] = set()
        self.is_offer = is_offer

    def leave_it_to(self, rule: Rule) -> bool:
        """Return whether ``rule`` may decide a whole in which no other rule has failed."""
        return self.failed <= {rule}


class PolicyGuide(Guide):
    """What is known of the place at ``path``, and the policy for it.

    ``newer`` is the side that is the newer one, "" where that is not known.
    """

    __slots__ = ("newer", "notes", "path", "policy")

    def __init__(
        self,
        path: KeyPath,
        policy: Policy,
        notes: PolicyNotes,
        schema: Schema | None,
        newer: str = "",
    ) -> None:
        super().__init__(schema, tuple(part for part in path if isinstance(part, str)))
        self.path = path
        self.policy = policy
        self.notes = notes
        self.newer = newer

    def below(self, *keys: str) -> Self:
        """Return the guide for what is at ``keys`` in the table here."""
        path = KeyPath((*self.path, *keys))
        return type(self)(path, self.policy, self.notes, self.schema, self.newer)

    def winner(self) -> str:
        """Return who wins what is not a conflict of two values, and take a note of it."""
        rule = self.deciding
        return "" if rule is None else self._winner(rule, self.side_of(rule))

    def survivor(self) -> str:
        """Return who wins against a deletion, and take a note of it."""
        rule = self.deciding
        if rule is None:
            return ""
        return self._winner(rule, NOBODY if rule.way == USUAL else self.side_of(rule))

    def _winner(self, rule: Rule, side: str) -> str:
        if self.notes.is_offer and rule.way == UNION:
            side = ""
        self._note(rule, is_decided=bool(side))
        return side

    def resolve(self, base: Fragment | None, ours: Fragment, theirs: Fragment) -> str | None:
        """Return the text that the policy gives a conflict of two values."""
        rule = self.deciding
        # A rule that failed inside leaves a mix of its own decisions and none: no other rule, and
        # no side taken whole, may cover that up.
        if rule is None or not self.notes.leave_it_to(rule):
            return None
        side = self.side_of(rule)
        if rule.way == NEWEST:
            side = newer_moment(ours.value, theirs.value) or side
        text = ours.text if side == OURS else theirs.text if side == THEIRS else None
        if rule.way == MAX:
            text = self._higher(base, ours, theirs)
        elif rule.way == USUAL:
            text = self._usual(base, ours, theirs)
        # The schema calls it one thing: both halves together are not it
        # (an_atomic_value_is_not_taken_apart_by_union).
        elif rule.way == UNION and self.rule != "atomic":
            text = _union(base, ours, theirs)
        self._note(rule, is_decided=text is not None)
        return text

    def rival(self, ours: Fragment, theirs: Fragment) -> str:
        """Return which of two new elements about one subject stays."""
        rule = self.deciding
        if rule is None:
            return ""
        side = self.side_of(rule)
        if rule.way in (MAX, USUAL):
            side = {1: OURS, -1: THEIRS, 0: ""}[self._order(ours.value, theirs.value)]
        self._note(rule, is_decided=bool(side))
        return side

    @property
    def deciding(self) -> Rule | None:
        """The rule for this place: that of the policy, else what the schema has."""
        found = self.policy.rule_for(self.path)
        if found is None and self.rule in (MAX, NEWEST):
            return Rule(str(self.rule))
        return found

    def side_of(self, rule: Rule) -> str:
        """Return the side that ``rule`` takes as it stands: ours, theirs, both; "" for none."""
        sides = {OURS: OURS, THEIRS: THEIRS, UNION: "both", NEWEST: self.newer}
        return sides.get(rule.way, "")

    def decision(self, rule: Rule) -> ValueDecision:
        """Return what is reported when ``rule`` resolved what is here."""
        is_asked = self.policy.rule_for(self.path) is not None
        return ValueDecision(self.path, rule.way, str(rule) if is_asked else ANNOTATION)

    def _note(self, rule: Rule, *, is_decided: bool) -> None:
        if is_decided:
            self.notes.decisions[self.decision(rule)] = None
        else:
            self.notes.failed.add(rule)

    def _order(self, one: Value, two: Value) -> int:
        is_number = isinstance(one, int | float)
        return 0 if is_number and self.notes.is_offer else order(one, two)

    def _usual(self, base: Fragment | None, ours: Fragment, theirs: Fragment) -> str | None:
        sides = (ours, theirs)
        inheriting = [side for side in sides if _inherits(side.value)]
        if len(inheriting) == 1:
            return inheriting[0].text
        if any(isinstance(side.value, int | float) for side in sides):
            return None
        text = self._higher(base, ours, theirs)
        tables = [side for side in sides if _has_version(side.value)]
        if text is None and base is None and len(tables) == 1:
            return tables[0].text
        if text is None:
            pattern = [a for a, b in (sides, sides[::-1]) if _covers(a.value, b.value)]
            return pattern[0].text if len(pattern) == 1 else None
        return text

    def _higher(self, base: Fragment | None, ours: Fragment, theirs: Fragment) -> str | None:
        if isinstance(ours.value, dict) != isinstance(theirs.value, dict):
            return self._higher_wrapped(base, ours, theirs)
        sign = self._order(ours.value, theirs.value)
        return {1: ours.text, -1: theirs.text}.get(sign)

    def _higher_wrapped(
        self, base: Fragment | None, ours: Fragment, theirs: Fragment
    ) -> str | None:
        """Resolve ``"1.1"`` against ``{ version = "1.2", ... }``: the table with the higher."""
        table, plain = (ours, theirs) if isinstance(ours.value, dict) else (theirs, ours)
        assert isinstance(table.value, dict)
        version = table.value.get(_WRAPPED)
        # A table that became a plain version lost its other keys on purpose: no higher version in
        # the old table brings them back.
        if version is None or (base is not None and isinstance(base.value, dict)):
            return None
        entry = next(
            (e for e in read_table(table.source, table.span).entries if e.keys == (_WRAPPED,)), None
        )
        sign = self._order(version, plain.value)
        if entry is None or not sign:
            return None
        if sign > 0:
            return table.text
        before = table.source[table.span.start : entry.value.start]
        return before + plain.text + table.source[entry.value.end : table.span.end]


def inherits_inside(value: Value) -> bool:
    """Return whether a table in ``value``, or itself, takes what it says from its workspace."""
    if not isinstance(value, dict):
        return False
    return value.get(_INHERITED) is True or any(map(inherits_inside, value.values()))


def _inherits(value: Value) -> bool:
    return isinstance(value, dict) and value.get(_INHERITED) is True


def _has_version(value: Value) -> bool:
    return isinstance(value, dict) and isinstance(value.get(_WRAPPED), str)


def _covers(pattern: Value, text: Value) -> bool:
    """Return whether ``ex/*`` is a pattern of paths that ``text``, such as ``ex/b``, is one of."""
    # "1.*" is a version, and "*" would cover whatever there is.
    if not isinstance(pattern, str) or not isinstance(text, str) or "*" in text:
        return False
    if "*" not in pattern or "/" not in pattern:
        return False
    parts = re.split(r"(\*+)", pattern)
    wanted = "".join(
        (".*" if len(part) > 1 else "[^/]*") if part.startswith("*") else re.escape(part)
        for part in parts
    )
    return re.fullmatch(wanted, text) is not None


def _union(base: Fragment | None, ours: Fragment, theirs: Fragment) -> str | None:
    """Return what keeps both of two values: elements, or lines of text."""
    from sessionctl.core.merge.value.set_merge import merge_sets
    from sessionctl.core.merge.value.string_merge import merge_strings

    if isinstance(ours.value, str) and isinstance(theirs.value, str):
        before = base if base is not None and isinstance(base.value, str) else None
        return merge_strings(before, ours, theirs, keeps_both=True)
    if not isinstance(ours.value, list) or not isinstance(theirs.value, list):
        return None
    if identity_field([ours.value, theirs.value]) is not None:
        return None  # an item with a name is there once
    return merge_sets(base if base and isinstance(base.value, list) else None, ours, theirs)
