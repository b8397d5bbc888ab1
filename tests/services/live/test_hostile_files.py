"""What a file that somebody else wrote tries, so that something of its own runs here."""

from __future__ import annotations

import fcntl
import os
import pty
import signal
import struct
import termios
import threading
import time
from contextlib import contextmanager, suppress

import pytest

from tests.services.live.traced import foreign_programs, starts, traced_restore
from tests.world import need

FILE = "s.session.toml"
HEAD = 'schema_version = 1\nname = "work"\n'
PLAIN = 'windows = [{ name = "w", panes = [{ run = ["sleep", "99"] }] }]\n'


@pytest.fixture
def witness(world):
    return world.home / "executed"


def write(world, text):
    path = world.home / FILE
    path.write_text(text)
    return path


def allowed(world, text):
    """Write a session file and restore it as its user, who allows it."""
    path = write(world, text)
    world.run("restore", path, "--yes")
    return path


@pytest.mark.parametrize("name", ["the session", "the tmux server", "the session: pane 1", ""])
def test_a_window_is_not_taken_for_the_session_by_its_name(world, witness, name):
    path = write(
        world,
        f"{HEAD}[[windows]]\nname = '{name}'\nenv = {{ BASH_ENV = '/x', ENV = '{witness}' }}\n"
        f"options = {{ pane-border-format = '#(touch {witness})', "
        "'pane-died[0]' = 'kill-server' }\n",
    )
    assert world.run("restore", path, check=False).returncode == 5
    window = world.tmux("show-options", "-w", "-t", "work")
    assert "pane-border-format" not in window
    assert "pane-died" not in window
    (process,) = world.tmux("list-panes", "-t", "work", "-F", "#{pane_pid}").split()
    assert "ENV" not in world.adapter.table.environment(int(process))


def test_saving_allows_no_variable_that_somebody_added_to_a_window(world, witness):
    path = allowed(world, HEAD + PLAIN)
    path.write_text(
        path.read_text().replace('{ name = "w"', '{ name = "w", env = { LD_PRELOAD = "/x" }')
    )
    world.tmux("rename-window", "-t", "work", "other")
    world.run("save", "work", "--file", path, check=False)
    assert "LD_PRELOAD" in path.read_text()
    world.end()
    assert world.run("restore", path, check=False).returncode == 5


@pytest.mark.parametrize("is_allowed", [False, True])
def test_an_option_of_a_file_registers_nothing_that_saving_would_allow(world, witness, is_allowed):
    option = f"options = {{ '@sessionctl-resume' = 'touch {witness}' }}"
    path = write(world, f"{HEAD}[[windows]]\nname = 'w'\n[[windows.panes]]\n{option}\n")
    world.run("restore", path, *["--yes"] * is_allowed, check=False)
    other = world.home / "other.session.toml"
    world.run("save", "work", "--file", other)
    assert "resume" not in other.read_text()
    world.end()
    world.run("restore", other)
    assert not witness.exists()


def test_saving_does_not_allow_that_what_can_do_harm_is_run(world):
    path = allowed(world, f'{HEAD}[[windows]]\nname = "w"\n[[windows.panes]]\nrun = ["tee", "x"]\n')
    path.write_text(path.read_text() + 'start = "run"\n')
    world.tmux("rename-window", "-t", "work", "other")
    world.run("save", "work", "--file", path, check=False)
    world.end()
    assert world.run("restore", path, check=False).returncode == 5


def test_a_link_to_a_file_that_is_allowed_leads_to_the_same_directory(world):
    for place in ("own", "foreign"):
        (world.home / place).mkdir()
        (world.home / place / "go").write_text(f"#!/bin/sh\necho {place} > ../went\nsleep 99\n")
        (world.home / place / "go").chmod(0o755)
    path = world.home / "own" / FILE
    path.write_text(f'{HEAD}windows = [{{ name = "w", panes = [{{ run = ["./go"] }}] }}]\n')
    world.run("restore", path, "--yes")
    world.end()
    link = world.home / "foreign" / FILE
    link.symlink_to(path)
    world.run("restore", link)
    assert (world.home / "went").read_text() == "own\n"


