"""Every command in every form of answer: what was typed at a wrong place is echoed by none.

The commands are those that are registered: one that is new has to be given arguments here, or
a reason why it prints what it is asked for.
"""

from __future__ import annotations

import re

import click
import pytest
from click.testing import CliRunner

from sessionctl.cli.app import app
from tests.security.test_leaks import CANARIES
from tests.world import run_sessionctl

NAME = "api.session.toml"
PLAIN = """\
schema_version = 1
id = "3f0d8c2e-6d1f-4c1e-9a53-0f2f7f0c4a11"
name = "api"
root = "~"
"""
WRONG = """
[connections.CANARY]
driver = 'CANARY'
host = 'h'
password = { secret = 'CANARY' }

[connections.p]
driver = "postgres"
password = 'CANARY'
url = 'https://u:CANARY@h/?token=CANARY'

[connections.q]
driver = "postgres"
password = { value = 'CANARY' }

[[windows]]
name = 'a'
layout = 'CANARY'
start = 'CANARY'
[[windows.panes]]
run = 'psql postgres://u:CANARY@h/d'
start = 'CANARY'

[apps.x.credentials]
'CANARY' = 1
ada = 'CANARY'

[preferences]
'CANARY' = 'CANARY'  # was password = CANARY
"""
FORMS = {
    "whole": WRONG,
    "broken": f"{WRONG}x = [\n'CANARY',\n",
    "conflict": f"{WRONG}<<<<<<< a\ny = 'CANARY'\n=======\ny = 1\n>>>>>>> b\n",
}
# What is typed behind each command; "" for a command without arguments.
ARGUMENTS = {
    "new": ["x", "--dry-run"],
    "list": [],
    "show": [NAME],
    "config get": [],
    "config set": ["CANARY", "CANARY", "--dry-run"],
    "config unset": ["CANARY", "--dry-run"],
    "doctor": ["--no-input"],
    "validate": [NAME],
    "diff": [NAME, "plain.session.toml"],
    "status": [],
    "explain": ["connections.*.password"],
    "fmt": ["--check", NAME],
    "schema list": [],
    "schema path": [],
    "schema print": [],
    "cp": [NAME, "CANARY", "--dry-run"],
    "move": [NAME, "windows[name=CANARY]", "--first", "--dry-run"],
    "rename": [NAME, "other", "--dry-run"],
    "rm": [NAME, "--dry-run"],
    "set": [NAME, "preferences.theme", "dark", "--dry-run"],
    "unset": [NAME, "windows", "--dry-run"],
    "restore": [NAME, "--dry-run", "--no-input"],
    "tmux install": ["--dry-run"],
    "tmux key": ["save"],
    "tmux status": [],
    "tmux uninstall": ["--dry-run"],
    "connect": [NAME, "p", "--once"],
    "connections favourite": [NAME, "p"],
    "connections forget": [NAME, "--dry-run"],
    "connections history": [NAME],
    "connections import": [NAME, "x.env", "--dry-run"],
    "connections keep": [NAME, "--stop"],
    "connections list": [NAME],
    "connections status": [NAME],
    "connections test": [NAME],
    "trust": [NAME, "--dry-run"],
    "untrust": [NAME],
    "pane resume": ["--", "psql", "postgres://u:CANARY@h/d"],
    "service install": ["--dry-run"],
    "service status": [],
    "service uninstall": ["--dry-run"],
    "log": [NAME],
    "backups diff": [NAME],
    "backups list": [NAME],
    "backups restore": [NAME, "1", "--dry-run"],
    "recover": [],
    "gc": ["--dry-run"],
    "undo": [NAME, "--dry-run"],
    "secret set": [NAME, "CANARY", "--dry-run"],
    "secret list": [NAME],
    "secret rotate": [NAME, "CANARY", "--dry-run"],
    "secret rm": [NAME, "CANARY", "--dry-run"],
    "secret accept": [NAME, "CANARY", "--dry-run"],
    "secret rekey": ["--dry-run"],
    "secret scan": [NAME],
    "secret extract": [NAME, "--dry-run"],
    "secret doctor": [NAME],
    "recipients add": ["CANARY", "--dry-run"],
    "recipients list": [],
    "recipients rm": ["CANARY", "--dry-run"],
    "key new": ["--dry-run"],
    "key show": ["--no-input"],
    "git hook pre-commit": [],
    "git install": ["--dry-run"],
    "git status": [],
    "git textconv": [NAME],
    "git uninstall": ["--dry-run"],
    "sync": ["--dry-run"],
    "completion": ["bash"],
    "help": [],
    "resolve": [NAME, "--prefer=ours", "--dry-run"],
    "save": ["--dry-run"],
    "close": ["--dry-run"],
    "open": ["nothing"],
}
MORE = [["diff", "--rev", "HEAD~1", NAME], ["diff", NAME], ["show", "--resolved", NAME],
        ["secret", "scan", "--history"], ["secret", "scan", "--staged"], ["list", "CANARY"],
        ["get", NAME, "CANARY"], ["validate", "-"], ["CANARY"],
        ["fmt", "--diff", NAME]]  # fmt: skip
