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
            ("window ed", "pane", "1 pane", "2"),
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


ROW = "80x24,0,0{40x24,0,0,39x24,41,0}"
COLUMN = "80x24,0,0[80x12,0,0,80x11,0,13]"
TWO = WINDOW._replace(panes=(PANE, PANE._replace(run=None)), layout="even-horizontal")


def test_all_that_does_not_stand_as_asked_is_found_in_order():
    second = WorkspaceWindow("logs", (PANE._replace(run=("top",)), PANE), 7)
    asked = ASKED._replace(windows=(TWO, second, WorkspaceWindow("gone", (PANE,))))
    live = ASKED._replace(
        name="x\x1b", group="", env={}, options={"@s": "2"},
        windows=(
            second._replace(name="other", panes=(PANE._replace(cwd="/x", options={}),)),
            TWO._replace(layout=COLUMN, options={}),
        ),
    )  # fmt: skip
    found = [line.render() for line in discrepancies(asked, live)]
    assert found == [
        "the session: name: asked for api, there is x\u241b",
        "the session: group: asked for g, there is nothing",
        "the session: variable: asked for A, there is nothing",
        "the session: option: asked for @s, there is another value",
        "window ed: option: asked for @w, there is nothing",
        f"window ed: layout: asked for even-horizontal, there is {COLUMN}",
        "window logs: name: asked for logs, there is other",
        "window logs: pane: asked for 2 panes, there is 1",
        "window logs: pane 2: directory: asked for /src, there is /x",
        "window logs: pane 2: option: asked for @a, there is nothing",
        "window gone: window: asked for gone, there is nothing",
    ]


def test_what_tmux_names_and_where_a_link_leads_is_left_to_them():
    asked = with_window(WINDOW._replace(number=0, options={"automatic-rename": True}))
    live = with_window(WINDOW._replace(number=0, name="x", options={"automatic-rename": True}))
    assert discrepancies(asked, live) == ()
    scope = PathScope("/", real=lambda path: path.replace("/link", "/src"))
    assert discrepancies(ASKED, with_pane(cwd="/link"), scope) == ()
    assert [one.what for one in discrepancies(ASKED, with_pane(cwd="/link"))] == ["directory"]
    unnamed = with_window(TWO._replace(layout=""))
    assert [one.asked for one in discrepancies(unnamed, with_window(TWO._replace(layout=ROW)))] == [
        "tiled"
    ]


def test_the_indexes_of_windows_are_counted_from_the_base_of_what_stands():
    asked = with_window(WINDOW)
    live = with_window(WINDOW._replace(name="x", number=1))
    assert [one.what for one in discrepancies(asked, live)] == ["window"]
    assert [one.what for one in discrepancies(asked, live._replace(base_index=1))] == ["name"]


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