def trusted(world, text):
    path = write(world, text)
    world.run_plain("trust", path)
    return path


@pytest.mark.parametrize("shell", ["bash", pytest.param("dash", marks=pytest.mark.slow)])
@pytest.mark.parametrize(
    "ending", ["\\necho later", "\\r", "\\u001b[201~\\r", "\\u0003", "\\u0004"]
)
def test_what_can_do_harm_is_not_entered_by_what_stands_behind_it(world, witness, shell, ending):
    world.env["SHELL"] = need(shell)
    witness.write_text("x")
    run = f'"cd /\\nrm -f {witness}{ending}"'
    path = trusted(world, f"{HEAD}[[windows]]\nname = 'w'\n[[windows.panes]]\nrun = {run}\n")
    done = world.run("restore", path, check=False)
    assert done.returncode == 1
    assert "more to type" in done.stderr or "control characters" in done.stderr
    time.sleep(0.3)
    assert witness.exists()


@pytest.mark.parametrize("how", ["open", "link"])
def test_what_is_too_long_to_type_is_not_put_where_others_may_change_it(world, how):
    runtime = world.home / "runtime" / "sessionctl"
    runtime.mkdir(parents=True)
    world.env["XDG_RUNTIME_DIR"] = str(runtime.parent)
    if how == "open":
        (runtime / "typed").mkdir()
        (runtime / "typed").chmod(0o777)
    else:
        (world.home / "elsewhere").mkdir()
        (runtime / "typed").symlink_to(world.home / "elsewhere")
    world.env["TMPDIR"] = str(world.home)
    word = "a\\nb"
    restored = (
        f'{HEAD}windows = [{{ name = "w", panes = [{{ run = ["tail", "-f", "{word}"] }}] }}]\n'
    )
    (world.home / "a\nb").touch()
    path = world.home / "too-long.session.toml"
    path.write_text(restored)
    world.run_process("restore", path, "--yes")  # which looks where TMPDIR says
    assert world.panes("work")[0].run == ("tail", "-f", "a\nb")
    assert list(world.home.glob("sessionctl-*"))


