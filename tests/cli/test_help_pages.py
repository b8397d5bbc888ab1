"""The pages of --help: they fit 80 columns, and each has examples that can be typed."""

from __future__ import annotations

import os
import re
import shlex
import subprocess

import click
import pytest

from sessionctl.cli import command_table
from sessionctl.cli.app import app
from tests.git.inprocess import run_inside
from tests.together import together
from tests.world import need

COLUMNS = 80
ROOT = click.Context(app, info_name="sessionctl", **app.context_settings)


def pages(command=app, context=ROOT, words=()):
    """Yield every command and group with the words that name it."""
    yield " ".join(words), command, context
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            child = command.get_command(context, name)
            if not child.hidden:
                below = click.Context(child, parent=context, info_name=name, terminal_width=78)
                yield from pages(child, below, (*words, name))


PAGES = {words: command.get_help(context) for words, command, context in pages()}


def examples(page):
    """Return the lines below "Examples:", joined where a line goes on, without remarks."""
    block = page.partition("Examples:\n")[2].partition("\n\n")[0]
    lines = re.sub(r" \\\n +", " ", block).splitlines()
    return [line.strip().partition("  ")[0] for line in lines if line]


EXAMPLES = [(words, line) for words, page in PAGES.items() for line in examples(page)]


def command_lines(example):
    """Return the words of each sessionctl that a line of shell starts."""
    inner = re.findall(r"\$\((sessionctl [^)]*)\)", example)
    outer = re.sub(r"\$\([^)]*\)", "x", example)
    found = []
    for line in [*inner, outer]:
        lexer = shlex.shlex(line, posix=True, punctuation_chars="|<>")
        lexer.whitespace_split = True
        part, parts = [], []
        for word in lexer:
            if word in ("|", ">", "<"):
                parts.append(part)
                part = []
            else:
                part.append(word)
        for one in [*parts, part]:
            words = [word for word in one if not re.match(r"[A-Z_]+=", word) or "sessionctl" in one]
            if "sessionctl" in words:
                found.append(words[words.index("sessionctl") + 1 :])
    return found


@together("words", PAGES)
def test_a_help_page_fits_the_screen(words):
    assert [line for line in PAGES[words].splitlines() if len(line) > COLUMNS] == []


@together("words", PAGES)
def test_a_help_page_has_an_example_of_its_command(words):
    started = [
        " ".join(line) for example in examples(PAGES[words]) for line in command_lines(example)
    ]
    assert any(line.startswith(words) for line in started), started


@pytest.fixture(scope="module")
def named(tmp_path_factory):
    """A directory with the files that the examples name: a name is looked up as it is read."""
    folder = tmp_path_factory.mktemp("named")
    (folder / "api.session.toml").write_text("schema_version = 1\n")
    return folder


@together(("words", "example"), EXAMPLES)
def test_an_example_is_a_command_line(words, example, named, home, monkeypatch):
    monkeypatch.chdir(named)
    lines = command_lines(example)
    assert lines
    for line in lines:
        command, context, rest = app, ROOT, list(line)
        while isinstance(command, click.Group) and rest:
            name = rest[0]
            found = command.get_command(context, name)
            if found is None and name == "--help":
                break
            if found is None:  # 'config KEY' is 'config get KEY'
                assert command.name == "config"
                found, name = command.get_command(context, "get"), "get"
            else:
                rest.pop(0)
            command = found
            context = click.Context(command, parent=context, info_name=name)
        if not isinstance(command, click.Group):
            command.make_context(command.name, rest, parent=context.parent)


# -- those that need neither tmux, a server, nor a key are run ------------------------------

