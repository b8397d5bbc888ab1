"""What documents of 1 MB and more cost: merges, whole commands, and the memory of a merge."""

# ruff: noqa: TID251 - a benchmark starts processes
from __future__ import annotations

import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

from documents import apart, entangled, session
from measure import Job, Ratio, medians_ms, process, program

from sessionctl import merge

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

MB = 1_000_000
TOMLLIB = "tomllib"
EDITS = {"clean by lines": apart, "by structure": entangled}
MERGE_GOAL = 5.0
GROWTH_GOAL = 1.5
MEMORY_GOAL = 30.0
COMMAND_GOALS = {"set": 2.0, "show": 6.0}
"""Whole processes, against one that does no more than to parse the file with tomllib."""

_MEMORY = """
import sys
from documents import apart, entangled, session
from sessionctl import merge
edit = {"clean by lines": apart, "by structure": entangled}[sys.argv[1]]
small = session(5000)
merge(small, *edit(small))  # all modules are loaded
base = session(int(sys.argv[2]))
ours, theirs = edit(base)
def resident(name):
    with open("/proc/self/status") as stream:
        return next(int(line.split()[1]) for line in stream if line.startswith(name)) * 1024
before = resident("VmRSS")
merge(base, ours, theirs)
print((resident("VmHWM") - before) / len(base))
"""


def measure_large(*, is_quick: bool) -> Iterable[Ratio]:
    """Merge, set and show sessions of 1 MB; quick, of a tenth."""
    size = MB // 10 if is_quick else MB
    yield from _merges(size, rounds=2 if is_quick else 5)
    if not is_quick:
        yield from _growth()
    yield from _commands(size, rounds=2 if is_quick else 5)
    if sys.platform == "linux":
        yield from _memory(size)


def _merges(size: int, rounds: int) -> Iterable[Ratio]:
    base = session(size)
    jobs = {TOMLLIB: Job(lambda: tomllib.loads(base))}
    for name, edit in EDITS.items():
        ours, theirs = edit(base)
        jobs[name] = Job(lambda ours=ours, theirs=theirs: merge(base, ours, theirs))  # type: ignore[misc]
    taken = medians_ms(jobs, rounds=rounds)
    for name in EDITS:
        ratio = taken[name] / taken[TOMLLIB]
        yield Ratio(f"merge {_shown(size)}, {name}", TOMLLIB, ratio, MERGE_GOAL, taken[name])


def _growth() -> Iterable[Ratio]:
    """Merge 1 MB and 10 MB; a merge that is linear takes as long for each byte."""
    jobs, lengths = {}, {}
    for size in (MB, 10 * MB):
        base = session(size)
        lengths[size] = len(base)
        for name, edit in EDITS.items():
            ours, theirs = edit(base)
            jobs[f"{name} {size}"] = Job(
                lambda base=base, ours=ours, theirs=theirs: merge(base, ours, theirs)  # type: ignore[misc]
            )
    taken = medians_ms(jobs, rounds=1)
    for name in EDITS:
        each = [taken[f"{name} {size}"] / lengths[size] for size in lengths]
        growth = each[1] / each[0]
        yield Ratio(f"merge 10 MB, {name}, per byte", "per byte of 1 MB", growth, GROWTH_GOAL, 0)


def _commands(size: int, rounds: int) -> Iterable[Ratio]:
    with tempfile.TemporaryDirectory(prefix="sessionctl-bench-") as directory:
        scratch = Path(directory)
        file = scratch / "api.session.toml"
        text = session(size)
        file.write_text(text, encoding="utf-8")
        parse = f"import tomllib; tomllib.load(open({file.name!r}, 'rb'))"
        words = {
            "set": ["set", file.name, "preferences.service-150.theme", "sepia"],
            "show": ["show", file.name],
        }
        jobs = {TOMLLIB: Job(process([sys.executable, "-c", parse], scratch))}
        for name in COMMAND_GOALS:
            run = process([*program(), *words[name]], scratch)
            jobs[name] = Job(run, lambda: file.write_text(text, encoding="utf-8"))
        taken = medians_ms(jobs, rounds=rounds)
    for name, goal in COMMAND_GOALS.items():
        ratio = taken[name] / taken[TOMLLIB]
        yardstick = f"a process of {TOMLLIB}"
        yield Ratio(f"{name} {_shown(size)}, process", yardstick, ratio, goal, taken[name])


def _memory(size: int) -> Iterable[Ratio]:
    """Merge in a process of its own; the yardstick is the size of one of the files."""
    for name in EDITS:
        done = subprocess.run(
            [sys.executable, "-c", _MEMORY, name, str(size)],
            cwd=Path(__file__).parent,
            capture_output=True,
            encoding="utf-8",
            check=True,
        )
        goal = MEMORY_GOAL if size >= MB else None
        label = f"memory of a merge of {_shown(size)}, {name}"
        yield Ratio(label, "the size of a file", float(done.stdout), goal, 0)


def _shown(size: int) -> str:
    return f"{size // MB} MB" if size >= MB else f"{size // 1000} KB"
