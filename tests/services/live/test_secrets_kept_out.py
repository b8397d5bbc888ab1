"""Secrets in arguments, variables, options, names and text of panes are never written anywhere."""

from __future__ import annotations

import json
import re

import pytest

from sessionctl.core.text.shellwords import quoted
from sessionctl.core.workspace.mapping.agreed_workspace import StandingWorkspace
from sessionctl.core.workspace.workspace import (
    ServerFacts,
    Workspace,
    WorkspacePane,
    WorkspaceWindow,
)
from sessionctl.services.documents.document_store import open_store
from sessionctl.services.live.live_context import LiveContext
from sessionctl.services.live.workspace_save import SaveRequest, save_workspace
from sessionctl.services.machine import Machine

S = "Zk9qW3xT7vBn2LpR"
T = "ghp_0123456789abcdefABCDEF0123456789abcd"
PLACE = "/home/ada"

ARGVS = [
    f"mysql -u root -p{S} db",
    f"curl -u alice:{S} https://x",
    f"curl -ualice:{S} https://x",
    f"curl --user=alice:{S} https://x",
    f"curl -b session={S} https://x",
    f"curl https://x/?token={S}",
    f"env PGPASSWORD={S} psql",
    f"app --token={S}",
    f"app -token {S}",
    f"psql postgres://app:{S}@db/app",
    f"openssl enc -aes-256-cbc -k {S}",
    f"openssl rsa -passin pass:{S}",
    f"sqlplus scott/{S}@db",
    f"sqlplus -S scott/{S}",
    f"influx -t {S} query",
    f"rabbitmqadmin -u a -p {S}",
    f"etcdctl --user root:{S} get x",
    f"flyctl -t {S} deploy",
    f"doctl -t {S} account get",
    f"op signin --session={S}",
    f"bw unlock {S}",
    f"bw login ada@example.org {S}",
    f"htpasswd -b file user {S}",
    f"useradd -p {S} ada",
    f"git clone https://x-access-token:{T}@github.com/a/b",
]
QUOTED = [
    ("python3", "-c", f"connect(password='{S}')"),
    ("node", "-e", f'const token = "{S}"'),
    ("sh", "-c", f"export TOKEN='{S}'; run"),
    ("curl", "-H", f"Authorization: Bearer {S}", "https://x"),
    ("curl", "-d", f'{{"password": "{S}"}}', "https://x"),
]
HARMLESS = [
    "sqlplus /nolog",
    "openssl req -key server.key -out x",
    "bw list items",
    "htpasswd -c file user",
    "curl -b cookies.txt https://x",
    "op item get x",
    "find . -name x/y@z",
    "vim src/a@b.py",
    "rman target /",
    "make -k -j8",
]


def kept(workspace, home, **how):
    """Save the session, and return all that was written anywhere, and the outcome."""
    machine = Machine({"HOME": str(home)}, host="h")
    context = LiveContext(open_store(machine.state), machine)
    panes = tuple(
        tuple(f"%{j}{k}" for k, _ in enumerate(window.panes))
        for j, window in enumerate(workspace.windows)
    )
    standing = StandingWorkspace(workspace, "server", tuple(f"@{p}" for p in panes), panes)
    request = SaveRequest(standing, str(home / "a.session.toml"), **how)
    outcome = save_workspace(request, context)
    data = b"".join(path.read_bytes() for path in home.rglob("*") if path.is_file())
    return data.decode(), outcome


def session(**changes):
    pane = WorkspacePane(cwd=PLACE)._replace(**changes.pop("pane", {}))
    window = WorkspaceWindow("w", (pane,), number=0)._replace(**changes.pop("window", {}))
    return Workspace("a", PLACE, (window,))._replace(**changes)


def assert_kept_out(workspace, home, **how):
    text, outcome = kept(workspace, home, **how)
    assert S not in text
    assert T not in text
    return outcome


@pytest.mark.parametrize("field", ["run", "resume"])
@pytest.mark.parametrize("argv", [*map(str.split, ARGVS), *QUOTED], ids=" ".join)
def test_a_secret_among_arguments(argv, field, tmp_path):
    outcome = assert_kept_out(session(pane={field: tuple(argv)}), tmp_path)
    assert outcome.masked
    assert argv[0] in outcome.after


@pytest.mark.parametrize("argv", [*map(str.split, ARGVS), *QUOTED], ids=" ".join)
def test_a_secret_in_a_shell_line(argv, tmp_path):
    line = " ".join(map(quoted, argv)) + " | cat"
    assert assert_kept_out(session(pane={"run": line}), tmp_path).masked


