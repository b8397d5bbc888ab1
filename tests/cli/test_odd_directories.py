"""Every command where a directory of the user is odd: no traceback, and an edit is done."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest

from sessionctl.__main__ import main
from tests.invocations import FILE, INVOCATIONS, SESSION, registered_commands

EDITS = ("edit", "fmt", "set", "unset")
VARIABLES = (
    "XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_RUNTIME_DIR", "XDG_CACHE_HOME", "XDG_DATA_HOME",
    "HOME",
)  # fmt: skip
DEADLINE_S = 60


def dangling(path):
    path.symlink_to(path.parent / "nowhere" / "at" / "all")


def loop(path):
    path.symlink_to(path)


def plain_file(path):
    path.write_text("no directory")


def below_a_file(path):
    path.parent.joinpath("file").write_text("")
    path.symlink_to(path.parent / "file" / "below")


def of_another_user(path):
    path.mkdir()
    if os.geteuid() == 0:
        os.chown(path, 65534, 65534)


def open_to_others(path):
    path.mkdir()
    path.chmod(0o777)


def full(path):
    mount(path, "size=4k")
    with pytest.raises(OSError):
        (path / "filling").write_bytes(bytes(8192))


def read_only(path):
    mount(path, "ro,size=4k")


def mount(path, options):
    path.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", path]
    if os.geteuid() != 0 or subprocess.run(command, capture_output=True).returncode != 0:
        pytest.skip("nothing can be mounted here")


ODD = [dangling, loop, plain_file, below_a_file, of_another_user, open_to_others, full, read_only]


@pytest.fixture
def place(tmp_path):
    (tmp_path / "home").mkdir()
    yield tmp_path
    subprocess.run(["umount", tmp_path / "odd"], capture_output=True)


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


def run(place, command, environ):
    """Run a command in a fork of this process, in a repository of its own."""
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
            os.chdir(work)
            code = main([*command.split(), *INVOCATIONS[command]])
            sys.stdout.flush()
        except SystemExit as end:
            code = end.code or 0
        finally:
            os._exit(code)
    os.close(output)
    code = wait_for(child)
    text = (place / "output").read_text(errors="replace")
    assert code in (0, 1, 2, 3, 4, 5), (command, code, text)
    assert "Traceback" not in text
    if command in EDITS:
        assert code == 0, (command, text)
    if command == "set":
        assert (work / FILE).read_text() == SESSION.replace('"a"', '"b"')


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


@pytest.mark.parametrize("odd", ODD, ids=lambda odd: odd.__name__)
@pytest.mark.parametrize("command", [*EDITS, "new", "status"])
def test_no_state_directory_stops_an_edit(place, command, odd):
    odd(place / "odd")
    run(place, command, environment(place, XDG_STATE_HOME=str(place / "odd")))


@pytest.mark.sweep
@pytest.mark.parametrize("odd", ODD, ids=lambda odd: odd.__name__)
@pytest.mark.parametrize("variable", VARIABLES)
def test_every_command_in_every_odd_directory(place, variable, odd):
    odd(place / "odd")
    for command in INVOCATIONS:
        run(place, command, environment(place, **{variable: str(place / "odd")}))


@pytest.mark.sweep
@pytest.mark.parametrize(
    "changes",
    [{"HOME": None}, {"HOME": ""}, *({name: "rel/ative"} for name in VARIABLES)],
    ids=str,
)
def test_every_command_where_a_variable_is_unset_empty_or_relative(place, changes):
    for command in INVOCATIONS:
        run(place, command, environment(place, **changes))
