"""The numbers of sessionctl, as ratios measured in one run; README.md explains them."""

# ruff: noqa: T201 - a benchmark prints
from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
import tomllib
from dataclasses import asdict
from pathlib import Path

from at_scale import measure_repositories
from commands import measure_commands
from documents import apart, broken, entangled, session
from large import measure_large
from live import UNCHANGED_GOAL, unchanged_save
from measure import Job, Ratio, medians_ms, process, program
from sealed import COUNT, Sealed

from sessionctl import Document, merge
from sessionctl.core.scan.document_scan import find_secrets
from sessionctl.core.scan.text_scan import find_in_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

KB = 1000
MB = 1000 * KB
SIZES = {"100 KB": 100 * KB, "1 MB": MB, "10 MB": 10 * MB}
TOMLLIB = "tomllib"
PYTHON = "python -c pass"
PYRAGE = "a plain pyrage loop"

PARSE_GOAL = 2.0
GROWTH_GOAL = 1.5
EDIT_GOALS = {"set": 1.2, "set ten times": 2.0}
MERGE_GOAL = 10.0
SCAN_GOAL = 4.0
SLOW = (
    "a-", "eyJ-", "sk-", "&a=", "://a:", "token=", "password is ", "--token ", "'", "${", "a:b@c ",
)  # fmt: skip
"""Pieces which, repeated, would make a careless expression take quadratic time."""
SECRETS_GOAL = 1.5
START_GOALS = {
    "--version": 1.2,
    "--help": 4.6,
    "validate 5 KB, valid": 5.5,
    "validate 5 KB, three mistakes": 11.0,
    "set 5 KB": 5.5,
    "git merge-driver 5 KB, by lines": 5.0,
    "git merge-driver 5 KB, by key": 5.0,
}


def measure_parse(*, is_quick: bool) -> Iterable[Ratio]:
    """Parse sessions of growing size, to values and places; tomllib gives values alone."""
    yield from parse_two("100 KB", "1 MB", rounds=3 if is_quick else 9)
    if not is_quick:
        yield from parse_two("1 MB", "10 MB", rounds=3)


def parse_two(small: str, large: str, *, rounds: int) -> Iterable[Ratio]:
    """Measure two sizes in the same rounds, so that their growth can be told."""
    jobs = {}
    lengths = {}
    for size in (small, large):
        text = session(SIZES[size])
        lengths[size] = len(text)
        jobs[f"ours {size}"] = Job(lambda text=text: Document.parse(text))  # type: ignore[misc]
        jobs[f"tomllib {size}"] = Job(lambda text=text: tomllib.loads(text))  # type: ignore[misc]
    taken = medians_ms(jobs, rounds=rounds)
    for size in (small, large):
        ours, theirs = taken[f"ours {size}"], taken[f"tomllib {size}"]
        yield Ratio(f"parse {size}", TOMLLIB, ours / theirs, PARSE_GOAL, ours)
    growth = (taken[f"ours {large}"] / lengths[large]) / (taken[f"ours {small}"] / lengths[small])
    yield Ratio(f"parse, per byte of {large}", f"per byte of {small}", growth, GROWTH_GOAL, 0)


def measure_edit(*, is_quick: bool) -> Iterable[Ratio]:
    """Set values of a parsed session of 1 MB, once, and ten times one after the other."""
    text = session(MB)
    document = Document.parse(text)

    def ten() -> None:
        edited = document
        for number in range(10):
            edited = edited.set(f"preferences.service-{500 + number}.theme", f"theme {number}")

    jobs = {
        TOMLLIB: Job(lambda: tomllib.loads(text)),
        "set": Job(lambda: document.set("preferences.service-500.theme", "sepia")),
        "set ten times": Job(ten),
    }
    taken = medians_ms(jobs, rounds=3 if is_quick else 9)
    for name, goal in EDIT_GOALS.items():
        yield Ratio(f"{name}, 1 MB", TOMLLIB, taken[name] / taken[TOMLLIB], goal, taken[name])


