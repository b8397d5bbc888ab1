"""What of a workspace changes all the time, by its place in the document."""

from __future__ import annotations

from sessionctl.core.toml.document import Document
from sessionctl.core.workspace.mapping.volatile_fields import volatile_fields
from sessionctl.core.workspace.workspace import (
    CellSize,
    ServerFacts,
    Workspace,
    WorkspacePane,
    WorkspaceWindow,
)

DOCUMENT = Document.parse("""\
[[windows]]
name = "editor"
[[windows.panes]]
name = "code"
[[windows.panes]]
run = "make"
[[windows]]
name = "logs"
""")
FIRST = WorkspacePane(title="one", is_active=True)
SECOND = WorkspacePane(title="two", is_last=True, is_zoomed=True)
LIVE = Workspace(
    "api",
    windows=(
        WorkspaceWindow("new", (FIRST,)),
        WorkspaceWindow("logs", (FIRST,), is_last=True),
        WorkspaceWindow("editor", (SECOND, FIRST, FIRST), size=CellSize(80, 24), is_active=True),
    ),
    server=ServerFacts(("/a.conf",), {"x": ("1", "2")}, {"y": True}, {"z": 3}),
)


def test_each_value_is_known_by_the_names_of_its_window_and_pane():
    found = volatile_fields(DOCUMENT, LIVE, {1: 1, 2: 0}, {2: {0: 1, 1: 0}}, lambda path: "name")
    assert [(str(path), value) for path, value in found.items()] == [
        ("windows[name=logs].focus", False),
        ("windows[name=logs].last", True),
        ("windows[name=editor].focus", True),
        ("windows[name=editor].last", False),
        ("windows[name=editor].size", "80x24"),
        ("windows[name=editor].panes[1].focus", False),
        ("windows[name=editor].panes[1].last", True),
        ("windows[name=editor].panes[1].zoomed", True),
        ("windows[name=editor].panes[1].title", "two"),
        ("windows[name=editor].panes[name=code].focus", True),
        ("windows[name=editor].panes[name=code].last", False),
        ("windows[name=editor].panes[name=code].zoomed", False),
        ("windows[name=editor].panes[name=code].title", "one"),
        ("tmux.config_files", ["/a.conf"]),
        ("tmux.server_options", {"x": ["1", "2"]}),
        ("tmux.session_options", {"y": True}),
        ("tmux.window_options", {"z": 3}),
    ]
