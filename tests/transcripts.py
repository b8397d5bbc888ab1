"""Transcripts: the blocks of a Markdown page, run as a reader would run them."""

from __future__ import annotations

import os
import re
import subprocess
from dataclasses import dataclass

from tests.world import write_program

_FILE = re.compile(r"^<!-- file: (\S+) -->\n```toml\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, its text, its place in the page."""

    language: str
    text: str
    line: int


@dataclass(frozen=True)
class Command:
    """A command of a ``console`` block and the output that the page shows for it."""

    line: int
    command: str
    output: str


def blocks(page, language):
    """Return the blocks of ``page`` in ``language``."""
    text = page.read_text(encoding="utf-8")
    return [
        Block(found[1], found[2], text.count("\n", 0, found.start()) + 1)
        for found in _FENCE.finditer(text)
        if found[1] == language
    ]


def commands(page):
    """Return the commands of the ``console`` blocks of ``page``, in order.

    A command begins with ``$ `` and goes on over lines that begin with ``> ``.
    """
    found = []
    for block in blocks(page, "console"):
        for number, line in enumerate(block.text.splitlines(), start=block.line + 1):
            if line.startswith("$ "):
                found.append([number, line[2:], []])
            elif line.startswith("> ") and not found[-1][2]:
                found[-1][1] += f"\n{line[2:]}"
            else:
                found[-1][2].append(line)
    return [Command(number, typed, "\n".join(output)) for number, typed, output in found]


def write_files(page, directory):
    """Put the files that ``page`` gives into ``directory``."""
    for name, text in _FILE.findall(page.read_text(encoding="utf-8")):
        (directory / name).write_text(text, encoding="utf-8")


class Shell:
    """A shell in one directory; ``sessionctl`` in it is the one under test."""

    def __init__(self, directory, programs):
        self.directory = directory
        programs.mkdir()
        write_program(programs)
        self.env = {
            **os.environ,
            "PATH": f"{programs}:{os.environ['PATH']}",
            "COLUMNS": "80",
            "PYTHONUNBUFFERED": "1",  # stdout and stderr in the order of a terminal
        }

    def run(self, command):
        """Return what ``command`` prints, stdout and stderr as they come.

        ``cd DIRECTORY`` holds for the commands that follow.
        """
        if command.startswith("cd "):
            self.directory = self.directory / command.removeprefix("cd ")
            assert self.directory.is_dir()
            return ""
        done = subprocess.run(
            ["sh", "-c", f"exec 2>&1\n{command}"],
            cwd=self.directory,
            env=self.env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            timeout=60,
        )
        return done.stdout


def rewrite(page, shell):
    """Put into ``page`` what its commands print now; for people who changed an output."""
    text = page.read_text(encoding="utf-8")

    def fresh(found):
        if found[1] != "console":
            return found[0]
        lines, typed = [], []
        for line in found[2].splitlines():
            if line.startswith("$ ") or (line.startswith("> ") and typed):
                typed.append(line)
            if line.startswith("$ ") and len(typed) > 1:
                lines += _played(typed[:-1], shell)
                typed = typed[-1:]
        lines += _played(typed, shell)
        return "\n".join(["```console", *lines, "```"])

    page.write_text(_FENCE.sub(fresh, text), encoding="utf-8")


def _played(typed, shell):
    command = "\n".join(line[2:] for line in typed)
    return [*typed, *shell.run(command).rstrip("\n").splitlines()]


def assert_true(page, shell):
    """Run all commands of ``page``; each must print what the page shows.

    With REWRITE_TRANSCRIPTS=1 the page is given what they print instead.
    """
    if os.environ.get("REWRITE_TRANSCRIPTS") == "1":
        rewrite(page, shell)
        return
    found = commands(page)
    assert found, f"{page.name} shows no command"
    for command in found:
        printed = shell.run(command.command).rstrip("\n")
        assert printed == command.output.rstrip("\n"), f"{page.name}:{command.line}"
