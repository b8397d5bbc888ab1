"""The log of a server: whether something was set since it was read last."""

from __future__ import annotations

import pytest

from sessionctl.system.tmux.message_log import MessageLog

OURS = b"12:00: client-7 command: show-messages"
OTHER = b"12:00: client-8 command: list-windows"


@pytest.mark.parametrize(
    "command",
    [
        b"12:00: client-9 command: set-option -t work @a 1",
        b"12:00: client-9 command: set-window-option mode-keys vi",
        b"12:00: client-9[me] key C-b e: set-environment STAGE test",
        b"12:00: command: set-hook -g pane-died kill-pane",
    ],
)
def test_a_command_that_sets_is_seen_once(command):
    log = MessageLog()
    assert not log.take([OURS])
    assert log.take([OURS, command, OURS])
    assert not log.take([OURS, OURS, command, OURS])


def test_what_was_there_at_first_is_no_news():
    log = MessageLog()
    assert not log.take([OURS, b"12:00: client-9 command: set-option -g mouse on"])


def test_other_commands_set_nothing():
    log = MessageLog()
    log.take([OURS])
    assert not log.take([OURS, OTHER, OTHER, OURS])


def test_the_oldest_lines_may_be_gone():
    log = MessageLog()
    lines = [b"12:00: client-1 command: set-option -g @n %d" % number for number in range(9)]
    log.take(lines)
    assert not log.take([OURS, *lines[:-1]])
    assert log.take([b"12:01: client-2 command: set-option -g @n 9", OURS, *lines[:-2]])


def test_a_log_that_is_wholly_new_is_read_as_it_is():
    log = MessageLog()
    log.take([OURS] * 3)
    assert not log.take([OTHER] * 3)
    assert log.take([OTHER, b"12:01: client-2 command: set-option -g @n 9", OTHER])


def test_where_no_log_is_kept_everything_may_have_been_set():
    log = MessageLog()
    assert log.is_kept
    log.take([])
    assert not log.is_kept
    assert log.take([])
