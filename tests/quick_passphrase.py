"""An age file behind a passphrase that opens at once: age's own take a second each time.

The format is age's (https://age-encryption.org/v1), with a work factor of 2^10 instead of 2^18.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import struct

_LOG_N = 10
_WORD = 0xFFFFFFFF


def sealed(content: bytes, passphrase: str) -> str:
    """Return ``content``, which is short, in armour, encrypted with ``passphrase``."""
    file_key, salt, nonce = os.urandom(16), os.urandom(16), os.urandom(16)
    wrap_key = hashlib.scrypt(
        passphrase.encode(), salt=b"age-encryption.org/v1/scrypt" + salt,
        n=2**_LOG_N, r=8, p=1, dklen=32,
    )  # fmt: skip
    header = (
        f"age-encryption.org/v1\n-> scrypt {_base64(salt)} {_LOG_N}\n"
        f"{_base64(_chacha20_poly1305(wrap_key, bytes(12), file_key))}\n---"
    )
    mac = hmac.digest(_hkdf(file_key, b"", b"header"), header.encode(), "sha256")
    payload = _chacha20_poly1305(_hkdf(file_key, nonce, b"payload"), bytes(11) + b"\1", content)
    data = f"{header} {_base64(mac)}\n".encode() + nonce + payload
    text = base64.b64encode(data).decode()
    lines = [text[start : start + 64] for start in range(0, len(text), 64)]
    begin, end = (f"-----{word} AGE ENCRYPTED FILE-----" for word in ("BEGIN", "END"))
    return "\n".join([begin, *lines, end, ""])


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode().rstrip("=")


def _hkdf(key: bytes, salt: bytes, info: bytes) -> bytes:
    return hmac.digest(hmac.digest(salt or bytes(32), key, "sha256"), info + b"\1", "sha256")


def _chacha20_poly1305(key: bytes, nonce: bytes, text: bytes) -> bytes:
    """RFC 8439, without additional data."""
    stream = b"".join(_block(key, 1 + n, nonce) for n in range(len(text) // 64 + 1))
    cipher = bytes(a ^ b for a, b in zip(text, stream, strict=False))
    one_time = _block(key, 0, nonce)
    r = int.from_bytes(one_time[:16], "little") & 0x0FFFFFFC0FFFFFFC0FFFFFFC0FFFFFFF
    padded = cipher + bytes(-len(cipher) % 16) + struct.pack("<QQ", 0, len(cipher))
    tag = 0
    for start in range(0, len(padded), 16):
        block = int.from_bytes(padded[start : start + 16], "little") + (1 << 128)
        tag = (tag + block) * r % (2**130 - 5)
    tag += int.from_bytes(one_time[16:32], "little")
    return cipher + (tag % 2**128).to_bytes(16, "little")


def _block(key: bytes, counter: int, nonce: bytes) -> bytes:
    start = [*struct.unpack("<4I", b"expand 32-byte k"), *struct.unpack("<8I", key), counter,
             *struct.unpack("<3I", nonce)]  # fmt: skip
    words = [*start]
    columns = [(n, 4 + n, 8 + n, 12 + n) for n in range(4)]
    diagonals = [(n, 4 + (n + 1) % 4, 8 + (n + 2) % 4, 12 + (n + 3) % 4) for n in range(4)]
    for _ in range(10):
        for a, b, c, d in (*columns, *diagonals):
            for one, two, three, turn in ((a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7)):
                words[one] = (words[one] + words[two]) & _WORD
                mixed = words[three] ^ words[one]
                words[three] = (mixed << turn | mixed >> (32 - turn)) & _WORD
    return struct.pack("<16I", *((a + b) & _WORD for a, b in zip(words, start, strict=True)))
