"""Where repositories of dotfiles lie that git does not find on its own."""

from __future__ import annotations

import pytest

from sessionctl.system.git.dotfile_repositories import settings_for
from tests.together import together


def bare(path):
    (path / "objects").mkdir(parents=True)
    (path / "HEAD").touch()
    return path


@together(
    "place, data",
    [
        (".local/share/yadm/repo.git", None),
        ("own/yadm/repo.git", "own"),
        *[(name, None) for name in (".cfg", ".dotfiles", ".dotfiles.git", ".config.git")],
    ],
)
def test_each_place_gives_the_variables_for_git(tmp_path, place, data):
    home = tmp_path / "a home"
    found = bare(home / place)
    environ = {"HOME": str(home)} | ({"XDG_DATA_HOME": str(home / data)} if data else {})
    wanted = [f"GIT_DIR='{found}' GIT_WORK_TREE='{home}'"]
    assert settings_for(str(home), environ) == wanted
    assert settings_for(str(home / "below"), environ) == wanted
    for outside in (tmp_path, tmp_path / "a home2"):
        assert settings_for(str(outside), environ) == []
    assert settings_for(str(home), {}) == []


@pytest.mark.parametrize("lacks", ["HEAD", "objects"])
def test_a_directory_that_is_no_repository_is_none(tmp_path, lacks):
    path = bare(tmp_path / ".cfg")
    (path / "HEAD").unlink() if lacks == "HEAD" else (path / "objects").rmdir()
    assert settings_for(str(tmp_path), {"HOME": str(tmp_path)}) == []
