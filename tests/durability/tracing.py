"""System calls of one process: recorded with strace, and made to fail one by one."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass

import pytest

from tests.world import IN_CI, need

CALLS = (
    "openat", "read", "write", "fsync", "mkdir", "rename", "renameat2", "link", "unlink", "flock",
    "fchmod", "close",
)  # fmt: skip
_LINE = re.compile(r"^(?:\d+ +)?(\w+)\((.*)\) += (-?\d+)(?: (\w+))?.*$")
_STRING = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')


@dataclass(frozen=True)
class Call:
    """One system call: its name, arguments, result, and which of its name it was, from 1."""

    name: str
    arguments: str
    result: int
    number: int

    @property
    def strings(self) -> list[bytes]:
        """The strings among the arguments."""
        return [bytes.fromhex(text.replace("\\x", "")) for text in _STRING.findall(self.arguments)]

    @property
    def descriptor(self) -> int:
        """The first argument, as a file descriptor."""
        return int(re.match(r"-?\d+", self.arguments)[0])


def need_strace() -> None:
    """Skip the test where no process may be traced; a missing strace fails it in CI."""
    strace = need("strace")
    done = subprocess.run(
        [strace, "-o", os.devnull, "true"], capture_output=True, encoding="utf-8", timeout=60
    )
    if done.returncode != 0:
        reason = f"strace may not trace here: {done.stderr.strip()}"
        pytest.fail(reason) if IN_CI and os.geteuid() == 0 else pytest.skip(reason)


def environment(state) -> dict[str, str]:
    """Return an environment in which a program makes the same calls in every run."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
    fixed = {"PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1", "XDG_STATE_HOME": str(state)}
    return {**kept, **fixed}


def record(argv, state, log) -> list[Call]:
    """Run ``argv`` and return the calls that it made, in their order."""
    options = ["-f", "--seccomp-bpf", "-xx", "-s", "1000000", "-e", f"trace={','.join(CALLS)}"]
    subprocess.run(
        ["strace", *options, "-o", str(log), *argv],
        env=environment(state),
        capture_output=True,
        check=True,
        timeout=60,
    )
    counts: dict[str, int] = {}
    calls = []
    opened: dict[int, bytes] = {}
    for line in log.read_text().splitlines():
        match = _LINE.match(line)
        if match:
            name, arguments, result, _ = match.groups()
            arguments = _with_real_paths(name, arguments, int(result), opened)
            counts[name] = counts.get(name, 0) + 1
            calls.append(Call(name, arguments, int(result), counts[name]))
    return calls


def _with_real_paths(name: str, arguments: str, result: int, opened: dict[int, bytes]) -> str:
    """Return the arguments with the paths that open directories stand for."""
    above = opened.get(int(arguments.partition(",")[0])) if arguments[0].isdigit() else None

    def real(match: re.Match[str]) -> str:
        path = bytes.fromhex(match[1].replace("\\x", ""))
        through = re.fullmatch(rb"/proc/self/fd/(\d+)(/.*)?", path)
        if through is not None:
            path = opened[int(through[1])] + (through[2] or b"")
        elif name == "openat" and above is not None:
            path = above.rstrip(b"/") + b"/" + path
        return '"' + "".join(f"\\x{byte:02x}" for byte in path) + '"'

    arguments = arguments if name in ("read", "write") else _STRING.sub(real, arguments)
    if name == "openat" and result >= 0:
        opened[result] = bytes.fromhex(_STRING.search(arguments)[1].replace("\\x", ""))
    elif name == "close":
        opened.pop(int(arguments.partition(",")[0]), None)
    return arguments


def run_with_fault(argv, state, call: Call, fault: str) -> subprocess.CompletedProcess[str]:
    """Run ``argv`` with one call failing: ``fault`` is KILL or the name of an errno."""
    how = "signal=KILL" if fault == "KILL" else f"error={fault}"
    options = ["-f", "--seccomp-bpf", "-e", f"trace={call.name}"]
    inject = f"inject={call.name}:{how}:when={call.number}"
    return subprocess.run(
        ["strace", *options, "-e", inject, "-o", os.devnull, *argv],
        env=environment(state),
        capture_output=True,
        encoding="utf-8",
        timeout=60,
    )


def report(text: str) -> None:
    """Print a figure that a test found; ``pytest -s`` shows it."""
    sys.stdout.write(f"{text}\n")


def sessionctl(*arguments) -> list[str]:
    """Return the command line of sessionctl."""
    return [sys.executable, "-m", "sessionctl", *map(str, arguments)]
