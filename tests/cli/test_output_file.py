"""Where -o cannot be written, that is said before anything is read."""

from __future__ import annotations

import pytest

from tests.main_inside import main_inside

COMMANDS = [
    ("merge", "gone", "gone", "gone"),
    ("diff", "gone", "gone"),
    ("export", "gone.session.toml", "--to", "tmuxp"),
    ("import", "gone.yaml"),
]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
def test_where_the_output_cannot_be_written_is_said_before_the_inputs_are_read(tmp_path, command):
    (tmp_path / "file").write_text("")
    for output, reason in (
        ("missing/out.toml", "no such directory"),
        (".", "a directory, not a file"),
        ("file/out.toml", "no such file, a part of its path is not a directory"),
    ):
        done = main_inside(*command, "-o", output, cwd=tmp_path)
        assert done.returncode == 3, (output, done.stderr)
        assert f"{output}: cannot write: {reason}" in done.stderr
