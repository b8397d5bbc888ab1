"""What is wrong in files as HEAD has them: sessions with the secrets committed beside them."""

from __future__ import annotations

import os

import pytest

from sessionctl.services.sync.committed_files import check_committed
from sessionctl.system.git.program import Git
from tests.desk import SESSION
from tests.sidecars import sidecar

FILE, BESIDE = "a.session.toml", "a.secrets.toml"
ODD = SESSION.replace("name =", "colour = 1\nname =")


@pytest.fixture
def said(git_repo, monkeypatch):
    """Return a function that commits files, and tells the rules broken in what changed."""
    monkeypatch.chdir(git_repo.path)
    top = git_repo.path

    def commit(changed, **files):
        for name in (FILE, BESIDE):
            (top / name).unlink(missing_ok=True)
        git_repo.commit("now", **files)
        found = check_committed(Git(os.environ, top), top, changed)
        return {one.name: sorted({p.rule for p in one.problems}) for one in found}

    return commit


def test_a_session_refers_to_what_is_committed_with_it(said):
    dangling = {FILE: ["dangling-secret"]}

    def both(session, beside):
        return {"a__session__toml": session, "a__secrets__toml": beside}

    kept, other = sidecar("prod.password"), sidecar("other")
    assert said([FILE, BESIDE], **both(SESSION, kept)) == {}
    assert said([FILE], **both(SESSION, other)) == dangling
    assert said([BESIDE], **both(SESSION, other)) == dangling
    assert said([BESIDE], **both(SESSION, "no = sidecar")) == {BESIDE: ["syntax"]}
    assert said([FILE], **both(SESSION, "no = sidecar")) == {}
    # Without a sidecar the secrets may be kept elsewhere, unless it was just taken away.
    assert said([FILE], a__session__toml=SESSION) == {}
    assert said([BESIDE], a__session__toml=SESSION) == dangling
    # Of a session that did not change only what its sidecar changes counts.
    assert said([BESIDE], a__session__toml=ODD) == dangling
    assert said([FILE, BESIDE], a__session__toml=ODD) == {FILE: ["dangling-secret", "unknown-key"]}
