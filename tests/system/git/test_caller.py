"""What the git command above merges in, as far as its command line tells."""

from __future__ import annotations

import os
import sys

import pytest

from sessionctl.system.git.caller import git_command, name_of
from tests.together import together


@together(
    ("line", "expected"),
    [
        ("cherry-pick topic", "topic"),
        ("-C dir -c a.b=c cherry-pick -x -m 1 --strategy ort v1.0~3", "v1.0~3"),
        ("cherry-pick --mainline=1 -X ours HEAD@{1}", "HEAD@{1}"),
        ("cherry-pick a b", ""),
        ("cherry-pick a..b", ""),
        ("cherry-pick --continue", ""),
        ("revert --no-edit 1a2b3c4", "parent of 1a2b3c4"),
        ("stash pop", "Stashed changes"),
        ("stash apply stash@{2}", "Stashed changes"),
        ("merge topic", ""),
        ("", ""),
        ("-c", ""),
    ],
)
def test_a_command_line_names_what_it_merges_in(line, expected):
    assert name_of(line.split()) == expected


def test_where_no_git_is_above_nothing_is_known():
    assert git_command() == []


def test_where_the_system_does_not_tell_nothing_is_known(monkeypatch):
    monkeypatch.setattr(os, "getppid", lambda: 2**31)
    assert git_command() == []


@pytest.mark.skipif(not os.path.exists("/proc/self/cmdline"), reason="no /proc")
def test_the_git_above_is_found_through_the_shell_between(git_repo):
    ask = "from sessionctl.system.git.caller import git_command; print(git_command())"
    git_repo.run("config", "alias.ask", f"!sh -c '{sys.executable} -c \"{ask}\"; true'")
    found = git_repo.run("ask", "cherry-pick", "topic").stdout
    assert found == "['ask', 'cherry-pick', 'topic']\n"
