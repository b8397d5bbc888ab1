"""How soon the first text of ``sessionctl ui`` stands in a terminal."""

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
from statistics import median

from documents import session
from measure import program

GOAL_S = 1.2
RATIO_GOAL = 1.8
"""Against an application of Textual with one word on it."""
WAIT_S = 30.0
LOOK_S = 0.005
BARE = "from textual.app import App\nfrom textual.widgets import Static\n\n\
class One(App):\n    def compose(self):\n        yield Static('drawn')\n\nOne().run()\n"


class Screen:
    """A tmux server of its own with a window of 80x24; programs are shown in it one by one."""

    def __init__(self, folder: Path) -> None:
        self.socket = f"bench-ui-{os.getpid()}"
        home = {"HOME": str(folder), "LC_ALL": "C.UTF-8", "TERM": "xterm-256color"}
        kept = {k: v for k, v in os.environ.items() if k == "PATH"}
        self.environ = {**kept, **home}
        self.tmux("-f", "/dev/null", "new-session", "-d", "-x", "80", "-y", "24", "cat")

    def tmux(self, *words: str) -> str:
        """Run one tmux command and return what it prints."""
        done = subprocess.run(
            ["tmux", "-u", "-L", self.socket, *words],
            env=self.environ, capture_output=True, encoding="utf-8", check=False,
        )  # fmt: skip
        return done.stdout

    def first_text_s(self, argv: list[str], sign: str, folder: Path) -> float:
        """Return the time from the start of a program until ``sign`` stands on the screen."""
        begun = time.monotonic()
        self.tmux("new-window", "-d", "-t", ":9", "-c", str(folder), "--", *argv)
        while sign not in self.tmux("capture-pane", "-p", "-t", ":9"):
            if time.monotonic() - begun > WAIT_S:
                raise SystemExit(f"{argv}: no {sign!r} in {WAIT_S} s")
            time.sleep(LOOK_S)
        taken = time.monotonic() - begun
        self.tmux("kill-window", "-t", ":9")
        return taken

    def end(self) -> None:
        """End the server."""
        self.tmux("kill-server")


def measure(folder: Path, rounds: int) -> dict[str, float]:
    """Return the medians in seconds: bare Python, bare Textual, the first paint, the list."""
    for number in range(20):
        text = session(5_000).replace('name = "', f'name = "s{number}', 1)
        (folder / f"s{number}.session.toml").write_text(text, encoding="utf-8")
    bare = folder / "bare.py"
    bare.write_text(BARE, encoding="utf-8")
    jobs = {
        "python": ([sys.executable, "-c", "print('drawn'); input()"], "drawn"),
        "textual": ([sys.executable, str(bare)], "drawn"),
        "first paint": ([*program(), "ui"], "sessionctl  Sessions"),
        "list of 20 sessions": ([*program(), "ui"], "sessions  here"),
    }
    taken: dict[str, list[float]] = {name: [] for name in jobs}
    screen = Screen(folder)
    try:
        for _ in range(rounds + 1):
            for name, (argv, sign) in jobs.items():
                taken[name].append(screen.first_text_s(argv, sign, folder))
    finally:
        screen.end()
    return {name: median(times[1:]) for name, times in taken.items()}


def main(arguments: list[str]) -> int:
    """Measure, print, and return 1 when a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--json", action="store_true", dest="as_json")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        found = measure(Path(folder), options.rounds)
    paint = found["first paint"]
    ratios = {name: paint / found[name] for name in ("python", "textual")}
    is_met = paint <= GOAL_S and ratios["textual"] <= RATIO_GOAL
    if options.as_json:
        print(json.dumps({"seconds": found, "ratios": ratios, "met": is_met}, indent=2))
        return 0 if is_met else 1
    for name, seconds in found.items():
        print(f"{name:<22} {seconds:6.3f} s")
    print(f"first paint against python  {ratios['python']:5.1f}")
    print(f"first paint against textual {ratios['textual']:5.2f}   goal {RATIO_GOAL}")
    print(f"first paint {'within' if paint <= GOAL_S else 'NOT within'} {GOAL_S} s")
    return 0 if is_met else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
