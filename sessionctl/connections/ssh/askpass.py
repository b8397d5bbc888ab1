"""Askpass: started by ssh to ask for a secret; it asks sessionctl, which started ssh.

A program of its own, with nothing of the package in it: ``python -IS askpass.py SOCKET PROMPT``.
What comes back from the socket goes to its output, and nowhere else.
"""

from __future__ import annotations

import socket
import sys


def main(path: str, prompt: str) -> int:
    """Print the answer to ``prompt``; return 1 without one, as ssh expects."""
    with socket.socket(socket.AF_UNIX) as channel:
        try:
            channel.connect(path)
            channel.sendall(prompt.encode(errors="replace"))
            channel.shutdown(socket.SHUT_WR)
            answer = b""
            while chunk := channel.recv(4096):
                answer += chunk
        except OSError:
            return 1
    sys.stdout.buffer.write(answer)
    return 0 if answer else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else ""))
