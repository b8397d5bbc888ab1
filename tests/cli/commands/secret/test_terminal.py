"""At a real terminal: questions without an echo, editors that keep no copy."""

from __future__ import annotations

import os
import shutil
import signal
import stat
import sys

import pytest

from tests import fake_age_plugin
from tests.desk import FILE, NAME
from tests.pseudo_terminal import Terminal
from tests.world import CHECKOUT, IN_CI, need

VALUE = "hunter2-typed"
QUICK_SEALING = """\
import sys, pyrage
from sessionctl.__main__ import main
from tests.quick_passphrase import sealed
pyrage.passphrase.encrypt = lambda text, word, armored: sealed(text, word).encode()
sys.exit(main())
"""
"""The program, but for the second that age takes to make an attacker wait."""


@pytest.fixture
def at_terminal(desk, tmp_path):
    """Return a function that runs sessionctl at a terminal, at the desk."""
    runtime = tmp_path / "run"
    runtime.mkdir(mode=0o700)

    def run(*arguments, program=("-m", "sessionctl"), **env):
        environ = {**desk.whole_environ(), "XDG_RUNTIME_DIR": str(runtime), **env}
        argv = [sys.executable, *program, *map(str, arguments)]
        return Terminal(argv, desk.folder, environ)

    return run


def test_a_value_is_asked_for_twice_and_not_echoed(desk, at_terminal):
    terminal = at_terminal("secret", "set", FILE, NAME)
    terminal.wait_for("Value of prod.password: ")
    terminal.type(f"{VALUE}\n")
    terminal.wait_for("Repeat: ")
    terminal.type(f"{VALUE}\n")
    assert terminal.end() == 0
    assert VALUE.encode() not in terminal.screen
    assert desk.reveal(code=0).stdout == VALUE


def test_two_that_differ_are_not_stored(desk, at_terminal):
    terminal = at_terminal("secret", "set", FILE, NAME)
    terminal.wait_for("Value of prod.password: ")
    terminal.type("one\n")
    terminal.wait_for("Repeat: ")
    terminal.type("two\n")
    assert terminal.end() == 2
    assert b"not the same" in terminal.screen
    assert desk.reveal(code=0).stdout == "hunter2"


def test_ctrl_c_leaves_all_as_it_was(desk, at_terminal):
    before = desk.sidecar.read_bytes()
    terminal = at_terminal("secret", "set", FILE, NAME)
    terminal.wait_for("Value of prod.password: ")
    terminal.type("\x03")
    assert terminal.end() == 130
    assert desk.sidecar.read_bytes() == before


def test_no_input_asks_nothing(at_terminal):
    terminal = at_terminal("secret", "set", "--no-input", FILE, NAME)
    assert terminal.end() == 2
    assert b"no terminal to ask" in terminal.screen


def test_reveal_shows_a_value_on_a_terminal_and_nothing_that_steers_it(desk, at_terminal):
    terminal = at_terminal("secret", "reveal", FILE, NAME)
    assert terminal.end() == 0
    assert terminal.screen == b"hunter2\r\n"
    desk.set(b"a\x1b[31mb")
    terminal = at_terminal("secret", "reveal", FILE, NAME)
    assert terminal.end() == 0
    assert b"\x1b" not in terminal.screen
    desk.set(b"\xff")
    terminal = at_terminal("secret", "reveal", FILE, NAME)
    assert terminal.end() == 0
    assert terminal.screen == b"b'\\xff'\r\n"


@pytest.mark.parametrize(("answer", "code", "value"), [("y", 0, "hunter2"), ("n", 1, "")])
def test_accept_asks(desk, at_terminal, answer, code, value):
    desk.session.write_text(desk.session.read_text().replace("5432", "5433"))
    terminal = at_terminal("secret", "accept", FILE)
    terminal.wait_for("Send it there from now on? [y/N]")
    assert b"port: 5432 -> 5433" in terminal.screen
    terminal.type(f"{answer}\n")
    assert terminal.end() == code
    assert desk.reveal().stdout == value


def test_a_passphrase_is_asked_for_at_the_terminal_though_stdin_is_a_pipe(desk, at_terminal):
    desk.identities.unlink()
    program = ("-m", "sessionctl") if IN_CI else ("-c", QUICK_SEALING)
    terminal = at_terminal("key", "new", "--passphrase", program=program, PYTHONPATH=str(CHECKOUT))
    terminal.wait_for("Passphrase for the new key: ")
    terminal.type("correct horse\n")
    terminal.wait_for("Repeat: ")
    terminal.type("correct horse\n")
    assert terminal.end() == 0
    recipient = terminal.screen.decode().split()[-1] if b"age1" in terminal.screen else ""
    assert "correct" not in terminal.screen.decode()
    assert stat.S_IMODE(desk.identities.stat().st_mode) == 0o600
    assert desk.identities.read_text().startswith("-----BEGIN AGE ENCRYPTED FILE-----")
    assert recipient


