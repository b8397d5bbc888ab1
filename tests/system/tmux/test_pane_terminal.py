"""A terminal as another program left it, and what is shown on it."""

from __future__ import annotations

import os
import pty
import termios

import pytest

from sessionctl.system.tmux.pane_terminal import is_edited, write_to
from tests.together import together


@pytest.fixture
def terminal():
    """A terminal: its name, its descriptor, and that of who draws it."""
    outer, inner = pty.openpty()
    yield os.ttyname(inner), inner, outer
    os.close(inner)
    os.close(outer)


def drawn(outer, size):
    """Return the next bytes that are drawn; they may come in parts."""
    found = b""
    while len(found) < size:
        found += os.read(outer, size - len(found))
    return found


@together(
    "flags, edited",
    [
        (0, True), (termios.ECHO, False), (termios.ICANON, False),
        (termios.ICANON | termios.ECHO, False), (termios.ISIG, True),
    ],
)  # fmt: skip
def test_who_edits_lines_itself_has_neither_echo_nor_lines(terminal, flags, edited):
    name, inner, _ = terminal
    settings = termios.tcgetattr(inner)
    settings[3] = flags
    termios.tcsetattr(inner, termios.TCSANOW, settings)
    assert is_edited(name) is edited


def test_what_is_written_is_seen_and_what_is_no_terminal_is_not_edited(terminal, tmp_path):
    name, _, outer = terminal
    assert write_to(name, b"old text") is True
    assert drawn(outer, 8) == b"old text"
    assert write_to(name, b"") is True
    file = tmp_path / "file"
    file.write_bytes(b"")
    assert is_edited(str(file)) is False
    assert is_edited(str(tmp_path / "none")) is False
    assert write_to(str(tmp_path / "none"), b"x") is False
    before = len(os.listdir("/dev/fd"))
    for _ in range(3):
        is_edited(name)
        write_to(name, b"x")
    assert len(os.listdir("/dev/fd")) == before


def test_a_text_that_is_taken_in_parts_is_written_to_its_end(monkeypatch, terminal):
    taken = []
    real = os.write

    def write(descriptor, data):
        if len(data) > 4:
            taken.append(bytes(data))
            return real(descriptor, data[:3])
        return real(descriptor, data)

    monkeypatch.setattr(os, "write", write)
    assert write_to(terminal[0], b"abcdefghij")
    monkeypatch.undo()
    assert drawn(terminal[2], 10) == b"abcdefghij"
    assert taken == [b"abcdefghij", b"defghij"]
