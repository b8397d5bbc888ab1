"""A directory as procfs shows processes, made of rows: what programs would have to be for it."""

from __future__ import annotations

from typing import NamedTuple

from sessionctl.system.process_table import ProcessTable


class MadeProcess(NamedTuple):
    """A process: ids, state, arguments, directory, what it was started with, what it has open."""

    pid: int
    parent: int
    argv: tuple[str, ...] = ()
    group: int = 0
    foreground: int = -1
    state: str = "S"
    cwd: str = ""
    env: tuple[str, ...] = ()
    open: tuple[tuple[int, str], ...] = ()
    ticks: tuple[int, int] = (0, 0)
    name: str = "name"


def make_procfs(folder, *processes):
    """Put ``processes`` into ``folder`` and return the table of them."""
    for one in processes:
        place = folder / str(one.pid)
        (place / "task" / str(one.pid)).mkdir(parents=True)
        ids = f"{one.parent} {one.group or one.pid} 5 6 {one.foreground}"
        times = " ".join(map(str, one.ticks))
        place.joinpath("stat").write_text(
            f"{one.pid} ({one.name}) {one.state} {ids} 7 8 9 10 11 {times} 14\n"
        )
        place.joinpath("cmdline").write_bytes(b"".join(f"{w}\0".encode() for w in one.argv))
        place.joinpath("environ").write_bytes(b"".join(f"{w}\0".encode() for w in one.env))
        if one.cwd:
            place.joinpath("cwd").symlink_to(one.cwd)
        children = [str(other.pid) for other in processes if other.parent == one.pid]
        place.joinpath("task", str(one.pid), "children").write_text(" ".join(children))
        place.joinpath("fd").mkdir()
        for number, target in one.open:
            place.joinpath("fd", str(number)).symlink_to(target)
    return ProcessTable(str(folder))
