"""No secret of a workspace reaches its document."""

from __future__ import annotations

from sessionctl.core.workspace.secret_mask import mask_secrets
from sessionctl.core.workspace.workspace import Workspace, WorkspacePane, WorkspaceWindow

TOKEN = "ghp_0123456789abcdefABCDEF0123456789abcd"


def session(pane, **how):
    return Workspace("s", "/", (WorkspaceWindow("w", (pane,)),), **how)


def masked(pane, **how):
    workspace, parts = mask_secrets(session(pane, **how))
    return workspace, workspace.windows[0].panes[0], [str(part.path) for part in parts]


def test_a_workspace_without_secrets_is_left_as_it_is():
    before = session(WorkspacePane(run=("vim", "x"), title="vim"))
    assert mask_secrets(before) == (before, ())


def test_a_secret_argument_is_masked_and_the_command_only_typed():
    _, pane, paths = masked(WorkspacePane(run=("mysql", "--password=hunter2-Xy77zz", "db")))
    assert pane.run == ("mysql", "--password=***", "db")
    assert pane.start == pane.beginning == "type"
    assert paths == ["windows[0].panes[0].run[1]"]


def test_a_secret_in_a_shell_line_or_a_resume_is_masked():
    line = f"curl -H 'Authorization: Bearer {TOKEN}' https://x.example.org"
    _, pane, _ = masked(WorkspacePane(run=line, resume=("x", "--token", TOKEN)))
    assert TOKEN not in pane.run
    assert TOKEN not in pane.resume


def test_a_variable_and_an_option_that_hold_one_are_left_out():
    workspace, pane, paths = masked(
        WorkspacePane(env={"API_TOKEN": TOKEN, "A": "1"}, options={"@t": TOKEN}, title=TOKEN),
        env={"DATABASE_URL": "postgres://u:s3cr3tPass99@h/d", "B": "2"},
        options={"status-left": f"x {TOKEN}", "mouse": True, "@l": ("a", TOKEN)},
    )
    assert (pane.env, pane.options, pane.title) == ({"A": "1"}, {}, "***")
    assert (workspace.env, workspace.options) == ({"B": "2"}, {"mouse": True})
    assert len(paths) == 6
    assert TOKEN not in repr(workspace)
