"""A terminal of its own for a program, with a person who types."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import termios
import time

import pytest

_TIMEOUT_S = 30


class Terminal:
    """A program at a terminal of its own; ``screen`` is all that it printed."""

    def __init__(self, argv, cwd, env, *, rows=24, columns=80):
        self.screen = b""
        size = struct.pack("HHHH", rows, columns, 0, 0)
        self.pid, self.descriptor = pty.fork()
        if self.pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, size)
            os.chdir(cwd)
            os.execvpe(argv[0], argv, env)

    def wait_for(self, text, *, since=0):
        """Wait until ``text`` is on the screen; return how much is on it."""
        end = time.monotonic() + _TIMEOUT_S
        while text.encode() not in self.screen[since:]:
            assert time.monotonic() < end, self.screen
            assert self._read(0.2), self.screen
        return len(self.screen)

    def settle(self):
        """Wait until nothing more comes: an editor has drawn its screen and reads keys."""
        size = -1
        while size != len(self.screen):
            size = len(self.screen)
            self._read(0.3)

    def type(self, text):
        os.write(self.descriptor, text.encode())

    def end(self):
        """Return the exit code; a program that does not end is killed and fails the test."""
        end = time.monotonic() + _TIMEOUT_S
        while self._read(0.2):
            if time.monotonic() > end:
                os.kill(self.pid, signal.SIGKILL)
                os.waitpid(self.pid, 0)
                pytest.fail(f"it did not end in {_TIMEOUT_S} s: {self.screen!r}")
        os.close(self.descriptor)
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])

    def _read(self, timeout_s):
        ready, _, _ = select.select([self.descriptor], [], [], timeout_s)
        if ready:
            try:
                data = os.read(self.descriptor, 65536)
            except OSError:  # the program is gone
                return False
            self.screen += data
            return bool(data)
        return True
