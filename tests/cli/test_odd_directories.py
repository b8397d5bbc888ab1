"""Every command where a directory of the user is odd: no traceback, and an edit is done."""

from __future__ import annotations

import importlib
import os
import pkgutil
import pwd
import signal
import subprocess
import sys
import time

import pytest

import sessionctl
from sessionctl.__main__ import main
from tests.invocations import FILE, INVOCATIONS, SESSION, registered_commands
from tests.odd_directories import (
    behind_a_link_below_a_file,
    full,
    gone,
    in_a_circle,
    of_nobody,
    open_to_all,
    plain_file,
    read_only,
    to_nowhere,
    unmount,
)

EDITS = ("edit", "fmt", "set", "unset")
VARIABLES = (
    "XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_RUNTIME_DIR", "XDG_CACHE_HOME", "XDG_DATA_HOME",
    "HOME",
)  # fmt: skip
ANYWHERE = (
    "completion", "demo", "explain", "help", "pane resume", "save", "schema list", "schema path",
    "schema print", "ui",
)  # fmt: skip
"""What needs no directory, or is asked for its help here."""
DEADLINE_S = 60


ODD = [
    to_nowhere, in_a_circle, plain_file, behind_a_link_below_a_file, of_nobody, open_to_all, full,
    read_only,
]  # fmt: skip


@pytest.fixture(scope="module")
def loaded():
    """Load the whole program: each command runs in a fork, which would load its part anew."""
    for module in pkgutil.walk_packages(sessionctl.__path__, "sessionctl."):
        if module.name != "sessionctl.__main__":
            importlib.import_module(module.name)


@pytest.fixture
def place(tmp_path):
    (tmp_path / "home").mkdir()
    (tmp_path / "account").mkdir()
    yield tmp_path
    unmount(tmp_path / "odd")


def environment(place, **changes):
    base = {
        "PATH": os.environ["PATH"],
        "HOME": str(place / "home"),
        "EDITOR": "true",
        "TMUX_TMPDIR": str(place),
        "LC_ALL": "C.UTF-8",
        "GIT_CONFIG_NOSYSTEM": "1",
    }
    return {name: value for name, value in {**base, **changes}.items() if value is not None}


def faults(place, command, environ, *, enter=None):
    """Run a command in a fork, in a repository of its own; return what is wrong with its end."""
    work = place / "work"
    subprocess.run(["git", "init", "-q", work], check=True)
    (work / FILE).write_text(SESSION)
    (work / "tmuxp.yaml").write_text("session_name: t\nwindows:\n- panes:\n  - ls\n")
    output = os.open(place / "output", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    child = os.fork()
    if child == 0:
        code = 99
        try:
            os.setsid()
            for stream in (1, 2):
                os.dup2(output, stream)
            os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
            sys.stdin, sys.stdout, sys.stderr = open(0), open(1, "w"), open(2, "w")  # noqa: SIM115
            os.environ.clear()
            os.environ.update(environ)
            # Without HOME the account's home is taken, which is not for tests to write in.
            account = pwd.getpwuid(os.getuid())
            own = pwd.struct_passwd((*account[:5], str(place / "account"), account[6]))
            pwd.getpwuid = lambda _number: own
            os.chdir(work)
            if enter is not None:
                os.environ["PWD"] = str(enter(place / "odd"))
            code = main([*command.split(), *INVOCATIONS[command]])
            sys.stdout.flush()
        except SystemExit as end:
            code = end.code or 0
        finally:
            sys.stderr.flush()
            os._exit(code)
    os.close(output)
    code = wait_for(child)
    text = (place / "output").read_text(errors="replace")
    found = []
    if enter is not None:
        says = f"the current directory is gone: {place / 'odd'}\n" in text and text.count("\n") == 2
        is_right = (code == 3 and says) or command in ANYWHERE
        if not is_right or "Traceback" in text or "the system said" in text:
            found.append((command, code, text))
        return found
    if code not in (0, 1, 2, 3, 4, 5) or "Traceback" in text:
        found.append((command, code, text))
    if command in EDITS and code != 0:
        found.append((command, code, text))
    if command == "set" and (work / FILE).read_text() != SESSION.replace('"a"', '"b"'):
        found.append((command, "not written", text))
    return found


def wait_for(child):
    end = time.monotonic() + DEADLINE_S
    while time.monotonic() < end:
        found, status = os.waitpid(child, os.WNOHANG)
        if found:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.005)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return "it hangs"


def test_no_command_is_forgotten():
    assert sorted(INVOCATIONS) == registered_commands()


# Each directory with one command, and each command in one, every day; the rest in CI.
@pytest.mark.parametrize(
    ("command", "odd"),
    [
        pytest.param(
            command,
            odd,
            id=f"{command}-{odd.__name__}",
            marks=() if command == "set" or odd is plain_file else pytest.mark.slow,
        )
        for command in (*EDITS, "new", "status")
        for odd in ODD
    ],
)
def test_no_state_directory_stops_an_edit(place, command, odd):
    odd(place / "odd")
    environ = environment(place, XDG_STATE_HOME=str(place / "odd"))
    assert faults(place, command, environ) == []


@pytest.mark.sweep
@pytest.mark.usefixtures("loaded")
@pytest.mark.parametrize("odd", ODD, ids=lambda odd: odd.__name__)
@pytest.mark.parametrize("variable", VARIABLES)
def test_every_command_in_every_odd_directory(place, variable, odd):
    odd(place / "odd")
    environ = environment(place, **{variable: str(place / "odd")})
    first = VARIABLES.index(variable) + ODD.index(odd)
    for number, command in enumerate(INVOCATIONS):
        # Of each variable a command meets a third of the places, and each place with two variables.
        if (first + number) % 3 == 0 or command in EDITS:
            assert faults(place, command, environ) == []


@pytest.mark.sweep
@pytest.mark.usefixtures("loaded")
@pytest.mark.parametrize(
    "changes",
    [{"HOME": None}, {"HOME": ""}, *({name: "rel/ative"} for name in VARIABLES)],
    ids=str,
)
def test_every_command_where_a_variable_is_unset_empty_or_relative(place, changes):
    for command in INVOCATIONS:
        assert faults(place, command, environment(place, **changes)) == []


@pytest.mark.parametrize("command", ["doctor", "list", "new", "save", "status", "sync"])
def test_a_current_directory_that_is_gone_is_named(place, command):
    assert faults(place, command, environment(place), enter=gone) == []


@pytest.mark.sweep
@pytest.mark.usefixtures("loaded")
def test_every_command_says_that_the_current_directory_is_gone(place):
    for command in INVOCATIONS:
        assert faults(place, command, environment(place), enter=gone) == []


@pytest.mark.parametrize("words", ["--help", "--version", "list --help", "completion bash"])
def test_where_the_current_directory_is_gone_there_is_help(place, words, capfd, monkeypatch):
    monkeypatch.chdir(place)
    gone(place / "odd")
    code = exit_code(words.split())
    said = capfd.readouterr()
    assert (code, said.err) == (0, "")
    assert said.out


def test_a_file_with_its_whole_path_needs_no_current_directory(place, capfd, monkeypatch):
    monkeypatch.chdir(place)
    (place / FILE).write_text(SESSION)
    gone(place / "odd")
    assert exit_code(["get", str(place / FILE), "name"]) == 0
    assert capfd.readouterr().out == "a\n"


def exit_code(arguments):
    try:
        return main(arguments)
    except SystemExit as end:
        return end.code
