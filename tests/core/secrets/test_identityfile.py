"""Identity files: one line a key, comments above; never quoted."""

from __future__ import annotations

import base64

import pytest

from sessionctl.core.secrets.identityfile import (
    IdentityFileError,
    is_protected_ssh_key,
    read_identity_file,
)
from sessionctl.core.secrets.secret import Secret

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
        ("", "it contains no identity"),
        ("# only\n", "it contains no identity"),
        (f"{KEY}\ncanary", "line 2 is not an identity that is known"),
        ("age1canary", "line 1 is not an identity that is known"),
        (f"{KEY} canary", "line 1 is not an identity that is known"),
        (b"\xff", "it is not text"),
    ],
)
def test_what_is_no_identity_file_is_refused_without_being_quoted(text, told):
    with pytest.raises(IdentityFileError) as caught:
        read(text)
    assert str(caught.value) == told


@pytest.mark.parametrize(
    ("cipher", "is_protected"), [(b"none", False), (b"aes256-ctr", True), (b"", False)]
)
def test_an_ssh_key_tells_whether_it_has_a_passphrase(cipher, is_protected):
    body = b"openssh-key-v1\0" + len(cipher).to_bytes(4) + cipher + b"rest" * 20
    if not cipher:
        body = b"x" * 80
    text = base64.b64encode(body).decode()
    lines = [text[at : at + 70] for at in range(0, len(text), 70)]
    key = "\n".join(["-----BEGIN OPENSSH PRIVATE KEY-----", *lines, "-----END"])
    assert is_protected_ssh_key(Secret(key)) is is_protected


def test_a_pem_key_says_so_and_junk_says_nothing():
    assert is_protected_ssh_key(Secret("-----BEGIN\nProc-Type: 4,ENCRYPTED\n"))
    assert not is_protected_ssh_key(Secret("-----BEGIN\n!"))
    assert not is_protected_ssh_key(Secret("-----BEGIN\nabcde"))
    assert not is_protected_ssh_key(Secret(b"\xff"))
