"""How long it takes to hold TOML files to a JSON Schema, beside other programs that do."""

# ruff: noqa: T201, TID251 - a benchmark prints, and starts what it measures
from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path
from statistics import median

from documents import session
from measure import NOT_FOR_CHILDREN, Job, Ratio, medians_ms, process, program

from sessionctl.resources import schema_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

PYTHON = "python -c pass"
TAPLO = "taplo"
COLD, UNCHANGED = "sessionctl, cold", "sessionctl, unchanged"
ONE_GOAL = 5.0
GOALS = {COLD: 2.5, UNCHANGED: 1.0}
INTERRUPT_GOAL_S = 1.0
SCHEMA = "deploy.schema.json"
FILE_BYTES = 5_000
WAIT_S = 60.0


def plain_schema() -> str:
    """Return the session schema as one of somebody else's: draft-07, without our keywords."""
    data = json.loads(schema_text("session.v1.draft-07"))
    return json.dumps(_without_own(data) | {"$id": "https://example.org/deploy.json"}, indent=1)


def _without_own(data: object) -> object:
    if isinstance(data, dict):
        return {key: _without_own(v) for key, v in data.items() if not key.startswith("x-")}
    return [_without_own(item) for item in data] if isinstance(data, list) else data


def write_files(scratch: Path, count: int) -> list[str]:
    """Write the schema and ``count`` files that are valid under it; return their names."""
    (scratch / SCHEMA).write_text(plain_schema(), encoding="utf-8")
    (scratch / "tombi.toml").write_text(
        f'[[schemas]]\npath = "{SCHEMA}"\ninclude = ["*.toml"]\n', encoding="utf-8"
    )
    names = [f"f{number:04}.toml" for number in range(count)]
    for number, name in enumerate(names):
        text = session(FILE_BYTES, 100 + 7 * number).partition("\n")[2]  # not its "#:schema"
        (scratch / name).write_text(text.replace('"api"', f'"api-{number}"'), encoding="utf-8")
    return names


def peers(scratch: Path, names: list[str], folder: str | None) -> dict[str, Callable[[], None]]:
    """Return how other programs check the files, those that are on PATH or in ``folder``."""
    path = os.pathsep.join(filter(None, [folder, os.environ["PATH"]]))
    calls = {
        TAPLO: ["lint", "--schema", f"file://{scratch / SCHEMA}"],
        "tombi": ["lint", "--offline"],
        "check-jsonschema": ["--schemafile", SCHEMA],
    }
    found = {name: shutil.which(name, path=path) for name in calls}
    return {
        name: process([program, *calls[name], *names], scratch)
        for name, program in found.items()
        if program is not None
    }


def with_cpu(jobs: Mapping[str, Job], taken: dict[str, list[float]]) -> dict[str, Job]:
    """Return the jobs, each noting the processor time of the processes that it ran."""

    def noting(name: str, job: Job) -> Job:
        def run() -> None:
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            job.run()
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
            taken.setdefault(name, []).append(cpu * 1000)

        return Job(run, job.prepare)

    return {name: noting(name, job) for name, job in jobs.items()}


def measure_one(scratch: Path, folder: str | None, rounds: int) -> list[Ratio]:
    """Check one file, nothing remembered; the yardstick is Python that does nothing."""
    names = write_files(scratch, 1)
    ours = [*program(), "validate", "--no-cache", "--schema", SCHEMA, *names]
    jobs = {
        PYTHON: Job(process([sys.executable, "-c", "pass"], scratch)),
        "sessionctl": Job(process(ours, scratch)),
        **{name: Job(run) for name, run in peers(scratch, names, folder).items()},
    }
    return _ratios("one file", jobs, PYTHON, {"sessionctl": ONE_GOAL}, rounds)


