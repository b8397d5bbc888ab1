"""The vault's plaintext is an identity file; vault.toml tells the rest without a key."""

from __future__ import annotations

import pytest

from sessionctl.core.secrets.identityfile import IdentityFileError
from sessionctl.core.secrets.secret import Secret
from sessionctl.core.secrets.vault_keys import (
    VaultInfo,
    VaultKey,
    read_info,
    read_readers,
    read_vault,
    write_info,
    write_vault,
)
from sessionctl.errors import DocumentError, ParseError, UnsupportedVersionError

NEW = VaultKey(Secret("AGE-SECRET-KEY-1QQQQ"), "age1new", "2026-10-03")
OLD = VaultKey(Secret("AGE-SECRET-KEY-1PPPP"), "age1old", "2026-01-02", "2026-10-03", True)
PLAIN = OLD._replace(is_exposed=False)


VAULT = """\
# vault key of sessionctl; the first key is the current one
# reader: age1a
# reader: age1b
# created: 2026-10-03
# public key: age1new
AGE-SECRET-KEY-1QQQQ
# created: 2026-01-02
# public key: age1old
# replaced: 2026-10-03
# exposed: a recipient who was removed knows it
AGE-SECRET-KEY-1PPPP
"""


def test_keys_come_back_as_they_were_written():
    assert read_vault(write_vault((NEW, OLD, PLAIN))) == (NEW, OLD, PLAIN)
    assert write_vault((NEW, OLD), ["age1b", "age1a"]).text == VAULT
    assert "QQQQ" not in repr(NEW)


def test_a_key_of_another_kind_is_refused():
    with pytest.raises(IdentityFileError, match=r"\Ait holds a key that is not a vault key\Z"):
        read_vault(Secret("AGE-PLUGIN-X-1QQQQ"))
    assert read_vault(Secret("AGE-SECRET-KEY-1QQQQ"))[0].recipient == ""


def test_what_is_told_without_a_key_comes_back():
    info = VaultInfo("age1x", "sha256:00")
    assert read_info(write_info(info), "vault.toml") == info


SAID = {
    UnsupportedVersionError: (
        "vault.toml: format 2 is newer than this sessionctl",
        ["update sessionctl; the file is left as it is"],
    ),
    DocumentError: (
        "vault.toml: not what sessionctl wrote: format, recipient or wrapped_for is missing",
        ["write it again from vault.age: sessionctl secret rekey"],
    ),
}


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("format = 2\n", UnsupportedVersionError),
        ("format = 1\n", DocumentError),
        ("format = 1\nrecipient = 1\nwrapped_for = ''\n", DocumentError),
        ("format = 1\nrecipient = ''\n", DocumentError),
        ("format = '1'\nrecipient = ''\nwrapped_for = ''\n", DocumentError),
        ("format = \n", ParseError),
    ],
)
def test_what_is_something_else_is_refused(text, error):
    with pytest.raises(error) as refused:
        read_info(text, "vault.toml")
    said = SAID.get(error)
    assert said is None or (refused.value.message, list(refused.value.hints)) == said


def test_a_vault_says_whom_it_is_encrypted_to():
    content = write_vault((NEW, OLD), ["b", "ssh-ed25519 AAAA", "b"])
    assert read_readers(content) == {"b", "ssh-ed25519 AAAA"}
    assert read_vault(content) == (NEW, OLD)
    assert read_readers(write_vault((NEW,))) is None
