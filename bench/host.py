"""What the SDK costs a host: memory, import, restore, idleness; and many hosts at once."""

# ruff: noqa: T201, TID251 - a benchmark prints, and starts what it measures
from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path
from statistics import median

from measure import NOT_FOR_CHILDREN

MEMORY_GOAL_KB = 5 * 1024
RESTORE_GOAL_S = 0.5
IMPORT_GOAL = 1.6
IDLE_GOAL = 0.002
IDLE_S = 20.0
ROUNDS = 15

_BEGIN = """
import os, sys, time
def anon():
    with open("/proc/self/status") as lines:
        return next(int(line.split()[1]) for line in lines if line.startswith("RssAnon"))
bare = anon()
from sessionctl import Workspace
state = {"text": "x" * 2000}
def apply(new):
    state.clear(); state.update(new)
workspace = Workspace.open("bench", path=sys.argv[1])
workspace.provide("editor", lambda: dict(state), apply)
"""
_MEMORY = (
    _BEGIN
    + """
workspace.restore()
for number in range(5):
    state["text"] = str(number)
    workspace.mark_changed("editor")
    assert workspace.flush()
print(anon() - bare)
"""
)
_FILL = (
    _BEGIN
    + """
workspace.restore()
state["rows"] = [{"number": n, "text": f"row {n} " * 5} for n in range(int(sys.argv[2]))]
workspace.mark_changed("editor")
assert workspace.close(120)
print(os.path.getsize(sys.argv[1]))
"""
)
_RESTORE = (
    _BEGIN
    + """
began, used = time.perf_counter(), time.process_time()
status = workspace.restore()
print(time.perf_counter() - began, time.process_time() - used, flush=True)
assert status.value == "restored" and len(state["rows"]) == int(sys.argv[2])
os._exit(0)
"""
)
_IDLE = (
    _BEGIN
    + """
workspace.restore()
workspace.mark_changed("editor")
assert workspace.flush()
time.sleep(2)
used = time.process_time()
time.sleep(float(sys.argv[2]))
print((time.process_time() - used) / float(sys.argv[2]))
"""
)
CLIENT = """
import random, sys, time
from sessionctl import Workspace
name, file, count, pause_s = sys.argv[1], sys.argv[2], int(sys.argv[3]), float(sys.argv[4])
state, bad = {"count": 0, "log": []}, []
def apply(new):
    state.clear(); state.update(new)
workspace = Workspace.open("bench", path=file)
workspace.provide(name, lambda: {"count": state["count"], "log": list(state["log"])}, apply)
def heard(event):
    if event.status.value in ("failed", "conflict", "degraded"):
        bad.append((event.status.value, event.text))
workspace.on_status(heard)
workspace.restore()
for number in range(count):
    with workspace.changing(name):
        state["count"] += 1
        state["log"] = [*state["log"], f"{name}-{number}"][-20:]
    time.sleep(pause_s * 2 * random.random())
print(workspace.close(60), state["count"], bad[:3])
"""


def environ(home: str, *, is_compiled: bool = True) -> dict[str, str]:
    """Return the environment of a host with a home of its own."""
    kept = {name: value for name, value in os.environ.items() if name not in NOT_FOR_CHILDREN}
    more = {} if is_compiled else {"PYTHONDONTWRITEBYTECODE": "1"}
    return {**kept, **more, "HOME": home, "XDG_STATE_HOME": f"{home}/s", "XDG_CONFIG_HOME": home}


def run(code: str, home: str, *arguments: str) -> list[str]:
    """Return the words that a host printed."""
    words = [sys.executable, "-c", code, *arguments]
    done = subprocess.run(words, env=environ(home), capture_output=True, check=True, text=True)
    return done.stdout.split()


def memory_kb() -> int:
    """Return what opening, restoring and saving add to the memory of a host."""
    found = []
    for _ in range(3):
        with tempfile.TemporaryDirectory() as home:
            found.append(int(run(_MEMORY, home, f"{home}/bench.session.toml")[0]))
    return min(found)


