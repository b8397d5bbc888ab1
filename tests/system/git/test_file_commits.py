"""The files that a revision has, by their names: neither directories nor what is not asked for."""

from __future__ import annotations

import os

from sessionctl.system.git.file_commits import blobs_at, stored_at_head
from sessionctl.system.git.program import Git


def test_of_the_names_only_files_are_found(git_repo):
    names = ["a", "b:c *.toml", "inner/a"]
    (git_repo.path / "inner").mkdir()
    for name in names:
        (git_repo.path / name).write_text(name)
    git_repo.run("add", ".")
    git_repo.run("commit", "--quiet", "-m", "one")
    git = Git(os.environ, git_repo.path)
    found = blobs_at(git, "HEAD", [*names, "inner", "none"])
    assert {name: blob.mode for name, blob in found.items()} == dict.fromkeys(names, "100644")
    assert blobs_at(git, "none", names) == {}


def test_what_is_stored_at_head_is_found_whatever_the_name(git_repo):
    texts = {
        "plain.toml": "a = 1\n", "with a space.toml": "", "in\nlines.toml": "b = 2\n",
        "sub/deep.toml": "missing", "c missing": "d blob 3\n",
    }  # fmt: skip
    for name, text in texts.items():
        git_repo.write(name, text)
    git_repo.commit("all")
    git_repo.write("new.toml", "n = 1\n")
    found = stored_at_head(Git(os.environ, git_repo.path), [*texts, "new.toml", "sub", "x y"])
    assert found == {name: text.encode() for name, text in texts.items()}
