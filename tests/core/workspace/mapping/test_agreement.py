"""Whether what stands is what the file asks for, however it is written there."""

from __future__ import annotations

from sessionctl.core.session.session import SecretRef
from sessionctl.core.workspace.mapping.agreement import (
    is_same_option,
    lies_as_asked,
    runs_as_asked,
    runs_exactly,
)
from sessionctl.core.workspace.workspace import WorkspacePane, WorkspaceWindow
from tests.together import together

Pane = WorkspacePane


@together(
    "asked, live, is_same",
    [
        (Pane(run=("vim", "x")), Pane(run=("vim", "x")), True),
        (Pane(run=("vim", "x")), Pane(run=("vim", "x"), shell=False), True),
        (Pane(run=("vim", "x")), Pane(run=("vim",)), False),
        (Pane(run=("vim", "x")), Pane(), False),
        (Pane(), Pane(run=("vim",)), False),
        (Pane(), Pane(), True),
        (Pane(run=("vim",), start="type"), Pane(), True),
        (Pane(run=("vim",), start="skip"), Pane(), True),
        (Pane(run=("vim",), start="type"), Pane(run=("x",)), False),
        (Pane(run=("rm", "-rf", "x")), Pane(), True),  # is typed, because it can do harm
        (Pane(run=("vim",), resume=("vim", "-S")), Pane(run=("vim", "-S")), True),
        (Pane(run=("vim",), resume=()), Pane(), True),
        (Pane(run=("vim",), resume=()), Pane(run=("x",)), False),
        # a shell line, by a program in it
        (Pane(run="a | less"), Pane(run="b"), True),
        (Pane(run="a | less"), Pane(run=("less",)), True),
        (Pane(run="a | /usr/bin/less"), Pane(run=("/bin/less", "x")), True),
        (Pane(run="a | less"), Pane(run=("bash", "-x", "less")), True),
        (Pane(run="a | less"), Pane(run=("bash", "-x", "-y", "less")), False),
        (Pane(run="a | less"), Pane(run=("more",)), False),
        # an argv, behind its interpreter
        (Pane(run=("/a/x", "1")), Pane(run=("/b/x", "1")), True),
        (Pane(run=("x", "1")), Pane(run=("python3", "/b/x", "1")), True),
        (Pane(run=("x", "1")), Pane(run=("env", "python3", "/b/x", "1")), True),
        (Pane(run=("x", "1")), Pane(run=("env", "-S", "python3", "/b/x", "1")), False),
        (Pane(run=("x", "1")), Pane(run=("python3", "/b/x", "2")), False),
        (Pane(run=("x", "1")), Pane(run=("python3", "/b/y", "1")), False),
        (Pane(run=("x", "1")), Pane(run=("x",)), False),
        (Pane(run=("x", "1")), Pane(run="x 1"), False),
    ],
)
def test_a_program_is_known_by_what_was_asked_for(asked, live, is_same):
    assert runs_as_asked(asked, live) is is_same


@together(
    "asked, live, is_same",
    [
        (Pane(run=("x",), env={"A": "1"}), Pane(run=("x",), env={"A": "1", "B": "2"}), True),
        (Pane(run=("x",), env={"A": "1"}), Pane(run=("x",), env={"A": "2"}), False),
        (Pane(run=("x",), env={"A": "1"}), Pane(run=("x",)), False),
        (Pane(run=("x",), env={"A": SecretRef("a")}), Pane(run=("x",), env={"A": "1"}), False),
        (Pane(run=("x",)), Pane(run=("/bin/x",)), False),
        (Pane(run=("x",)), Pane(run=("x",), shell=False), False),
    ],
)
def test_the_same_program_has_the_same_variables(asked, live, is_same):
    assert runs_exactly(asked, live) is is_same


ROW = "80x24,0,0{40x24,0,0,39x24,41,0}"
COLUMN = "80x24,0,0[80x12,0,0,80x11,0,13]"
MAIN = "80x24,0,0{40x24,0,0,39x24,41,0[39x12,41,0,39x11,41,13]}"


@together(
    "asked, count, live, standing, is_same",
    [
        (ROW, 2, ROW, 2, True),
        (ROW, 2, ROW, 3, False),
        (ROW, 2, "80x24,0,0{30x24,0,0,49x24,31,0}", 2, False),
        (ROW, 2, "40x24,0,0{10x24,0,0,29x24,11,0}", 2, True),  # narrower
        (ROW, 2, "80x12,0,0{10x12,0,0,69x12,11,0}", 2, True),  # lower
        (ROW, 2, "40x12,0,0[40x6,0,0,40x5,0,7]", 2, False),
        (ROW, 2, "", 2, True),
        ("x", 2, ROW, 2, False),
        (MAIN, 2, ROW, 2, False),
        ("even-horizontal", 2, ROW, 2, True),
        ("even-horizontal", 2, COLUMN, 2, False),
        ("even-vertical", 2, COLUMN, 2, True),
        ("main-vertical", 3, MAIN, 3, True),
        ("even-horizontal", 3, MAIN, 3, False),
        ("main-horizontal", 3, MAIN, 3, False),
        ("", 2, COLUMN, 2, True),
        ("", 2, ROW, 2, False),
        ("", 1, "80x24,0,0", 1, True),
        ("tiled", 3, MAIN, 3, False),
    ],
)
def test_panes_lie_as_their_layout_says(asked, count, live, standing, is_same):
    window = WorkspaceWindow("w", (Pane(),) * count, layout=asked)
    there = WorkspaceWindow("w", (Pane(),) * standing, layout=live)
    assert lies_as_asked(window, there) is is_same


@together(
    "one, other, is_same",
    [
        (True, "on", True), (False, "off", True), (True, "off", False), (1, "1", True),
        (1, "on", False), (True, 1, False), (("a",), ("a",), True), (("a",), "a", False),
        ("x", "x", True), (0, False, False),
    ],
)  # fmt: skip
def test_options_are_the_same_where_tmux_takes_them_so(one, other, is_same):
    assert is_same_option(one, other) is is_same
    assert is_same_option(other, one) is is_same
