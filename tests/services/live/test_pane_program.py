"""What runs in a pane, read at a moment when tmux has only begun to start it."""

from __future__ import annotations

import pytest

from sessionctl.services.live.tmux.pane_program import find_program
from sessionctl.system.process_table import ProcessRow

SERVER = ("tmux", "-L", "x", "new-session", "-d")


class Table:
    """A server with the process 1, and a pane with the process 2."""

    def __init__(self, argv):
        self._argv = {1: SERVER, 2: argv}

    def argv(self, pid):
        return self._argv[pid]

    def row(self, pid):
        return ProcessRow(pid, pid - 1, pid, pid, "S")


@pytest.mark.parametrize("words", [(), ("sleep", "9")])
def test_a_copy_of_the_server_is_not_taken_for_the_program_of_the_pane(words):
    found = find_program(Table(SERVER), 2, words, "/bin/bash")
    assert (found.run, found.shell) == (words or None, not words)


def test_another_tmux_is_a_program_like_others():
    argv = ("tmux", "-L", "inner", "attach")
    found = find_program(Table(argv), 2, argv, "/bin/bash")
    assert (found.run, found.shell) == (argv, False)
