"""What commands say where there is little to say: nothing is there, or a name is wrong.

Each answer stands in ``small_answers.txt``: the words typed, all that is said, the exit code.
"""

from __future__ import annotations

import os
import re
import shlex
from pathlib import Path

import pytest

from tests.git.inprocess import run_inside
from tests.together import together

ANSWERS = re.findall(
    r"^\$ (.*)\n((?:(?!\$ |\[).*\n)*)\[(\d)\]$",
    Path(__file__).with_name("small_answers.txt").read_text(),
    re.MULTILINE,
)
SESSION = (
    'schema_version = 1\nid = "3f0d8c2e-6d1f-4c1e-9a53-0f2f7f0c4a11"\nname = "{}"\nroot = "~/src"\n'
)
MORE = {
    "api": "",
    "b": "",
    "c": '[connections.prod]\ndriver = "sqlite"\nfile = "a.db"\n',
    "w": '[[windows]]\nname = "editor"\n',
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("answers")
    for name, more in MORE.items():
        (folder / f"{name}.session.toml").write_text(SESSION.format(name) + more)
    (folder / "x.txt").write_text("x")
    return folder


@together("words, said, code", ANSWERS)
def test_a_command_says_what_is_there_and_what_to_do(folder, words, said, code):
    environ = {
        "PATH": os.environ["PATH"], "HOME": str(folder / "home"), "TMUX": "", "TERM": "xterm",
        "TMUX_TMPDIR": str(folder), "XDG_RUNTIME_DIR": str(folder / "run"),
        "GIT_CEILING_DIRECTORIES": str(folder.parent),
    }  # fmt: skip
    done = run_inside(*shlex.split(words), cwd=folder, env=environ)
    told = done.stderr.replace("sessionctl: error: ", "error: ")
    told = told.replace("sessionctl: hint: ", "hint: ").replace(str(folder), "DIR")
    assert (done.returncode, done.stdout, told) == (int(code), "", said)


def test_all_answers_are_read():
    text = Path(__file__).with_name("small_answers.txt").read_text()
    assert len(ANSWERS) == text.count("\n$ ") + 1 > 50
