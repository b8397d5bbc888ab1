"""The program on PATH, as for the tests of git; a stage; a repository to copy."""

from __future__ import annotations

import pytest

from tests.git.conftest import program_path  # noqa: F401 - a fixture
from tests.git.inprocess import run_inside
from tests.hints.stage import Oddity, Stage
from tests.world import GitRepo, need


@pytest.fixture(scope="session")
def _made():
    return {}


@pytest.fixture
def stage(program_path, tmp_path, tmp_path_factory, home, monkeypatch, _made, request):  # noqa: F811
    """Return a stage in an empty directory; ``stage.init()`` makes it a repository."""
    need("git")
    if not _made:
        repo = GitRepo(tmp_path_factory.mktemp("hints") / "repository")
        repo.path.mkdir()
        repo.run("init", "--quiet", "--initial-branch=main")
        assert run_inside("git", "install", cwd=repo.path).returncode == 0
        repo.commit("attributes")
        _made["repository"] = repo.path
    monkeypatch.setenv("HINTS_REPOSITORY", str(_made["repository"]))
    folder = tmp_path / "it's a folder"
    folder.mkdir()
    return Stage(folder, home, monkeypatch, getattr(request, "param", Oddity()))
