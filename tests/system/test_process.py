"""Starting programs: what they say, how they fail, and that arguments are not told."""

from __future__ import annotations

import os
import sys

import pytest

from sessionctl.errors import ToolError
from sessionctl.system.process import find_program, run


def python(program, **options):
    return run([sys.executable, "-c", program], **options)


def test_bytes_go_in_and_come_out():
    done = python(
        "import sys; sys.stdout.buffer.write(sys.stdin.buffer.read()[::-1])", input=b"\0a"
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, b"a\0", b"")
    assert done.argv[0] == sys.executable


def test_without_input_stdin_is_empty():
    assert python("print(len(open(0).read()))").stdout == b"0\n"


def test_directory_and_environment_are_the_given_ones(tmp_path):
    done = python("import os; print(os.getcwd(), os.environ['A'])", cwd=tmp_path, env={"A": "1"})
    assert done.stdout.decode() == f"{tmp_path.resolve()} 1\n"


def test_a_failure_names_the_program_and_its_last_words_but_no_arguments():
    program = "import sys; sys.exit('first\\nsecond\\nthird\\n  last\\n')"
    with pytest.raises(ToolError) as caught:
        run([sys.executable, "-c", program, "hunter2"])
    message = f"{sys.executable}: exit code 1: second; third; last"
    assert caught.value.message == message
    assert caught.value.exit_code == 3


def test_a_failure_without_words_is_told_too():
    with pytest.raises(ToolError, match=r": exit code 7$"):
        python("raise SystemExit(7)")


def test_an_end_by_signal_is_told():
    with pytest.raises(ToolError, match=r": ended by signal 9$"):
        python("import os; os.kill(os.getpid(), 9)")


def test_without_check_a_failure_is_an_answer():
    assert python("raise SystemExit(7)", check=False).returncode == 7


@pytest.mark.parametrize(("program", "hint"), [("git", "git-scm.com"), ("no-such", "no-such")])
def test_a_missing_program_comes_with_a_hint(monkeypatch, tmp_path, program, hint):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ToolError) as caught:
        run([program])
    assert caught.value.message == f"{program}: not found on PATH"
    assert hint in caught.value.hints[0]


def test_a_program_that_cannot_start_is_told(tmp_path):
    path = tmp_path / "p"
    path.write_text("x")
    with pytest.raises(ToolError, match="cannot start: permission denied"):
        run([str(path)])


def test_a_variable_without_a_name_is_handed_on():
    program = "import os; print(os.environ[''])"
    done = run([sys.executable, "-c", program], env=os.environ | {"": "x"})
    assert done.stdout == b"x\n"


def test_an_open_file_beyond_the_limit_keeps_no_program_from_starting():
    program = """\
import os, resource
from sessionctl.system.process import run
os.dup2(0, 300)
resource.setrlimit(resource.RLIMIT_NOFILE, (200, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
print(run(["sh", "-c", "test -e /proc/self/fd/300 || echo closed"]).stdout)
"""
    assert python(program).stdout == b"b'closed\\n'\n"


def test_no_name_of_a_program_is_told():
    with pytest.raises(ToolError, match=r"^cannot start a program: its name is empty$"):
        run([""])


def test_a_missing_directory_is_not_taken_for_a_missing_program(tmp_path):
    with pytest.raises(ToolError, match=r"none: cannot run .* there: no such file"):
        python("", cwd=tmp_path / "none")
    with pytest.raises(ToolError, match=r"none: cannot run .* there: no such file"):
        python("", cwd=str(tmp_path / "none"))


def test_a_program_that_takes_too_long_is_stopped(tmp_path):
    for cwd in (None, tmp_path):
        with pytest.raises(ToolError, match=r"no answer within 0\.05 seconds, stopped"):
            python("import threading; threading.Event().wait(30)", timeout_s=0.05, cwd=cwd)


def test_a_program_is_found_on_the_path_given(tmp_path):
    path = tmp_path / "p"
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    assert find_program("p", f"{os.pathsep}{tmp_path}") == str(path)
    assert find_program("p", "") is None
