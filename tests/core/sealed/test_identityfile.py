"""Identity files: one line a key, comments above; never quoted."""

from __future__ import annotations

import pytest

from sessionctl.core.sealed.identityfile import IdentityFileError, read_identity_file
from sessionctl.core.secret import Secret

KEY = "AGE-SECRET-KEY-1QQQQ"
PLUGIN = "AGE-PLUGIN-YUBIKEY-1QQQQ"


def read(text):
    return read_identity_file(Secret(text))


def test_keys_come_with_the_notes_above_them():
    text = (
        f"# created: 2026\n# public key: age1x\n{KEY}\n\n#   Recipient: age1y\n# plain\n{PLUGIN}\n"
    )
    one, two = read(text)
    assert (one.kind, one.recipient, one.notes["created"]) == ("X25519", "age1x", "2026")
    assert (two.kind, two.recipient) == ("yubikey", "age1y")
    assert one.secret.text == KEY
    assert read(KEY)[0].recipient == ""
    assert KEY not in repr(one)


def test_an_ssh_key_is_one_identity():
    text = "-----BEGIN OPENSSH PRIVATE KEY-----\nx\n"
    [found] = read(f"\n{text}")
    assert (found.kind, found.secret.text) == ("ssh", f"\n{text}")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "it holds no identity"),
        ("# only\n", "it holds no identity"),
        (f"{KEY}\ncanary", "line 2 is not an identity"),
        ("age1canary", "line 1 is not an identity"),
        (f"{KEY} canary", "line 1 is not an identity"),
        (b"\xff", "it is not text"),
    ],
)
def test_what_is_no_identity_file_is_refused_without_being_quoted(text, told):
    with pytest.raises(IdentityFileError, match=told) as caught:
        read(text)
    assert "canary" not in str(caught.value)
