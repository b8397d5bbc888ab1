"""Where an identity that was asked for comes from."""

from __future__ import annotations

from pathlib import Path

import pytest

from sessionctl.core.secrets.secret import Secret
from sessionctl.errors import UsageError
from sessionctl.services.secrets.access.identity_source import (
    FromCommand,
    FromFile,
    FromText,
    identity_source,
)

FILE, COMMAND, TEXT = (f"SESSIONCTL_IDENTITY{end}" for end in ("_FILE", "_CMD", ""))


def test_the_first_that_was_asked_for_is_the_only_one(monkeypatch):
    monkeypatch.setenv("HOME", "/h")
    all_three = {FILE: "~/key", COMMAND: "pass show 'a b'", TEXT: "AGE-1"}
    assert identity_source(all_three, Path("~/x")) == FromFile("--identity", Path("/h/x"))
    assert identity_source(all_three) == FromFile(FILE, Path("/h/key"))
    assert identity_source({**all_three, FILE: ""}) == FromCommand(COMMAND, ("pass", "show", "a b"))
    found = identity_source({COMMAND: "", TEXT: "AGE-1"})
    assert isinstance(found, FromText)
    assert (found.by, found.text) == (TEXT, Secret("AGE-1"))
    assert identity_source({FILE: "", COMMAND: "", TEXT: ""}) is None


def test_a_command_that_is_none_is_refused():
    for line in ("pass 'x", " "):
        with pytest.raises(UsageError) as caught:
            identity_source({COMMAND: line})
        assert caught.value.message == (
            f"{COMMAND}: not a command: a quote is not closed, or it is empty"
        )
