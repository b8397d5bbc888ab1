"""What stands and was not asked for is shown from both sides, and nothing else is."""

from __future__ import annotations

from sessionctl.core.session.session import SecretRef
from sessionctl.core.workspace.discrepancy import Discrepancy, discrepancies, shown_program
from sessionctl.core.workspace.path_scope import PathScope
from sessionctl.core.workspace.workspace import Workspace, WorkspacePane, WorkspaceWindow
from tests.together import together

PANE = WorkspacePane(cwd="/src", run=("tail", "-f", "log"), options={"@a": "1"})
WINDOW = WorkspaceWindow("ed", (PANE,), options={"@w": "1"})
ASKED = Workspace("api", "/src", (WINDOW,), env={"A": "1"}, options={"@s": "1"}, group="g")
LINKED = WINDOW._replace(link="other:1")


def with_window(window):
    return ASKED._replace(windows=(window,))


def with_pane(**changes):
    return with_window(WINDOW._replace(panes=(PANE._replace(**changes),)))


@together(
    "asked, standing, found",
    [
        (ASKED, ASKED, None),
        (ASKED, None, ("the session", "session", "api", "nothing")),
        (ASKED, ASKED._replace(name="x"), ("the session", "name", "api", "x")),
        (ASKED, ASKED._replace(group=""), ("the session", "group", "g", "nothing")),
        (ASKED._replace(group=""), ASKED, ("the session", "group", "nothing", "g")),
        (ASKED, ASKED._replace(group="h"), ("the session", "group", "g", "h")),
        (ASKED, ASKED._replace(env={}), ("the session", "variable", "A", "nothing")),
        (ASKED, ASKED._replace(env={"A": "s3"}), ("the session", "variable", "A", "another value")),
        (ASKED, ASKED._replace(env={"A": "1", "B": "2"}), None),
        (ASKED._replace(env={"A": SecretRef("s")}), ASKED._replace(env={}), None),
        (ASKED, ASKED._replace(options={}), ("the session", "option", "@s", "nothing")),
        (
            ASKED,
            ASKED._replace(options={"@s": "2"}),
            ("the session", "option", "@s", "another value"),
        ),
        (ASKED._replace(is_allowed=False), ASKED._replace(env={}, options={}), None),
        (ASKED, ASKED._replace(windows=()), ("window ed", "window", "ed", "nothing")),
        (ASKED, with_window(WINDOW._replace(name="x")), ("window ed", "window", "ed", "nothing")),
        (with_window(LINKED), ASKED, ("window ed", "link", "other:1", "nothing")),
        (ASKED, with_window(LINKED), ("window ed", "link", "nothing", "other:1")),
        (with_window(LINKED), with_window(LINKED._replace(panes=(), options={})), None),
        (ASKED, with_window(WINDOW._replace(options={})), ("window ed", "option", "@w", "nothing")),
        (
            ASKED,
            with_window(WINDOW._replace(panes=(PANE, PANE._replace(run=None)))),
            ("window ed", "pane", "1 panes", "2"),
        ),
        (ASKED, with_pane(cwd="/x"), ("window ed: pane 1", "directory", "/src", "/x")),
        (ASKED, with_pane(cwd=""), None),
        (
            ASKED,
            with_pane(run=("top", "a b")),
            ("window ed: pane 1", "program", "tail -f log", "top 'a b'"),
        ),
        (ASKED, with_pane(run=None), ("window ed: pane 1", "program", "tail -f log", "a shell")),
        (with_pane(start="type"), with_pane(run=None), None),
        (with_pane(run=None), with_pane(run=("top",)), None),
        (with_pane(run="make | less"), with_pane(run=("top",)), None),
        (with_pane(is_allowed=False), with_pane(run=("top",), options={}), None),
        (ASKED, with_pane(options={}), ("window ed: pane 1", "option", "@a", "nothing")),
    ],
)
def test_each_thing_that_does_not_stand_as_asked_is_found_alone(asked, standing, found):
    expected = () if found is None else (Discrepancy(*found),)
    assert discrepancies(asked, standing, PathScope("/")) == expected


def test_a_discrepancy_is_one_line():
    line = Discrepancy("window ed", "name", "a", "b").render()
    assert line == "window ed: name: asked for a, there is b"


@together(
    "run, words",
    [
        (None, "a shell"),
        ((), "a shell"),
        ("a\nb", "a\\nb"),
        (("ls", "a b"), "ls 'a b'"),
        ("x" * 200, "x" * 200),
        ("x" * 201, f"{'x' * 200}..."),
    ],
)
def test_a_program_is_shown_as_one_line_of_bounded_length(run, words):
    assert shown_program(run) == words