def measure_many(scratch: Path, folder: str | None, count: int, rounds: int) -> list[Ratio]:
    """Check many files, cold and unchanged; the yardstick is taplo where it is installed."""
    names = write_files(scratch, count)
    ours = [*program(), "validate", "--schema", SCHEMA, *names]
    cache = scratch / "state"
    jobs = {
        COLD: Job(process(ours, scratch), lambda: shutil.rmtree(cache, ignore_errors=True)),
        UNCHANGED: Job(process(ours, scratch)),  # in each round it runs behind the cold one
        **{name: Job(run) for name, run in peers(scratch, names, folder).items()},
    }
    yardstick = TAPLO if TAPLO in jobs else UNCHANGED
    goals = GOALS if TAPLO in jobs else {}
    return _ratios(f"{count:,} files", jobs, yardstick, goals, rounds)


def _ratios(
    what: str, jobs: Mapping[str, Job], yardstick: str, goals: Mapping[str, float], rounds: int
) -> list[Ratio]:
    cpu: dict[str, list[float]] = {}
    taken = medians_ms(with_cpu(jobs, cpu), rounds=rounds)
    found = []
    for name in jobs:
        ratio = taken[name] / taken[yardstick]
        shown = f"{what}, {name} ({median(cpu[name][1:]):.0f} ms of processors)"
        found.append(Ratio(shown, yardstick, ratio, goals.get(name), taken[name]))
    return found


def measure_interrupt(scratch: Path, count: int) -> list[Ratio]:
    """Interrupt a check of many files while it is at work; a second is the yardstick."""
    names = write_files(scratch, count)
    argv = [*program(), "validate", "--no-cache", "--schema", SCHEMA, *names]
    environ = {key: value for key, value in os.environ.items() if key not in NOT_FOR_CHILDREN}
    taken = []
    for delay_s in (0.1, 0.3, 0.6):
        running = subprocess.Popen(
            argv, cwd=scratch, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        time.sleep(delay_s)
        start = time.perf_counter()
        running.send_signal(signal.SIGINT)
        code = running.wait(WAIT_S)
        # 0: it had ended before; -SIGINT: Python had not begun, on a busy machine.
        if code not in (0, 130, -signal.SIGINT):
            raise SystemExit(f"bench: interrupted, it ended with exit code {code}")
        taken.append((time.perf_counter() - start) * 1000)
    worst = max(taken)
    name = f"{count:,} files, Ctrl-C until the end"
    return [Ratio(name, "one second", worst / 1000, INTERRUPT_GOAL_S, worst)]


def table_line(ratio: Ratio) -> str:
    """Return one line of the table."""
    goal = "" if ratio.goal is None else f"{ratio.goal:g}"
    verdict = "" if ratio.goal is None else "ok" if ratio.is_met else "MISSED"
    numbers = f"{ratio.median_ms:>9.1f} ms {ratio.ratio:>7.2f} {goal:>5}"
    return f"{ratio.name:<60} {numbers}  {verdict:<7}  {ratio.yardstick}"


def main(arguments: list[str]) -> int:
    """Measure; print a table, or JSON; return 1 when a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=1000, help="how many files (1000)")
    parser.add_argument("--rounds", type=int, default=5, help="how often each runs (5)")
    parser.add_argument("--peers", metavar="DIR", help="where taplo, tombi, check-jsonschema are")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="sessionctl-bench-") as directory:
        one, many = (Path(directory) / name for name in ("one", "many"))
        one.mkdir()
        many.mkdir()
        found = [
            *measure_one(one, options.peers, 3 * options.rounds),
            *measure_many(many, options.peers, options.count, options.rounds),
            *measure_interrupt(many, options.count),
        ]
    if options.json:
        ratios = [asdict(ratio) | {"met": ratio.is_met} for ratio in found]
        print(json.dumps({"python": sys.version.split()[0], "ratios": ratios}, indent=2))
    else:
        print(*map(table_line, found), sep="\n")
    return 0 if all(ratio.is_met for ratio in found) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
