"""A desk for each test."""

from __future__ import annotations

import pytest

from tests.desk import SESSION, Desk


def begun(place):
    """Return a desk in ``place`` with a session and no key."""
    for name in ("repo", "home"):
        (place / name).mkdir()
    made = Desk(place / "repo", place / "home")
    made.session.write_text(SESSION)
    return made


@pytest.fixture
def bare_desk(tmp_path):
    """Return a desk with a session and no key."""
    return begun(tmp_path)


@pytest.fixture(scope="module")
def desk_template():
    """Return a list for the one desk that those of a file are copies of."""
    return []


@pytest.fixture
def desk(desk_template, tmp_path_factory, tmp_path):
    """Return a desk with a key, and one secret stored."""
    if not desk_template:  # now, as the environment is that of a test
        template = begun(tmp_path_factory.mktemp("desk"))
        desk_template.append((template, template.new_key()))
        template.set(b"hunter2")
    template, recipient = desk_template[0]
    made = template.copy_to(tmp_path / "repo", tmp_path / "home")
    made.said, made.recipient = [], recipient
    return made
