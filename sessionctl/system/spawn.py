"""Spawn: start a program and read all it says, without what the module subprocess takes to load.

That import costs half of what Python takes to start; a short command asks git a few times.
"""

from __future__ import annotations

# Plain os calls: this is what is started before all else is loaded.
# ruff: noqa: PTH110, PTH112, PTH116, PTH118, PTH208
import errno
import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

_OPEN_FILES = "/proc/self/fd"
_STANDARD = (0, 1, 2)
_CHUNK_BYTES = 1 << 16
_SHORTEST_WAIT_S, _LONGEST_WAIT_S = 0.0005, 0.02
_GRACE_S = 0.25
"""After Ctrl-C, which the program hears too: git takes its locks away."""
_TELLS_ERRORS = (2, 24)
"""Before it, glibc does not say that a program cannot be started."""


class Overdue(Exception):  # noqa: N818 - an answer to the caller, not to the user
    """Raised when a program took too long; it was ended."""


def can_spawn(cwd: str | os.PathLike[str] | None) -> bool:
    """Return whether programs can be started in this way, in the directory ``cwd``.

    That must be the one of this process. The system must say which files are open, and why a
    program does not start; the three usual files must be open.
    """
    if not (hasattr(os, "posix_spawn") and os.path.isdir(_OPEN_FILES) and _tells_errors()):
        return False
    try:
        for descriptor in _STANDARD:
            os.fstat(descriptor)
        if 0 <= os.sysconf("SC_OPEN_MAX") <= max(map(int, os.listdir(_OPEN_FILES))):
            return False  # what was opened before the limit was lowered is not closed
        return cwd is None or os.path.samestat(os.stat(cwd), os.stat("."))
    except OSError:
        return False


def _tells_errors() -> bool:
    try:
        name, _, version = (os.confstr("CS_GNU_LIBC_VERSION") or "").partition(" ")
        return name == "glibc" and tuple(map(int, version.split(".")[:2])) >= _TELLS_ERRORS
    except (ValueError, OSError):
        return False


def spawn(
    argv: Sequence[str], env: Mapping[str, str], data: bytes, timeout_s: float | None
) -> tuple[int, bytes, bytes]:
    """Run ``argv`` to its end; return its exit code, as subprocess has it, and what it said.

    ``data`` is its stdin. It gets no other open file of this process, and the signals that
    Python ignores as they are by default. Whatever ends the wait ends the program too.

    Raises:
      OSError: it cannot be started.
      Overdue: it took longer than ``timeout_s``.
    """
    remaining_s = _countdown(timeout_s)
    pipes = [os.pipe() for _ in _STANDARD]
    theirs = [pipes[0][0], pipes[1][1], pipes[2][1]]
    ours = [pipes[0][1], pipes[1][0], pipes[2][0]]
    try:
        try:
            pid = _start(argv, env, theirs)
        finally:
            for descriptor in theirs:
                os.close(descriptor)
        try:
            said = _talk(ours, data, remaining_s)
            return _wait(pid, remaining_s), *said
        except BaseException as error:
            _end(pid, _GRACE_S if isinstance(error, KeyboardInterrupt) else 0.0)
            raise
    finally:
        for descriptor in ours:
            os.close(descriptor)


def _start(argv: Sequence[str], env: Mapping[str, str], files: Sequence[int]) -> int:
    """Return the number of the process ``argv``, found on the PATH of ``env``."""
    from _signal import SIGPIPE, SIGXFSZ  # type: ignore[import-not-found]  # without enum

    actions: list[tuple[int, int, int] | tuple[int, int]] = [
        (os.POSIX_SPAWN_DUP2, file, standard)
        for file, standard in zip(files, _STANDARD, strict=True)
    ]
    actions += [(os.POSIX_SPAWN_CLOSE, descriptor) for descriptor in _inheritable()]
    missing = FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), argv[0])
    refusal: OSError = missing
    for file in _candidates(argv[0], env):
        try:
            return os.posix_spawn(
                file, list(argv), env, file_actions=actions, setsigdef=[SIGPIPE, SIGXFSZ]
            )
        except (FileNotFoundError, NotADirectoryError):
            continue  # a script whose interpreter is missing, too
        except OSError as error:
            refusal = error if refusal is missing else refusal
    raise refusal


