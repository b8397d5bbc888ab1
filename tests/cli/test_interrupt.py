"""Ctrl-C while the program loads: silent, with the exit code of an interrupt."""

from __future__ import annotations

import subprocess
import sys

import pytest

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
