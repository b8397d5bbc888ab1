"""What the windows and panes that stand now were when a document and its workspace agreed."""

from __future__ import annotations

from sessionctl.core.workspace.mapping.agreed_workspace import (
    NOTHING,
    AgreedWorkspace,
    FormerState,
    StandingWorkspace,
)
from sessionctl.core.workspace.workspace import Workspace, WorkspacePane, WorkspaceWindow

A = WorkspacePane(run=("a",), cwd="/a")
B = WorkspacePane(run=("b",), cwd="/b")
C = WorkspacePane(run=("c",), cwd="/c")
BEFORE = Workspace("s", windows=(WorkspaceWindow("x", (A, B), 0), WorkspaceWindow("y", (C,), 1)))
AGREED = AgreedWorkspace(
    StandingWorkspace(BEFORE, "tmux:1", ("@1", "@2"), (("%1", "%2"), ("%3",))),
    (4, 2), ((1, 0), (0,)),
)  # fmt: skip


def state(*windows, server="tmux:1", ids=(), panes=(), agreed=AGREED):
    return FormerState(
        agreed, StandingWorkspace(Workspace("s", windows=windows), server, ids, panes)
    )


def test_without_a_state_nothing_is_known_and_all_may_have_stood():
    found = state(WorkspaceWindow("x", (A,), 0), agreed=None)
    assert found.workspace is None
    assert (found.window(0), found.pane(0, 0)) == (None, None)
    assert (found.window_items(), found.pane_items(0)) == ({}, {})
    assert (found.gone(), found.panes_gone(0)) == (set(), set())
    assert found.stood(7)
    assert found.pane_stood(7, 7)


def test_windows_and_panes_follow_their_ids():
    found = state(
        WorkspaceWindow("renamed", (C,), 5), WorkspaceWindow("z", (B, A, A), 6),
        ids=("@2", "@1"), panes=(("%3",), ("%9", "%1", "%2")),
    )  # fmt: skip
    assert found.workspace is BEFORE
    assert [found.window(j) for j in (0, 1)] == [BEFORE.windows[1], BEFORE.windows[0]]
    assert found.window_items() == {0: 2, 1: 4}
    assert [found.pane(1, k) for k in range(3)] == [None, A, B]
    assert found.pane_items(1) == {1: 1, 2: 0}
    assert (found.pane(0, 0), found.pane(0, 1)) == (C, None)
    assert (found.gone(), found.panes_gone(1)) == (set(), set())


def test_three_windows_that_changed_places_follow_their_ids():
    before = Workspace("s", windows=tuple(WorkspaceWindow(name, (A,)) for name in "xyz"))
    panes = (("%1",), ("%2",), ("%3",))
    agreed = AgreedWorkspace(
        StandingWorkspace(before, "tmux:1", ("@1", "@2", "@3"), panes), (5, 6, 7), ((0,),) * 3
    )
    found = state(
        *(WorkspaceWindow(name, (B,)) for name in "uvw"),
        ids=("@2", "@3", "@1"), panes=(*panes[1:], panes[0]), agreed=agreed,
    )  # fmt: skip
    assert [found.window(j).name for j in range(3)] == ["y", "z", "x"]
    assert found.window_items() == {0: 6, 1: 7, 2: 5}
    assert [found.pane(j, 0) for j in range(3)] == [A] * 3


def test_another_id_with_another_name_is_another_window():
    found = state(
        WorkspaceWindow("x", (A,), 0), WorkspaceWindow("new", (C,), 1),
        ids=("@7", "@8"), panes=(("%7",), ("%8",)),
    )  # fmt: skip
    assert found.window_items() == {0: 4}
    assert found.window(1) is None
    assert found.pane_items(1) == {}
    assert found.gone() == {2}
    assert found.panes_gone(0) == {0}
    assert found.panes_gone(1) == set()


def test_in_another_server_names_and_places_count():
    found = state(WorkspaceWindow("x", (A,), 0), WorkspaceWindow("new", (C,), 1), server="tmux:2",
                  ids=("@2", "@1"), panes=(("%3",), ("%1",)))  # fmt: skip
    assert found.window_items() == {0: 4, 1: 2}
    assert found.pane_items(1) == {0: 0}
    without = AGREED._replace(standing=AGREED.standing._replace(server=""))
    again = state(WorkspaceWindow("y", (C,), 7), server="", ids=("@1",), panes=(("%1",),),
                  agreed=without)  # fmt: skip
    assert again.window_items() == {0: 2}


def test_what_had_no_item_has_none():
    agreed = AGREED._replace(items=(NOTHING, 2), pane_items=((NOTHING, 0), (NOTHING,)))
    found = state(*BEFORE.windows, ids=("@1", "@2"), panes=(("%1", "%2"), ("%3",)), agreed=agreed)
    assert found.window(0) == BEFORE.windows[0]
    assert found.window_items() == {1: 2}
    assert found.pane_items(0) == {1: 0}
    assert found.pane_items(1) == {}


def test_what_stood_is_known_by_its_item():
    found = state(*BEFORE.windows, server="")
    assert [item for item in range(6) if found.stood(item)] == [2, 4]
    assert [item for item in range(3) if found.pane_stood(4, item)] == [0, 1]
    assert [item for item in range(3) if found.pane_stood(2, item)] == [0]
    assert found.pane_stood(3, 5)