def hostile_text(witness):
    """Return a file that tries to run a program by each of its parts."""
    touch = f"touch {witness}"
    job = f"#({touch})"
    formats = [
        job,
        f"#{{?1,{job},}}",
        "#{=9;E:@a}",
        "#%p(x)",
        f"#{{l:{job}}}",
        f"##[{job}",
        f"#[{job}",
    ]
    drawn = ("status-left", "status-right", "set-titles-string", "window-status-format")
    options = [f"{name} = '{formats[n]}'" for n, name in enumerate(drawn)]
    options += [
        f"default-command = '{touch}'", f"default-shell = '{witness}'", "set-titles = true",
        f"lock-command = '{touch}'", "lock-after-time = 1", f"editor = '{touch}'",
        f"copy-command = '{touch}'", "status-interval = 1", "destroy-unattached = true",
        f"'status-format[0]' = '{job}'", f"'@a' = '{job}'", f"'@sessionctl-resume' = '{touch}'",
        "'-g' = 'x'", "'update-environment[0]' = 'X'",
    ]  # fmt: skip
    hooks = (
        "after-new-window", "after-split-window", "after-set-option", "after-select-pane",
        "session-created", "client-attached", "client-session-changed", "window-linked",
        "session-window-changed", "window-layout-changed", "window-renamed", "pane-exited",
        "pane-focus-in", "alert-bell", "command-error", "after-list-windows", "after-kill-window",
    )  # fmt: skip
    options += [f"'{hook}[0]' = 'run-shell \"{touch}\"'" for hook in hooks]
    options += [f"'{hooks[0]}' = ['run-shell \"{touch}\"']"]
    steering = (
        "PATH", "LD_PRELOAD", "LD_AUDIT", "BASH_ENV", "ENV", "ZDOTDIR", "PROMPT_COMMAND", "SHELL",
        "PS1", "HOME", "TMUX_TMPDIR", "XDG_CONFIG_HOME", "SHELLOPTS", "PYTHONSTARTUP", "INPUTRC",
        "BASH_FUNC_ls%%", "A=B", "-g", "",
    )  # fmt: skip
    env = ", ".join(f"'{name}' = '$({touch})'" for name in steering)
    table = f"env = {{ {env} }}\noptions = {{ {', '.join(options)} }}\n"
    panes = [
        f"run = ['touch', '{witness}']", f"run = '{touch}'\nshell = false", f"resume = ['{touch}']",
        f"shell = ['touch', '{witness}']", f"run = ['x']\nresume = '{touch}'",
        f"run = ['touch', '{witness}']\nstart = 'type'", f"run = '{touch}\\r'\nstart = 'skip'",
        f"run = ['touch', '{witness}']\nstart = 'RUN'", f"title = \"{job}\\n\\u0007\"",
        f"cwd = '{job}'", "cwd = '#{pane_pid}'", f"cwd = '$({touch})'",
        f"name = '{job}'\nfloat = {{ x = 1, y = 1, width = 9, height = 5 }}", "size = '-Z'",
        table,
    ]  # fmt: skip
    windows = [f'name = "{text}"\n' for text in formats]
    windows += [f"name = 'the session'\n{table}", f"name = 'link'\nlink = 'work:{job}'\n"]
    windows += ["layout = '" + "{" * 3000 + "'\n", f"layout = 'x,{job}'\n", f"cwd = '{job}'\n"]
    windows += ["name = 'panes'\nlayout = 'main-vertical'\nsize = '99999x99999'\n"]
    text = f'{HEAD}root = "{job}"\n{table}'
    text += (
        f"tmux = {{ config_files = ['{witness}.conf'], session_options = {{ {options[4]} }} }}\n"
    )
    text += f"description = '{job}'\n[connections.'{job}']\ndriver = 'ssh'\nautoconnect = true\n"
    text += f"host = '-oProxyCommand={touch}'\nrun = '{touch}'\n"
    text += "".join(f"[[windows]]\n{window}" for window in windows)
    text += "".join(f"[[windows.panes]]\n{pane}\n" for pane in panes)
    return f"{text}[[overrides]]\nwhen = {{ host = '*' }}\n{table}root = '#{{l:{job}}}'\n"


@pytest.mark.slow
@pytest.mark.parametrize("shell", ["bash", "zsh"])
def test_nothing_in_an_untrusted_file_starts_more_than_tmux_and_the_shell(
    world, witness, tmp_path, shell
):
    world.env["SHELL"] = need(shell)
    (world.home / "executed.conf").write_text(f"run-shell 'touch {witness}'\n")
    path = write(world, hostile_text(witness))
    for name in (f"#(touch {witness})", f"#{{l:#(touch {witness})}}"):
        (world.home / name / name).mkdir(parents=True)
    trace = tmp_path / "trace"
    with traced_restore(world, path, trace), attached(world, "work"):
        time.sleep(3)  # whatever would still start, or be drawn, is
        for command in (
            "new-window -t work:",
            "select-window -t work:1",
            "rename-window -t work: x",
        ):
            world.tmux(*command.split())
        time.sleep(1)
    assert not witness.exists()
    assert not foreign_programs(trace, shell)
    assert not [line for line in starts(trace) if str(witness) in line and "sessionctl" not in line]


@contextmanager
def attached(world, name):
    """A client of 100x30 that draws the session."""
    pid, descriptor = pty.fork()
    if pid == 0:
        words = ["tmux", "-u", "-L", world.socket, "attach-session", "-t", f"={name}"]
        os.execvpe("tmux", words, world.env)
    fcntl.ioctl(descriptor, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 100, 0, 0))
    thread = threading.Thread(target=drain, args=(descriptor,), daemon=True)
    thread.start()
    try:
        yield
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        thread.join()
        os.close(descriptor)


def drain(descriptor):
    with suppress(OSError):
        while os.read(descriptor, 65536):
            pass
