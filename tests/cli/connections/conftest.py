"""A desk for each test."""

from __future__ import annotations

import pytest

from tests.desk import SESSION, Desk


@pytest.fixture
def bare_desk(tmp_path):
    """Return a desk with a session and no key."""
    for name in ("repo", "home"):
        (tmp_path / name).mkdir()
    made = Desk(tmp_path / "repo", tmp_path / "home")
    made.session.write_text(SESSION)
    return made


@pytest.fixture
def desk(bare_desk):
    """Return a desk with a key, and one secret stored."""
    bare_desk.recipient = bare_desk.new_key()
    bare_desk.set(b"hunter2")
    return bare_desk
