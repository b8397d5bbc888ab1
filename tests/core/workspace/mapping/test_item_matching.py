"""Which windows and panes of a file are which of those that stand."""

from __future__ import annotations

from sessionctl.core.workspace.mapping.item_matching import match_panes, match_windows
from sessionctl.core.workspace.workspace import WorkspacePane, WorkspaceWindow
from tests.together import together


def windows(text):
    """Return windows from words such as "a:3", "a" (no index)."""
    found = []
    for word in text.split():
        name, _, number = word.partition(":")
        found.append(WorkspaceWindow(name, number=int(number) if number else None))
    return found


def panes(text):
    """Return panes from words such as "vim@/a", "-@/a" (a shell)."""
    found = []
    for word in text.split():
        run, _, cwd = word.partition("@")
        found.append(WorkspacePane(run=None if run == "-" else (run,), cwd=cwd))
    return found


@together(
    "asked, live, how, pairs",
    [
        ("a b", "a:0 b:1", {}, {0: 0, 1: 1}),
        ("a b", "b:0 a:1", {}, {0: 1, 1: 0}),  # moved: by name
        ("a b", "x:0 b:1", {}, {0: 0, 1: 1}),  # renamed: by index
        ("a b", "x:7 b:1", {}, {1: 1}),  # both: another window
        ("a a", "a:1 a:0", {}, {0: 1, 1: 0}),  # one name twice: by name and index
        ("a a", "a:5 a:6", {}, {}),
        ("a:3 a:7 b", "b:3 a:7 a:8", {}, {0: 2, 1: 1, 2: 0}),
        ("a b", "a:5 a:6", {}, {}),
        ("a b", "x:1 y:2", {"base_index": 1}, {0: 0, 1: 1}),
        ("a b", "x:1 y:2", {}, {0: 1}),
        ("a:4 b", "x:4 y:5", {}, {0: 0, 1: 1}),  # counted on
        ("a b:4 c", "x:0 y:4 z:5", {}, {0: 0, 1: 1, 2: 2}),
        ("a b", "b:0 a:1", {"known": {0: 0}}, {0: 0, 1: 1}),  # what is certain comes first
        ("a b", "a:0", {"known": {0: 2}}, {0: 0}),  # there is no such window in the file
        ("a b", "a:0", {"known": {1: 1}}, {0: 0}),  # nor does such a one stand
        ("a b", "a:0 b:1", {"gone": {0}}, {1: 1}),
        ("a", "a", {}, {0: 0}),
        ("a b", "x y", {}, {}),  # windows without an index are known by name only
        ("", "a:0", {}, {}),
        ("a", "", {}, {}),
    ],
)
def test_windows_are_known_by_name_and_index(asked, live, how, pairs):
    known, base, gone = (how.get(key, e) for key, e in
                         (("known", {}), ("base_index", 0), ("gone", ())))  # fmt: skip
    assert match_windows(windows(asked), windows(live), known, base, gone) == pairs


@together(
    "asked, live, how, pairs",
    [
        ("vim@/a top@/a", "top@/a vim@/a", {}, {0: 1, 1: 0}),
        ("-@/a -@/b", "-@/b -@/a", {}, {0: 1, 1: 0}),  # shells, by where they are
        ("-@/a -@/a", "-@/a -@/a", {}, {0: 0, 1: 1}),  # the first with the first
        ("vim@/a vim@/a top@/b", "top@/b vim@/a", {}, {0: 2, 1: 0}),
        ("vim@/a top@/b", "top@/x vim@/y", {}, {0: 1, 1: 0}),  # by what runs alone
        ("vim@/a vim@/b", "vim@/x vim@/y", {}, {0: 0, 1: 1}),  # what is left, in order
        ("vim@/a top@/b", "x@/c y@/d z@/e", {}, {0: 0, 1: 1}),
        ("x@/c y@/d z@/e", "vim@/a top@/b", {}, {0: 0, 1: 1}),
        ("vim@/a top@/b", "top@/b vim@/a", {"known": {0: 0}}, {0: 0, 1: 1}),
        ("vim@/a", "vim@/a", {"known": {0: 1, 1: 0}}, {0: 0}),
        ("vim@/a top@/b", "vim@/a top@/b", {"gone": {0}}, {1: 1}),
        ("vim@/a top@/b", "x@/a y@/b", {"gone": {0}}, {0: 1}),
    ],
)
def test_panes_are_known_by_what_runs_and_where(asked, live, how, pairs):
    known, gone = how.get("known", {}), how.get("gone", ())
    assert match_panes(panes(asked), panes(live), known, gone) == pairs
