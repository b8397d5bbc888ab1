"""The whole program within the process of the test, its error boundary and all."""

from __future__ import annotations

import contextlib
import io
import subprocess

import pytest

from sessionctl.__main__ import main


def main_inside(*arguments, cwd=".", stdin="", env=None):
    """Run sessionctl in the directory ``cwd``; the result is that of ``run_sessionctl``.

    It takes a tenth of the time of a process of its own. For commands that start no program
    which writes to the terminal; ``env`` is added to the environment of the test.
    """
    out, err = _stream(), _stream()
    with pytest.MonkeyPatch.context() as patch, contextlib.chdir(cwd):
        for name, value in (env or {}).items():
            patch.setenv(name, value)
        patch.setattr("sys.stdin", _stream(stdin.encode()))
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            try:
                code = main([*map(str, arguments)])
            except SystemExit as end:  # click, when it has completed a word
                code = end.code
    return subprocess.CompletedProcess(arguments, code, _text(out), _text(err))


def _stream(content=b""):
    return io.TextIOWrapper(io.BytesIO(content), encoding="utf-8")


def _text(stream):
    stream.flush()
    return stream.buffer.getvalue().decode().replace("\r\n", "\n")  # as subprocess reads it
