"""What a terminal is, read from processes as procfs shows them."""

from __future__ import annotations

from sessionctl.services.live.plain.terminal_capture import (
    TerminalJob,
    TerminalState,
    read_terminal,
)
from tests.made_procfs import MadeProcess, make_procfs

PIPE = "pipe:[77]"


def test_a_terminal_is_its_shell_with_its_jobs(tmp_path):
    table = make_procfs(
        tmp_path,
        MadeProcess(1, 0, ("init",)),
        MadeProcess(10, 1, ("tmux", "new")),
        MadeProcess(11, 10, ("-bash",), cwd="/src/api", env=("VIRTUAL_ENV=/old",)),
        MadeProcess(12, 11, ("bash", "-c", "sessionctl save"), group=12, cwd="/else"),
        MadeProcess(13, 12, ("sessionctl", "save"), group=12),
        MadeProcess(14, 11, ("tee", "x"), group=12),
        MadeProcess(20, 11, ("tail", "-f", "a b"), group=20, state="T", cwd="/var/log",
                    env=("PGHOST=db", "VIRTUAL_ENV=/opt/v", "NODE_ENV=test", "X=1")),
        MadeProcess(30, 11, ("cat", "a b"), group=30, open=((1, PIPE),)),
        MadeProcess(31, 11, ("sort",), group=30, cwd="/tmp", open=((0, PIPE),)),
        MadeProcess(40, 11, ("true",), group=40, state="Z"),
        MadeProcess(50, 11, ("sessionctl", "save", "--all"), group=50),
        MadeProcess(60, 11, (), group=60),
    )  # fmt: skip
    environ = {"SHELL": "/bin/bash", "VIRTUAL_ENV": "/opt/v", "PGHOST": "", "HOME": "/root"}
    assert read_terminal(table, 13, environ, "/nowhere") == TerminalState(
        11,
        ("-bash",),
        "/src/api",
        {"VIRTUAL_ENV": "/opt/v", "PGHOST": ""},
        (
            TerminalJob(
                ("tail", "-f", "a b"), "/var/log", {"PGHOST": "db", "NODE_ENV": "test"}, 20
            ),
            TerminalJob("cat 'a b' | sort", "/src/api", {}, 30),
        ),
    )


def test_the_nearest_shell_that_reads_commands_is_that_of_the_terminal(tmp_path):
    table = make_procfs(
        tmp_path,
        MadeProcess(1, 0, ("bash",), cwd="/never"),
        MadeProcess(5, 1, ("zsh", "-l"), cwd="/outer"),
        MadeProcess(6, 5, ("/opt/myshell", "-i"), cwd="/inner"),
        MadeProcess(7, 6, ("sh", "script"), cwd="/script"),
        MadeProcess(8, 7, ("bash", "-i"), cwd="/own"),
    )
    outer = TerminalState(5, ("zsh", "-l"), "/outer", {}, ())
    assert read_terminal(table, 8, {}, "/x") == outer._replace(
        jobs=()  # the other shell is what this process was started through
    )
    inner = TerminalState(6, ("/opt/myshell", "-i"), "/inner", {}, ())
    assert read_terminal(table, 8, {"SHELL": "/bin/myshell"}, "/x") == inner
    assert read_terminal(table, 5, {"MISE_X": "1"}, "/x") == TerminalState(
        0, (), "/x", {"MISE_X": "1"}, ()
    )
    assert read_terminal(table, 99, {}, "/x") == TerminalState(0, (), "/x", {}, ())


def test_where_the_directory_of_a_shell_is_not_known_that_of_the_process_is_taken(tmp_path):
    table = make_procfs(tmp_path, MadeProcess(5, 1, ("fish",)), MadeProcess(6, 5, ("x",)))
    assert read_terminal(table, 6, {}, "/x") == TerminalState(5, ("fish",), "/x", {}, ())


def test_a_terminal_is_not_looked_for_without_end(tmp_path):
    """What goes round, for ids are used again, and what is very deep."""
    for depth, shell in ((62, 2), (63, 0)):
        folder = tmp_path / str(depth)
        chain = [MadeProcess(pid, pid - 1, ("x",)) for pid in range(3, 4 + depth)]
        table = make_procfs(folder, MadeProcess(2, 1, ("sh",)), *chain)
        assert read_terminal(table, 3 + depth, {}, "/x").shell == shell, depth
    circle = make_procfs(tmp_path / "c", MadeProcess(5, 6, ("a",)), MadeProcess(6, 5, ("b",)))
    assert read_terminal(circle, 5, {}, "/x").shell == 0
