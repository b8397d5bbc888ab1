"""Askpass server: hands a password to the ssh that this process started, and to no other.

The value goes through a socket in a private directory while a login lasts: it is in no file, no
argument and no variable. A question of a jump host, of a server that asks for something else, or
whether to trust a host key gets no answer.
"""

from __future__ import annotations

import os
import re
import shlex
import socket
import struct
import sys
import threading
from contextlib import suppress

from sessionctl.system.process_table import ProcessTable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from sessionctl.core.secrets.secret import Secret

_PASSPHRASE = re.compile(r"Enter passphrase for (?:key )?\S.*: ?")
_TRUST = re.compile(r"\(yes/no|fingerprint", re.IGNORECASE)
_ONCE = re.compile(r"\b(?:otp|one-time|verification|token|code|pin|passcode|duo)\b", re.IGNORECASE)
_OF_SSH = "'s password: "
"""How ssh itself asks for a password: the name of the host stands before it."""

_WAIT_S = 0.2
_LONGEST_PROMPT = 4096


class AskpassServer:
    """Answers at ``program``, which is what SSH_ASKPASS names; ``asker`` is the ssh to answer."""

    def __init__(self, directory: str, secrets: Mapping[str, Secret]) -> None:
        self.asker = 0
        self.asked: list[str] = []
        """Which secrets were asked for, and "other" for each question that got no answer."""
        self.program = f"{directory}/ask"
        self._path = f"{directory}/a"
        self._secrets = secrets
        self._is_closed = False
        self._listener = socket.socket(socket.AF_UNIX)
        try:
            self._listener.bind(self._path)
            self._listener.listen(4)
            self._listener.settimeout(_WAIT_S)
            self._write_program()
        except BaseException:
            self._listener.close()
            raise
        self._thread = threading.Thread(target=self._serve, name="askpass", daemon=True)
        self._thread.start()

    def environment(self) -> dict[str, str]:
        """Return the variables that make ssh ask here."""
        return {"SSH_ASKPASS": self.program, "SSH_ASKPASS_REQUIRE": "force", "DISPLAY": ":0"}

    def close(self) -> None:
        """Answer no more."""
        self._is_closed = True
        self._thread.join()
        self._listener.close()
        for path in (self._path, self.program):
            with suppress(OSError):
                os.unlink(path)  # noqa: PTH108

    def _write_program(self) -> None:
        source = os.path.join(os.path.dirname(__file__), "askpass.py")  # noqa: PTH118, PTH120
        words = shlex.join([sys.executable, "-I", "-S", source, self._path])
        descriptor = os.open(self.program, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o700)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(os.fsencode(f'#!/bin/sh\nexec {words} "$1"\n'))

    def _serve(self) -> None:
        while not self._is_closed:
            try:
                channel, _ = self._listener.accept()
            except TimeoutError:
                continue
            except OSError:
                return
            with channel, suppress(OSError):
                channel.settimeout(_WAIT_S * 10)
                prompt = _all_of(channel)
                if self._is_ours(channel):
                    channel.sendall(self._answer(prompt))

    def _is_ours(self, channel: socket.socket) -> bool:
        """Return whether the ssh we started asks, not one that it started for a jump host."""
        if not hasattr(socket, "SO_PEERCRED"):
            return True
        size = struct.calcsize("3i")
        pid, uid, _ = struct.unpack(
            "3i", channel.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, size)
        )
        row = ProcessTable().row(pid)
        return uid == os.geteuid() and row is not None and row.parent == self.asker

    def _answer(self, prompt: str) -> bytes:
        if _TRUST.search(prompt):
            key = ""
        elif _PASSPHRASE.fullmatch(prompt):
            key = "passphrase"
        else:
            is_other = _ONCE.search(prompt) and not prompt.endswith(_OF_SSH)
            key = "" if is_other else "password"
        # Asked twice, it was refused: the same again would only lock the account.
        if key not in self._secrets or key in self.asked:
            self.asked.append("other")
            return b""
        self.asked.append(key)
        return self._secrets[key].reveal() + b"\n"


def _all_of(channel: socket.socket) -> str:
    data = b""
    while len(data) < _LONGEST_PROMPT and (chunk := channel.recv(_LONGEST_PROMPT)):
        data += chunk
    return data.decode(errors="replace")
