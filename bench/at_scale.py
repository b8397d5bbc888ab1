"""Processor time per file, and per version, where git and sessionctl meet many of them."""

from __future__ import annotations

import ctypes
import os
import shutil
import sys

from measure import Ratio, children_cpu_ms
from repositories import Repository, change_many, diverged, long_history, many_sessions

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

PYTHON = "python -c pass, CPU"
_SET_CHILD_SUBREAPER = 36
_STARTS = 9
GOALS = {
    "git merge, both sides changed": 1.0,
    "git merge, each file with a new driver": None,
    "git log -p, first time": None,
    "git blame, first time": None,
    "status, changed, first time": 0.3,
    "status, changed, seen before": 0.15,
    "sync -n, changed": 0.3,
    "doctor": 0.15,
}
"""Goals per file or version, in starts of Python."""
AGAIN_GOAL = 3.0
HISTORY_END = '\n[connections.kept]\ndriver = "redis"\nhost = "h"\npassword = "Tr0ub4dor-and-3"\n'
_TRIES = 5


def measure_repositories(folder: Path, *, is_quick: bool) -> Iterable[Ratio]:
    """Measure each job once: a second time, what it did the first time would be remembered."""
    if sys.platform == "linux":  # what a driver leaves behind for the next ones counts too
        ctypes.CDLL(None).prctl(_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    count = 60 if is_quick else 200
    plain = Repository(folder / "plain")
    starts = sorted(
        _taken_ms(lambda: plain.run(sys.executable, "-c", "pass")) for _ in range(_STARTS)
    )
    start = starts[_STARTS // 2]
    for name, taken in _jobs(folder, count):
        yield Ratio(f"{name}, per file", PYTHON, taken / count / start, GOALS[name], taken / count)
    for versions in (100,) if is_quick else (100, 1000):
        yield from _histories(folder / f"history-{versions}", versions)


def _histories(folder: Path, versions: int) -> Iterable[Ratio]:
    """Show a history whose texts git stores, for the first time and again."""
    for command in ("log -p", "blame"):
        repository = Repository(folder)
        name = long_history(repository, versions, HISTORY_END)
        repository.sessionctl("git", "install", "--cache")
        words = ("log", "-p") if command == "log -p" else ("blame", name)

        def show(
            *options: str, at: Repository = repository, words: tuple[str, ...] = words
        ) -> float:
            return _taken_ms(lambda: at.git(words[0], *options, *words[1:]))

        alone = min(show("--no-textconv") for _ in range(_TRIES))
        first = show()
        again = min(show() for _ in range(_TRIES))
        repository.git("gc", "-q")
        packed = min(show() for _ in range(_TRIES))
        for when, taken, goal in (
            ("first time", first, None),
            ("again", again, AGAIN_GOAL),
            ("after git gc", packed, AGAIN_GOAL),
        ):
            job = f"git {command}, {versions} versions, --cache, {when}"
            yield Ratio(job, f"git {command} --no-textconv, CPU", taken / alone, goal, taken)
        shutil.rmtree(folder)


def _jobs(folder: Path, count: int) -> Iterable[tuple[str, float]]:
    merged = Repository(folder / "merged")
    diverged(merged, count)
    merged.install()
    merged.git("tag", "start")
    merge = ("git", "merge", "-q", "--no-edit", "side")
    yield "git merge, both sides changed", _taken_ms(lambda: merged.run(*merge))
    merged.git("reset", "-q", "--hard", "start")
    cold = Repository.at(merged, {"SESSIONCTL_WARM": "0"})
    yield "git merge, each file with a new driver", _taken_ms(lambda: cold.run(*merge))
    shutil.rmtree(merged.folder)

    long = Repository(folder / "long")
    name = long_history(long, count)
    long.install()
    yield "git log -p, first time", _taken_ms(lambda: long.git("log", "-p"))
    yield "git blame, first time", _taken_ms(lambda: long.git("blame", name))
    shutil.rmtree(long.folder)

    changed = Repository(folder / "changed")
    many_sessions(changed, count)
    changed.install()
    change_many(changed, count, "timeout_s = 1", "timeout_s = 9")
    for when in ("first time", "seen before"):
        yield f"status, changed, {when}", _taken_ms(lambda: changed.sessionctl("status"))
    yield "sync -n, changed", _taken_ms(lambda: changed.sessionctl("sync", "-n"))
    yield "doctor", _taken_ms(lambda: changed.sessionctl("doctor"))


def _taken_ms(run: Callable[[], object]) -> float:
    """Return the processor time of ``run``, and of all that it leaves behind, in milliseconds."""
    before = children_cpu_ms()
    run()
    while True:
        try:
            os.wait()
        except ChildProcessError:
            return children_cpu_ms() - before
