"""A key in a work tree of git is safe where git ignores it."""

from __future__ import annotations

import os

from sessionctl.services.scanning.key_exposure import KeyExposure, key_exposure


def test_a_key_that_git_would_add_is_said_with_what_ignores_it(git_repo, tmp_path):
    key = git_repo.write("a b/identities.txt", "")
    ignore = git_repo.path / "a b" / ".gitignore"
    assert key_exposure(key, os.environ) == KeyExposure(
        "git does not ignore it, so 'git add' would publish it",
        f"echo identities.txt >> '{ignore}'",
    )
    (tmp_path / "link").symlink_to(key.parent)
    assert key_exposure(tmp_path / "link" / key.name, os.environ) is not None
    ignore.write_text("identities.txt\n")
    assert key_exposure(key, os.environ) is None
    assert key_exposure(tmp_path / "identities.txt", os.environ) is None
    assert key_exposure(key, {"PATH": "/nowhere"}) is None
