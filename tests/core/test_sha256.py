"""SHA-256 and its HMAC are those of Python's own modules."""

from __future__ import annotations

import hashlib
import hmac

from hypothesis import given
from hypothesis import strategies as st

from sessionctl.core.sha256 import hmac_sha256, is_same_digest, sha256


@given(st.binary(max_size=200), st.binary(max_size=200))
def test_digests_are_those_of_openssl(key, message):
    assert sha256(message).digest() == hashlib.sha256(message).digest()
    assert hmac_sha256(key, message) == hmac.digest(key, message, "sha256")
    assert is_same_digest(key, message) is (key == message)


def test_a_key_of_just_a_block_is_taken_as_it_is():
    for size in (63, 64, 65):
        key = bytes(range(size))
        assert hmac_sha256(key, b"") == hmac.digest(key, b"", "sha256")
