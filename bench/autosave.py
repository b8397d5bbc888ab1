"""How soon a change of a tmux session is on disk, and what saving automatically costs."""

# ruff: noqa: T201, TID251 - a benchmark prints, and starts what it measures
from __future__ import annotations

import argparse
import fcntl
import json
import os
import pty
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import threading
import time
from pathlib import Path
from statistics import median

from live import Desk
from measure import program

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

GOAL_S = 2.0
CPU_GOAL = 0.5
WAIT_S = 20.0
SETTLE_S = 4.0
SMALL = (24, 80)


class Autosave:
    """A desk that was saved, and 'sessionctl watch --tmux' beside it."""

    def __init__(self, desk: Desk) -> None:
        """Start it, and wait until it saves all sessions."""
        self.desk = desk
        self.file = desk.home / ".config/sessionctl/sessions/s0.session.toml"
        self.state = desk.home / ".local/state/sessionctl"
        words = [*program(), "watch", "--tmux", "--json", "--tmux-socket", desk.socket]
        self.process = subprocess.Popen(
            words, env=desk.environ, stdout=subprocess.PIPE, encoding="utf-8"
        )
        assert self.process.stdout is not None
        self.lines: list[str] = []
        threading.Thread(target=self._drain, daemon=True).start()
        wait_for(lambda: sum('"followed"' in line for line in self.lines) >= len(desk.files))

    def text(self) -> str:
        """Return the file of the first session, and what is kept beside the files."""
        beside = sorted((self.state / "volatile").rglob("*.toml"))
        return "\n".join(path.read_text(encoding="utf-8") for path in (self.file, *beside))

    def end(self) -> float:
        """End it; return how long that took, in seconds."""
        begun = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(20)
        return time.monotonic() - begun

    def _drain(self) -> None:
        assert self.process.stdout is not None
        self.lines.extend(self.process.stdout)  # one by one, as they come


def wait_for(holds: Callable[[], bool]) -> float:
    """Return after how many seconds ``holds()`` was true."""
    begun = time.monotonic()
    while not holds():
        if time.monotonic() - begun > WAIT_S:
            return float("inf")
        time.sleep(0.01)
    return time.monotonic() - begun


def changes(desk: Desk, turn: int) -> Iterator[tuple[str, Callable[[], object], str]]:
    """Yield changes: the kind, what makes it, and a text that stands for it in the end.

    A text that begins with "-" must be gone from the file of the session.
    """
    tmux = desk.tmux
    place = f"s0:{turn % 3}"
    folder = desk.home / f"folder{turn}"
    folder.mkdir()
    new = f"s0:{20 + turn}"
    zoomed = f'[name=new{turn}].panes[0].zoomed"\nvalue = true'
    program = f"tail -n {turn} -f /dev/null"
    yield "rename window", lambda: tmux("rename-window", "-t", place, f"name{turn}"), f"name{turn}"
    start = ("new-window", "-d", "-t", new, "-n", f"new{turn}", "-c", str(desk.home))
    yield "new window", lambda: tmux(*start), f"new{turn}"
    yield "split", lambda: tmux("split-window", "-d", "-h", "-t", new), "{100x"
    yield "resize", lambda: tmux("resize-pane", "-t", f"{new}.0", "-x", "33"), "{33x"
    yield "zoom", lambda: tmux("resize-pane", "-Z", "-t", f"{new}.0"), zoomed
    move = ("send-keys", "-t", f"{new}.0", f"cd {folder.name}", "Enter")
    yield "cd", lambda: tmux(*move), folder.name
    run = ("send-keys", "-t", f"{new}.1", program, "Enter")
    yield "program", lambda: tmux(*run), json.dumps(program.split())
    option = ("set-option", "-t", "s0", "@bench", f"option{turn}")
    yield "set-option", lambda: tmux(*option), f"option{turn}"
    variable = ("set-environment", "-t", "s0", "BENCH", f"variable{turn}")
    yield "environment", lambda: tmux(*variable), f"variable{turn}"
    title = ("select-pane", "-t", f"{new}.0", "-T", f"title{turn}")
    yield "title", lambda: tmux(*title), f"title{turn}"
    yield (
        "kill pane",
        lambda: tmux("kill-pane", "-t", f"{new}.1"),
        f"-{json.dumps(program.split())}",
    )
    window_option = ("set-option", "-w", "-t", place, "@bench", f"wide{turn}")
    yield "window option", lambda: tmux(*window_option), f"wide{turn}"
    yield "kill window", lambda: tmux("kill-window", "-t", new), f"-new{turn}"


