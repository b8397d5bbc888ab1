"""Recipient check: the lines of ``.age-recipients`` that are no recipients, as problems."""

from __future__ import annotations

import binascii

from sessionctl.core.problem import Problem, Span
from sessionctl.core.secrets.recipients import Recipients, parse_recipient
from sessionctl.core.text.mask import MASK
from sessionctl.core.text.source import Source
from sessionctl.services.documents.checked_file import CheckedFile

_ALPHABET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_USABLE = ("ssh-ed25519", "ssh-rsa")
RULE = "recipient"
_HINT = "correct or remove the line; nothing is encrypted while it is there"


def check_recipients(name: str, text: str) -> CheckedFile:
    """Return a problem for each line that is no recipient; what it holds is not repeated."""
    damaged = {one.line: one.what for one in Recipients(text, name).damaged}
    for number, line in enumerate(text.splitlines(), 1):
        found = parse_recipient(line)
        if found is not None and _is_mistyped(found.key, found.kind):
            damaged[number] = f"a key of the type {found.kind} that was cut or mistyped"
    problems = []
    shown = []
    start = 0
    for number, line in enumerate(text.splitlines(keepends=True), 1):
        if number in damaged:
            message = f"not a recipient that is known: {damaged[number]}"
            problems.append(Problem(RULE, message, Span(start, start), hint=_HINT))
            line = f"{MASK}\n"
        shown.append(line)
        start += len(line)
    return CheckedFile(name, tuple(problems), Source("".join(shown), name))


def _is_mistyped(key: str, kind: str) -> bool:
    """Return whether a key of a known form is mistyped: its checksum, or its length, is wrong."""
    if kind == "X25519":
        return not _has_checksum(key)
    if kind in _USABLE:
        return not _is_ssh_key(key.partition(" ")[2], kind)
    return False  # of a plug-in: that one knows


def _has_checksum(key: str) -> bool:
    prefix, _, data = key.rpartition("1")
    check = 1
    values = [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix]
    for value in (*values, *(_ALPHABET.find(c) for c in data)):
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for index, generator in enumerate(_GENERATOR):
            check ^= generator if top >> index & 1 else 0
    return check == 1


def _is_ssh_key(text: str, kind: str) -> bool:
    try:
        data = binascii.a2b_base64(text)
    except (binascii.Error, ValueError):
        return False
    begin = len(kind).to_bytes(4) + kind.encode()
    return data.startswith(begin) and (kind != "ssh-ed25519" or len(data) == len(begin) + 36)
