"""How long an edit takes from a file to its live side and back, and what an idle watch costs."""

# ruff: noqa: T201, TID251 - a benchmark prints, and starts what it measures
from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import quantiles
from threading import Event
from typing import NamedTuple

from documents import session
from measure import program

from sessionctl.core.sync.timing import Timing
from sessionctl.services.documents.document_store import open_store
from sessionctl.services.machine import Machine
from sessionctl.services.watching.file_reading import ContentCheck
from sessionctl.services.watching.live_document import LiveDocument
from sessionctl.services.watching.replica import ReplicaContext
from sessionctl.system.watch.system_watcher import open_system_watcher

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sessionctl.services.watching.watch_event import WatchEvent

GOAL_MS = 250.0
CPU_GOAL = 0.5
DEADLINE_S = 30.0
KB = 1000


class Taken(NamedTuple):
    """How long something took, many times; ``debounce_ms`` of it is waiting on purpose."""

    name: str
    times_ms: list[float]
    debounce_ms: int

    @property
    def p99_ms(self) -> float:
        """The time that 99 of 100 stay below."""
        return quantiles(self.times_ms, n=100, method="inclusive")[98]

    def line(self) -> str:
        """Return one line of the table; the goal holds without the debounce of a save."""
        cuts = quantiles(self.times_ms, n=100, method="inclusive")
        shown = (min(self.times_ms), cuts[49], cuts[89], cuts[98], max(self.times_ms))
        numbers = " ".join(f"{value:8.1f}" for value in shown)
        verdict = "ok" if self.is_met else "MISSED"
        return f"{self.name:<34} {len(self.times_ms):>4} {numbers}  {verdict}"

    @property
    def is_met(self) -> bool:
        """Whether the goal is reached."""
        return self.p99_ms <= GOAL_MS


class Application:
    """A live side that notes when it was given something."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.given = Event()

    def get(self, base: str | None) -> str:
        """Return the document."""
        return self.text

    def apply(self, text: str, expected: str | None) -> bool:
        """Take ``text`` over."""
        self.text = text
        self.given.set()
        return True


class Stage:
    """A file of 5 KB, an application, and a keeper between them."""

    def __init__(self, folder: Path, *, in_place: bool) -> None:
        self.file = folder / "api.session.toml"
        self.base = session(5 * KB)
        self.file.write_text(self.base, encoding="utf-8")
        self.application = Application(self.base)
        self.saved = Event()
        self.in_place = in_place
        around = ReplicaContext(
            open_store(str(folder / "state")),
            Machine(dict(os.environ)),
            self.tell,
            ContentCheck(),
        )
        self.keeper = LiveDocument(str(self.file), self.application, around, open_system_watcher)
        if not self.keeper.start(DEADLINE_S):
            raise SystemExit("bench: the keeper does not begin")

    def tell(self, event: WatchEvent) -> None:
        """Note that a change was saved."""
        if event.what == "saved":
            self.saved.set()

    def texts(self, count: int) -> Iterator[str]:
        """Yield versions of the document, no two alike."""
        for number in range(count):
            yield self.base.replace("schema_version = 1", f"schema_version = 1  # {number}")

    def edit(self, text: str) -> None:
        """Save the file as an editor does."""
        if self.in_place:
            self.file.write_text(text, encoding="utf-8")
            return
        new = self.file.with_name("new")
        new.write_text(text, encoding="utf-8")
        new.replace(self.file)

    def change(self, text: str) -> None:
        """Change the live side."""
        self.application.text = text
        self.keeper.mark_changed()


def measure(stage: Stage, count: int, act: Callable[[str], None], done: Event) -> list[float]:
    """Return how many milliseconds ``act`` took, each time, until ``done`` was set."""
    times = []
    for text in stage.texts(count):
        done.clear()
        before = time.perf_counter()
        act(text)
        if not done.wait(DEADLINE_S):
            raise SystemExit("bench: an edit did not arrive")
        times.append((time.perf_counter() - before) * 1000)
        time.sleep(0.02)  # the next edit is one of its own
    return times


def measure_all(count: int) -> Iterator[Taken]:
    """Measure both ways; the file is replaced, then written in place."""
    timing = Timing()
    for in_place in (False, True):
        with tempfile.TemporaryDirectory(prefix="sessionctl-bench-") as folder:
            stage = Stage(Path(folder), in_place=in_place)
            times = measure(stage, count, stage.edit, stage.application.given)
            how = "in place" if in_place else "replaced"
            yield Taken(f"file to live, {how}, all in all", times, timing.file_quiet_ms)
            if in_place:
                wait = timing.live_quiet_ms
                times = measure(stage, max(2, count // 2), stage.change, stage.saved)
                without = [taken - wait for taken in times]
                yield Taken(f"live to file, without {wait} ms of quiet", without, wait)
            stage.keeper.stop()


def measure_idle(seconds: int) -> bool:
    """Let a watch of 20 files idle; print what it used, and tell whether that is little."""
    with tempfile.TemporaryDirectory(prefix="sessionctl-bench-") as folder:
        for number in range(20):
            path = Path(folder, f"s{number}.session.toml")
            path.write_text(session(5 * KB), encoding="utf-8")
        home = dict.fromkeys(("HOME", "XDG_STATE_HOME", "XDG_RUNTIME_DIR"), folder)
        watcher = subprocess.Popen(
            [*program(), "watch", "--json", folder],
            env={**os.environ, **home},
            stdout=subprocess.PIPE,
        )
        assert watcher.stdout is not None
        while b'"started"' not in watcher.stdout.readline():
            pass
        time.sleep(2)
        before = usage(watcher.pid)
        time.sleep(seconds)
        after = usage(watcher.pid)
        watcher.terminate()
        watcher.wait()
        watcher.stdout.close()
    percent = (after[0] - before[0]) / seconds * 100
    is_met = percent <= CPU_GOAL and after[1] == before[1]
    verdict = "ok" if is_met else "MISSED"
    print(f"idle for {seconds} s: {percent:.2f} % CPU, {after[1] - before[1]} writes  {verdict}")
    return is_met


def usage(pid: int) -> tuple[float, int]:
    """Return the processor time of a process in seconds, and its system calls that write."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
    writes = Path(f"/proc/{pid}/io").read_text(encoding="ascii").split("syscw: ")[1].split()[0]
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK"), int(writes)


def main(arguments: list[str]) -> int:
    """Measure; print a table, or JSON; return 1 when a goal is missed."""
    parser = argparse.ArgumentParser(description="Measure how edits travel.")
    parser.add_argument("--count", type=int, default=200, help="edits each way")
    parser.add_argument("--idle", type=int, metavar="SECONDS", help="measure an idle watch too")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args(arguments)
    if not options.json:
        heads = " ".join(f"{head:>8}" for head in ("min", "median", "p90", "p99", "max"))
        print(f"{'milliseconds':<34} {'n':>4} {heads}  p99 <= {GOAL_MS:g}")
    found = []
    for taken in measure_all(options.count):
        found.append(taken)
        if not options.json:
            print(taken.line(), flush=True)
    is_met = all(taken.is_met for taken in found)
    if options.json:
        data = [{**taken._asdict(), "p99_ms": taken.p99_ms} for taken in found]
        print(json.dumps({"python": sys.version.split()[0], "taken": data}, indent=2))
    if options.idle:
        is_met = measure_idle(options.idle) and is_met
    return 0 if is_met else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
