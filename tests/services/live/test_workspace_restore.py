"""What is remembered of a session that was restored, and which of its windows were chosen."""

from __future__ import annotations

import time
from types import SimpleNamespace

import pytest

from sessionctl.core.toml.document import Document
from sessionctl.core.workspace.mapping.agreed_workspace import (
    NOTHING,
    AgreedWorkspace,
    StandingWorkspace,
)
from sessionctl.core.workspace.workspace import Workspace, WorkspacePane, WorkspaceWindow
from sessionctl.errors import UsageError
from sessionctl.services.documents.document_store import open_store
from sessionctl.services.live.live_context import LiveContext
from sessionctl.services.live.workspace_restore import _chosen, remember_restored
from sessionctl.services.machine import Machine
from tests.together import together


@pytest.fixture
def context(tmp_path):
    machine = Machine({"HOME": str(tmp_path), "TMUX_TMPDIR": str(tmp_path)})
    return LiveContext(open_store(str(tmp_path / "state")), machine, "s")


def window(name, panes):
    return WorkspaceWindow(name, panes=(WorkspacePane(),) * panes)


def test_each_window_that_stands_is_that_of_the_file_or_of_none(tmp_path, monkeypatch, context):
    monkeypatch.chdir(tmp_path)
    text = 'schema_version = 1\nname = "a"\n'
    (tmp_path / "a.session.toml").write_text(text)
    session = SimpleNamespace(file="a.session.toml", document=Document.parse(text))
    windows = (window("one", 2), window("mine", 3), window("two", 1))
    standing = StandingWorkspace(Workspace("a", "/", windows), "1.1")
    before = time.time()
    remember_restored(session, standing, (1, NOTHING, 0), context, "plain")
    record = context.memory.recall(str(tmp_path / "a.session.toml"))
    assert (record.file, record.text) == (str(tmp_path / "a.session.toml"), text)
    assert (record.socket, record.adapter) == (context.socket, "plain")
    assert before <= record.at_s <= time.time()
    found = record.agreed
    assert isinstance(found, AgreedWorkspace)
    assert tuple(found.items) == (1, NOTHING, 0)
    assert tuple(map(tuple, found.pane_items)) == ((0, 1), (NOTHING,) * 3, (0,))
    with pytest.raises(ValueError, match="zip"):
        remember_restored(session, standing, (1,), context)


@together(
    "only, found",
    [
        ((), ()),
        (("b",), (1,)),
        (("a", "b"), (0, 2, 1)),
        (("b", "b"), (1,)),
        (("b", "a"), (1, 0, 2)),
    ],
)
def test_windows_are_chosen_by_their_names(only, found):
    workspace = Workspace("x", "/", (window("a", 1), window("b", 1), window("a", 1)))
    assert _chosen(workspace, only, "f.toml") == found


def test_a_window_that_is_not_there_is_said_with_the_nearest():
    workspace = Workspace("x", "/", (window("editor", 1),))
    with pytest.raises(UsageError) as caught:
        _chosen(workspace, ["editr"], "f o.toml")
    assert caught.value.message == "f o.toml: it has no window editr"
    assert "editor" in caught.value.hints[0]
    with pytest.raises(UsageError) as caught:
        _chosen(Workspace("x", "/"), ["a\nb"], "f o.toml")
    assert caught.value.message == "f o.toml: it has no window a\u240ab"
    assert list(caught.value.hints) == ["add one: sessionctl edit 'f o.toml'"]
