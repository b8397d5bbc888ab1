"""A merge that git refuses: which files are in its way, and how they are put aside."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from sessionctl.errors import SessionctlError
from sessionctl.services.sync.sync_run import _cannot_merge
from sessionctl.system.git.porcelain import Refusal


def test_what_is_in_the_way_of_a_merge_is_named_with_the_command(tmp_path, monkeypatch):
    top = tmp_path / "repo"
    for folder in ("sub", ".git/objects", ".git/refs"):
        (top / folder).mkdir(parents=True)
    (top / ".git" / "HEAD").write_text("ref: refs/heads/main\n")
    plan = SimpleNamespace(top=top, git=SimpleNamespace(environ={}))
    upstream = SimpleNamespace(name="origin/main")
    for place in (top, top / "sub", tmp_path):
        monkeypatch.chdir(place)
        for refusal in (
            Refusal("git merge: it says no", (), False),
            Refusal("no", ("a b.toml", "sub/c.toml"), False),
            Refusal("no", ("-n.toml",), True),
        ):
            with pytest.raises(SessionctlError):
                raise _cannot_merge(refusal, plan, upstream)
