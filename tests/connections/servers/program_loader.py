"""Forks programs in Python, each asked for by a line of JSON; it writes their process ids.

A line has the ``modules`` to load before, the ``argv`` that begins with a file, ``cwd``, ``log``
and ``env``. The end of the input ends this process, and nothing that it started.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import runpy
import signal
import sys


def main():
    """Fork until the end of the input."""
    signal.signal(signal.SIGCHLD, _wait_for_ended)
    for line in sys.stdin:
        task = json.loads(line)
        for name in task["modules"]:
            importlib.import_module(name)
        pid = os.fork()
        if not pid:
            _begin(task)
            runpy.run_path(task["argv"][0], run_name="__main__")
            return
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()


def _wait_for_ended(*_):
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _begin(task):
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.setsid()
    os.chdir(task["cwd"])
    log = os.open(task["log"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o666)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for source, target in ((nothing, 0), (log, 1), (log, 2)):
        os.dup2(source, target)
    os.closerange(3, max(nothing, log) + 1)
    os.environ.clear()
    os.environ.update(task["env"])
    sys.argv[:] = task["argv"]
    sys.path.insert(0, os.path.dirname(task["argv"][0]))


if __name__ == "__main__":
    main()
