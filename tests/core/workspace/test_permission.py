"""What of a workspace takes effect, by what was allowed."""

from __future__ import annotations

from sessionctl.core.session.startup import CONNECTION, DIRECTORY, StartItem, StartPlace
from sessionctl.core.workspace.permission import (
    allowed_whole,
    harmless,
    permitted,
    with_permission,
)
from sessionctl.core.workspace.workspace import (
    ServerFacts,
    Workspace,
    WorkspacePane,
    WorkspaceWindow,
)
from tests.together import together

PANE = WorkspacePane(
    "p", cwd="/a", run=("vim",), resume=("vim", "-S"), shell=("zsh",), env={"A": "1"},
    options={"@a": "1"}, title="t",
)  # fmt: skip
OPTIONS = {"automatic-rename": True, "@w": "1"}
WINDOW = WorkspaceWindow("w", (PANE, PANE), layout="tiled", env={"B": "1"}, options=OPTIONS)
SESSION = Workspace(
    "api", "/a", (WINDOW, WINDOW), env={"C": "1"}, options={"@s": "1"}, group="g",
    server=ServerFacts(("/x.conf",)),
)  # fmt: skip


def allowances(workspace):
    """Return what is allowed: the session, each window, each pane."""
    return (
        workspace.is_allowed,
        [
            (window.is_allowed, [pane.is_allowed for pane in window.panes])
            for window in workspace.windows
        ],
    )


EVERYTHING = (True, [(True, [True, True]), (True, [True, True])])


@together(
    "refused, allowed",
    [
        ([], EVERYTHING),
        ([(StartPlace(0, 1), "program")], (True, [(True, [True, False]), (True, [True, True])])),
        ([(StartPlace(0), "option")], (True, [(False, [False, False]), (True, [True, True])])),
        ([(StartPlace(1, 0), "variable")], (True, [(True, [True, True]), (True, [False, True])])),
        ([(StartPlace(-1), "option")], (False, EVERYTHING[1])),
        ([(StartPlace(-2), "option")], (False, EVERYTHING[1])),
        ([(StartPlace(-3), CONNECTION)], EVERYTHING),
        ([(StartPlace(0, 0), DIRECTORY), (StartPlace(-1), DIRECTORY)], EVERYTHING),
    ],
)
def test_what_was_not_allowed_is_the_place_it_belongs_to(refused, allowed):
    items = [(place, StartItem(kind, "", "no", "")) for place, kind in refused]
    items += [(StartPlace(window, pane), StartItem("program", "", "yes", "")) for window, pane in
              [(-1, -1), (0, 0), (0, 1), (1, -1)]]  # fmt: skip
    found = with_permission(SESSION, items, lambda item: item.text == "yes")
    assert allowances(found) == allowed
    assert found.is_allowed_whole is (allowed == EVERYTHING)
    assert allowed_whole(found) == SESSION


def test_a_window_without_permission_keeps_its_name_and_place():
    bare = PANE._replace(env={}, options={}, resume=None, is_allowed=False)
    panes = (PANE, PANE._replace(is_allowed=False))
    found = permitted(WINDOW._replace(panes=panes, is_allowed=False))
    assert found == WINDOW._replace(
        panes=(PANE, bare), is_allowed=False, env={}, options={"automatic-rename": True}
    )
    assert permitted(WINDOW._replace(panes=panes)) == WINDOW._replace(panes=(PANE, bare))
    assert permitted(WINDOW) == WINDOW


def test_foreign_code_is_handed_nothing_that_was_not_allowed():
    assert harmless(SESSION) == SESSION
    panes = (PANE._replace(is_allowed=False), PANE)
    given = SESSION._replace(windows=(WINDOW._replace(panes=panes),))
    bare = WorkspacePane("p", cwd="/a", title="t", is_allowed=False)
    kept = SESSION._replace(windows=(WINDOW._replace(panes=(bare, PANE)),))
    assert harmless(given) == kept
    assert harmless(given._replace(is_allowed=False)) == kept._replace(
        is_allowed=False, env={}, options={}, server=ServerFacts()
    )
