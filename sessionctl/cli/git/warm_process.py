"""Warm process: the first driver of a git process stays, and answers for those after it.

A merge of two hundred files, or the history of a file, starts a driver per file and version;
most of what each takes is the start of Python. So the first one forks before it ends, and the
copy answers what the shells of the same git ask (``sessionctl/services/git/shell/warm_call.py``).
It ends with that git, or when nobody has asked for a while. It does what a new process would
do, or gives no answer: for another environment, another directory, another version of
sessionctl, and for sidecars, whose keys it does not keep.
"""

from __future__ import annotations

# pathlib costs start-up: plain os calls here.
# ruff: noqa: PTH116, PTH118, PTH120, PTH208
import io
import os
import signal
import sys

from sessionctl.core.filename import is_sidecar_name
from sessionctl.system.git.warm_place import TEXT, Caller, WarmPlace, place_of, read_caller

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from sessionctl.services.git.cache.text_cache import TextCache

VARIABLE = "SESSIONCTL_WARM"
"""The process of git, as the shell that it started knows it; 0 for a user who wants none."""

_IDLE_MS = 10_000
_WATCH_S = 0.25
_NOT_HERE = "1"
"""The answer that says: start a driver."""
_OF_GIT = ("GIT_", "GITHEAD_")
_MERGE = ("merge", "base")
_STAMPED = ("_version.py", "__main__.py", "core", "services", "cli/git/drivers.py")
"""The places of the package that are others in another version."""
_LONGEST = 60_000
"""Bytes of an answer that a pipe holds, with room to spare."""


def stay(environ: dict[str, str]) -> None:
    """Let a copy of this process answer for the other drivers of the same git.

    Whatever speaks against it, each driver is started as before.
    """
    shell, git = os.getppid(), environ.get(VARIABLE, "")
    if not (git.isascii() and git.isdigit() and int(git) > 1 and hasattr(os, "pidfd_open")):
        return
    caller = read_caller(shell)
    if caller is None or caller.parent != int(git) or caller.user != os.geteuid():
        return
    try:
        ends = os.pidfd_open(int(git))
        is_cache = not environ.get("XDG_RUNTIME_DIR")
        place = WarmPlace(place_of(environ, int(git)), is_cache=is_cache)
    except OSError:
        return
    try:
        is_copy = os.fork() == 0
    except OSError:
        place.remove()
        return
    if is_copy:
        _serve(place, ends, int(git), caller)


def _serve(place: WarmPlace, ends: int, git: int, first: Caller) -> None:
    """Answer until git ends; never returns."""
    try:
        os.setsid()
        _close_all_but(ends, place.ask, place.answer)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, lambda *_: _end(place))
        server = _WarmDriver(place, ends, git, first)
        while server.answer_one():
            pass
    finally:
        # Whatever happened, this copy must not go on as the driver.
        _end(place)


def _end(place: WarmPlace) -> None:
    place.remove()
    os._exit(0)


