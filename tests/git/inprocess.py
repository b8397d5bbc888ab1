"""sessionctl run within the process of the test: a third of the time of a process of its own."""

from __future__ import annotations

import contextlib
import subprocess

from click.testing import CliRunner

from sessionctl.cli.app import app


def run_inside(*arguments, cwd=".", env=None, stdin=""):
    """Run sessionctl in the directory ``cwd``; the result is that of ``run_sessionctl``."""
    with contextlib.chdir(cwd):
        done = CliRunner().invoke(app, [*map(str, arguments)], input=stdin, env=env)
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return subprocess.CompletedProcess(arguments, done.exit_code, done.stdout, done.stderr)
