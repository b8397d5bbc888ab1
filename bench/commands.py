"""Processor time of each command as a person types it, in a repository of a few sessions."""

# ruff: noqa: TID251 - a benchmark starts processes and measures with their environment
from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from documents import session
from measure import Job, Ratio, children_cpu_ms, medians_ms, process, program

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

KB = 1000
PYTHON = "python -c pass, CPU"
SOPS = "sops, CPU"
API, WEB, VAULT = "api.session.toml", "web.session.toml", "vault.session.toml"
KEY = "preferences.service-100.theme"
VALUE = "correct-horse-battery"

GOALS: dict[str, tuple[float | None, int, tuple[str, ...]]] = {
    "get": (2.5, 0, ("get", API, KEY)),
    "set": (2.5, 0, ("set", API, KEY, "sepia")),
    "set -n": (2.5, 0, ("set", "-n", API, KEY, "umber")),
    "list": (3.5, 0, ("list",)),
    "show": (3.5, 0, ("show", API)),
    "fmt --check": (4.0, 1, ("fmt", "--check", API)),
    "validate": (4.0, 0, ("validate", API)),
    "validate --no-cache": (None, 0, ("validate", "--no-cache", API)),
    "git hook pre-commit": (4.0, 0, ("git", "hook", "pre-commit")),
    "status": (6.0, 0, ("status",)),
    "diff A B": (6.0, 1, ("diff", API, WEB)),
    "diff --rev HEAD": (6.0, 1, ("diff", "--rev", "HEAD", API)),
    "log": (6.0, 0, ("log", API)),
    "doctor": (9.0, 0, ("doctor",)),
}
SECRETS_GOAL = 1.5


class Desk:
    """A home, and in it a repository of three sessions of 5 KB with a secret."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.repository = home / "dotfiles"
        self.repository.mkdir(parents=True)
        self.identity = home / ".config" / "sessionctl" / "identities.txt"
        self.environ = {
            "PATH": f"{Path(program()[0]).parent}:{os.environ.get('PATH', '')}",
            "HOME": str(home),
            "LANG": "C.UTF-8",
            "GIT_CONFIG_NOSYSTEM": "1",
            "SOPS_AGE_KEY_FILE": str(self.identity),
        }

    def run(self, *argv: str, stdin: str = "") -> str:
        """Run ``argv`` in the repository; return what it prints."""
        done = subprocess.run(
            argv, cwd=self.repository, env=self.environ, input=stdin, text=True,
            capture_output=True, check=False,
        )  # fmt: skip
        if done.returncode:
            raise SystemExit(f"bench: {' '.join(argv)}: {done.returncode}\n{done.stderr}")
        return done.stdout

    def job(self, *argv: str, code: int = 0, stdin: str = "") -> Job:
        """Return the job that runs ``argv`` in the repository."""
        return Job(process(argv, self.repository, code=code, environ=self.environ, stdin=stdin))


def make_desk(home: Path) -> Desk:
    """Return a desk in ``home``: four commits, git set up, one secret, one change."""
    desk = Desk(home)
    ours = program()
    desk.run("git", "init", "-q", "-b", "main")
    desk.run("git", "config", "user.name", "Bench")
    desk.run("git", "config", "user.email", "bench@example.org")
    plain = "schema_version = 1\nid = ''\nname = ''\n"
    lines = session(5 * KB).splitlines(keepends=True)
    base = "".join(line for line in lines if not line.startswith("password = "))
    for number, name in enumerate(("api", "web", "vault")):
        path = desk.repository / f"{name}.session.toml"
        path.write_text(base if path.name != VAULT else plain, encoding="utf-8")
        desk.run(*ours, "set", path.name, "name", name)
        desk.run(*ours, "set", path.name, "id", f"3f0d8c2e-6d1f-4c1e-9a53-0f2f7f0c4a1{number}")
    desk.run(*ours, "git", "install")
    desk.run(*ours, "key", "new")
    desk.run(*ours, "secret", "set", VAULT, "prod.password", stdin=VALUE)
    desk.run("git", "add", "-A")
    desk.run("git", "commit", "-q", "-m", "sessions")
    for theme in ("slate", "sand", "stone"):
        desk.run(*ours, "set", API, KEY, theme)
        desk.run("git", "commit", "-q", "-a", "-m", theme)
    desk.run(*ours, "set", API, KEY, "steel")
    return desk


def measure_commands(home: Path, *, is_quick: bool) -> Iterable[Ratio]:
    """Run each command; the yardstick is Python that does nothing."""
    desk = make_desk(home)
    changed = (desk.repository / API).read_text(encoding="utf-8")
    jobs = {PYTHON: desk.job(sys.executable, "-c", "pass")}
    for name, (_, code, words) in GOALS.items():
        jobs[name] = desk.job(*program(), *words, code=code)
    jobs["set"] = Job(
        jobs["set"].run, lambda: (desk.repository / API).write_text(changed, encoding="utf-8")
    )
    jobs["git hook pre-commit"] = Job(
        jobs["git hook pre-commit"].run, lambda: desk.run("git", "add", API)
    )
    jobs["python -m sessionctl get"] = desk.job(
        sys.executable, "-m", "sessionctl", *GOALS["get"][2]
    )
    secrets = secret_jobs(desk)
    taken = medians_ms(jobs | secrets, rounds=3 if is_quick else 15, clock_ms=children_cpu_ms)
    yield Ratio(PYTHON, PYTHON, 1.0, None, taken[PYTHON])
    for name in jobs:
        if name != PYTHON:
            goal = GOALS[name][0] if name in GOALS else None
            yield Ratio(name, PYTHON, taken[name] / taken[PYTHON], goal, taken[name])
    for name in ("secret reveal", "secret set"):
        theirs = taken.get(f"sops {name}")
        if theirs:
            yield Ratio(name, SOPS, taken[name] / theirs, SECRETS_GOAL, taken[name])
            yield Ratio(f"sops, for {name}", PYTHON, theirs / taken[PYTHON], None, theirs)
        yield Ratio(name, PYTHON, taken[name] / taken[PYTHON], None, taken[name])


def secret_jobs(desk: Desk) -> dict[str, Job]:
    """Return how a secret is read and stored, and how sops does it where it is installed."""
    ours = program()
    values = iter(f"value-{number}" for number in range(1000))
    jobs = {
        "secret reveal": desk.job(*ours, "secret", "reveal", VAULT, "prod.password", "--stdout"),
        "secret set": Job(
            lambda: desk.run(*ours, "secret", "set", VAULT, "prod.password", stdin=next(values))
        ),
    }
    sops = shutil.which("sops")
    if sops is None:
        return jobs
    recipient = (desk.repository / ".age-recipients").read_text(encoding="utf-8").split("\n")
    key = next(line for line in recipient if line.startswith("age1"))
    secrets = desk.repository / "sops.yaml"
    secrets.write_text("prod:\n  password: hunter\n", encoding="utf-8")
    desk.run(sops, "encrypt", "--age", key, "-i", secrets.name)
    path = '["prod"]["password"]'
    jobs["sops secret reveal"] = desk.job(sops, "decrypt", "--extract", path, secrets.name)
    jobs["sops secret set"] = Job(
        lambda: desk.run(sops, "set", secrets.name, path, f'"{next(values)}"')
    )
    return jobs
