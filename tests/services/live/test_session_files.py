"""What a session file asks for on this machine, and what it cannot ask for."""

from __future__ import annotations

import pytest

from sessionctl.errors import SessionctlError
from sessionctl.services.documents.document_store import open_store
from sessionctl.services.live.live_context import LiveContext
from sessionctl.services.live.workspace_restore import allow, read_session_file
from sessionctl.services.machine import Machine

TEXT = """\
name = "api"
root = "~/src"
[[windows]]
name = "a"
[[windows]]
name = "b"
  [[windows.panes]]
  run = ["vim"]
[[windows]]
name = "a"
"""


@pytest.fixture
def context(tmp_path, monkeypatch):
    """Return what reading knows; the session is in the current directory."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "api.session.toml").write_text(TEXT)
    machine = Machine({"HOME": str(tmp_path / "home")}, os_name="linux", host="h")
    return LiveContext(open_store(machine.state), machine)


def test_the_windows_that_are_wanted_are_known_by_their_place_in_the_file(context, tmp_path):
    def read(**how):
        found = read_session_file("api.session.toml", context, **how)
        return found.items, [window.name for window in found.workspace.windows]

    assert read() == ((0, 1, 2), ["a", "b", "a"])
    assert read(only=["b"]) == ((1,), ["b"])
    assert read(only=["a", "b", "a"]) == ((0, 2, 1), ["a", "a", "b"])
    assert read(text='name = "x"\n') == ((), [])
    found = read_session_file("api.session.toml", context)
    assert (found.file, found.document.text) == ("api.session.toml", TEXT)
    assert found.workspace.root == f"{tmp_path}/home/src"


def test_what_cannot_be_restored_is_said(context):
    for how in ({"only": ["b", "c"]}, {"text": "root = '/'\n"}, {"text": "name =\n"}):
        with pytest.raises(SessionctlError):
            read_session_file("api.session.toml", context, **how)
    with pytest.raises(SessionctlError):
        read_session_file("none.session.toml", context)


def test_what_may_start_is_what_was_allowed(context):
    found = read_session_file("api.session.toml", context)
    assert [pane.is_allowed for pane in found.workspace.windows[1].panes] == [False]
    assert [item.kind for item in found.review.new] == ["program", "directory"]
    allow(found, context)
    found = read_session_file("api.session.toml", context)
    assert [pane.is_allowed for pane in found.workspace.windows[1].panes] == [True]
    assert found.review.new == ()
    nowhere = context._replace(store=open_store(None))
    found = read_session_file("api.session.toml", nowhere)
    allow(found, nowhere)
    assert [item.kind for item in found.review.new] == ["directory", "program", "directory"]
