"""No secret of a workspace reaches its document."""

from __future__ import annotations

from sessionctl.core.workspace.secret_mask import (
    MaskedPart,
    mask_lines,
    mask_secrets,
    screen_values,
    workspace_values,
)
from sessionctl.core.workspace.seen_values import SeenValues
from sessionctl.core.workspace.workspace import (
    ServerFacts,
    Workspace,
    WorkspacePane,
    WorkspaceWindow,
)
from tests.together import together

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


SECRET = {"@t": TOKEN, "@l": ("x", TOKEN), "@n": 1}
WINDOW = WorkspaceWindow("w", (WorkspacePane(),))


def test_each_place_of_a_session_is_looked_at():
    files = ("/a", f"/{TOKEN}")
    before = Workspace(
        f"x {TOKEN}", f"/{TOKEN}",
        (WINDOW._replace(name=f"{TOKEN} w", link=f"{TOKEN}:1", options=SECRET),),
        group=TOKEN, server=ServerFacts(files, SECRET, SECRET, SECRET),
    )  # fmt: skip
    after, parts = mask_secrets(before)
    assert after == Workspace(
        "x ***", "/***", (WINDOW._replace(name="*** w", link="***:1", options={"@n": 1}),),
        group="***", server=ServerFacts(("/a",), {"@n": 1}, {"@n": 1}, {"@n": 1}),
    )  # fmt: skip
    masked = ["name", "root", "group", "windows[0].name", "windows[0].link"]
    left_out = ["tmux.config_files[1]"] + [
        f'{table}."{name}"{item}'
        for table in ("windows[0].options", "tmux.server_options", "tmux.session_options",
                      "tmux.window_options")
        for name, item in (("@t", ""), ("@l", "[1]"))
    ]  # fmt: skip
    assert {str(path): (what, is_left_out) for path, what, is_left_out in parts} == {
        **dict.fromkeys(masked, ("a secret", False)),
        **dict.fromkeys(left_out, ("a secret", True)),
    }
    assert workspace_values(before) == {TOKEN}


@together(
    "before, after, parts",
    [
        ({"cwd": f"/a/{TOKEN}", "title": f"t {TOKEN}", "run": ("vim",), "start": "run"},
         {"cwd": "/a/***", "title": "t ***", "run": ("vim",), "start": "run"}, ["title", "cwd"]),
        ({"shell": ("zsh", TOKEN)}, {"shell": True}, ["shell[1]"]),
        ({"shell": ("zsh", "-f"), "run": ("x", "--password", "hunter2-Xy77zz"), "start": "skip"},
         {"shell": ("zsh", "-f"), "run": ("x", "--password", "***"), "start": "type"}, ["run[2]"]),
        ({"run": f"echo {TOKEN}", "start": "run"}, {"run": "echo ***", "start": "type"}, ["run"]),
        ({"run": ("vim",), "resume": ("y", TOKEN)},
         {"run": ("vim",), "resume": ("y", "***"), "start": "type"}, ["resume[1]"]),
        ({"run": "MY_TOKEN=sEcr'3t9x' run"}, {"run": "***", "start": "type"}, ["run"]),
        ({"run": "MY_TOKEN='sEcr3t9x' run"}, {"run": "MY_TOKEN='***' run", "start": "type"},
         ["run"]),
        ({"run": 'MY_TOKEN="sEcr3t9x run'}, {"run": 'MY_TOKEN="***', "start": "type"}, ["run"]),
        ({"env": {"SECRET_ENV": "x8Kq2mZ9pLw4Tn7v", "SECRETS_FILE": "/etc/x", "K": "1"}},
         {"env": {"SECRETS_FILE": "/etc/x", "K": "1"}}, ["env.SECRET_ENV"]),
    ],
)  # fmt: skip
def test_each_place_of_a_pane_is_looked_at(before, after, parts):
    found, masked = mask_secrets(session(WorkspacePane(**before)))
    assert found == session(WorkspacePane(**after))
    assert [str(part.path) for part in masked] == [f"windows[0].panes[0].{key}" for key in parts]


