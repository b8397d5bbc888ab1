"""The workspace that the value of a document describes, each field of it, and odd values."""

from __future__ import annotations

from sessionctl.core.session.session import SecretRef
from sessionctl.core.toml.document import Document
from sessionctl.core.workspace.path_scope import PathScope
from sessionctl.core.workspace.workspace import (
    CellSize,
    FloatPlace,
    ServerFacts,
    Workspace,
    WorkspacePane,
    WorkspaceWindow,
)
from sessionctl.core.workspace.workspace_reader import read_size, read_workspace
from tests.together import together

SCOPE = PathScope("/base", "/home/ada")


def read(text):
    return read_workspace(Document.parse(text).value, SCOPE)


def test_every_field_is_read():
    assert read("""
name = "api"
root = "~/api"
group = "g"
env = { A = "1", B = false, C = { secret = "c" }, D = true, E = 5, F = { bytes = '\\xe9' } }
options = { mouse = true, "@n" = 3, "@l" = ["a", 1, "b"], "@f" = 1.5, "@s" = "x" }

[tmux]
config_files = ["/a", "/b"]
server_options = { a = "1" }
session_options = { b = true }
window_options = { c = ["x"] }

[[windows]]
name = "w"
cwd = "src"
index = 4
layout = "tiled"
size = "80x24"
link = "other:1"
focus = true
last = true
env = { X = "1" }
options = { y = 1 }

[[windows.panes]]
name = "p"
cwd = "x"
run = ["vim", { bytes = '\\xe9' }]
resume = ["vim", "-S"]
shell = ["zsh", "-f"]
start = "type"
size = "50%"
float = { x = 1, y = 2, width = 3, height = 4 }
title = "t"
focus = true
last = true
zoomed = true
env = { P = "1" }
options = { q = false }

[[windows.panes]]
name = "named"
run = "make | less"
resume = []
shell = false
size = 20
""") == Workspace(
        "api", "/home/ada/api",
        (
            WorkspaceWindow(
                "w",
                (
                    WorkspacePane(
                        "p", "/home/ada/api/src/x", ("vim", "\udce9"), ("vim", "-S"),
                        ("zsh", "-f"), "type", {"P": "1"}, {"q": False}, "50%",
                        FloatPlace(1, 2, 3, 4), "t", is_active=True, is_last=True, is_zoomed=True,
                    ),
                    WorkspacePane(
                        "named", "/home/ada/api/src", "make | less", (), shell=False, size=20,
                        title="named",
                    ),
                ),
                4, "tiled", CellSize(80, 24), "other:1", {"X": "1"}, {"y": 1}, is_active=True,
                is_last=True,
            ),
        ),
        {"A": "1", "B": None, "C": SecretRef("c"), "F": "\udce9"},
        {"mouse": True, "@n": 3, "@l": ("a", "b"), "@s": "x"},
        "g",
        server=ServerFacts(("/a", "/b"), {"a": "1"}, {"b": True}, {"c": ("x",)}),
    )  # fmt: skip


def test_what_is_missing_or_of_a_wrong_type_has_its_default():
    assert read("") == Workspace("", "/base")
    assert read("""
name = 1
root = 1
group = 1
env = 1
options = 1
tmux = 1

[[windows]]

[[windows]]
index = true
focus = 1
last = 1

[[windows.panes]]

[[windows.panes]]
run = []
resume = 1
shell = []
size = true
float = { x = 1, y = 2, width = 3 }
focus = 1
last = 1
zoomed = 1
env = { A = { secret = 1 } }

[[windows.panes]]
run = ["a", 1]
""") == Workspace(
        "", "/base",
        (
            WorkspaceWindow("", (WorkspacePane(cwd="/base"),)),
            WorkspaceWindow("", (WorkspacePane(cwd="/base"),) * 3),
        ),
    )  # fmt: skip
    assert read("windows = [1, { }, 2]").windows == (read("[[windows]]").windows)
    assert read("tmux = { config_files = 1 }").server == ServerFacts()


@together(
    "text, size",
    [
        ("80x24", CellSize(80, 24)), ("1x1", CellSize(1, 1)),
        ("99999x99999", CellSize(99999, 99999)),
        ("100000x1", None), ("0x24", None), ("80x0", None), ("80", None), ("80x24 ", None),
        ("", None),
    ],
)  # fmt: skip
def test_a_size_is_a_width_and_a_height(text, size):
    assert read_size(text) == size
    assert size is None or str(size) == text
