"""What the list of sessions shows of one: each pane, its sign and its words."""

from __future__ import annotations

import os

import pytest

from sessionctl.core.render.boxes.window_plan import PlannedWindow
from sessionctl.core.workspace.layout import LayoutPane, LayoutSplit
from sessionctl.core.workspace.workspace import (
    FloatPlace,
    Workspace,
    WorkspacePane,
    WorkspaceWindow,
)
from sessionctl.services.board.board_row import BoardRow, RowState
from sessionctl.services.board.session_preview import (
    SessionPreview,
    _pane,
    _window,
    preview_session,
)
from sessionctl.services.documents.document_store import open_store
from sessionctl.services.live.live_context import LiveContext
from sessionctl.services.live.workspace_restore import allow, read_session_file
from sessionctl.services.machine import Machine
from tests.together import together

SESSION = """\
schema_version = 1
name = "web"
root = "/src"
[[windows]]
name = "editor"
layout = "tiled"
[[windows.panes]]
name = "code"
run = ["vi", "a b"]
[[windows.panes]]
run = "make --password=hunter2-Xy77zz test"
start = "type"
cwd = "sub"
[[windows.panes]]
run = ["top"]
start = "skip"
active = true
[[windows]]
name = "l\\u0430gs"
active = true
"""


@pytest.fixture
def context(tmp_path):
    machine = Machine({"HOME": str(tmp_path), "PATH": os.environ["PATH"]}, host="testhost")
    return LiveContext(open_store(str(tmp_path / "state")), machine)


def test_what_a_session_would_be(tmp_path, context):
    file = tmp_path / "web.session.toml"
    file.write_text(SESSION)
    tiled = LayoutSplit(
        is_row=False,
        parts=(
            (1, LayoutSplit(is_row=True, parts=((1, LayoutPane(0)), (1, LayoutPane(1))))),
            (1, LayoutPane(2)),
        ),
    )
    shell = ([("a shell", "dim")],)
    logs = PlannedWindow("2 l\\u0430gs", "", (200, 50), LayoutPane(0), shell)
    untrusted = ("not trusted", "warning")
    panes = (
        [("! code", "warning"), ("vi 'a b'", ""), untrusted],
        [("! make --password=*** test", "warning"), untrusted, ("in /src/sub", "dim")],
        [("! top", "warning"), untrusted],
    )
    editor = PlannedWindow("1 editor", "tiled", (200, 50), tiled, panes)
    assert preview_session(str(file), context) == SessionPreview(
        str(file), "web", "/src", (editor, logs), 4, ("!",)
    )
    allow(read_session_file(str(file), context), context)
    panes = (
        [("code", "key"), ("vi 'a b'", "")],
        [("~ make --password=*** test", "key"), ("typed, not entered", "changed"),
         ("in /src/sub", "dim")],
        [("- top", "key"), ("not started", "changed")],
    )  # fmt: skip
    assert preview_session(str(file), context) == SessionPreview(
        str(file), "web", "/src", (editor._replace(panes=panes), logs), 0, ("~", "-")
    )


@together(
    "row, word",
    [
        (BoardRow("/f", "a"), "saved"),
        (BoardRow("/f", "a", is_live=True), "live"),
        (BoardRow("/f", "a", is_live=True, is_taken=True), "taken"),
        (BoardRow("", "a", is_live=True, is_taken=True), "unsaved"),
        (BoardRow("", "a", problem="x", size_bytes=1), "invalid"),
        (BoardRow("/f", "a", problem="x"), "unreadable"),
        (BoardRow("/f", "a", state=RowState(errors=1)), "invalid"),
        (BoardRow("/f", "a", state=RowState(errors=1, conflicts=1)), "conflict"),
        (BoardRow("/f", "a", state=RowState("unmerged", errors=1)), "conflict"),
        (BoardRow("/f", "a", state=RowState("unreadable", conflicts=1)), "unreadable"),
        (BoardRow("/f", "a", state=RowState("changed")), "saved"),
    ],
    ids=map(str, range(11)),
)
def test_the_word_for_a_session_is_the_most_urgent(row, word):
    assert row.word == word
    assert row.key == (row.file or "a/")


def test_a_pane_says_what_it_is_beside_its_program():
    workspace = Workspace("w", "/src")
    pane = WorkspacePane(cwd="/tmp", is_active=True, floating=FloatPlace(1, 2, 3, 4))
    assert _pane(pane, workspace) == [
        ("a shell", "dim"), ("in /tmp", "dim"), ("active", "dim"),
        ("floats above the others", "dim"),
    ]  # fmt: skip
    assert _pane(WorkspacePane(cwd="/src", name="n"), workspace) == [
        ("n", "key"), ("a shell", "dim")
    ]  # fmt: skip
    zoomed = (WorkspacePane(), WorkspacePane(is_zoomed=True))
    found = _window(3, WorkspaceWindow("", zoomed, layout="tiled", is_active=True), workspace)
    assert (found.title, found.note) == ("3*", "zoomed")