def restore_s(rows: int = 10_500) -> tuple[int, float, float]:
    """Return the size of a session, and the time and processor time of its restore."""
    with tempfile.TemporaryDirectory() as home:
        file = f"{home}/bench.session.toml"
        size_bytes = int(run(_FILL, home, file, str(rows))[0])
        times = [tuple(map(float, run(_RESTORE, home, file, str(rows)))) for _ in range(5)]
    return size_bytes, median(wall for wall, _ in times), median(cpu for _, cpu in times)


def import_ratio() -> float:
    """Return how much longer Python takes to start when it imports the SDK."""
    times: dict[str, list[float]] = {"pass": [], "import sessionctl.sdk": []}
    with tempfile.TemporaryDirectory() as home:
        for _ in range(ROUNDS):
            for code, found in times.items():
                begin = _cpu_s()
                run(code, home)
                found.append(_cpu_s() - begin)
    bare, ours = (median(found[1:]) for found in times.values())
    return ours / bare


def idle_share(seconds: float = IDLE_S) -> float:
    """Return the share of a processor that a host takes which does nothing."""
    with tempfile.TemporaryDirectory() as home:
        return float(run(_IDLE, home, f"{home}/bench.session.toml", str(seconds))[0])


def lost_updates(clients: int, count: int, minutes: float) -> list[str]:
    """Return what is wrong after ``clients`` hosts changed one session ``count`` times each."""
    pause_s = minutes * 60 / count
    names = [f"client{number}" for number in range(clients)]
    with tempfile.TemporaryDirectory() as home:
        file = f"{home}/bench.session.toml"
        hosts = [
            subprocess.Popen(
                [sys.executable, "-c", CLIENT, name, file, str(count), str(pause_s)],
                env=environ(home),
                stdout=subprocess.PIPE,
                text=True,
            )
            for name in names
        ]
        said = [host.communicate()[0].strip() for host in hosts]
        states = tomllib.loads(Path(file).read_text(encoding="utf-8"))["apps"]["bench"]
    wrong = [f"{name}: {words}" for name, words in zip(names, said, strict=True)
             if words != f"True {count} []"]  # fmt: skip
    for name in names:
        state = states.get(name, {})
        if state.get("count") != count or state["log"][-1] != f"{name}-{count - 1}":
            wrong.append(f"{name}: the file has {state.get('count')} of {count}")
    return wrong


def _cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main(arguments: list[str]) -> int:
    """Measure, print, and return 1 where a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, default=0, help="also so many hosts at once")
    parser.add_argument("--minutes", type=float, default=5.0, help="for so long, 100 a minute")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    memory, share, ratio = memory_kb(), idle_share(), import_ratio()
    size_bytes, wall_s, cpu_s = restore_s()
    rows = [
        ("memory added, KB", memory, MEMORY_GOAL_KB),
        (f"restore of {size_bytes / 1e6:.2f} MB, s", wall_s, RESTORE_GOAL_S),
        ("its processor time, s", cpu_s, RESTORE_GOAL_S),
        ("import against bare Python", ratio, IMPORT_GOAL),
        ("share of a processor when idle", share, IDLE_GOAL),
    ]
    wrong: list[str] = []
    if options.clients:
        count = round(100 * options.minutes)
        wrong = lost_updates(options.clients, count, options.minutes)
        rows.append((f"{options.clients} hosts, {count} changes each: lost", len(wrong), 0))
    if options.json:
        print(json.dumps([dict(zip(("name", "value", "goal"), row, strict=True)) for row in rows]))
    else:
        for name, value, goal in rows:
            print(f"{name:50} {value:10.4g} {goal:8.4g} {'' if value <= goal else 'MISSED'}")
        print(*wrong, sep="\n", end="")
    return int(any(value > goal for _, value, goal in rows))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
