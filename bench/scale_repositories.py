"""The scenes at scale of repositories: what git and sessionctl do about many sessions."""

from __future__ import annotations

import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path

    from scale_scenes import Place, Taken, Used


def changed(place: Place, count: int) -> Taken:
    """Change every session of a repository; look at them, and let a sync take them."""
    paths = _committed(place, count)
    _set_upstream(place)
    _change(paths, 9)
    began = time.monotonic()
    first = place.run("status")
    taken = {
        "changed: status, first time": first.cpu_s,
        "changed: status, first time, by the clock": time.monotonic() - began,
        "changed: status, again": place.run("status").cpu_s,
        "changed: sync -n": place.run("sync", "-n").cpu_s,
    }
    synced = place.run("sync")
    taken["changed: sync"] = synced.cpu_s
    _change(paths, 8)
    place.git("add", "-A")
    checked = place.run("git", "hook", "pre-commit")
    taken["changed: git hook pre-commit"] = checked.cpu_s
    _change(paths, 7)
    place.git("add", "-A")
    place.git("commit", "-qm", "all")
    taken["changed: doctor, first time"] = place.run("doctor").cpu_s
    return taken if _have_worked(synced, checked) else {}


def tracked(place: Place, count: int) -> Taken:
    """Look at a repository in which no session has changed, for the first time and again."""
    _committed(place, count)
    _set_upstream(place)
    began = time.monotonic()
    first = place.run("doctor")
    taken = {
        "tracked: doctor, first time": first.cpu_s,
        "tracked: doctor, first time, by the clock": time.monotonic() - began,
        "tracked: doctor, again": place.run("doctor").cpu_s,
        "tracked: status": place.run("status").cpu_s,
        "tracked: sync -n": place.run("sync", "-n").cpu_s,
    }
    taken["tracked: memory of doctor"] = first.memory_mb
    return taken


def _committed(place: Place, count: int) -> list[Path]:
    paths = place.write(count, folders=max(1, count // 50))
    place.git("init", "-q", "-b", "main")
    place.git("config", "user.name", "Bench")
    place.git("config", "user.email", "bench@example.org")
    place.run("git", "install")
    place.git("add", "-A")
    place.git("commit", "-qm", "sessions")
    return paths


def _set_upstream(place: Place) -> None:
    place.git("init", "-q", "--bare", "-b", "main", str(place.folder / "upstream"))
    place.git("remote", "add", "origin", str(place.folder / "upstream"))
    place.git("push", "-q", "-u", "origin", "main")


def _change(paths: list[Path], number: int) -> None:
    for path in paths:
        text = path.read_text(encoding="utf-8")
        line = text[text.index("timeout_s = ") :].partition("\n")[0]
        path.write_text(text.replace(line, f"timeout_s = {number}", 1), encoding="utf-8")


def _have_worked(*runs: Used) -> bool:
    return all(used.code == 0 for used in runs)