def measure_merge(*, is_quick: bool) -> Iterable[Ratio]:
    """Merge three sessions of 100 KB; the yardstick is tomllib parsing one of them."""
    base = session(100 * KB)
    edits = {"clean by lines": apart(base), "by structure": entangled(base)}
    jobs = {TOMLLIB: Job(lambda: tomllib.loads(base))}
    for name, (ours, theirs) in edits.items():
        result = merge(base, ours, theirs)
        if not result.is_clean or (result.method == "lines") != (name == "clean by lines"):
            raise SystemExit(f"bench: merge {name}: merged by {result.method}, not as meant")
        jobs[name] = Job(lambda ours=ours, theirs=theirs: merge(base, ours, theirs))  # type: ignore[misc]
    taken = medians_ms(jobs, rounds=3 if is_quick else 9)
    for name in edits:
        yield Ratio(
            f"merge 100 KB, {name}", TOMLLIB, taken[name] / taken[TOMLLIB], MERGE_GOAL, taken[name]
        )


def measure_scan(*, is_quick: bool) -> Iterable[Ratio]:
    """Look for secrets in a session, and in a text that is made to be slow to look through."""
    small, large = session(10 * KB), session(100 * KB)
    document, tenfold = Document.parse(small), Document.parse(large)
    hard = "".join(piece * (200 * KB // len(SLOW) // len(piece)) for piece in SLOW)
    jobs = {
        TOMLLIB: Job(lambda: tomllib.loads(small)),
        "session": Job(lambda: find_secrets(document)),
        "larger": Job(lambda: find_secrets(tenfold)),
        "hard": Job(lambda: find_in_text(hard)),
        "harder": Job(lambda: find_in_text(hard * 4)),
    }
    taken = medians_ms(jobs, rounds=3 if is_quick else 9)
    ours = taken["session"]
    yield Ratio("scan 10 KB", TOMLLIB, ours / taken[TOMLLIB], SCAN_GOAL, ours)
    growth = taken["larger"] / taken["session"] * len(small) / len(large)
    yield Ratio("scan, per byte of 100 KB", "per byte of 10 KB", growth, GROWTH_GOAL, 0)
    growth = taken["harder"] / taken["hard"] / 4
    yield Ratio("scan, per byte of 800 KB, hard", "per byte of 200 KB", growth, GROWTH_GOAL, 0)


def measure_start(*, is_quick: bool) -> Iterable[Ratio]:
    """Run whole processes on files of 5 KB; the yardstick is Python that does nothing."""
    with tempfile.TemporaryDirectory(prefix="sessionctl-bench-") as scratch:
        jobs = start_jobs(Path(scratch))
        taken = medians_ms(jobs, rounds=3 if is_quick else 15)
    for name, goal in START_GOALS.items():
        yield Ratio(name, PYTHON, taken[name] / taken[PYTHON], goal, taken[name])


def start_jobs(scratch: Path) -> dict[str, Job]:
    """Return the processes to measure, and their files in ``scratch``."""
    base = session(5 * KB)
    good, bad = scratch / "api.session.toml", scratch / "bad.session.toml"
    good.write_text(base, encoding="utf-8")
    bad.write_text(broken(base), encoding="utf-8")
    edits = {"by lines": apart(base), "by key": entangled(base)}
    ours = scratch / "ours"
    (scratch / "base").write_text(base, encoding="utf-8")
    for name, (_, theirs) in edits.items():
        (scratch / name).write_text(theirs, encoding="utf-8")

    def start(*arguments: str, code: int = 0) -> Callable[[], None]:
        return process([*program(), *arguments], scratch, code=code)

    def driver(name: str) -> Job:
        call = ("git", "merge-driver", "--path=api.session.toml", "--", "base", "ours", name)
        return Job(start(*call), lambda: ours.write_text(edits[name][0], encoding="utf-8"))

    return {
        PYTHON: Job(process([sys.executable, "-c", "pass"], scratch)),
        "--version": Job(start("--version")),
        "--help": Job(start("--help")),
        "validate 5 KB, valid": Job(start("validate", good.name)),
        "validate 5 KB, three mistakes": Job(start("validate", bad.name, code=1)),
        "set 5 KB": Job(
            start("set", good.name, "preferences.service-100.theme", "sepia"),
            lambda: good.write_text(base, encoding="utf-8"),
        ),
        "git merge-driver 5 KB, by lines": driver("by lines"),
        "git merge-driver 5 KB, by key": driver("by key"),
    }


def measure_daily(*, is_quick: bool) -> Iterable[Ratio]:
    """Run each command of every day in a repository of three sessions."""
    with tempfile.TemporaryDirectory(prefix="sessionctl-bench-") as scratch:
        yield from measure_commands(Path(scratch), is_quick=is_quick)


def measure_scale(*, is_quick: bool) -> Iterable[Ratio]:
    """Let git and sessionctl meet many files, and many versions of one."""
    with tempfile.TemporaryDirectory(prefix="sessionctl-bench-") as scratch:
        yield from measure_repositories(Path(scratch), is_quick=is_quick)


def measure_secrets(*, is_quick: bool) -> Iterable[Ratio]:
    """Store and use a hundred secrets; the yardstick is the library on the same bytes."""
    sealed = Sealed()
    jobs = {
        "seal, encrypt, verify": Job(sealed.store),
        "pyrage store": Job(sealed.store_plain),
        "decrypt, judge": Job(sealed.use),
        "pyrage use": Job(sealed.decrypt_plain),
    }
    taken = medians_ms(jobs, rounds=3 if is_quick else 15)
    for ours, theirs in (
        ("seal, encrypt, verify", "pyrage store"),
        ("decrypt, judge", "pyrage use"),
    ):
        ratio = taken[ours] / taken[theirs]
        yield Ratio(f"{ours} {COUNT} secrets", PYRAGE, ratio, SECRETS_GOAL, taken[ours])


def measure_live(*, is_quick: bool) -> Iterable[Ratio]:
    """Save a tmux session that has not changed; the yardstick is Python that does nothing."""
    if shutil.which("tmux") is None:
        return
    with tempfile.TemporaryDirectory(prefix="sessionctl-bench-") as scratch:
        desk, save = unchanged_save(Path(scratch))
        try:
            plain = process([sys.executable, "-c", "pass"], Path(scratch))
            jobs = {PYTHON: Job(plain), "save": Job(save)}
            taken = medians_ms(jobs, rounds=3 if is_quick else 15)
        finally:
            desk.end()
    ratio = taken["save"] / taken[PYTHON]
    yield Ratio("save, nothing changed", PYTHON, ratio, UNCHANGED_GOAL, taken["save"])


SECTIONS = {
    "parse": measure_parse,
    "edit": measure_edit,
    "merge": measure_merge,
    "large": measure_large,
    "scan": measure_scan,
    "secrets": measure_secrets,
    "start": measure_start,
    "commands": measure_daily,
    "scale": measure_scale,
    "live": measure_live,
}


def table_line(ratio: Ratio) -> str:
    """Return one line of the table."""
    goal = "" if ratio.goal is None else f"{ratio.goal:g}"
    time = f"{ratio.median_ms:.1f} ms" if ratio.median_ms else ""
    verdict = "ok" if ratio.is_met else "MISSED"
    numbers = f"{time:>11} {ratio.ratio:>7.2f} {goal:>5}"
    return f"{ratio.name:<44} {numbers}  {verdict:<7}  {ratio.yardstick}"


def main(arguments: list[str]) -> int:
    """Measure; print a table, or JSON; return 1 when a goal is missed."""
    parser = argparse.ArgumentParser(description="Measure sessionctl against its goals.")
    parser.add_argument("only", nargs="*", metavar="SECTION", help=f"of {', '.join(SECTIONS)}")
    parser.add_argument("--quick", action="store_true", help="few rounds, nothing above 1 MB")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args(arguments)
    unknown = set(options.only) - set(SECTIONS)
    if unknown:
        parser.error(f"no such section: {', '.join(sorted(unknown))}")
    if not options.json:
        print(f"{'what':<44} {'median':>11} {'ratio':>7} {'goal':>5}  verdict  against")
    found = []
    for name in options.only or SECTIONS:
        for ratio in SECTIONS[name](is_quick=options.quick):
            found.append(ratio)
            if not options.json:
                print(table_line(ratio), flush=True)
    if options.json:
        ratios = [asdict(ratio) | {"met": ratio.is_met} for ratio in found]
        print(json.dumps({"python": sys.version.split()[0], "ratios": ratios}, indent=2))
    return 0 if all(ratio.is_met for ratio in found) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