@pytest.mark.parametrize("line", HARMLESS)
def test_what_only_looks_like_one_stays(line, tmp_path):
    text, outcome = kept(session(pane={"run": tuple(line.split())}), tmp_path)
    assert outcome.masked == ()
    assert "***" not in text


OTHERS = {
    "the name of a window": session(window={"name": f"password={S}"}),
    "the name of a session": session(name=f"work {T}"),
    "a title": session(pane={"title": f"psql postgres://a:{S}@h"}),
    "a directory": session(pane={"cwd": f"/srv/{T}"}),
    "the root": session(root=f"/srv/{T}"),
    "a shell": session(pane={"shell": ("bash", f"--token={S}")}),
    "a variable by its name": session(env={"PGPASSWORD": S}),
    "a variable by its value": session(env={"STAGE": T}),
    "a variable with an address": session(env={"DATABASE_URL": f"postgres://a:{S}@h/d"}),
    "a variable of a program": session(pane={"run": ("a",), "env": {"SECRET_ENV": S}}),
    "an option": session(options={"status-left": f"#(curl -u a:{S} x)"}),
    "an option with a list": session(options={"update-environment": ("A", f"TOKEN={S}")}),
    "an option of the user": session(window={"options": {"@github_token": T}}),
    "an option of a pane": session(pane={"options": {"@api-key": S}}),
    "a hook": session(options={"after-new-window[0]": f"run 'curl -H \"X-Api-Key: {S}\" x'"}),
    "options of the server": session(
        server=ServerFacts((), {"@password": S}, {"status-right": f"#(x --token={S})"}, {})
    ),
    "a configuration file": session(server=ServerFacts((f"/srv/{T}",))),
    "a group": session(group=T),
    "a link": session(window={"link": f"{T}:1", "panes": ()}),
}


@pytest.mark.parametrize("what", OTHERS)
def test_a_secret_elsewhere(what, tmp_path):
    assert assert_kept_out(OTHERS[what], tmp_path).masked


def test_secrets_in_the_text_of_a_pane(tmp_path):
    shown = [
        f"\x1b[01;32mada\x1b[00m:~$ export TOKEN={S}",
        f"$ curl -u a:{S} https://x",
        f"\x1b[31mPGPASSWORD\x1b[m=\x1b[32m{S}\x1b[m psql",
        f"cloning https://x:{T}@github.com/a/b",
        f"-----BEGIN OPENSSH PRIVATE KEY-----\n{S}\n-----END OPENSSH PRIVATE KEY-----",
        "\x1b[32mpassed\x1b[0m: 12 tests",
    ]
    text, _ = kept(session(), tmp_path, old_texts={(0, 0): "\n".join(shown)})
    assert S not in text
    assert T not in text
    assert "\\u001b[32mpassed\\u001b[0m: 12 tests" in text


def test_of_a_shell_with_a_secret_only_the_users_own_is_left(tmp_path):
    _, outcome = kept(session(pane={"shell": ("bash", f"--token={S}")}), tmp_path)
    assert "shell" not in outcome.after


def test_a_value_that_is_masked_once_is_masked_in_every_pane(world):
    value = "sEcr3t9x"
    world.tmux("new-session", "-d", "-s", "work", "-x", "60", "-y", "30", "-c", world.home)
    world.tmux("split-window", "-t", "work", "-c", world.home)
    lines = [
        f"export MYTOKEN={value}; export MY_TOKEN={value}",
        f"echo {value}; echo DONE-1",
        f"echo {'x' * 40}{value}; printf 'sEcr\\033[31m3t9x\\n'; echo DO'NE'-2",
    ]
    for line in lines:
        world.type("work.0", line)
    world.type("work.1", f"echo '{value}'; echo DO'NE'-3")
    shown = lambda: world.tmux("capture-pane", "-p", "-t", "work.0")  # noqa: E731
    world.wait_until(lambda: "DONE-2" in shown())
    world.wait_until(lambda: "DONE-3" in world.tmux("capture-pane", "-p", "-t", "work.1"))
    world.run("save", "work", "--file", world.home / "s.session.toml", "--scrollback")
    (kept,) = (world.home / ".local/state/sessionctl/scrollback").iterdir()
    texts = [text for *_, text in json.loads(kept.read_text())["texts"]]
    assert "DONE-2" in texts[0]
    assert "DONE-3" in texts[1]
    for text in texts:
        plain = re.sub(r"\x1b\[[0-9;]*m|\n", "", text)
        assert value not in plain
        assert "***" in plain
