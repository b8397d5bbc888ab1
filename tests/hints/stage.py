"""Stage: where a hint is made and typed, and the situations that are played on it.

A situation takes five lines. In the table of the test file of its package::

    Situation(
        "a name that is not there",             # what has happened
        lambda s: s.say("show", s.file),        # makes it, and returns what sessionctl says
        "create one: sessionctl new NAME",       # the template of the hint
        lambda s, said: s.good("show", s.file), # what is better once the hint was typed
        fill={"NAME": "'my app'"},              # what a user writes for words in capitals
    ),

All of it happens in a directory whose name has spaces and a quote; so has ``s.file``. The
sweep plays it again with odder names, and from other directories (``Oddity``).
"""

from __future__ import annotations

import contextlib
import os
import re
import shlex
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
TOKEN = "ghp_" + "a1B2c3D4e5" * 3 + "f6G7h8"
_OF_DIRECTORIES = ("list", "status", "sync", "validate")
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
    only: tuple[str, ...] = ()
    """The places where it comes about, of those that an oddity can have; () for all."""
    is_new: bool = False
    """Whether the name must be one that a new session may have."""
    is_slow: bool = False
    """Whether it takes more than a second or two."""


class Oddity(NamedTuple):
    """What is odd: the name of the session, and where the user stands."""

    stem: str = "it's my"
    place: str = "here"
    """``here``, ``below`` (in a directory of it) or ``outside``."""


class Stage:
    """A directory, a home, and commands in them; ``monkeypatch`` changes their environment.

    ``file`` is the session in ``folder``; commands are typed in ``cwd``.
    """

    def __init__(
        self,
        folder: Path,
        home: Path,
        monkeypatch: pytest.MonkeyPatch,
        oddity: Oddity = Oddity(),  # noqa: B008 - a value
    ) -> None:
        self.folder, self.home, self.patch = folder, home, monkeypatch
        self.repo = GitRepo(folder)
        self.oddity, self.stem = oddity, oddity.stem
        self.file = f"{oddity.stem}.session.toml"
        self.sidecar = f"{oddity.stem}.secrets.toml"
        self.typed_in = self.cwd

    @property
    def cwd(self) -> Path:
        """Where the user stands."""
        places = {
            "here": self.folder,
            "below": self.folder / "be low",
            "outside": self.folder.parent / "else where",
        }
        cwd = places[self.oddity.place]
        cwd.mkdir(exist_ok=True, parents=True)
        return cwd

    def seen(self, name: str) -> str:
        """Return a file of the directory as the user names it."""
        if self.oddity.place == "outside":
            return str(self.folder / name)
        if self.oddity.place == "below":
            return f"../{name}"
        return f"./{name}" if name.startswith("-") else name

    def word(self, name: str = "") -> str:
        """Return a file as a word for a shell."""
        return shlex.quote(self.seen(name or self.file))

    def run(self, *words: str, stdin: str | bytes = "", cwd: Path | None = None):
        """Run sessionctl in this process; files of the directory are named from ``cwd``.

        What is said of no file is said outside of it with the directory, or else in it.
        """
        if cwd is not None:
            return self._run(*words, stdin=stdin, cwd=cwd)
        named = tuple(self.seen(word) if self._is_file(word) else word for word in words)
        self.typed_in = self.cwd
        if self.oddity.place == "outside" and named == words:
            if words[0] in _OF_DIRECTORIES:
                named = (*words, str(self.folder))
            else:
                self.typed_in = self.folder
        return self._run(*named, stdin=stdin, cwd=self.typed_in)

    def _is_file(self, word: str) -> bool:
        if not word.endswith((".toml", ".json")) and not (self.folder / word).is_dir():
            return word.startswith(("it's ", ".env"))
        return not word.startswith(("..", "/", "./")) and "=" not in word

    def _run(self, *words: str, stdin: str | bytes = "", cwd: Path):
        with contextlib.chdir(cwd):
            done = CliRunner().invoke(app, [*map(str, words)], input=stdin)
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
        named = [f"./{word}" if word == self.file else word for word in words]
        return self.repo.run(*named, check=check).stdout

    def commit(self, name: str = "", text: str = SMALL, message: str = "change") -> str:
        """Write a file, commit all, and return the hash."""
        self.write(name or self.file, text)
        return self.repo.commit(message)

    def init(self) -> Stage:
        """Make a repository here, with sessionctl installed in it."""
        template = Path(os.environ["HINTS_REPOSITORY"])
        shutil.copytree(template, self.folder, dirs_exist_ok=True, symlinks=True)
        self.git("config", "core.editor", "echo typed >")
        return self

    def secret(self) -> Stage:
        """Make a key and store a secret."""
        self.good("key", "new")
        self.write(self.file, SECRET)
        self.good("secret", "set", self.file, NAME, stdin=b"hunter2")
        return self

    def clash(self, ours=None, theirs=None) -> Stage:
        """Bring a merge to a stop at the session; None deletes the file."""
        name = self.file
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
        if not _SIMPLE.fullmatch(command) or " exec " in command:  # that one becomes the program
            done = type_it(command, self.typed_in, code=code)
            return done.stdout + done.stderr
        words = subprocess.run(
            ["sh", "-c", command.replace("sessionctl", "printf '%s\\0'", 1)],
            cwd=self.typed_in, capture_output=True, check=True, text=True,
        ).stdout.split("\0")[:-1]  # fmt: skip
        done = self._run(*words, cwd=self.typed_in)
        assert done.exit_code == code, (command, done.exit_code, done.output)
        return done.output


def register(table: list[Situation]) -> list[Situation]:
    """Enter the situations of a table; return those that are played."""
    for one in table:
        SITUATIONS.setdefault(one.hint, one.name)
    return [one for one in table if "here" in (one.only or ("here",))]


def assert_hint_helps(situation: Situation, stage: Stage) -> None:
    """Make the situation, type its hint exactly as it stands, and see that it helped."""
    hint = hint_in(situation.arrange(stage), situation.hint)
    if situation.types is not None:
        said = situation.types(stage, hint)
    else:
        command = command_of(hint, alternative=situation.way)
        for word, value in situation.fill.items():
            assert re.search(rf"\b{word}\b", command), (word, command)
            value = value.replace("{file}", stage.word())
            command = re.sub(rf"\b{word}\b", lambda _, v=value: v, command)
        said = stage.type(command, code=situation.code)
    situation.repaired(stage, said)


def parametrize(table: list[Situation]):
    """Return the mark that plays each situation of a table."""
    played = [
        pytest.param(one, id=one.name, marks=pytest.mark.slow if one.is_slow else ())
        for one in register(table)
    ]
    return pytest.mark.parametrize("situation", played)
