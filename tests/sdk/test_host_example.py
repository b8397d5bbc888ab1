"""The example of a host: it keeps its lines, and its own tests pass."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.world import CHECKOUT

HOST = CHECKOUT / "examples/host"


def run(*arguments, environ, **options):
    environ = {**environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.run(
        [sys.executable, *arguments], capture_output=True, text=True, env=environ, **options
    )


def test_the_notes_are_there_again(environ):
    for line, expected in (("one\n", "one\n"), ("two\n", "one\ntwo\n")):
        done = run(str(HOST / "notes.py"), input=line, environ=environ)
        assert (done.stdout, done.stderr) == (expected, "")


@pytest.mark.slow
def test_the_tests_of_the_example_pass(environ, tmp_path):
    environ = {**environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    words = ["-m", "pytest", "-q", "-p", "no:cacheprovider", "--basetemp", str(tmp_path / "t")]
    done = run(*words, "--rootdir", str(HOST), "-c", os.devnull, str(HOST), environ=environ)
    assert done.returncode == 0, done.stdout
