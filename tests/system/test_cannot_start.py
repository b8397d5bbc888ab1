"""Why a program did not start, and what helps just that."""

from __future__ import annotations

import pytest

from sessionctl.errors import ToolError
from sessionctl.system.process import run
from tests.together import together

TEXTS = {"plain": "x", "data": "\0\0", "lost": "#!/no/such x\n", "nameless": "#!\n"}


@together(
    "name, mode, message, hints",
    [
        ("none", 0o755, "{path}: no such file", []),
        (
            "plain",
            0o644,
            "{path}: cannot start: permission denied: it is not executable",
            ["chmod +x {path}"],
        ),
        (
            "data",
            0o755,
            "{path}: cannot start: exec format error",
            ["begin it with the program that runs it: #!/bin/sh"],
        ),
        (
            "lost",
            0o755,
            "{path}: cannot start: its first line names '/no/such': no such file or directory",
            ["correct its first line, as in: #!/usr/bin/env python3"],
        ),
        (
            "nameless",
            0o755,
            "{path}: cannot start: its first line names no program: exec format error",
            ["correct its first line, as in: #!/usr/bin/env python3"],
        ),
    ],
)
def test_a_file_that_does_not_start_says_why(tmp_path, name, mode, message, hints):
    path = tmp_path / name
    if name in TEXTS:
        path.write_text(TEXTS[name])
        path.chmod(mode)
    with pytest.raises(ToolError) as caught:
        run([str(path)])
    assert caught.value.message == message.format(path=path)
    assert list(caught.value.hints) == [hint.format(path=path) for hint in hints]


def test_a_directory_is_no_program(tmp_path):
    with pytest.raises(ToolError) as caught:
        run([str(tmp_path)])
    assert caught.value.message == f"{tmp_path}: cannot start: a directory, not a program"
    assert not caught.value.hints


def test_arguments_that_are_too_long_are_said_with_the_way_around():
    with pytest.raises(ToolError) as caught:
        run(["true", "x" * 10_000_000])
    assert caught.value.message == (
        "true: cannot start: its arguments and variables are too long together"
    )
    assert list(caught.value.hints) == ["pass less to it at once, or the long part in a file"]
