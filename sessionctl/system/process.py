"""Process: run another program to its end, without a shell; bytes in, bytes out."""

from __future__ import annotations

import errno
import os

from sessionctl.core.named_tuple import NamedTuple
from sessionctl.core.text.shellwords import path_word
from sessionctl.errors import ToolError
from sessionctl.system.spawn import Overdue, can_spawn, spawn

TYPE_CHECKING = False
if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable, Mapping, Sequence
    from typing import NoReturn

    from sessionctl.core.secrets.secret import Secret

_INSTALL = {
    "git": "install git (https://git-scm.com/downloads), or put it on PATH",
}
_LOOK_S = 0.1
_GRACE_S = 0.5
_NOT_FOR_CHILDREN = ("SESSIONCTL_IDENTITY", "SESSIONCTL_IDENTITY_CMD", "SESSIONCTL_IDENTITY_FILE")


class ProcessResult(NamedTuple):
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
    is_secret: bool = False,
) -> ProcessResult:
    """Run ``argv`` to its end and return what it said.

    Without ``input`` the program finds its stdin empty, so it cannot ask. ``env`` is the
    whole environment; None hands on this process's own. With ``is_secret`` nothing of what
    it prints on stdout is repeated in an error.

    Raises:
      ToolError: the program is missing or cannot start, took longer than ``timeout_s``
        or, with ``check``, ended with another code than 0. The message names the program
        and its last words, never its arguments.
    """
    environment = for_children(os.environ if env is None else env)
    call = (argv, environment, input or b"", timeout_s)
    try:
        has_names = bool(argv[0]) and "" not in environment  # posix_spawn takes no others
        done = spawn(*call) if has_names and can_spawn(cwd) else _run_there(cwd, *call)
    except Overdue:
        raise ToolError(f"{argv[0]}: no answer within {timeout_s:g} seconds, stopped") from None
    except OSError as error:
        path = None if env is None else env.get("PATH")
        raise cannot_start(argv[0], cwd, error, path) from error
    completed = ProcessResult(tuple(argv), *done)
    if check and completed.returncode != 0:
        raise ToolError(failure(completed, completed.stdout if is_secret else b""))
    return completed


def _run_there(
    cwd: str | os.PathLike[str] | None,
    argv: Sequence[str],
    env: Mapping[str, str],
    data: bytes,
    timeout_s: float | None,
) -> tuple[int, bytes, bytes]:
    """Do what ``spawn`` does, in the directory ``cwd`` and on any system; raise what it raises."""
    import subprocess

    if cwd is None and "" in env:
        cwd = os.curdir  # without one, Python 3.13 starts it by posix_spawn too
    try:
        done = subprocess.run(
            list(argv),
            cwd=cwd,
            input=data,
            env=env,
            capture_output=True,
            check=False,
            timeout=timeout_s,
        )
    except subprocess.TimeoutExpired:
        raise Overdue from None
    return done.returncode, done.stdout, done.stderr


def for_children(environ: Mapping[str, str]) -> dict[str, str]:
    """Return ``environ`` without what tells where the keys to secrets are."""
    return {key: value for key, value in environ.items() if key not in _NOT_FOR_CHILDREN}


def run_in_place(
    argv: Sequence[str], environ: Mapping[str, str], values: Mapping[str, bytes]
) -> NoReturn:
    """Replace this process by the program ``argv``, with ``values`` in its environment.

    Raises:
      ToolError: the program is missing or cannot start.
    """
    environment = {
        os.fsencode(key): os.fsencode(value) for key, value in for_children(environ).items()
    }
    environment |= {os.fsencode(key): value for key, value in values.items()}
    try:
        os.execvpe(argv[0], list(argv), environment)  # noqa: S606 - no shell is wanted
    except OSError as error:
        raise cannot_start(argv[0], None, error) from None


def run_interactive(argv: Sequence[str], environ: Mapping[str, str]) -> int:
    """Run a program that has the terminal, such as an editor; return its exit code.

    While it runs, Ctrl-C and Ctrl-\\ are its own: they do not end this process.

    Raises:
      ToolError: the program is missing or cannot start.
    """
    import signal
    import subprocess

    try:
        process = subprocess.Popen(list(argv), env=for_children(environ))
    except OSError as error:
        raise cannot_start(argv[0], None, error) from error
    # Only now, for a program takes over what its parent ignores.
    keys = (signal.SIGINT, signal.SIGQUIT)
    before = [signal.signal(key, signal.SIG_IGN) for key in keys]
    try:
        with process:
            return process.wait()
    finally:
        for key, handler in zip(keys, before, strict=True):
            signal.signal(key, handler)


def value_file(value: Secret) -> str:
    """Return the path of a file in memory that holds ``value``, for children to open."""
    if hasattr(os, "memfd_create"):
        descriptor = os.memfd_create("sessionctl", 0)
        os.write(descriptor, value.reveal())
        os.lseek(descriptor, 0, os.SEEK_SET)
    else:
        descriptor, into = os.pipe()
        os.write(into, value.reveal())
        os.close(into)
    os.set_inheritable(descriptor, True)  # noqa: FBT003
    return f"/dev/fd/{descriptor}"


def failure(completed: ProcessResult, secret: bytes = b"", *, most: int = 3) -> str:
    """Return the message for a program that failed: its name, exit code, ``most`` last lines.

    No word of ``secret`` is in it, nor anything else that reads like one.
    """
    from sessionctl.core.scan.last_words import last_words

    code = completed.returncode
    how = f"ended by signal {-code}" if code < 0 else f"exit code {code}"
    words = "; ".join(last_words(completed.stderr, secret, most=most))
    return f"{completed.argv[0]}: {how}: {words}" if words else f"{completed.argv[0]}: {how}"


