"""The test vectors of age (C2SP/CCTV), through the reader that secrets are opened with.

What is expected of each is in the file itself, and each of the 124 whose keys are known
ends so; ``EXPECTED`` is what that means here. The 19 for hybrid keys are left out, for the
library has no such identities.
"""

from __future__ import annotations

import hashlib
import zlib
from collections import Counter

import pyrage
import pytest

from sessionctl.core.secrets.agefile import MAX_WORK_FACTOR, NotAgeError, read_age_file
from sessionctl.core.secrets.identityfile import NATIVE, IdentityLine
from sessionctl.core.secrets.secret import Secret
from sessionctl.errors import RefusedError
from sessionctl.system import age
from sessionctl.system.prompt import SilentPrompt
from tests.together import together
from tests.world import find_shared, shared_data

FOLDER = find_shared("cctv-age", "testdata")
VECTORS = [] if FOLDER is None else sorted(path.name for path in FOLDER.iterdir())
NOT_READ = "AGE-SECRET-KEY-PQ-1"

# The library has one error for all that fails after the header was read: "not opened".
EXPECTED = {
    "success": {"opened"},
    "no match": {"not opened"},
    "HMAC failure": {"not opened", "no age file"},
    "header failure": {"not opened", "no age file", "too costly"},
    "payload failure": {"not opened", "no age file"},
    "armor failure": {"no age file"},
}


class Vector:
    """One test vector: its fields, and the file behind them."""

    def __init__(self, path):
        head, _, self.data = path.read_bytes().partition(b"\n\n")
        self.fields = {}
        for line in head.decode().splitlines():
            key, _, value = line.partition(": ")
            self.fields.setdefault(key, []).append(value)
        if self.fields.get("compressed") == ["zlib"]:
            self.data = zlib.decompress(self.data)

    @property
    def expected(self):
        return self.fields["expect"][0]

    @property
    def is_read(self):
        return not any(key.startswith(NOT_READ) for key in self.fields.get("identity", ()))

    def open(self):
        """Return what our reader makes of the file, and the plaintext if it opens."""
        lines = [IdentityLine(NATIVE, Secret(key), {}) for key in self.fields.get("identity", ())]
        identities = age.load_identities(lines, SilentPrompt())
        try:
            found = age.decrypt(self.data, identities) if identities else None
            asks = read_age_file(self.data).needs_passphrase
            for passphrase in self.fields.get("passphrase", ()) if asks else ():
                found = found or age.decrypt_with_passphrase(
                    self.data, Secret(passphrase), "vector"
                )
        except NotAgeError:
            return "no age file", None
        except RefusedError:
            return "too costly", None
        return ("not opened", None) if found is None else ("opened", found)


def vector(name):
    return Vector(shared_data("cctv-age", "testdata", name))


@together("name", VECTORS or ["none"])
def test_a_vector_ends_as_it_says(name):
    found = vector(name)
    if not found.is_read:
        pytest.skip("a kind of key that is not known here")
    outcome, plaintext = found.open()
    assert outcome in EXPECTED[found.expected]
    if plaintext is not None:
        [digest] = found.fields["payload"]
        assert hashlib.sha256(plaintext.reveal()).hexdigest() == digest


def test_the_vectors_are_all_there():
    kinds = Counter(vector(name).is_read for name in VECTORS or ["none"])
    assert kinds == {True: 124, False: 19}


def test_a_passphrase_that_costs_too_much_is_refused_before_any_work(monkeypatch):
    found = vector("scrypt_work_factor_23")
    assert read_age_file(found.data).work_factor == 23 > MAX_WORK_FACTOR

    def never(*_arguments):
        raise AssertionError("scrypt was begun")

    monkeypatch.setattr(pyrage.passphrase, "decrypt", never)
    assert found.open() == ("too costly", None)
