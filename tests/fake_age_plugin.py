"""A fake age plug-in, as a program: it hides file keys by XOR, asks for a PIN, and counts.

``age-plugin-fake`` speaks the plug-in protocol of age on stdin and stdout; each start and
each question adds a line to the file that ``FAKE_PLUGIN_LOG`` names.
"""

from __future__ import annotations

import base64
import os
import sys
from pathlib import Path

PIN = b"1234"
_MASK = 0x5A
_ALPHABET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)


def bech32(prefix: str, data: bytes) -> str:
    """Return ``data`` in Bech32, in which age writes keys."""
    number = int.from_bytes(data) << -len(data) * 8 % 5
    count = -(-len(data) * 8 // 5)
    words = [number >> 5 * (count - 1 - index) & 31 for index in range(count)]
    expanded = [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix]
    check = _polymod(expanded + words + [0] * 6) ^ 1
    words += [check >> 5 * (5 - index) & 31 for index in range(6)]
    return f"{prefix}1{''.join(_ALPHABET[word] for word in words)}"


def _polymod(values: list[int]) -> int:
    check = 1
    for value in values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for index, generator in enumerate(_GENERATOR):
            check ^= generator if top >> index & 1 else 0
    return check


RECIPIENT = bech32("age1fake", b"me")
IDENTITY = bech32("age-plugin-fake-", b"me").upper()


def install(folder: Path) -> Path:
    """Put the program into ``folder`` and return the file it counts in."""
    program = folder / "age-plugin-fake"
    # Started often: without the packages that are installed, in a third of the time.
    program.write_text(f"#!{sys.executable} -IS\n{Path(__file__).read_text(encoding='utf-8')}")
    program.chmod(0o755)
    log = folder / "log"
    log.touch()
    return log


def reap() -> None:
    """Take leave of plug-ins that this process started: age does not wait for their end."""
    for list_of_children in Path("/proc/self/task").glob("*/children"):
        try:
            children = list_of_children.read_text().split()
        except (FileNotFoundError, ProcessLookupError):  # a thread that has ended
            continue
        for child in children:
            try:
                name = Path(f"/proc/{child}/comm").read_text()
                if name.startswith("age-plugin-"):
                    os.waitpid(int(child), 0)
            except (FileNotFoundError, ProcessLookupError, ChildProcessError):
                continue


def _count(what: str) -> None:
    with Path(os.environ["FAKE_PLUGIN_LOG"]).open("a", encoding="utf-8") as stream:
        stream.write(f"{what}\n")


def _receive() -> tuple[list[str], bytes]:
    words = sys.stdin.buffer.readline().decode().split()[1:]
    body = ""
    while True:
        line = sys.stdin.buffer.readline().decode().rstrip("\n")
        body += line
        if len(line) < 64:
            return words, base64.b64decode(body + "=" * (-len(body) % 4))


def _send(*words: str, body: bytes = b"") -> tuple[list[str], bytes]:
    text = base64.b64encode(body).decode().rstrip("=")
    lines = [text[at : at + 64] for at in range(0, len(text) + 1, 64)]
    sys.stdout.buffer.write("\n".join([f"-> {' '.join(words)}", *lines, ""]).encode())
    sys.stdout.buffer.flush()
    return ([], b"") if words == ("done",) else _receive()


def _masked(data: bytes) -> bytes:
    return bytes(byte ^ _MASK for byte in data)


def _main() -> None:
    mode = sys.argv[1].partition("=")[2]
    _count(mode)
    received = []
    while not received or received[-1][0][0] != "done":
        received.append(_receive())
    to_wrap = [body for words, body in received if words[0] == "wrap-file-key"]
    for index, body in enumerate(to_wrap):
        _send("recipient-stanza", str(index), "fake", "x", body=_masked(body))
    for words, body in received:
        if words[0] == "recipient-stanza" and words[2] == "fake":
            _count("question")
            _, pin = _send("request-secret", body=b"PIN of the fake token")
            if pin == PIN:
                _send("file-key", words[1], body=_masked(body))
    _send("done")


if __name__ == "__main__":
    _main()
