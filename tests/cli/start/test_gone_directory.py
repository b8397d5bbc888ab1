"""Which commands need the directory they are typed in, and what is said where it is gone."""

from __future__ import annotations

import os

from sessionctl.cli.start.gone_directory import gone_directory, is_gone, needs_directory
from sessionctl.errors import FileError
from tests.together import together


@together(
    "line, needs",
    [
        ("", False), ("-v", False), ("list", True), ("set a.toml k v", True),
        ("set /a.toml k v", False), ("diff a.toml /b.toml", False), ("explain name", False),
        ("completion bash", False), ("save api", False), ("schema list", False),
        ("pane resume", False), ("help set", False), ("-q status", True), ("list -h", False),
        ("list --help", False), ("list -V", False), ("secret exec a -- x -h", True),
        ("secret exec a -- /bin/x", False),
    ],
)  # fmt: skip
def test_what_is_about_the_directory(line, needs):
    assert needs_directory(line.split()) is needs


def test_a_directory_that_is_gone_is_named_where_the_shell_knows_it(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert not is_gone()
    gone = tmp_path / "gone"
    gone.mkdir()
    os.chdir(gone)
    gone.rmdir()
    assert is_gone()
    for former, place in (
        (str(gone), f": {gone}"), (str(tmp_path), ""), ("gone", ""), ("", ""), (None, ""),
    ):  # fmt: skip
        error = gone_directory({} if former is None else {"PWD": former})
        assert type(error) is FileError
        assert error.message == f"the current directory is gone{place}"
        assert tuple(error.hints) == ("go to a directory that is there: cd",)
