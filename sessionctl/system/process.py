"""Process: run another program to its end, without a shell; bytes in, bytes out."""

from __future__ import annotations

import os
import subprocess
from typing import NamedTuple

from sessionctl.errors import ToolError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_INSTALL = {
    "git": "install git (https://git-scm.com/downloads), or put it on PATH",
}
_SHOWN_LINES = 3


class Completed(NamedTuple):
    """How a program ended and what it said."""

    argv: tuple[str, ...]
    returncode: int
    stdout: bytes
    stderr: bytes


def run(
    argv: Sequence[str],
    *,
    cwd: str | os.PathLike[str] | None = None,
    input: bytes | None = None,  # noqa: A002 - subprocess' own word
    env: Mapping[str, str] | None = None,
    check: bool = True,
    timeout_s: float | None = None,
) -> Completed:
    """Run ``argv`` to its end and return what it said.

    Without ``input`` the program finds its stdin empty, so it cannot ask. ``env`` is the
    whole environment; None hands on this process's own.

    Raises:
      ToolError: the program is missing or cannot start, took longer than ``timeout_s``
        or, with ``check``, ended with another code than 0. The message names the program
        and its last words, never its arguments.
    """
    program = argv[0]
    try:
        done = subprocess.run(
            list(argv),
            cwd=cwd,
            input=b"" if input is None else input,
            env=None if env is None else dict(env),
            capture_output=True,
            check=False,
            timeout=timeout_s,
        )
    except subprocess.TimeoutExpired:
        raise ToolError(f"{program}: no answer within {timeout_s:g} seconds, stopped") from None
    except OSError as error:
        raise _cannot_start(program, cwd, error) from error
    completed = Completed(tuple(argv), done.returncode, done.stdout, done.stderr)
    if check and done.returncode != 0:
        raise ToolError(failure(completed))
    return completed


def failure(completed: Completed) -> str:
    """Return the message for a program that failed: its name, exit code, last words."""
    code = completed.returncode
    how = f"ended by signal {-code}" if code < 0 else f"exit code {code}"
    lines = completed.stderr.decode(errors="replace").strip().splitlines()[-_SHOWN_LINES:]
    words = "; ".join(line.strip() for line in lines)
    return f"{completed.argv[0]}: {how}: {words}" if words else f"{completed.argv[0]}: {how}"


def _cannot_start(program: str, cwd: str | os.PathLike[str] | None, error: OSError) -> ToolError:
    reason = (error.strerror or type(error).__name__).lower()
    if cwd is not None and error.filename == cwd:
        return ToolError(f"{os.fspath(cwd)}: cannot run {program} there: {reason}")
    hint = _INSTALL.get(program, f"install {program}, or put it on PATH")
    if isinstance(error, FileNotFoundError):
        return ToolError(f"{program}: not found on PATH", hints=[hint])
    return ToolError(f"{program}: cannot start: {reason}", hints=[hint])


def find_program(name: str, path: str | None) -> str | None:
    """Return where ``name`` is found on ``path`` (the variable PATH), or None."""
    import shutil

    return shutil.which(name, path=path)