# These print what they are asked for, or take the terminal.
ASKED_FOR = {
    "get": "the value of a key",
    "merge": "the merged text",
    "export": "the session",
    "import": "the session",
    "backups show": "the earlier text",
    "secret reveal": "the secret",
    "secret exec": "what the program prints",
    "git merge-driver": "nothing, it writes a file",
    "edit": "the file in an editor",
    "config edit": "the file in an editor",
    "watch": "events for as long as it runs",
    "demo": "no work tree",
    "tmux load": "nothing, it is for tmux",
    "ui": "screens, which have a canary of their own in tests/tui",
}


def registered(command, words=()):
    if not isinstance(command, click.Group):
        yield " ".join(words), command
        return
    context = click.Context(command)
    for name in command.list_commands(context):
        yield from registered(command.get_command(context, name), (*words, name))


def answers(command):
    """Yield the options that choose a form of answer, and none."""
    yield []
    for option in command.params:
        if not isinstance(option, click.Option) or option.name in ("type_name", "source", "target"):
            continue
        if isinstance(option.type, click.Choice):
            if option.opts[0] in ("--format", "--color"):
                yield from ([f"{option.opts[0]}={choice}"] for choice in option.type.choices)
        elif option.is_flag and re.search(r"json|html|svg|stat$", option.opts[0]):
            yield [option.opts[0]]


COMMANDS = dict(registered(app))


def test_every_command_that_is_registered_is_swept_or_says_why_not():
    assert set(COMMANDS) == set(ARGUMENTS) | set(ASKED_FOR)
    assert not set(ARGUMENTS) & set(ASKED_FOR)


CASES = [*((canary, "whole") for canary in CANARIES), *((CANARIES[0], form) for form in FORMS)]


@pytest.fixture(params=CASES, ids=lambda one: one[1])
def wrong(request, git_repo, monkeypatch):
    """Return a canary that stands at wrong places of a session, which has a history."""
    canary, form = request.param
    monkeypatch.chdir(git_repo.path)
    git_repo.commit("plain", api__session__toml=PLAIN)
    text = PLAIN + FORMS[form].replace("[connections.CANARY]", f"[connections.'{canary}']")
    git_repo.commit("wrong", api__session__toml=text.replace("CANARY", canary))
    git_repo.commit("more", api__session__toml=(text + "# z\n").replace("CANARY", canary))
    git_repo.write("plain.session.toml", PLAIN.replace("3f0d", "4f0d"))
    git_repo.run("add", NAME)
    return canary


def test_what_was_typed_at_a_wrong_place_is_echoed_by_no_command(wrong):
    secret = "tangerine7" if "tangerine7" in wrong else wrong
    told = []
    for name, words in ARGUMENTS.items():
        for form in answers(COMMANDS[name]):
            argv = [*name.split(), *form, *(word.replace("CANARY", wrong) for word in words)]
            if secret in said(argv, wrong):
                told.append(argv)
    for words in MORE:
        argv = [word.replace("CANARY", wrong) for word in words]
        if secret in said(argv, wrong):
            told.append(argv)
    assert not told


def said(argv, canary):
    done = CliRunner().invoke(app, argv, prog_name="sessionctl", input=f"password = '{canary}'\n")
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.output


@pytest.mark.slow
@pytest.mark.parametrize("wrong", [CASES[0]], indirect=True)
def test_a_process_of_its_own_says_no_more(wrong):
    secret = "tangerine7" if "tangerine7" in wrong else wrong
    for words in (["validate", NAME], ["show", NAME], ["status"], ["list"], ["-vv", "doctor"]):
        done = run_sessionctl(*words)
        assert secret not in done.stdout + done.stderr
