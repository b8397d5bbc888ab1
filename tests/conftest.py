"""Fixtures for all tests: a clean environment, a git repository, Hypothesis profiles."""

from __future__ import annotations

import itertools
import os

import pytest
from hypothesis import HealthCheck, settings

from tests.world import IN_CI, GitRepo, need

_SLOW_MACHINE = [HealthCheck.too_slow]
for _name, _examples in {"fast": 10, "default": 50, "ci": 150, "deep": 2000}.items():
    settings.register_profile(
        _name,
        max_examples=_examples,
        deadline=None,
        print_blob=True,
        # A change is judged by the same examples each time; "deep" looks for new ones.
        derandomize=_name != "deep",
        suppress_health_check=_SLOW_MACHINE,
    )
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if IN_CI else "default"))

_PREFIXES = ("GIT_", "TMUX", "SESSIONCTL_", "_SESSIONCTL_", "XDG_", "LC_", "SSH_", "AGE_", "SOPS_")
_NAMES = (
    "CLICOLOR", "CLICOLOR_FORCE", "COLUMNS", "EDITOR", "FORCE_COLOR", "GIT", "LANG", "LANGUAGE",
    "LESS", "LINES", "NO_COLOR", "PAGER", "PYTHONUNBUFFERED", "VISUAL",
)  # fmt: skip
_counter = itertools.count()


def pytest_collection_modifyitems(items):
    """Leave the sweeps, which take minutes, to CI."""
    if not IN_CI:
        reason = pytest.mark.skip(reason="a sweep of minutes, for CI: CI=true runs it")
        for item in items:
            if item.get_closest_marker("sweep"):
                item.add_marker(reason)


@pytest.fixture(scope="session")
def _homes(tmp_path_factory):
    return tmp_path_factory.mktemp("homes")


@pytest.fixture(autouse=True)
def home(_homes, monkeypatch):
    """Give each test an empty home directory and an environment that is always the same."""
    for name in list(os.environ):
        if name.startswith(_PREFIXES) or name in _NAMES:
            monkeypatch.delenv(name)
    directory = _homes / str(next(_counter))
    directory.mkdir()
    (directory / "gitconfig").touch()
    fixed = {
        "HOME": directory,
        "XDG_CONFIG_HOME": directory / "config",
        "XDG_DATA_HOME": directory / "data",
        "XDG_STATE_HOME": directory / "state",
        "XDG_CACHE_HOME": directory / "cache",
        "XDG_RUNTIME_DIR": directory / "run",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": directory / "gitconfig",
        "GIT_AUTHOR_NAME": "Ada",
        "GIT_AUTHOR_EMAIL": "ada@example.org",
        "GIT_AUTHOR_DATE": "2026-01-02T03:04:05+00:00",
        "GIT_COMMITTER_NAME": "Ada",
        "GIT_COMMITTER_EMAIL": "ada@example.org",
        "GIT_COMMITTER_DATE": "2026-01-02T03:04:05+00:00",
        "GIT_TERMINAL_PROMPT": "0",
        "LC_ALL": "C.UTF-8",
        "TERM": "xterm-256color",
        "TZ": "UTC",
    }
    for name, value in fixed.items():
        monkeypatch.setenv(name, str(value))
    return directory


@pytest.fixture
def git_repo(tmp_path):
    """Return a fresh git repository with branch main; skips where git is missing."""
    need("git")
    path = tmp_path / "repo"
    path.mkdir()
    repo = GitRepo(path)
    repo.run("init", "--quiet", "--initial-branch=main")
    return repo
