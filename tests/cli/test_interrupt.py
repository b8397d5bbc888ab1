"""Ctrl-C while the program loads: silent, with the exit code of an interrupt."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

import pytest

from tests.main_inside import main_inside
from tests.pseudo_terminal import Terminal
from tests.together import together
from tests.world import IN_CI, program_words

LOADING = """
import os, signal, sys
{before}
sys.argv = [{program!r}, "--version"]
import sessionctl.__main__
os.kill(os.getpid(), signal.SIGINT)
print("went on")
"""


def loaded(program, before="signal.signal(signal.SIGINT, signal.default_int_handler)"):
    code = LOADING.format(program=program, before=before)
    run = [sys.executable, "-c", code]
    return subprocess.run(run, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.parametrize("program", ["/usr/bin/sessionctl", "sessionctl.exe"])
def test_an_interrupt_before_the_error_boundary_is_silent(program):
    ended = loaded(program)
    assert (ended.returncode, ended.stdout, ended.stderr) == (130, "", "")


def test_an_interrupt_that_is_ignored_from_outside_stays_so():
    ended = loaded("sessionctl", "signal.signal(signal.SIGINT, signal.SIG_IGN)")
    assert (ended.returncode, ended.stdout) == (0, "went on\n")


def test_a_program_that_imports_it_keeps_its_own_interrupts():
    assert "KeyboardInterrupt" in loaded("host.py").stderr


def test_what_runs_is_interrupted_as_usual(monkeypatch, capsys):
    from sessionctl import __main__

    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(__main__, "_dispatch", interrupted)
    assert __main__.main(["list"]) == 130
    assert capsys.readouterr() == ("", "")


CONFLICT = "<<<<<<< a\nx = 1\n=======\nx = 2\n>>>>>>> b\n"


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """Return a home with a key and a session, and a directory with a conflict."""
    home = tmp_path_factory.mktemp("home")
    environ = {"HOME": str(home), "PATH": os.environ["PATH"], "EDITOR": "true"}
    (home / "api.session.toml").write_text('schema_version = 1\nname = "api"\n')
    (home / "c.toml").write_text(CONFLICT)
    for words in (["git", "init", "-q"], ["key", "new"], ["set", "api", "root", "~"]):
        if words[0] == "git":
            subprocess.run(words, cwd=home, env=environ, check=True)
        else:
            assert main_inside(*words, cwd=home, env=environ).returncode == 0
    return home, environ


@together(
    ("words", "question", "typed"),
    [
        ("secret set api db.password", "Value of db.password: ", "\3"),
        ("rm api", "[y/N]: ", "\4"),
        ("rm api", "[y/N]: ", "\3"),
        ("resolve c.toml", " > ", "\3"),
    ][: None if IN_CI else 2],
)
def test_who_breaks_off_at_a_question_is_left_at_the_beginning_of_a_line(
    place, tmp_path, words, question, typed
):
    home, environ = place
    shutil.copytree(home, tmp_path / "home")
    environ = {**environ, "HOME": str(tmp_path / "home")}
    before = {path: path.read_bytes() for path in tmp_path.rglob("*.toml")}
    command = [*program_words(), *words.split(" ")]
    terminal = Terminal(command, tmp_path / "home", environ, columns=200)
    terminal.wait_for(question)
    terminal.settle()
    terminal.type(typed)
    assert terminal.end() == 130
    assert terminal.screen.endswith(b"\n"), terminal.screen
    assert not terminal.screen.endswith(b"\r\n\r\n"), terminal.screen
    assert {path: path.read_bytes() for path in tmp_path.rglob("*.toml")} == before
