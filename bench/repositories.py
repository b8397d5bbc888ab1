"""Repositories of many sessions to measure with: what git and sessionctl do at scale."""

# ruff: noqa: TID251 - a benchmark starts processes with an environment of its own
from __future__ import annotations

import os
import subprocess
from pathlib import Path

from documents import session
from measure import program

KB = 1000
_DAY_S = 86_400
_START_S = 1_767_225_600


class Repository:
    """A repository in ``folder``/repository whose git reads no settings of the user."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.path = folder / "repository"
        self.path.mkdir(parents=True)
        runtime = folder / "run"
        runtime.mkdir(mode=0o700)
        self.environ = {
            "PATH": f"{Path(program()[0]).parent}:{os.environ.get('PATH', '')}",
            "HOME": str(folder),
            "LANG": "C.UTF-8",
            "XDG_RUNTIME_DIR": str(runtime),
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_AUTHOR_NAME": "Bench",
            "GIT_AUTHOR_EMAIL": "bench@example.org",
            "GIT_COMMITTER_NAME": "Bench",
            "GIT_COMMITTER_EMAIL": "bench@example.org",
        }
        self.git("init", "-q", "-b", "main")

    @classmethod
    def at(cls, other: Repository, environ: dict[str, str]) -> Repository:
        """Return ``other`` with more in its environment."""
        same = cls.__new__(cls)
        same.folder, same.path, same.environ = other.folder, other.path, other.environ | environ
        return same

    def sessionctl(self, *words: str) -> str:
        """Run sessionctl in the repository; it may find something."""
        return self.run(*program(), *words, codes=(0, 1, 2, 3))

    def run(self, *argv: str, codes: tuple[int, ...] = (0,)) -> str:
        """Run ``argv`` in the repository; return what it prints."""
        done = subprocess.run(
            argv, cwd=self.path, env=self.environ, text=True, capture_output=True, check=False
        )
        if done.returncode not in codes:
            raise SystemExit(f"bench: {' '.join(argv)}: {done.returncode}\n{done.stderr}")
        return done.stdout

    def git(self, *arguments: str) -> str:
        """Run git in the repository."""
        return self.run("git", *arguments)

    def install(self) -> None:
        """Let git merge and show sessions through sessionctl."""
        self.run(*program(), "git", "install")
        self.git("add", "-A")
        self.git("commit", "-q", "-m", "git install")

    def write(self, name: str, text: str) -> None:
        """Write a file of the work tree."""
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def commit(self, message: str) -> None:
        """Commit all there is."""
        self.git("add", "-A")
        self.git("commit", "-q", "-m", message)


def numbered_session(number: int, size_bytes: int = 5 * KB) -> str:
    """Return a session that is unlike those of other numbers, and refers to no secret."""
    lines = session(size_bytes).splitlines(keepends=True)
    text = "".join(line for line in lines if not line.startswith("password = "))
    text = text.replace("3f0d8c2e-6d1f-4c1e-9a53", f"3f0d8c2e-6d1f-4c1e-{number:04x}", 1)
    head, name, rest = text.partition('\nname = "')
    return f"{head}{name}s{number}-{rest}"


def session_name(number: int) -> str:
    """Return the path of a session: fifty to a folder."""
    return f"group-{number // 50}/s{number}.session.toml"


def many_sessions(repository: Repository, count: int) -> None:
    """Commit ``count`` sessions of 5 KB."""
    for number in range(count):
        repository.write(session_name(number), numbered_session(number))
    repository.commit("sessions")


def change_many(repository: Repository, count: int, old: str, new: str) -> None:
    """Change one line of the first ``count`` sessions."""
    for number in range(count):
        path = repository.path / session_name(number)
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")


def diverged(repository: Repository, count: int) -> None:
    """Commit ``count`` sessions that main and the branch 'side' both change."""
    many_sessions(repository, count)
    repository.git("checkout", "-q", "-b", "side")
    change_many(repository, count, "timeout_s = 1", "timeout_s = 9")
    repository.commit("side")
    repository.git("checkout", "-q", "main")
    change_many(repository, count, 'RUST_LOG = "debug"', 'RUST_LOG = "info"')
    repository.commit("ours")


def long_history(repository: Repository, count: int, more: str = "") -> str:
    """Commit ``count`` versions of one session by fast-import; return its name.

    ``more`` stands at its end.
    """
    name = session_name(0)
    text = numbered_session(0) + more
    stream = []
    for number in range(count):
        changed = text.replace("timeout_s = 1", f"timeout_s = {number}1", 1).encode()
        date = f"{_START_S + number * _DAY_S} +0000"
        stream.append(
            f"commit refs/heads/main\ncommitter Bench <bench@example.org> {date}\n"
            "data 7\nversion\n"
            f"M 100644 inline {name}\ndata {len(changed)}\n".encode()
            + changed
            + b"\n"
        )
    subprocess.run(
        ["git", "fast-import", "--quiet", "--force"], cwd=repository.path, input=b"".join(stream),
        env=repository.environ, check=True,
    )  # fmt: skip
    repository.git("reset", "-q", "--hard")
    return name
