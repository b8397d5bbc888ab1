"""How long it takes to save and restore tmux sessions, until all that ran runs again."""

# ruff: noqa: T201, TID251 - a benchmark prints, and starts what it measures
from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from measure import program

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

SESSIONS = (17, 17, 16)
PANES_A_WINDOW = 5
SAVE_GOAL_MS = 300.0
RESTORE_GOAL_MS = 1500.0
UNCHANGED_GOAL = 6.0
WAIT_S = 20.0
SMALL = "of one small session, unchanged"
SIZE = ("-x", "200", "-y", "50")


class Desk:
    """A home directory, a private tmux server in it, and 50 panes in three sessions."""

    def __init__(self, home: Path, *, is_typed: bool) -> None:
        """Take the home; with ``is_typed`` programs are typed into shells."""
        self.home = home
        self.is_typed = is_typed
        self.socket = f"bench-{os.getpid()}"
        for name in (".bashrc", ".bash_profile"):
            (home / name).write_text("PS1='$ '\n", encoding="utf-8")
        self.environ = {
            "PATH": os.environ["PATH"],
            "HOME": str(home),
            "SHELL": "/bin/bash",
            "TERM": "xterm-256color",
            "LC_ALL": "C.UTF-8",
        }
        self.files = [home / f"s{number}.session.toml" for number in range(len(SESSIONS))]

    def tmux(self, *words: str) -> str:
        """Run one command of tmux and return what it printed."""
        done = subprocess.run(
            ["tmux", "-u", "-L", self.socket, *words],
            env=self.environ,
            capture_output=True,
            text=True,
            check=False,
        )
        return done.stdout

    def ours(self, *words: str) -> None:
        """Run sessionctl with the server; a failure ends the benchmark."""
        done = subprocess.run(
            [*program(), *words, "--tmux-socket", self.socket],
            env=self.environ,
            capture_output=True,
            check=False,
        )
        if done.returncode:
            raise SystemExit(f"bench: {' '.join(words)}: {done.stderr.decode(errors='replace')}")

    def build(self) -> None:
        """Make the sessions and start a program in each pane."""
        for number, count in enumerate(SESSIONS):
            name = f"s{number}"
            self.tmux("new-session", "-d", "-s", name, *SIZE, "-c", str(self.home))
            for pane in range(1, count):
                window = f"{name}:{pane // PANES_A_WINDOW}"
                if pane % PANES_A_WINDOW == 0:
                    self.tmux("new-window", "-d", "-t", window, "-c", str(self.home))
                else:
                    self.tmux("split-window", "-d", "-t", window, "-c", str(self.home))
                    self.tmux("select-layout", "-t", window, "tiled")
        self.tmux("new-session", "-d", "-s", "small", *SIZE, "-c", str(self.home))
        time.sleep(1)  # the shells
        for number, pane in enumerate(self.panes()):
            argv = ("sleep", str(9000 + number))
            if self.is_typed:
                self.tmux("send-keys", "-t", pane, " ".join(argv), "Enter")
            else:
                self.tmux("respawn-pane", "-k", "-t", pane, "-c", str(self.home), "--", *argv)
        self.wait()

    def panes(self) -> list[str]:
        """Return the ids of the panes that programs run in."""
        lines = self.tmux("list-panes", "-a", "-F", "#{session_name} #{pane_id}").splitlines()
        return [line.split()[1] for line in lines if not line.startswith("small")]

    def wait(self) -> None:
        """Wait until a program runs in every pane."""
        end_s = time.monotonic() + WAIT_S
        wanted = sum(SESSIONS)
        while (
            self.tmux("list-panes", "-a", "-F", "#{pane_current_command}").count("sleep") < wanted
        ):
            if time.monotonic() > end_s:
                raise SystemExit("bench: not all programs run")
            time.sleep(0.01)

    def save(self) -> None:
        """Save every session into its file."""
        self.ours("save", "--all")

    def end(self) -> None:
        """End the server."""
        self.tmux("kill-server")
        time.sleep(0.2)

    def restore(self) -> None:
        """Bring all sessions back, until all programs run."""
        folder = self.home / ".config/sessionctl/sessions"
        self.ours("restore", *(str(folder / file.name) for file in self.files))
        self.wait()


def unchanged_save(home: Path) -> tuple[Desk, Callable[[], None]]:
    """Return a desk with one small session that was saved, and what saves it again."""
    desk = Desk(home, is_typed=True)
    desk.tmux("new-session", "-d", "-s", "small", *SIZE, "-c", str(home))
    desk.tmux("split-window", "-d", "-t", "small", "-c", str(home), "tail -f /dev/null")
    time.sleep(1)  # its shell
    desk.ours("save", "small")
    return desk, lambda: desk.ours("save", "small")


def taken_ms(work: Callable[[], None]) -> float:
    """Return how long ``work`` takes."""
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000


def measure(home: Path, *, is_typed: bool, rounds: int) -> dict[str, float]:
    """Return the medians: of a first save, an unchanged one, one after a change, a restore."""
    desk = Desk(home, is_typed=is_typed)
    kinds = ("first", "unchanged", SMALL, "changed", "restore")
    found: dict[str, list[float]] = {kind: [] for kind in kinds}
    try:
        desk.build()
        for turn in range(rounds):
            shutil.rmtree(home / ".config", ignore_errors=True)
            shutil.rmtree(home / ".local", ignore_errors=True)
            found["first"].append(taken_ms(desk.save))
            found["unchanged"].append(taken_ms(desk.save))
            found[SMALL].append(taken_ms(lambda: desk.ours("save", "small")))
            desk.tmux("rename-window", "-t", "s0:0", f"name{turn}")
            found["changed"].append(taken_ms(desk.save))
        for _ in range(rounds):
            desk.end()
            found["restore"].append(taken_ms(desk.restore))
        python = [
            taken_ms(lambda: subprocess.run([sys.executable, "-c", "pass"], check=True))
            for _ in range(rounds + 2)
        ]
    finally:
        desk.end()
    return {name: median(times) for name, times in found.items()} | {"python": median(python)}


def main(arguments: list[str]) -> int:
    """Measure; print a table, or JSON; return 1 when a goal is missed."""
    parser = argparse.ArgumentParser(description="Measure saving and restoring of tmux sessions.")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args(arguments)
    goals = dict.fromkeys(("first", "unchanged", "changed"), SAVE_GOAL_MS)
    goals["restore"] = RESTORE_GOAL_MS
    lines, is_met = [], True
    for kind in ("typed", "direct"):
        with tempfile.TemporaryDirectory() as home:
            found = measure(Path(home), is_typed=kind == "typed", rounds=options.rounds)
        for name, time_ms in found.items():
            if name == "python":
                continue
            goal_ms = UNCHANGED_GOAL * found["python"] if name == SMALL else goals[name]
            is_met &= time_ms <= goal_ms
            line = {
                "what": f"{sum(SESSIONS)} panes, {kind}: {name}",
                "median_ms": round(time_ms, 1),
                "goal_ms": round(goal_ms, 1),
                "against python -c pass": round(time_ms / found["python"], 1),
            }
            lines.append(line)
            if not options.json:
                print(
                    "{:<32} {:>8.1f} ms  goal {:>7.1f} ms  {:>5.1f} x python".format(*line.values())
                )
    if options.json:
        print(json.dumps(lines, indent=2))
    return 0 if is_met else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
