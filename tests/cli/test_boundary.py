"""The error boundary: a plain message and an honest exit code for everything."""

from __future__ import annotations

import errno
import io
import os
import subprocess
import sys

import pytest

from sessionctl import Document
from sessionctl.cli.boundary import guarded
from sessionctl.cli.output.console import Console
from sessionctl.errors import (
    FileError,
    GuardError,
    LockedError,
    ParseError,
    RefusedError,
    SessionctlError,
    UsageError,
)
from sessionctl.system.files.text import decode_text
from tests.together import together


def outcome(error, *, environ=None):
    """Return the exit code and the talk when a command raises ``error``."""

    def work():
        raise error

    console = Console(stdout=io.StringIO(), stderr=io.StringIO(), environ=environ)
    code = guarded(work, console)
    assert console.stdout.getvalue() == ""
    return code, console.stderr.getvalue()


def test_the_exit_code_of_the_command_is_handed_on():
    assert guarded(lambda: 1, Console(stdout=io.StringIO())) == 1


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (SessionctlError("x"), 3),
        (UsageError("x"), 2),
        (FileError("x"), 3),
        (LockedError("x"), 4),
        (RefusedError("x"), 5),
        (GuardError("x"), 70),
    ],
)
def test_an_error_of_ours_has_its_own_exit_code(error, code):
    assert outcome(error) == (code, "sessionctl: error: x\n")


def test_hints_follow_the_error():
    _, said = outcome(FileError("a.toml: gone", hints=["look here", "or there"]))
    assert said == (
        "sessionctl: error: a.toml: gone\nsessionctl: hint: look here\nsessionctl: hint: or there\n"
    )


@pytest.mark.parametrize(
    ("name", "text", "hint"),
    [
        ("a b.session.toml", b"name = web\n", "fix it: sessionctl edit 'a b.session.toml'"),
        ("a.session.toml", b"<<<<<<< ours\n", ""),
        ("a.session.toml", b"name = '\xff'\n", ""),
        ("a.toml", b"name = web\n", ""),
        ("HEAD:a.session.toml", b"", ""),
    ],
)
def test_a_session_file_that_is_not_toml_is_for_the_editor(name, text, hint, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    if text:
        (tmp_path / name).write_bytes(text)
    with pytest.raises(ParseError) as error:
        Document.parse(decode_text(text or b"name = web\n", name), name)
    _, talk = outcome(error.value)
    assert ("sessionctl: hint: fix it: sessionctl edit" in talk) == bool(hint)
    assert hint in talk


def test_an_operating_system_error_names_the_file():
    code, said = outcome(FileNotFoundError(2, "No such file or directory", "a\x1b.toml"))
    assert (code, said) == (3, "sessionctl: error: a\u241b.toml: no such file or directory\n")


def test_an_operating_system_error_names_both_files():
    _, said = outcome(OSError(18, "Invalid cross-device link", "a", None, b"b"))
    assert said == "sessionctl: error: a -> b: invalid cross-device link\n"


def test_an_operating_system_error_without_a_file_says_what_it_knows():
    assert outcome(OSError(28, "No space left on device")) == (
        3,
        "sessionctl: error: the system said: no space left on device\n",
    )


@together(
    ("number", "hint"),
    [
        (errno.ENOSPC, ["make room where the output goes, and run the command again"]),
        (errno.EBADF, ["it is closed: send the output to a file, or to a program"]),
        (errno.EIO, []),
    ],
)
def test_an_answer_that_cannot_be_written_at_the_end_is_said_to_be_that(number, hint):
    class Full(io.StringIO):
        def flush(self):
            raise OSError(number, os.strerror(number))

    console = Console(stdout=Full(), stderr=io.StringIO())
    assert guarded(lambda: console.out("x") or 0, console) == 3
    assert console.stderr.getvalue().splitlines() == [
        f"sessionctl: error: stdout: {os.strerror(number).lower()}",
        *(f"sessionctl: hint: {one}" for one in hint),
    ]


@pytest.mark.parametrize("error", [KeyError("hunter2"), MemoryError(), RecursionError("hunter2")])
def test_any_other_error_is_a_bug_told_without_its_text_or_a_traceback(error):
    code, said = outcome(error)
    assert code == 70
    assert said == (
        f"sessionctl: error: this is a bug of sessionctl: {type(error).__name__}\n"
        "sessionctl: hint: run it again with SESSIONCTL_DEBUG=1 and report what it prints\n"
    )


def test_a_bug_names_the_place_in_our_code():
    def work():
        raise AssertionError(ParseError(None, line=1, column=1))  # None has no message

    console = Console(stdout=io.StringIO(), stderr=io.StringIO())
    assert guarded(work, console) == 70
    said = console.stderr.getvalue()
    assert "AttributeError in sessionctl.errors, line " in said
    assert "(__init__)" in said


def test_the_traceback_is_for_debugging():
    code, said = outcome(KeyError("k"), environ={"SESSIONCTL_DEBUG": "1"})
    assert code == 70
    assert "Traceback (most recent call last)" in said
    assert "Traceback" not in outcome(KeyError("k"), environ={"SESSIONCTL_DEBUG": "0"})[1]


def test_an_interrupt_ends_quietly():
    assert outcome(KeyboardInterrupt()) == (130, "")


def test_what_was_answered_before_an_error_is_not_lost():
    program = (
        "import os, sys\n"
        "from sessionctl.cli.boundary import guarded\n"
        "from sessionctl.cli.output.console import Console\n"
        "console = Console()\n"
        "def work():\n"
        "    console.out('first')\n"
        "    os.stat('gone')\n"
        "sys.exit(guarded(work, console))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, encoding="utf-8")
    assert (done.returncode, done.stdout) == (3, "first\n")
    assert done.stderr == "sessionctl: error: gone: no such file or directory\n"


def test_a_reader_that_went_away_is_no_error():
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [sys.executable, "-m", "sessionctl", "help", "exit-codes"],
        stdout=writer,
        stderr=subprocess.PIPE,
    )
    os.close(writer)
    assert (done.returncode, done.stderr) == (141, b"")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full")
@pytest.mark.parametrize(
    "arguments",
    [["help", "exit-codes"], ["--help"], ["--version"], ["schema", "print"], ["list", "--json"]],
)
def test_a_full_disk_under_stdout_is_told(arguments):
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "sessionctl", *arguments],
            stdout=full,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )
    assert done.returncode == 3
    assert done.stderr == (
        "sessionctl: error: stdout: no space left on device\n"
        "sessionctl: hint: make room where the output goes, and run the command again\n"
    )


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full")
def test_with_stderr_gone_the_exit_code_still_tells():
    with open("/dev/full", "w") as full:
        done = subprocess.run([sys.executable, "-m", "sessionctl", "nonsense"], stderr=full)
    assert done.returncode == 3
