"""The process table: what procfs and ``ps`` say, to the word, and what they do not say."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from sessionctl.system import process_table
from sessionctl.system.process_table import (
    ProcessRow,
    ProcessTable,
    PsTable,
    open_process_table,
)
from tests.made_procfs import MadeProcess, make_procfs


def test_what_procfs_says_of_processes(tmp_path):
    table = make_procfs(
        tmp_path,
        MadeProcess(1, 0, ("init",)),
        MadeProcess(
            20, 1, ("vi", "a b", "", "é"), group=21, foreground=23, state="T", cwd="/src/x",
            env=("A=1", "B=x=y", "=z", "NONE", "E="), ticks=(7, 50), name="a) S 9 (b",
            open=((0, "pipe:[9]"), (1, "/dev/null"), (12, "/tmp/lock")),
        ),
        MadeProcess(3, 20, ("cat",), group=21, cwd="/gone (deleted)"),
        MadeProcess(30, 20),
    )  # fmt: skip
    (tmp_path / "self").mkdir()
    (tmp_path / "40").mkdir()
    assert table.row(20) == ProcessRow(20, 1, 21, 23, "T")
    assert table.row(3) == ProcessRow(3, 20, 21, -1, "S")
    assert sorted(table.rows()) == [table.row(pid) for pid in (1, 3, 20, 30)]
    assert [table.argv(pid) for pid in (1, 20, 30)] == [("init",), ("vi", "a b", "", "é"), ()]
    assert [table.cwd(pid) for pid in (20, 3, 30)] == ["/src/x", "/gone", ""]
    assert table.environment(20) == {"A": "1", "B": "x=y", "": "z", "E": ""}
    assert table.environment(30) == {}
    assert [table.time(pid) for pid in (20, 3)] == [57, 0]
    assert [table.children(pid) for pid in (1, 20, 3)] == [(20,), (3, 30), ()]
    assert [table.group(group) for group in (21, 30, 5)] == [(3, 20), (30,), ()]
    assert [table.output_of(20, number) for number in (0, 1, 2)] == ["pipe:[9]", "/dev/null", ""]
    assert [table.has_open(20, path) for path in ("/tmp/lock", "/tmp")] == [True, False]
    assert not table.has_open(30, "")


def test_what_is_gone_is_nothing(tmp_path):
    table = ProcessTable(str(tmp_path))
    (tmp_path / "7").mkdir()
    (tmp_path / "7" / "stat").write_text("7 (a) S 1 2 3 4")
    for pid in (7, 8):
        assert table.row(pid) is None
        assert (table.argv(pid), table.cwd(pid), table.environment(pid)) == ((), "", {})
        assert (table.time(pid), table.children(pid), table.group(pid)) == (0, (), ())
        assert (table.output_of(pid, 0), table.has_open(pid, "/x")) == ("", False)
    (tmp_path / "7" / "stat").write_text("7 (a) S 1 2 3 4 5")
    assert table.row(7) == ProcessRow(7, 1, 2, 5, "S")
    (tmp_path / "7" / "stat").write_text("7 (a) S 1 2 3 4 5 6 7 8 9 10 11")
    assert table.time(7) == 0
    (tmp_path / "7" / "stat").write_text("7 (a) S 1 2 3 4 5 6 7 8 9 10 11 12")
    assert table.time(7) == 23


@pytest.mark.skipif(not os.path.exists("/proc/self/stat"), reason="there is no procfs")
def test_a_real_process_is_what_it_was_started_as(tmp_path):
    program = "import sys; print(flush=True); sys.stdin.read()"
    process = subprocess.Popen(
        [sys.executable, "-c", program, "ä\udcff"], cwd=tmp_path, env={"A": "1"},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True,
    )  # fmt: skip
    with process:
        process.stdout.readline()
        table = open_process_table()
        row = table.row(process.pid)
        assert row[:4] == (process.pid, os.getpid(), process.pid, -1)
        assert table.argv(process.pid) == (sys.executable, "-c", program, "ä\udcff")
        assert table.cwd(process.pid) == str(tmp_path)
        assert table.environment(process.pid)["A"] == "1"
        assert process.pid in table.children(os.getpid())
        assert table.group(process.pid) == (process.pid,)
        assert table.output_of(process.pid, 0).startswith("pipe:[")
        assert table.time(os.getpid()) > 0
        process.stdin.close()
    assert table.row(process.pid) is None


def test_where_there_is_no_procfs_ps_is_asked(tmp_path, monkeypatch):
    asked = tmp_path / "asked"
    program = tmp_path / "ps"
    lines = """\
    1     0     1    -1 Ss   /sbin/init splash
   20     1    20    22 S+   vi   a b
   22    20    22    22 R    -bash
  bad     1     1     1 S    x
   23     1   1.5     1 S    x
   24    20    24    22 T
"""
    program.write_text(f"#!/bin/sh\necho \"$@\" > {asked}\nprintf %s '{lines}'\nexit 1\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr(process_table, "_PROC", str(tmp_path))
    table = open_process_table()
    assert isinstance(table, PsTable)
    assert asked.read_text() == "-axww -o pid=,ppid=,pgid=,tpgid=,state=,command=\n"
    assert list(table.rows()) == [
        ProcessRow(1, 0, 1, -1, "Ss"),
        ProcessRow(20, 1, 20, 22, "S+"),
        ProcessRow(22, 20, 22, 22, "R"),
    ]
    assert [table.row(pid) for pid in (20, 23, 24)] == [ProcessRow(20, 1, 20, 22, "S+"), None, None]
    assert [table.argv(pid) for pid in (1, 20, 99)] == [
        ("/sbin/init", "splash"), ("vi", "a", "b"), (),
    ]  # fmt: skip
    assert [table.children(pid) for pid in (1, 20, 22)] == [(20,), (22,), ()]
    assert table.group(22) == (22,)
    assert (table.cwd(20), table.environment(20), table.output_of(20, 0)) == ("", {}, "")
    program.unlink()
    monkeypatch.setenv("PATH", str(tmp_path))
    bare = open_process_table()
    assert not isinstance(bare, PsTable)
    assert bare.row(os.getpid()) is None or os.path.exists("/proc/self/stat")
