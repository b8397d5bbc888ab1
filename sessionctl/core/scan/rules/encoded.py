"""Secrets that are encoded: base64, hexadecimal digits or percent signs around one."""

from __future__ import annotations

# base64 itself loads more than it takes to decode.
import binascii

from sessionctl.core.regex.lazy_pattern import late
from sessionctl.core.scan.finding import SHAPE, SecretPart

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_BASE64 = late(r"(?<![A-Za-z0-9+/_=-])[A-Za-z0-9+/_-]{20,8192}={0,2}(?![A-Za-z0-9+/_-])")
_HEX = late(r"(?:[0-9a-f]{2}){12,4096}|(?:[0-9A-F]{2}){12,4096}")
_QUOTED = late(r"(?<![A-Za-z0-9._~+-])[A-Za-z0-9._~+-]*(?:%[0-9A-Fa-f]{2}[A-Za-z0-9._~+-]*){3,}")
# What a private key of OpenSSH, and a key file of Java, begin with.
_KEY_BEGINS = (b"openssh-key-v1\0", b"-----BEGIN", b"PuTTY-User-Key-File")
_MOST = 64


def encoded_parts(text: str, holds_secret: Callable[[str], bool]) -> Iterator[SecretPart]:
    """Yield the runs of ``text`` that hold a secret when they are decoded.

    ``holds_secret`` says so of the text inside.
    """
    for count, match in enumerate(_BASE64.finditer(text)):
        if count >= _MOST:
            break
        if _is_hidden_in(_unpacked(match[0]), holds_secret):
            yield SecretPart(SHAPE, "an encoded secret", *match.span())
    if "%" in text:
        from urllib.parse import unquote

        for match in _QUOTED.finditer(text):
            if _is_hidden_in(unquote(match[0]).encode(), holds_secret):
                yield SecretPart(SHAPE, "an encoded secret", *match.span())


def holds_user_and_password(word: str) -> bool:
    """Return whether base64 text is ``user:password``, as HTTP's basic scheme sends it."""
    data = _unpacked(word)
    user, colon, password = data.partition(b":")
    return bool(user and colon and password) and all(byte >= 32 for byte in data)


def _unpacked(run: str) -> bytes:
    if _HEX.fullmatch(run):
        return bytes.fromhex(run)
    bare = run.rstrip("=").translate({45: "+", 95: "/"})
    if len(bare) % 4 == 1:
        return b""
    try:
        return binascii.a2b_base64(bare + "=" * (-len(bare) % 4), strict_mode=True)
    except (binascii.Error, ValueError):
        return b""


def _is_hidden_in(data: bytes, holds_secret: Callable[[str], bool]) -> bool:
    if data.startswith(_KEY_BEGINS) and b"PUBLIC" not in data[:40]:
        return True
    if len(data) < 8:
        return False
    try:
        inside = data.decode()
    except UnicodeDecodeError:
        return False
    if not inside.replace("\n", "").replace("\r", "").replace("\t", "").isprintable():
        return False
    return holds_secret(inside)