class _WarmDriver:
    """What answers the shells of one git process."""

    def __init__(self, place: WarmPlace, ends: int, git: int, first: Caller) -> None:
        self._place = place
        self._ends = ends
        self._git = git
        self._first = first
        self._stamp = _code_stamp()
        self._environ = dict(os.environ)
        self._caches: dict[str, TextCache | None] = {}

    def answer_one(self) -> bool:
        """Wait for a question and answer it; False when there will be none."""
        line = self._place.read_line(_IDLE_MS, self._ends)
        if line is None or self._stamp != _code_stamp():
            return False
        words = line.removesuffix("\n").removesuffix("\t").split("\t")
        process = int(words[0]) if words[0].isascii() and words[0].isdigit() else 0
        code, said = _NOT_HERE, ""
        try:
            alive = os.pidfd_open(process) if process > 1 else -1
        except OSError:
            alive = -1
        if alive >= 0:
            # What is read of the process is of the one that asked: it is still there after it.
            caller = read_caller(process)
            if caller is not None and self._is_alike(caller) and not _is_over(alive):
                with _EndWatch(self._place, self._ends, alive):
                    code, said = self._answer(words[1:], process, caller)
            os.close(alive)
        lines = said.removesuffix("\n").split("\n") if said else []
        if len(said.encode(errors="surrogateescape")) > _LONGEST:
            return False  # without an answer the shell starts a driver
        self._place.reply("".join(f"{x}\n" for x in (f"{process} {code} {len(lines)}", *lines)))
        return True

    def _is_alike(self, caller: Caller) -> bool:
        """Return whether a driver of the caller would be as this one, but for git's own words."""
        first = self._first
        return (
            (caller.user, caller.parent) == (first.user, self._git)
            and (caller.folder, caller.umask) == (first.folder, first.umask)
            and _without_git(caller.environ) == _without_git(first.environ)
        )

    def _answer(self, words: Sequence[str], process: int, caller: Caller) -> tuple[str, str]:
        """Return the exit code of a driver, and what it says."""
        from sessionctl.cli.git.drivers import main, masked_file

        os.environ.clear()
        os.environ.update(_without_git(self._environ))
        of_git = {k: v for k, v in caller.environ.items() if k.startswith(_OF_GIT)}
        os.environ.update({**of_git, VARIABLE: str(self._git)})
        match words:
            case ["textconv", file] | ["kept", _, file]:
                kept = [f"--kept={words[1]}"] if words[0] == "kept" else []
                try:
                    content = masked_file([*kept, "--", file], self._caches)
                    self._place.write_text(f"{TEXT}.{process}", content)
                except Exception:  # noqa: BLE001 - a new driver says what is wrong
                    return _NOT_HERE, ""
                return "0", ""
            case [("merge" | "base") as kind, size, path, base, ours, theirs, s, x, y]:
                if is_sidecar_name(path):
                    return _NOT_HERE, ""
                for_base = ["--for-base"] if kind == "base" else []
                options = [f"--marker-size={size}", f"--path={path}", "--conflict-exit=64"]
                files = ["--", base, ours, theirs, s, x, y]
                said = sys.stderr = io.StringIO()
                try:
                    code = main(["merge-driver", *for_base, *options, *files])
                finally:
                    sys.stderr = sys.__stderr__
                return str(code), said.getvalue()
        return _NOT_HERE, ""


class _EndWatch:
    """While something is answered: ends this process when git, or who asked, has ended."""

    def __init__(self, place: WarmPlace, *ends: int) -> None:
        self._place = place
        self._ends = ends

    def __enter__(self) -> None:
        signal.signal(signal.SIGALRM, self._look)
        signal.setitimer(signal.ITIMER_REAL, _WATCH_S, _WATCH_S)

    def __exit__(self, *_: object) -> None:
        signal.setitimer(signal.ITIMER_REAL, 0)

    def _look(self, *_: Any) -> None:
        if any(map(_is_over, self._ends)):
            self._place.remove()
            # With the programs that were started for the answer, as Ctrl-C would have it.
            os.killpg(0, signal.SIGKILL)


def _is_over(process: int) -> bool:
    import select

    poll = select.poll()
    poll.register(process, select.POLLIN)
    return bool(poll.poll(0))


def _without_git(environ: Any) -> dict[str, str]:
    return {
        name: value
        for name, value in environ.items()
        if not name.startswith(_OF_GIT) and name != VARIABLE
    }


def _close_all_but(*kept: int) -> None:
    sink = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(sink, standard)
    for name in os.listdir("/proc/self/fd"):
        if int(name) > 2 and int(name) not in kept:
            try:
                os.close(int(name))
            except OSError:
                continue  # that of the list itself


def _code_stamp() -> tuple[object, ...]:
    """Return what differs when sessionctl or Python does: a newer one starts its own process."""
    import sessionctl

    top = os.path.dirname(sessionctl.__file__)
    stamp: list[object] = []
    for path in (sys.executable, top, *(os.path.join(top, name) for name in _STAMPED)):
        try:
            status = os.stat(path)
        except OSError:
            return (path,)
        stamp.append((status.st_ino, status.st_mtime_ns, status.st_size))
    return tuple(stamp)


_STAMPED = (
    "_version.py",
    "__main__.py",
    "core",
    "services",
    os.path.join("cli", "git", "drivers.py"),
)
