"""SHA-256 and what is made of it, by Python's own code: to load OpenSSL takes 2 ms and more."""

from __future__ import annotations

import sys

try:
    # As the module random does it.
    if sys.version_info >= (3, 12):
        from _sha2 import sha256  # type: ignore[import-not-found,unused-ignore]
    else:
        from _sha256 import sha256  # type: ignore[import-not-found,unused-ignore]
except ImportError:
    from hashlib import sha256

__all__ = ["hmac_sha256", "is_same_digest", "sha256"]

_BLOCK_BYTES = 64
_INNER = bytes(byte ^ 0x36 for byte in range(256))
_OUTER = bytes(byte ^ 0x5C for byte in range(256))


def is_same_digest(one: bytes, other: bytes) -> bool:
    """Return whether two digests are the same, in a time that does not say where they differ."""
    try:
        # What the module hmac takes where there is no OpenSSL.
        from _operator import _compare_digest as is_same
    except ImportError:
        from hmac import compare_digest as is_same  # type: ignore[no-redef]
    return is_same(one, other)


def hmac_sha256(key: bytes, message: bytes) -> bytes:
    """Return the HMAC of ``message`` under ``key``, as RFC 2104 has it."""
    block = sha256(key).digest() if len(key) > _BLOCK_BYTES else key
    block = block.ljust(_BLOCK_BYTES, b"\0")
    inner = sha256(block.translate(_INNER) + message).digest()
    digest: bytes = sha256(block.translate(_OUTER) + inner).digest()
    return digest
