"""Stage: where a hint is made and typed, and the situations that are played on it.

A situation takes five lines. In the table of the test file of its package::

    Situation(
        "a name that is not there",             # what has happened
        lambda s: s.say("show", FILE),          # makes it, and returns what sessionctl says
        "begin one: sessionctl new NAME",       # the template of the hint
        lambda s, said: s.good("show", FILE),   # what is better once the hint was typed
        fill={"NAME": "'my app'"},              # what a user writes for words in capitals
    ),

All of it happens in a directory whose name has spaces and a quote; so has ``FILE``.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable  # noqa: TC003 - of a NamedTuple, read at run time
from pathlib import Path
from typing import NamedTuple

import pytest
from click.testing import CliRunner

from sessionctl.cli.app import app
from tests.desk import ID
from tests.hints.hint_typing import SITUATIONS, command_of, hint_in, type_it
from tests.world import GitRepo

SMALL = 'schema_version = 1\nname = "small"\n'
FILE = "it's my.session.toml"
LEAD = """\
schema_version = 1
id = "{id}"
name = "api"

[connections.prod]
driver = "postgres"
host = "db.example.org"
port = 5432
user = "app"
password = {password}
"""
SECRET = LEAD.format(id=ID, password='{ secret = "prod.password" }')
NAME = "prod.password"
_SIMPLE = re.compile(r"""sessionctl (?:[^|&;<>$`('"]|'[^']*'|"[^"$`]*")*""")


class Situation(NamedTuple):
    """One hint: how it comes about, and what typing it changes."""

    name: str
    arrange: Callable[[Stage], str]
    hint: str
    repaired: Callable[[Stage, str], object]
    fill: dict[str, str] = {}  # noqa: RUF012 - read only
    way: int = 0
    code: int = 0
    types: Callable[[Stage, str], str] | None = None
    """For prose: does what the hint says, and returns what was printed."""


class Stage:
    """A directory, a home, and commands in them; ``monkeypatch`` changes their environment."""

    def __init__(self, folder: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder, self.home, self.patch = folder, home, monkeypatch
        self.repo = GitRepo(folder)

    def run(self, *words: str, stdin: str | bytes = "", cwd: Path | None = None):
        """Run sessionctl in this process."""
        before = Path.cwd()
        os.chdir(cwd or self.folder)
        try:
            done = CliRunner().invoke(app, [*map(str, words)], input=stdin)
        finally:
            os.chdir(before)
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        return done

    def say(self, *words: str, code: int | None = None, **more) -> str:
        """Return all that sessionctl says."""
        done = self.run(*words, **more)
        assert code is None or done.exit_code == code, (done.exit_code, done.output)
        return done.output

    def good(self, *words: str, **more) -> str:
        """Return what sessionctl says; it must succeed."""
        return self.say(*words, code=0, **more)

    def write(self, name: str, text: str | bytes = SMALL) -> Path:
        """Write a file of the directory."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    def read(self, name: str) -> str:
        """Return the text of a file."""
        return (self.folder / name).read_text()

    def git(self, *words: str, check: bool = True) -> str:
        """Run git here, and return what it printed."""
        return self.repo.run(*words, check=check).stdout

    def commit(self, name: str = FILE, text: str = SMALL, message: str = "change") -> str:
        """Write a file, commit all, and return the hash."""
        self.write(name, text)
        return self.repo.commit(message)

    def init(self) -> Stage:
        """Make a repository here, with sessionctl installed in it."""
        template = Path(os.environ["HINTS_REPOSITORY"])
        shutil.copytree(template, self.folder, dirs_exist_ok=True, symlinks=True)
        self.git("config", "core.editor", "echo typed >")
        return self

    def secret(self, file: str = FILE) -> Stage:
        """Make a key and store a secret."""
        self.good("key", "new")
        self.write(file, SECRET)
        self.good("secret", "set", file, NAME, stdin=b"hunter2")
        return self

    def clash(self, ours=None, theirs=None, name: str = FILE) -> Stage:
        """Bring a merge to a stop at the file ``name``; None deletes the file."""
        self.commit(name, SMALL, "base")
        for branch, text in (("topic", theirs), ("main", ours)):
            self.git("checkout", "-q", *(["-b"] if branch == "topic" else []), branch)
            if text is None:
                self.git("rm", "-q", "--", name)
                self.git("commit", "-qm", branch)
            else:
                self.commit(name, text, branch)
        self.git("merge", "topic", check=False)
        return self

    def type(self, command: str, *, code: int = 0) -> str:
        """Type a command into a shell; sessionctl alone runs in this process."""
        if not _SIMPLE.fullmatch(command):
            done = type_it(command, self.folder, code=code)
            return done.stdout + done.stderr
        words = subprocess.run(
            ["sh", "-c", command.replace("sessionctl", "printf '%s\\0'", 1)],
            cwd=self.folder, capture_output=True, check=True, text=True,
        ).stdout.split("\0")[:-1]  # fmt: skip
        return self.say(*words, code=code)


def register(table: list[Situation]) -> list[Situation]:
    """Enter the situations of a table; return those that are played."""
    for one in table:
        SITUATIONS.setdefault(one.hint, one.name)
    return table


def play(situation: Situation, stage: Stage) -> None:
    """Make the situation, type its hint exactly as it stands, and see that it helped."""
    hint = hint_in(situation.arrange(stage), situation.hint)
    if situation.types is not None:
        said = situation.types(stage, hint)
    else:
        command = command_of(hint, alternative=situation.way)
        for word, value in situation.fill.items():
            assert re.search(rf"\b{word}\b", command), (word, command)
            command = re.sub(rf"\b{word}\b", lambda _, v=value: v, command)
        said = stage.type(command, code=situation.code)
    situation.repaired(stage, said)


def parametrize(table: list[Situation]):
    """Return the mark that plays each situation of a table."""
    return pytest.mark.parametrize("situation", register(table), ids=lambda one: one.name)