def cannot_start(
    program: str,
    cwd: str | os.PathLike[str] | None,
    error: OSError,
    path: str | None = None,
) -> ToolError:
    """Return why a program did not start, and what helps just that; ``path`` is its PATH."""
    if not program:
        return ToolError("cannot start a program: its name is empty")
    reason = (error.strerror or type(error).__name__).lower()
    if cwd is not None and error.filename == cwd:
        return ToolError(f"{os.fspath(cwd)}: cannot run {program} there: {reason}")
    if error.errno == errno.E2BIG:
        hint = "pass less to it at once, or the long part in a file"
        message = f"{program}: cannot start: its arguments and variables are too long together"
        return ToolError(message, hints=[hint])
    file = _file_of(program, path)
    if file is None:
        hint = _INSTALL.get(program, f"install {program}, or put it on PATH")
        where = "no such file" if "/" in program else "not found on PATH"
        return ToolError(f"{program}: {where}", hints=[] if "/" in program else [hint])
    word = path_word(file)
    if os.path.isdir(file):  # noqa: PTH112
        return ToolError(f"{program}: cannot start: a directory, not a program")
    if not os.access(file, os.X_OK):
        hints = [f"chmod +x {word}"]
        return ToolError(f"{program}: cannot start: {reason}: it is not executable", hints=hints)
    interpreter = _interpreter_of(file)
    if interpreter is None:
        message = f"{program}: cannot start: {reason}"
        if error.errno == errno.ENOEXEC:
            return ToolError(message, hints=["begin it with the program that runs it: #!/bin/sh"])
        return ToolError(message)
    named = repr(interpreter) if interpreter else "no program"
    message = f"{program}: cannot start: its first line names {named}"
    hint = "correct its first line, as in: #!/usr/bin/env python3"
    return ToolError(f"{message}: {reason}", hints=[hint])


def _file_of(program: str, path: str | None) -> str | None:
    """Return the file that would be started, which need not be executable."""
    if "/" in program:
        return program if os.path.exists(program) else None  # noqa: PTH110
    for folder in (os.environ.get("PATH", "") if path is None else path).split(os.pathsep):
        file = os.path.join(folder, program)  # noqa: PTH118
        if os.path.isfile(file):  # noqa: PTH113
            return file
    return None


def _interpreter_of(file: str) -> str | None:
    """Return the program that the first line of a script names, None where it is no script."""
    try:
        with open(file, "rb") as stream:  # noqa: PTH123
            line = stream.readline(256)
    except OSError:
        return None
    if not line.startswith(b"#!"):
        return None
    words = line[2:].decode(errors="replace").split()
    return words[0] if words else ""


def find_program(name: str, path: str | None) -> str | None:
    """Return where ``name`` is found on ``path`` (the variable PATH), or None."""
    import shutil

    return shutil.which(name, path=path)


def run_stoppable(
    argv: Sequence[str],
    is_stopped: Callable[[], bool],
    *,
    cwd: str | os.PathLike[str] | None,
    stdin: bytes,
    env: Mapping[str, str],
    timeout_s: float,
) -> ProcessResult:
    """Run ``argv`` until it ends, takes too long, or ``is_stopped``; ``env`` is all it gets.

    It and whatever it started are ended then: they are a session of their own, which has no
    terminal to ask at.

    Raises:
      ToolError: the program cannot start, took too long, or was stopped.
    """
    import subprocess

    try:
        process = subprocess.Popen(
            list(argv),
            cwd=cwd,
            env=for_children(env),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
    except OSError as error:
        raise ToolError(f"{argv[0]}: cannot start: {error.strerror}") from error
    waited_s = 0.0
    _give(process, stdin)
    while True:
        try:
            out, err = process.communicate(timeout=_LOOK_S)
            return ProcessResult(tuple(argv), process.returncode, out, err)
        except subprocess.TimeoutExpired as error:
            said = error.stderr or b""
        waited_s += _LOOK_S
        if is_stopped() or waited_s >= timeout_s:
            break
    _end_session(process)
    what = "stopped" if is_stopped() else f"no answer within {timeout_s:g} seconds, stopped"
    last = said.decode(errors="replace").strip().splitlines()[-1:]
    raise ToolError(": ".join([argv[0], what, *last]))


def _give(process: subprocess.Popen[bytes], data: bytes) -> None:
    """Give a program ``data`` on its stdin, beside all else, and nothing more.

    Once its time was over, ``communicate`` writes no more of its input (Python 3.11 to 3.13),
    and a program that reads to the end would wait for ever.
    """
    import threading
    from contextlib import suppress

    stream, process.stdin = process.stdin, None
    assert stream is not None

    def give() -> None:
        with suppress(OSError), stream:  # one that has ended need not have read it all
            stream.write(data)

    if data:
        threading.Thread(target=give, name="stdin", daemon=True).start()
    else:
        stream.close()


def _end_session(process: subprocess.Popen[bytes]) -> None:
    """End a program and all of its session: politely first, for git takes its locks away."""
    import signal
    import subprocess
    from contextlib import suppress

    for number in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, number)
        with suppress(subprocess.TimeoutExpired):
            process.wait(_GRACE_S)
    for stream in (process.stdout, process.stderr):
        if stream is not None:
            with suppress(OSError):
                stream.close()