RUN = {
    "backups diff", "backups list", "backups restore", "backups show", "completion",
    "config", "config get", "config set", "config unset", "connections forget",
    "connections list", "connections favourite", "connections history", "diff", "doctor",
    "explain", "export", "fmt", "gc", "get", "git install", "git status", "git textconv",
    "help", "list", "log", "merge", "new", "recover", "schema list", "schema print", "secret list",
    "secret scan", "set", "show", "status", "sync", "trust", "undo", "unset", "untrust", "validate",
}  # fmt: skip
SESSION = """\
schema_version = 1
name = "api"
root = "."

[[windows]]
name = "editor"
layout = "tiled"

  [[windows.panes]]
  name = "code"

[[windows]]
name = "logs"

  [[windows.panes]]

[connections.prod]
driver = "postgres"
host = "db.example.org"

[preferences]
theme = "dark"
"""
PACKAGE = '[project]\nname = "x"\nversion = "1"\n\n[dependencies]\na = "1"\n'


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A repository with the files that the examples name, committed four times."""
    need("git")
    top = tmp_path_factory.mktemp("place")
    work, home = top / "work", top / "home"
    work.mkdir()
    home.mkdir()
    for name in ("dotfiles/sessions", "src", ".config"):
        (home / name).mkdir(parents=True)
    (work / "dotfiles").mkdir()
    (work / "notes.txt").write_text("nothing here\n")
    (home / ".dotfiles").mkdir()
    names = ("old.toml", "new.toml", "base.toml", "mine.toml", "yours.toml")
    for name in (*names, "Cargo.toml", "pyproject.toml"):
        (work / name).write_text(PACKAGE)
    (work / "deploy.toml").write_text("port = 1\n")
    (work / "deploy.schema.json").write_text('{"type": "object"}')
    env = {
        "HOME": str(home), "PATH": os.environ["PATH"], "LANG": "C.UTF-8", "SHELL": "/bin/bash",
        "EDITOR": "true",
        "GIT_AUTHOR_NAME": "Ada", "GIT_AUTHOR_EMAIL": "ada@example.org",
        "GIT_COMMITTER_NAME": "Ada", "GIT_COMMITTER_EMAIL": "ada@example.org",
        "XDG_CONFIG_HOME": str(home / ".config"), "XDG_STATE_HOME": str(home / "state"),
        "XDG_CACHE_HOME": str(home / "cache"), "XDG_DATA_HOME": str(home / "data"),
        "XDG_RUNTIME_DIR": None,
    }  # fmt: skip

    def git(*words):
        own = {name: value for name, value in env.items() if value is not None}
        subprocess.run(["git", *words], cwd=work, env=own, check=True, capture_output=True)

    git("init", "-q", "-b", "main")
    for number in range(5):
        (work / "api.session.toml").write_text(SESSION.replace("dark", f"dark{number}"))
        git("add", ".")
        git("commit", "-q", "-m", f"change {number}")
    for number in range(3):
        done = run_inside(
            "set", "api.session.toml", "preferences.n", str(number), cwd=work, env=env
        )
        assert done.returncode == 0, done.stderr
    return work, home, env


def runnable(words, example):
    return words in RUN and example.startswith("sessionctl ") and not re.search(r"[|<>$]", example)


NEEDS_MORE = {
    "sessionctl backups restore --yes api.session.toml 3f0d8c2e": "the id of a backup",
    "sessionctl backups restore api.session.toml 1": "an answer",
    "sessionctl connections forget api.session.toml prod": "",
    "sessionctl diff --live api": "a tmux server",
    "sessionctl doctor --fix": "an answer",
    "sessionctl git install --global": "",
    "sessionctl log --rev main@{yesterday} api.session.toml": "a branch of yesterday",
    "sessionctl recover api.session.toml 3f0d8c2e": "the id of a version",
    "sessionctl sync": "a remote",
}


@pytest.mark.parametrize(
    ("words", "example"),
    [(w, e) for w, e in EXAMPLES if runnable(w, e) and not NEEDS_MORE.get(e)],
)
def test_an_example_runs(words, example, place):
    work, home, env = place
    typed = [re.sub(r"^~", str(home), word) for word in shlex.split(example)][1:]
    done = run_inside(*typed, cwd=work, env=env)
    assert done.returncode in (0, 1), done.stderr
    assert "Traceback" not in done.stderr
    assert "no such file" not in done.stderr


def test_the_help_of_the_program_lists_every_page():
    assert {words for words in PAGES if " " not in words} == {"", *command_table.COMMANDS}
