"""Reconciliation: from base, file and live to what each shall hold, and what clashes."""

from __future__ import annotations

from typing import NamedTuple

from sessionctl.core.conflict.conflict import Conflict
from sessionctl.core.light_enum import Enum
from sessionctl.core.sync.timing import Timing
from sessionctl.core.toml.document import Document
from sessionctl.errors import ParseError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from sessionctl.core.merge import MergeResult
    from sessionctl.core.schema.model import Schema


class Cause(Enum):
    """Which sides changed since both agreed."""

    NONE = "none"
    FILE = "file"
    LIVE = "live"
    BOTH = "both"
    SETTLED = "settled"


class Reconciliation(NamedTuple):
    """What the file and the live side shall hold, and the base when both do.

    ``conflicts`` are what stays different between them.
    """

    cause: Cause
    file_text: str
    live_text: str
    base: str
    conflicts: tuple[Conflict, ...] = ()


class SyncRules(NamedTuple):
    """What a document is held to, and the waits."""

    schema: Schema | None = None
    timing: Timing = Timing()

    def accepts(self, text: str) -> bool:
        """Return whether ``text`` may be written: TOML, and without errors by the schema."""
        from sessionctl.core.problem import errors_of
        from sessionctl.core.schema.verdict import validate

        try:
            document = Document.parse(text)
        except ParseError:
            return False
        if self.schema is None:
            return True
        return not errors_of(validate(document, self.schema))


def reconcile(base: str | None, file: str, live: str | None, rules: SyncRules) -> Reconciliation:
    """Return how to bring file and live together again; ``base`` is where both last agreed.

    A change of one side goes to the other one. Changes of both are merged by key; what
    clashes keeps its own value on each side, and the base keeps its old one there, so
    that all else goes on being exchanged. ``live`` is None where nothing was ever live.
    """
    if live is None or live == base:
        return Reconciliation(Cause.NONE if file == live else Cause.FILE, file, file, file)
    if file == live:
        return Reconciliation(Cause.NONE, file, live, file)
    if file == base:
        return Reconciliation(Cause.LIVE, live, live, live)
    before = base if base is not None else ""
    result = _merged((before, file, live), rules)
    if result.is_clean:
        return Reconciliation(Cause.BOTH, result.text, result.text, result.text)
    return _apart(before, file, live, result, rules)


def settle(
    texts: tuple[str | None, str, str], chosen: tuple[str, ...], rules: SyncRules, *, by_file: bool
) -> Reconciliation | None:
    """Return the plan in which the conflicts at ``chosen`` (all, if none) go by one side.

    ``texts`` are base, file and live. What is not chosen goes on being a conflict. None
    when nothing is to be settled, or a text would not be valid.
    """
    base, file, live = texts
    before = base if base is not None else ""
    result = _merged((before, file, live), rules)
    side = "ours" if by_file else "theirs"
    is_chosen = [not chosen or str(conflict.path) in chosen for conflict in result.conflicts]
    if not any(is_chosen):
        return None
    file, live = (
        result.taken([side if mine else own for mine in is_chosen]) for own in ("ours", "theirs")
    )
    if not (rules.accepts(file) and rules.accepts(live)):
        return None
    return reconcile(before, file, live, rules)._replace(cause=Cause.SETTLED)


def _merged(texts: tuple[str, str, str], rules: SyncRules) -> MergeResult:
    # Where one side alone changed, nothing is merged: hosts that never need it do not load it.
    from sessionctl.core.merge import merge

    return merge(*texts, schema=rules.schema)


def clashes(conflicts: Sequence[Conflict]) -> list[tuple[object, ...]]:
    """Return what the conflicts are about, without their places in a text."""
    return [(found.kind, found.path, found.ours, found.theirs) for found in conflicts]


def _apart(
    before: str, file: str, live: str, result: MergeResult, rules: SyncRules
) -> Reconciliation:
    """Return the plan that exchanges all but the conflicts of ``result``."""
    count = len(result.conflicts)
    ours, theirs, base = (result.taken([side] * count) for side in ("ours", "theirs", "base"))
    if rules.accepts(ours) and rules.accepts(theirs):
        for agreed in (base, before):
            if _stays_apart(agreed, ours, theirs, rules):
                return Reconciliation(Cause.BOTH, ours, theirs, agreed, result.conflicts)
    # The rest makes no sense, or no stable text, without what clashes: both stay as they are.
    return Reconciliation(Cause.BOTH, file, live, before, result.conflicts)


def _stays_apart(base: str, ours: str, theirs: str, rules: SyncRules) -> bool:
    """Return whether a merge from ``base`` finds the same clashes again, and nothing else."""
    again = _merged((base, ours, theirs), rules)
    count = len(again.conflicts)
    sides = (again.taken(["ours"] * count), again.taken(["theirs"] * count))
    return count > 0 and again.method != "text" and sides == (ours, theirs)