def test_a_variable_of_all_that_speaks_of_a_secret_is_left_out():
    before = session(WorkspacePane(), env={"SECRET_ENV": "x8Kq2mZ9pLw4Tn7v", "A": "1"})
    after, (part,) = mask_secrets(before)
    assert after == session(WorkspacePane(), env={"A": "1"})
    assert part == MaskedPart(("env", "SECRET_ENV"), "a secret", is_left_out=True)


def test_a_name_that_only_holds_the_letters_of_a_secret_word_speaks_of_none():
    strong = "x8Kq2mZ9pLw4Tn7v"
    kept = ["GIT_AUTHOR_ID", "AUTHORS", "CoAuthor", "XAUTHORITY_ID", "KEYBOARD_ID", "PATCH_ID"]
    secret = [
        "AUTH", "AUTHORIZATION", "AUTH_TOKEN", "HTTP_AUTHORIZATION", "AUTHORTOKEN", "AUTHOR_TOKEN",
        "AUTHOR_KEY", "AUTHORIZED", "AUTHORISATION", "MYAUTHOR", "AUTHORITY_AUTH", "SSH_AUTH_ID",
        "PATCH_PAT", "KEYBOARD_KEY", "KEY_MAPPING_KEY", "authorized_by", "oauthAuthor",
    ]  # fmt: skip
    after, parts = mask_secrets(
        session(WorkspacePane(), env=dict.fromkeys([*kept, *secret], strong))
    )
    # What is a secret at one place is one at each: those that are kept stand alone.
    assert after.env == {}
    assert {str(part.path) for part in parts} >= {f"env.{name}" for name in secret}
    before = session(WorkspacePane(), env=dict.fromkeys(kept, strong))
    assert mask_secrets(before) == (before, ())
    for name in secret:
        assert mask_secrets(session(WorkspacePane(), env={name: strong}))[0].env == {}


def test_a_moment_is_no_secret_whatever_its_name_speaks_of():
    dates = ["2026-01-02T03:04:05+00:00", "2026-01-02T03:04Z", "2026-01-02t03:04:05.123456789"]
    env = {"GIT_AUTHOR_DATE": dates[0], "LOGIN_SINCE": dates[1], "PASSES": dates[2]}
    before = session(WorkspacePane(), env=env)
    assert mask_secrets(before) == (before, ())
    for word in ("2026-01-02T03:04:05xK9q", "12026-01-02T03:04:05Z"):
        assert mask_secrets(session(WorkspacePane(), env={"LOGIN_SINCE": word}))[0].env == {}


BLOCK = "-----BEGIN OPENSSH PRIVATE KEY-----\nabc\ndef="


@together(
    "text, shown, values",
    [
        (f"a\n{BLOCK}\n-----END OPENSSH PRIVATE KEY-----\nb", "a\n***\nb", set()),
        (f"a\n{BLOCK}", "a\n***", set()),
        (f"\x1b[31mexport TOKEN={TOKEN}\x1b[0m\n\x1b[32mok\x1b[0m",
         "export TOKEN=***\n\x1b[32mok\x1b[0m", {TOKEN}),
        ("MY_TOKEN=sEcr'3t9x' run\nls", "***\nls", {"sEcr", "sEcr3t9x"}),
        ("echo 'a' token=\"sEcr3t9x\"", "echo 'a' token=\"***\"", {"sEcr3t9x"}),
        ("the PRIVATE KEY\n   \nls", "the PRIVATE KEY\n   \nls", set()),
    ],
)  # fmt: skip
def test_what_a_terminal_showed_is_masked_by_its_lines(text, shown, values):
    assert mask_lines(text, SeenValues([])) == shown
    assert screen_values(text) == values