def _candidates(program: str, env: Mapping[str, str]) -> Iterator[str]:
    """Yield the files that may be ``program``, as the system looks for them."""
    if "/" in program:
        yield program
        return
    for folder in env.get("PATH", os.defpath).split(os.pathsep):
        file = os.path.join(folder, program)
        if os.path.exists(file):
            yield file


def _inheritable() -> Iterator[int]:
    """Yield the open files that a program would get: what this process was started with."""
    for name in os.listdir(_OPEN_FILES):
        descriptor = int(name)
        try:
            if descriptor not in _STANDARD and os.get_inheritable(descriptor):
                yield descriptor
        except OSError:  # the one that listed them
            continue


def _talk(
    ours: list[int], data: bytes, remaining_s: Callable[[], float | None]
) -> tuple[bytes, bytes]:
    """Write ``data`` to the program, and read what it says until it has closed both files.

    Files are removed from ``ours`` as they are closed.
    """
    import select

    to, out, error = ours
    said: dict[int, list[bytes]] = {out: [], error: []}
    poll = select.poll()
    for source in said:
        poll.register(source, select.POLLIN)
    rest = memoryview(data)
    if rest:
        os.set_blocking(to, False)
        poll.register(to, select.POLLOUT)
    else:
        _close(to, ours)
    while len(ours) > (to in ours):
        left_s = remaining_s()
        for descriptor, _ in poll.poll(None if left_s is None else left_s * 1000 + 1):
            if descriptor == to:
                rest = rest[_written(to, rest) :]
                if rest:
                    continue
            else:
                part = os.read(descriptor, _CHUNK_BYTES)
                if part:
                    said[descriptor].append(part)
                    continue
            poll.unregister(descriptor)
            _close(descriptor, ours)
    return b"".join(said[out]), b"".join(said[error])


def _written(to: int, rest: memoryview) -> int:
    """Return how much the program took; all, where it does not want to read any more."""
    try:
        return os.write(to, rest[:_CHUNK_BYTES])
    except BlockingIOError:
        return 0
    except BrokenPipeError:
        return len(rest)


def _close(descriptor: int, ours: list[int]) -> None:
    ours.remove(descriptor)
    os.close(descriptor)


def _countdown(timeout_s: float | None) -> Callable[[], float | None]:
    """Return what says how much time is left from now on, and raises ``Overdue`` after it."""
    if timeout_s is None:
        return lambda: None
    from time import monotonic

    end_s = monotonic() + timeout_s

    def remaining_s() -> float:
        left_s = end_s - monotonic()
        if left_s <= 0:
            raise Overdue
        return left_s

    return remaining_s


def _wait(pid: int, remaining_s: Callable[[], float | None]) -> int:
    """Return the exit code of a process, negative for the signal that ended it."""
    wait_s = _SHORTEST_WAIT_S
    while True:
        left_s = remaining_s()
        try:
            ended, status = os.waitpid(pid, 0 if left_s is None else os.WNOHANG)
        except ChildProcessError:
            return 0  # whoever started this one wants to hear of no ends: so does subprocess
        if ended:
            return os.waitstatus_to_exitcode(status)
        from time import sleep

        sleep(wait_s)
        wait_s = min(2 * wait_s, _LONGEST_WAIT_S)


def _end(pid: int, grace_s: float) -> None:
    """End a process that is still there after ``grace_s``."""
    try:
        _wait(pid, _countdown(grace_s))
    except Overdue:
        return
    finally:  # Ctrl-C again ends the wait alone
        _kill(pid)


def _kill(pid: int) -> None:
    from _signal import SIGKILL

    try:
        ended, _ = os.waitpid(pid, os.WNOHANG)
        if not ended:
            os.kill(pid, SIGKILL)
            os.waitpid(pid, 0)
    except (ChildProcessError, ProcessLookupError):
        return
