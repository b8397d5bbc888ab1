"""A desk to work with secrets at: a repository, a home of its own, commands in this process."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import dataclass, field, replace
from pathlib import Path

import jsonschema
from click.testing import CliRunner

from sessionctl.cli.app import app
from sessionctl.core.secrets.sidecar import Sidecar
from sessionctl.resources import schema_text
from tests import fake_age_plugin

ID = "3f0d8c2e-6d1f-4c1e-9a53-0f2f7f0c4a11"
SESSION = f"""\
schema_version = 1
id = "{ID}"
name = "api"

[connections.prod]
driver = "postgres"
host = "db.example.org"
port = 5432
user = "app"
password = {{ secret = "prod.password" }}
"""
FILE = "api.session.toml"
NAME = "prod.password"


@dataclass
class Desk:
    """One person's machine: ``folder`` is the repository, ``home`` holds keys and state.

    ``said`` gathers everything that any command ever printed.
    """

    folder: Path
    home: Path
    said: list[str] = field(default_factory=list)

    @property
    def environ(self):
        return {
            "HOME": str(self.home),
            "XDG_CONFIG_HOME": str(self.home / "config"),
            "XDG_STATE_HOME": str(self.home / "state"),
        }

    @property
    def identities(self):
        return self.home / "config" / "sessionctl" / "identities.txt"

    @property
    def trust(self):
        return self.home / "state" / "sessionctl" / "trust.toml"

    @property
    def sidecar(self):
        return self.folder / "api.secrets.toml"

    @property
    def session(self):
        return self.folder / FILE

    @property
    def vault(self):
        return self.folder / ".sessionctl" / "vault.age"

    def run(self, *arguments, stdin=b"", env=None, code=None):
        """Run sessionctl here; with ``code``, another exit code fails the test."""
        before = Path.cwd()
        os.chdir(self.folder)
        try:
            result = CliRunner().invoke(
                app, list(map(str, arguments)), input=stdin, env={**self.environ, **(env or {})}
            )
        finally:
            os.chdir(before)
            fake_age_plugin.reap()
        self.said.append(result.output)
        assert code is None or result.exit_code == code, (arguments, result.output)
        return result

    def answer(self, *arguments, **extra):
        """Return what a command answers with --json, after holding it to its schema."""
        command = " ".join(arguments[:2])
        result = self.run(*arguments, "--json", **extra)
        data = json.loads(result.stdout)
        schema = json.loads(schema_text(f"output-{command.replace(' ', '-')}.v1"))
        jsonschema.Draft202012Validator(schema).validate(data)
        assert data["command"] == command
        return data

    def new_key(self):
        """Make a key, as a user does, and return its recipient."""
        return self.run("key", "new", code=0).stdout.strip()

    def set(self, value, name=NAME, file=FILE, **extra):
        """Store a value as a user does."""
        return self.run("secret", "set", file, name, stdin=value, **{"code": 0, **extra})

    def reveal(self, name=NAME, file=FILE, **extra):
        """Reveal a value into a pipe."""
        return self.run("secret", "reveal", file, name, "--stdout", **extra)

    def entries(self, file="api.secrets.toml"):
        """Return the entries of a sidecar."""
        return Sidecar.parse((self.folder / file).read_text()).entries

    def whole_environ(self):
        """Return the environment of a process of its own."""
        return {**os.environ, **self.environ}

    def copy(self, name):
        """Return a copy of this desk, its home too, to do harm to."""
        place = self.folder.parent / f"copy-{name}"
        return self.copy_to(place / self.folder.name, place / self.home.name)

    def copy_to(self, folder, home):
        """Return a copy of this desk with its repository and home at the places named."""
        shutil.copytree(self.folder, folder, symlinks=True)
        shutil.copytree(self.home, home, symlinks=True)
        made = replace(self, folder=folder, home=home)
        if made.trust.exists():  # it names the place
            text = made.trust.read_text()
            made.trust.write_text(text.replace(f'"{self.folder}"', f'"{made.folder}"'))
        return made

    def other(self, person):
        """Return the desk of ``person`` at this repository."""
        return Desk(self.folder, person.home, self.said)

    def elsewhere(self, name):
        """Return the desk of another person, or another machine, at the same repository."""
        home = self.home.with_name(f"{self.home.name}-{name}")
        home.mkdir()
        return Desk(self.folder, home, self.said)


def files_of(folder):
    """Return the content of every file below ``folder``, git's own left out."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and ".git" not in path.relative_to(folder).parts
    }