def test_ctrl_c_at_the_question_of_a_plug_in_ends_the_command(desk, at_terminal, tmp_path):
    folder = tmp_path / "bin"
    folder.mkdir()
    log = fake_age_plugin.install(folder)
    env = {"PATH": f"{folder}:{os.environ['PATH']}", "FAKE_PLUGIN_LOG": str(log)}
    desk.run("recipients", "add", fake_age_plugin.RECIPIENT, env=env, code=0)
    desk.identities.write_text(fake_age_plugin.IDENTITY)
    terminal = at_terminal("secret", "reveal", FILE, NAME, **env)
    terminal.wait_for("PIN of the fake token")
    terminal.type("\x03")
    assert terminal.end() == 130
    assert b"panicked" not in terminal.screen
    terminal = at_terminal("secret", "reveal", FILE, NAME, **env)
    terminal.wait_for("PIN of the fake token")
    terminal.type("1234\n")
    assert terminal.end() == 0
    assert b"hunter2" in terminal.screen
    assert b"1234" not in terminal.screen


EDITORS = {
    "vim": f"i{VALUE}\x1b:wq\r",
    "nano": f"{VALUE}\x0f\r\x18",
    "ed": f"a\n{VALUE}\n.\nw\nq\n",
    "emacs -nw -Q": f"{VALUE}\x18\x13\x18\x03",
}
READY = {"vim": "value", "nano": "value", "ed": "0", "emacs -nw -Q": "value"}


@pytest.mark.parametrize("editor", EDITORS)
def test_an_editor_leaves_no_copy(desk, at_terminal, tmp_path, editor):
    if not os.path.isdir("/dev/shm"):
        pytest.skip("no file system in memory")
    program = editor.split()[0]
    if program in ("ed", "emacs") and shutil.which(program) is None:
        pytest.skip(f"{program} is not installed")
    need(program)
    (desk.home / ".vimrc").write_text("set undofile undodir=~ backup backupdir=~ directory=~\n")
    (desk.home / ".nanorc").write_text("set backup\nset historylog\n")
    before = {path for path in desk.home.rglob("*") if path.is_file()}
    shm = set(os.listdir("/dev/shm"))
    terminal = at_terminal("secret", "set", "--editor", FILE, NAME, EDITOR=editor)
    terminal.wait_for(READY[editor])
    terminal.settle()
    terminal.type(EDITORS[editor])
    assert terminal.end() == 0, terminal.screen
    assert desk.reveal(code=0).stdout == VALUE
    assert {name for name in os.listdir("/dev/shm") if name.startswith("sessionctl-")} <= shm
    assert list((tmp_path / "run").iterdir()) == []
    for path in {path for path in desk.home.rglob("*") if path.is_file()} - before:
        assert VALUE.encode() not in path.read_bytes(), path
        assert not path.name.startswith((".viminfo", ".value", "value"))


def test_an_editor_that_may_keep_copies_is_refused_unless_it_is_forced(desk, at_terminal):
    script = desk.home / "gedit"
    script.write_text(f'#!/bin/sh\nprintf "{VALUE}" > "$1"\n')
    script.chmod(0o755)
    terminal = at_terminal("secret", "set", "--editor", FILE, NAME, EDITOR=str(script))
    assert terminal.end() == 2
    assert b"may keep copies" in terminal.screen
    terminal = at_terminal("secret", "set", "--editor", "--force", FILE, NAME, VISUAL=str(script))
    assert terminal.end() == 0, terminal.screen
    assert desk.reveal(code=0).stdout == VALUE


def test_an_editor_that_fails_or_is_missing_stores_nothing(desk, at_terminal):
    script = desk.home / "vim"
    script.write_text("#!/bin/sh\nexit 7\n")
    script.chmod(0o755)
    terminal = at_terminal("secret", "set", "--editor", FILE, NAME, EDITOR=str(script))
    assert terminal.end() == 3
    assert b"exit code 7; nothing was stored" in terminal.screen
    terminal = at_terminal("secret", "set", "--editor", FILE, NAME, EDITOR="/nowhere/vim")
    assert terminal.end() == 3
    assert desk.reveal(code=0).stdout == "hunter2"


def test_a_terminal_that_goes_away_takes_the_editor_s_file_with_it(desk, at_terminal):
    if not os.path.isdir("/dev/shm"):
        pytest.skip("no file system in memory")
    script = desk.home / "vim"
    script.write_text(
        f'#!/bin/sh\nfor f; do :; done\nprintf "{VALUE}" > "$f"\n'
        f'dirname "$f" > "{desk.home / "where"}"\necho ready\nsleep 30\n'
    )
    script.chmod(0o755)
    terminal = at_terminal("secret", "set", "--editor", FILE, NAME, EDITOR=str(script))
    terminal.wait_for("ready")
    folder = (desk.home / "where").read_text().strip()
    assert os.path.isdir(folder)
    os.kill(terminal.pid, signal.SIGTERM)
    assert terminal.end() == 130
    assert not os.path.exists(folder)
