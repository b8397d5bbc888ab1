"""What file and live side shall hold, for each way in which both may differ from the base."""

from __future__ import annotations

from sessionctl.core.schema.model import Schema
from sessionctl.core.sync.reconciliation import Cause, SyncRules, clashes, reconcile, settle
from tests.together import together

BASE, FILE, LIVE = "a = 1\nb = 1\n", "a = 2\nb = 1\n", "a = 1\nb = 2\n"
CLASH = "a = 3\nb = 2\n"
PLAIN = SyncRules()
TYPED = SyncRules(Schema({"properties": {"a": {"type": "integer"}, "b": {"type": "integer"}}}))


@together(
    ("base", "file", "live", "cause", "texts"),
    [
        (None, FILE, None, Cause.FILE, (FILE, FILE, FILE)),
        (BASE, FILE, None, Cause.FILE, (FILE, FILE, FILE)),
        (BASE, FILE, BASE, Cause.FILE, (FILE, FILE, FILE)),
        (BASE, BASE, BASE, Cause.NONE, (BASE, BASE, BASE)),
        (BASE, FILE, FILE, Cause.NONE, (FILE, FILE, FILE)),
        (None, FILE, FILE, Cause.NONE, (FILE, FILE, FILE)),
        (BASE, BASE, LIVE, Cause.LIVE, (LIVE, LIVE, LIVE)),
        (BASE, FILE, LIVE, Cause.BOTH, ("a = 2\nb = 2\n",) * 3),
        (BASE, FILE, CLASH, Cause.BOTH, ("a = 2\nb = 2\n", CLASH, "a = 1\nb = 2\n")),
        (BASE, FILE, "a = ", Cause.BOTH, (FILE, "a = ", BASE)),
    ],
)
def test_what_each_side_shall_hold(base, file, live, cause, texts):
    found = reconcile(base, file, live, PLAIN)
    assert (found.cause, found.file_text, found.live_text, found.base) == (cause, *texts)
    assert bool(found.conflicts) == (found.file_text != found.live_text)


def test_what_clashes_is_said_without_its_place_in_a_text():
    [conflict] = reconcile(BASE, FILE, CLASH, PLAIN).conflicts
    assert clashes([conflict]) == [(conflict.kind, conflict.path, conflict.ours, conflict.theirs)]
    assert str(conflict.path) == "a"


@together(
    ("rules", "text", "is_accepted"),
    [
        (PLAIN, "a = 'x'", True),
        (PLAIN, "a = ", False),
        (TYPED, "a = 1", True),
        (TYPED, "a = 'x'", False),
        (TYPED, "a = ", False),
    ],
)
def test_a_text_is_accepted_that_is_toml_without_errors(rules, text, is_accepted):
    assert rules.accepts(text) is is_accepted


def test_what_the_schema_refuses_is_not_exchanged():
    found = reconcile(BASE, "a = 2\nb = 'x'\n", CLASH, TYPED)
    assert (found.file_text, found.live_text, found.base) == ("a = 2\nb = 'x'\n", CLASH, BASE)


@together(
    ("chosen", "by_file", "texts"),
    [
        ((), True, ("a = 2\nb = 2\n",) * 3),
        ((), False, (CLASH, CLASH, CLASH)),
        (("a",), True, ("a = 2\nb = 2\n",) * 3),
        (("b",), True, None),
    ],
)
def test_a_clash_is_settled_by_one_side(chosen, by_file, texts):
    found = settle((BASE, FILE, CLASH), chosen, PLAIN, by_file=by_file)
    if texts is None:
        assert found is None
    else:
        assert (found.cause, found.file_text, found.live_text, found.base, found.conflicts) == (
            Cause.SETTLED, *texts, (),
        )  # fmt: skip


def test_one_of_two_clashes_is_settled_and_the_other_stays():
    sides = (BASE, "a = 2\nb = 2\n", "a = 3\nb = 3\n")
    found = settle(sides, ("a",), PLAIN, by_file=True)
    assert (found.file_text, found.live_text) == ("a = 2\nb = 2\n", "a = 2\nb = 3\n")
    assert [str(conflict.path) for conflict in found.conflicts] == ["b"]
    assert settle((BASE, "a = 'x'\nb = 1\n", "a = 3\nb = 1\n"), (), TYPED, by_file=True) is None
    assert settle((None, "a = 1\n", "a = 2\n"), (), PLAIN, by_file=False).file_text == "a = 2\n"
