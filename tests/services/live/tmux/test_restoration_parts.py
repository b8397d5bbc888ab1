"""Parts of a restore: the placeholder goes, windows get their focus, misplaced panes are found."""

from __future__ import annotations

from types import SimpleNamespace

from sessionctl.core.workspace.layout_cells import checksum
from sessionctl.core.workspace.workspace import Workspace, WorkspacePane, WorkspaceWindow
from sessionctl.services.live.tmux.restoration import TmuxRestoration, _late
from tests.together import together


def restoration(workspace, **facts):
    one = object.__new__(TmuxRestoration)
    usual = {"session": "$1", "order": SimpleNamespace(workspace=workspace), "made": {}}
    one.__dict__.update({**usual, "_placeholder": "@9", "_places": {}, **facts})
    return one


OFF = ("set-option", "-t", "$1:", "renumber-windows", "off")
GONE = ("kill-window", "-t", "@9")
BACK = ("set-option", "-u", "-t", "$1:", "renumber-windows")


@together(
    "options, is_allowed, more",
    [
        ({}, True, []), ({"mouse": True}, True, []),
        ({"mouse": True, "renumber-windows": True}, True,
         [("set-option", "-t", "$1:", "renumber-windows", "on")]),
        ({"renumber-windows": True}, False, []),
    ],
    ids=str,
)  # fmt: skip
def test_the_placeholder_goes_and_no_window_is_renumbered(options, is_allowed, more):
    workspace = Workspace("a", "/", options=options, is_allowed=is_allowed)
    found = list(restoration(workspace)._without_placeholder())
    assert found == [OFF, GONE, BACK, *more]


def windows(**flags):
    """Return three windows; ``active`` and ``last`` are numbers."""
    return tuple(
        WorkspaceWindow(
            f"w{n}", (WorkspacePane(),), link="b:1" if n == flags.get("link") else "",
            is_active=n == flags.get("active"), is_last=n == flags.get("last"),
        )
        for n in range(3)
    )  # fmt: skip


@together(
    "flags, made, selected",
    [
        ({"active": 1, "last": 2}, (0, 1, 2), [12, 11]), ({"active": 1}, (0, 1, 2), [11]),
        ({}, (0, 1, 2), [10]), ({"active": 0}, (1, 2), [11]), ({"last": 0}, (1, 2), [11]),
        ({}, (), []), ({"link": 2, "active": 2}, (0,), [12]),
    ],
    ids=str,
)  # fmt: skip
def test_the_window_that_was_last_and_then_the_active_one_are_selected(flags, made, selected):
    workspace = Workspace("a", "/", windows(**flags))
    one = restoration(
        workspace, made={(n, 0): n for n in made}, _places={n: 10 + n for n in range(3)}
    )
    assert one._window_focus() == [("select-window", "-t", f"$1:{n}") for n in selected]


WIDE, TALL = "80x24,0,0{40x24,0,0,1,39x24,41,0,2}", "80x24,0,0[80x12,0,0,1,80x11,0,13,2]"


def text_of(layout):
    return f"{checksum(layout):04x},{layout}"


def test_panes_that_do_not_lie_as_they_should_are_found():
    panes = (WorkspacePane(), WorkspacePane())
    layouts = (text_of(WIDE), text_of(WIDE), "tiled", text_of(WIDE), text_of(WIDE))
    workspace = Workspace(
        "a",
        "/",
        tuple(WorkspaceWindow(f"w{n}", panes, layout=one) for n, one in enumerate(layouts)),
    )
    answers = {"@0": text_of(WIDE), "@1": text_of(TALL), "@3": "?"}
    asked = []

    def run(commands):
        asked.extend(commands)
        return [SimpleNamespace(text=f"{answers[command[3]]}\n") for command in commands]

    made = {(n, 0): SimpleNamespace(window=f"@{n}") for n in range(4)}  # the last was not made
    one = restoration(workspace, made=made, server=SimpleNamespace(run=run))
    assert one.misplaced() == [1, 3]
    assert asked == [
        ("display-message", "-p", "-t", f"@{n}", "#{window_layout}") for n in (0, 1, 3)
    ]


def test_what_must_wait_is_set_at_the_end():
    options = {"mouse": True, "synchronize-panes": True, "pane-died": ("a", "b")}
    assert _late(("-w",), "@1", options) == [
        ("set-option", "-w", "-t", "@1", "synchronize-panes", "on"),
        ("set-option", "-w", "-t", "@1", "pane-died[0]", "a"),
        ("set-option", "-w", "-t", "@1", "pane-died[1]", "b"),
    ]
    assert _late((), "$1", {"mouse": True}) == []
