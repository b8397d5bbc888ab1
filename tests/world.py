"""What tests need of the world: programs, shared data, git repositories, processes."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parent.parent
PACKAGE = CHECKOUT / "sessionctl"
IN_CI = os.environ.get("CI") == "true"
REPEATS = int(os.environ.get("SESSIONCTL_REPEATS") or 0)
"""How often each cut of each connection is repeated; CI makes each once."""
repeated = pytest.mark.skipif(
    not REPEATS, reason="repeats cuts for many minutes: SESSIONCTL_REPEATS=10 and -m sweep run it"
)
_NO_GC = ("-c", "maintenance.auto=false")
_UNSEEN = ("--quiet", "--allow-empty", "--no-verify")
# Read now: the tests themselves run in an environment without SESSIONCTL_*.
_SHARED = Path(os.environ.get("SESSIONCTL_TEST_DATA") or CHECKOUT.parent / "shared" / "data")


def need(program: str) -> str:
    """Return the path of ``program``; a missing one skips the test, but fails it in CI."""
    found = shutil.which(program)
    if found is None:
        reason = f"{program} is not installed"
        pytest.fail(reason) if IN_CI else pytest.skip(reason)
    return found


def find_shared(*parts: str) -> Path | None:
    """Return a path in the shared test data, or None when there is none (for collection).

    In CI, data that has a place but is not in it is an error.
    """
    path = _SHARED.joinpath(*parts)
    if path.exists():
        return path
    if IN_CI and _SHARED.exists():
        raise FileNotFoundError(f"shared test data lacks {'/'.join(parts)}")
    return None


def shared_data(*parts: str) -> Path:
    """Return a path in the shared test data; skip the test when there is none."""
    path = find_shared(*parts)
    if path is None:
        pytest.skip(
            f"no shared test data {'/'.join(parts)} (SESSIONCTL_TEST_DATA names its folder)"
        )
    return path


def run_sessionctl(
    *arguments: str | Path,
    cwd: Path | None = None,
    stdin: str = "",
    env: dict[str, str] | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run sessionctl as a process of its own; the result has stdout and stderr as text.

    ``env`` is added to the environment of the test.
    """
    return subprocess.run(
        [*program_words(), *map(str, arguments)],
        cwd=cwd,
        input=stdin,
        env={**os.environ, **(env or {})},
        capture_output=True,
        encoding="utf-8",
        timeout=60,
    )


def write_program(directory: Path, first: str = "") -> Path:
    """Put a ``sessionctl`` into ``directory``, the one under test, and return its path.

    ``first`` is Python that runs before it.
    """
    python, flags, _, code = program_words(first)
    program = directory / "sessionctl"
    program.write_text(f"#!{python} {flags}\n{code}")
    program.chmod(0o755)
    return program


def program_words(first: str = "") -> tuple[str, ...]:
    """Return the words that start sessionctl; its arguments follow them.

    It starts in two thirds of the time of ``python -m sessionctl``: without the module ``site``,
    which is needed only to measure what the tests cover. ``first`` is Python that runs before it.
    """
    flags = "-P" if "COVERAGE_PROCESS_CONFIG" in os.environ else "-SP"
    places = [folder for folder in sys.path if folder.endswith("-packages")]
    code = (
        f"import sys\nif sys.argv[0] == '-c': sys.argv[0] = 'sessionctl.py'\n"
        f"sys.path += {[str(CHECKOUT), *places]!r}\n"
        f"{first}\nfrom sessionctl.__main__ import main\nsys.exit(main())\n"
    )
    return (sys.executable, flags, "-c", code)


@dataclass(frozen=True)
class GitRepo:
    """A real git repository, with branch main checked out, for one test."""

    path: Path

    def run(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run ``git ARGUMENTS`` in the work tree; with ``check``, a failure fails the test."""
        done = subprocess.run(
            ["git", *arguments],
            cwd=self.path,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="surrogateescape",
            timeout=60,
        )
        if check and done.returncode != 0:
            pytest.fail(f"git {' '.join(arguments)}: exit {done.returncode}\n{done.stderr}")
        return done

    def write(self, name: str, text: str) -> Path:
        """Write ``text`` to the file ``name``, byte for byte, and return its path."""
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
        return path

    def read(self, name: str) -> str:
        """Return the text of the file ``name``, byte for byte."""
        return (self.path / name).read_bytes().decode()

    def commit(self, message: str = "change", **files: str) -> str:
        """Commit everything in the work tree, unchecked by hooks; return the commit's hash.

        ``files`` are written first; ``__`` in a name stands for a dot.
        """
        for name, text in files.items():
            self.write(name.replace("__", "."), text)
        self.run("add", "--all")
        # Half the time of a commit is spent on whether to collect garbage.
        self.run(*_NO_GC, "commit", *_UNSEEN, "--message", message)
        return self.head()

    def head(self) -> str:
        """Return the hash of the commit that is checked out."""
        kept = self.path / ".git" / "HEAD"
        if kept.exists() and kept.read_text().startswith("ref: "):
            kept = self.path / ".git" / kept.read_text().removeprefix("ref: ").strip()
        if kept.exists():  # to read it takes a fiftieth of the time of a git
            return kept.read_text().strip()
        return self.run("rev-parse", "HEAD").stdout.strip()
