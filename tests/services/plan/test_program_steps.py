"""Program steps: a program that fails is a failed step, or none where that was to be expected."""

from __future__ import annotations

import os

from sessionctl.services.plan.plan import plan_data, plan_lines
from sessionctl.services.plan.program_steps import RunProgram
from sessionctl.services.plan.runner import run


def test_a_program_is_run_in_the_environment_that_is_given(tmp_path):
    argv = ("sh", "-c", 'echo "$WORD" > "$0"', str(tmp_path / "out"))
    run((RunProgram(argv),), {"PATH": os.defpath, "WORD": "a word"}).check()
    assert (tmp_path / "out").read_text() == "a word\n"


def test_what_fails_or_is_missing_is_reported():
    plan = (RunProgram(("sh", "-c", "echo no bus >&2; exit 3"), may_fail=True), RunProgram(("x",)))
    report = run(plan, {"PATH": "/bin:/usr/bin"})
    assert [one.reason for one in report.skipped] == ["sh: exit code 3: no bus"]
    assert [error.message for error in report.failures] == ["x: not found on PATH"]


def test_a_command_is_shown_as_it_would_be_typed():
    plan = (RunProgram(("echo", "a b")),)
    assert plan_lines(plan) == ["echo 'a b'"]
    assert plan_data(plan) == [{"action": "run-program", "argv": ("echo", "a b")}]
