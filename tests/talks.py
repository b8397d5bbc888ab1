"""Talks: words that are typed, each with all that is said and the exit code, in a text file."""

from __future__ import annotations

import os
import re
import shlex

from tests.git.inprocess import run_inside

_TURN = re.compile(r"^\$ (.*)\n((?:(?!\$ |\[\d\]$).*\n)*)\[(\d)\]$", re.MULTILINE)
# What is another one each time, and on each machine.
PASSING = (
    (re.compile(r"( +|\()\d+ ms"), r" N ms"),
    (re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d(?::\d\d)?"), "DATE TIME"),
    (re.compile(r"\d{4}-\d\d-\d\d"), "DATE"),
    (re.compile(r"SQLite [\d.]+"), "SQLite V"),
    (re.compile(r"age1[0-9a-z]{58}"), "age1KEY"),
    (re.compile(r"\b[\w.-]+@[\w.-]+\b"), "USER@HOST"),
    (re.compile(r"git 2\.\d+(\.\d+)*|(?<=git         )2\.[\d.]+"), "git V"),
    (re.compile(r"sha256:[0-9a-f]{12,}"), "sha256:HASH"),
)


def read_talk(path):
    """Return the words, what is said, and the exit code of each turn of a talk."""
    text = path.read_text()
    turns = _TURN.findall(text)
    assert len(turns) == len(re.findall(r"^\$ ", text, re.MULTILINE))
    return turns


def answer_in(folder, words):
    """Return what is said in ``folder`` to ``words``, stdout first, and the exit code.

    Behind "<" stands what the command reads from stdin.
    """
    words, _, stdin = words.partition(" < ")
    environ = {
        "PATH": os.environ["PATH"], "HOME": str(folder / "home"), "TMUX": "", "TERM": "xterm",
        "TMUX_TMPDIR": str(folder), "XDG_RUNTIME_DIR": str(folder / "run"),
        "XDG_CONFIG_HOME": "", "XDG_STATE_HOME": "", "XDG_CACHE_HOME": "",
        "GIT_CEILING_DIRECTORIES": str(folder.parent),
    }  # fmt: skip
    done = run_inside(*shlex.split(words), cwd=folder, env=environ, stdin=stdin)
    said = (done.stdout + done.stderr).replace(str(folder), "DIR")
    said = re.sub("^sessionctl: (error|hint): ", r"\1: ", said, flags=re.MULTILINE)
    for pattern, shown in PASSING:
        said = pattern.sub(shown, said)
    if said and not said.endswith("\n"):
        said += "%\n"  # as zsh shows it
    return said, str(done.returncode)
