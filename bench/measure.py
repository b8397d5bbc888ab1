"""Measuring: jobs that take turns, so that a busy moment of the machine hits them all."""

# ruff: noqa: TID251 - a benchmark starts processes and measures with their environment
from __future__ import annotations

import gc
import os
import resource
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

NOT_FOR_CHILDREN = ("PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED")
"""Neither is set for a user: no byte code would be kept, and every write would be one."""


@dataclass(frozen=True, slots=True)
class Ratio:
    """One line of the table: how much longer a job takes than the yardstick.

    ``goal`` is the most it should be; None where the number is only for reading.
    """

    name: str
    yardstick: str
    ratio: float
    goal: float | None
    median_ms: float

    @property
    def is_met(self) -> bool:
        """Whether the goal is reached."""
        return self.goal is None or self.ratio <= self.goal


@dataclass(frozen=True, slots=True)
class Job:
    """Something to measure; ``prepare`` runs before it each time and is not measured."""

    run: Callable[[], object]
    prepare: Callable[[], object] = lambda: None


def elapsed_ms() -> float:
    """Return the time of a clock."""
    return time.perf_counter() * 1000


def children_cpu_ms() -> float:
    """Return the processor time of all children that ended, and of theirs."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (used.ru_utime + used.ru_stime) * 1000


def medians_ms(
    jobs: Mapping[str, Job], *, rounds: int, clock_ms: Callable[[], float] = elapsed_ms
) -> dict[str, float]:
    """Return the median time of each job; in each round every job runs once, in turn.

    One more round, the first, warms caches and does not count.
    """
    taken: dict[str, list[float]] = {name: [] for name in jobs}
    for turn in range(rounds + 1):
        for name, job in jobs.items():
            job.prepare()
            gc.collect()
            start = clock_ms()
            job.run()
            if turn:
                taken[name].append(clock_ms() - start)
    return {name: statistics.median(times) for name, times in taken.items()}


def process(
    argv: Sequence[str],
    cwd: Path,
    *,
    code: int = 0,
    environ: Mapping[str, str] | None = None,
    stdin: str = "",
) -> Callable[[], None]:
    """Return what runs ``argv`` to its end; another exit code than ``code`` stops all.

    Without an ``environ`` it has this one, but neither backups nor verdicts of a benchmark.
    """
    if environ is None:
        kept = {key: value for key, value in os.environ.items() if key not in NOT_FOR_CHILDREN}
        state = str(cwd / "state")
        environ = kept | {"XDG_STATE_HOME": state, "XDG_CACHE_HOME": state}

    def run() -> None:
        done = subprocess.run(
            list(argv), cwd=cwd, env=environ, capture_output=True, check=False, input=stdin.encode()
        )
        if done.returncode != code:
            raise SystemExit(
                f"bench: {' '.join(argv)}: expected exit code {code}, got {done.returncode}\n"
                f"{done.stderr.decode(errors='replace')}"
            )

    return run


def program() -> list[str]:
    """Return how sessionctl is started: the installed command, else as a module."""
    installed = Path(sys.executable).with_name("sessionctl")
    return [str(installed)] if installed.exists() else [sys.executable, "-m", "sessionctl"]
