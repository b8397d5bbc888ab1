"""A restore of a file that is not trusted, and every program that it starts."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import contextmanager

from tests.world import need

# What tmux and the start-up files of the shell run themselves.
_OWN = {"bash", "sh", "dash", "tmux", "utempter", "id", "mesg", "dircolors", "lesspipe"}


@contextmanager
def traced_restore(world, path, trace):
    """Restore ``path`` under strace; inside, the restore is done and what it started still runs."""
    need("strace")
    said = trace.with_suffix(".said")
    with said.open("wb") as stderr:
        running = subprocess.Popen(
            [
                *("strace", "-f", "-qq", "-s", "200", "-e", "trace=execve", "-o", str(trace)),
                *(sys.executable, "-m", "sessionctl", "restore", str(path)),
                *("--tmux-socket", world.socket),
            ],
            env=world.env,
            stdin=subprocess.DEVNULL,
            stderr=stderr,
        )
    # strace stays until the server has ended; what the command says comes at its own end.
    world.wait_until(lambda: "not trusted" in said.read_text(), said)
    try:
        yield
    finally:
        world.end()
        running.wait(timeout=60)


def starts(trace):
    """Return the lines of the trace in which a program was started."""
    lines = trace.read_text().splitlines()
    return [line for line in lines if "execve(" in line and line.rstrip().endswith("= 0")]


def foreign_programs(trace, *own):
    """Return the names of the programs that neither tmux, the shell nor ``own`` accounts for."""
    programs = {
        line.split('execve("', 1)[1].split('"', 1)[0].rpartition("/")[2] for line in starts(trace)
    }
    return programs - _OWN - {os.path.basename(sys.executable), *own}