def time_changes(autosave: Autosave, turns: int) -> dict[str, list[float]]:
    """Return how long changes of each kind took to be on disk, in seconds."""
    found: dict[str, list[float]] = {}
    for turn in range(1, turns + 1):
        for kind, change, mark in changes(autosave.desk, turn):
            change()
            took_s = wait_for(lambda mark=mark: is_saved(autosave, mark))
            found.setdefault(kind, []).append(took_s)
            time.sleep(0.05 * (turn % 4))
    return found


def is_saved(autosave: Autosave, mark: str) -> bool:
    """Return whether a change is on disk."""
    if mark.startswith("-"):
        return mark[1:] not in autosave.file.read_text(encoding="utf-8")
    return mark in autosave.text()


def cpu_ns(pid: int) -> int:
    """Return how long a process ran on a processor."""
    tasks = Path(f"/proc/{pid}/task").iterdir()
    return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks)


def idle(autosave: Autosave, duration_s: float) -> dict[str, float]:
    """Return what nothing costs: per cent of a processor, and the files that were written."""
    time.sleep(SETTLE_S)
    server = int(autosave.desk.tmux("display-message", "-p", "#{pid}"))
    clients = autosave.desk.tmux("list-clients", "-F", "#{client_pid}").split()
    pids = {"autosave": autosave.process.pid, "server": server, "client": int(clients[0])}
    time.sleep(SETTLE_S)
    stamps = {str(path): path.stat().st_mtime_ns for path in written(autosave)}
    before = {name: cpu_ns(pid) for name, pid in pids.items()}
    begun = time.monotonic()
    time.sleep(duration_s)
    passed_ns = (time.monotonic() - begun) * 1e9
    found = {
        f"cpu of the {name}, %": (cpu_ns(pid) - before[name]) / passed_ns * 100
        for name, pid in pids.items()
    }
    now = {str(path): path.stat().st_mtime_ns for path in written(autosave)}
    return {**found, "files written": float(len(now.items() ^ stamps.items()))}


def written(autosave: Autosave) -> list[Path]:
    """Return the files and directories that a save writes."""
    folders = (autosave.state, autosave.file.parent)
    return [path for folder in folders for path in (folder, *folder.rglob("*"))]


def small_client(autosave: Autosave) -> bool:
    """Return whether a client of 80x24 leaves the file as it is, attached and gone again."""
    before = autosave.file.read_bytes()
    desk = autosave.desk
    pid, terminal = pty.fork()
    if pid == 0:
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", *SMALL, 0, 0))
        words = ["tmux", "-u", "-L", desk.socket, "attach", "-t", "s0"]
        os.execvpe("tmux", words, desk.environ)  # noqa: S606
    threading.Thread(target=drain, args=(terminal,), daemon=True).start()
    size = ("display-message", "-p", "-t", "s0:", "#{window_width}")
    wait_for(lambda: desk.tmux(*size).strip() == str(SMALL[1]))
    time.sleep(SETTLE_S)
    is_same = autosave.file.read_bytes() == before
    desk.tmux("detach-client", "-s", "s0")
    time.sleep(SETTLE_S)
    os.waitpid(pid, 0)
    return is_same and autosave.file.read_bytes() == before


def drain(terminal: int) -> None:
    """Read what a client draws, until it has gone."""
    try:
        while os.read(terminal, 1 << 16):
            continue
    except OSError:
        return


def main(arguments: list[str]) -> int:
    """Measure; print a table, or JSON; return 1 when a goal is missed."""
    parser = argparse.ArgumentParser(description="Measure the saving of tmux sessions.")
    parser.add_argument("--turns", type=int, default=4, help="turns of 13 changes")
    parser.add_argument("--idle", type=float, default=60, help="seconds of doing nothing")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        desk = Desk(Path(home), is_typed=True)
        try:
            desk.build()
            desk.save()
            autosave = Autosave(desk)
            is_small_harmless = small_client(autosave)
            costs = idle(autosave, options.idle)
            times = time_changes(autosave, options.turns)
            end_s = autosave.end()
        finally:
            desk.end()
    longest = {kind: max(found) for kind, found in times.items()}
    every = [one for found in times.values() for one in found]
    cpu = sum(cost for name, cost in costs.items() if name.startswith("cpu"))
    is_met = max(every) <= GOAL_S and cpu < CPU_GOAL and costs["files written"] == 0
    is_met &= is_small_harmless and end_s <= 1
    answer = {
        "changes": len(every),
        "median s": round(median(every), 2),
        "longest s": {kind: round(one, 2) for kind, one in longest.items()},
        "idle": {name: round(one, 3) for name, one in costs.items()},
        "a client of 80x24 changes nothing": is_small_harmless,
        "ends in s": round(end_s, 2),
    }
    print(json.dumps(answer, indent=None if options.json else 2))
    return 0 if is_met else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
