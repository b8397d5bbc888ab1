"""Identity files: the keys in the text that ``age -i`` takes, with the comments above them.

The vault is such a file too: the current key first, older ones below.
"""

from __future__ import annotations

import binascii

from sessionctl.core.named_tuple import NamedTuple
from sessionctl.core.regex.lazy_pattern import IGNORECASE, late
from sessionctl.core.secrets.secret import Secret

_SECRET_KEY = late(r"AGE-SECRET-KEY-1[0-9A-Z]+")
_PLUGIN = late(r"AGE-PLUGIN-([0-9A-Z+._-]+?)-1[0-9A-Z]+")
_SSH_BEGIN = "-----BEGIN "
_NOTE = late(r"#\s*([a-z][a-z ]*?)\s*:\s*(.*)", IGNORECASE)

_SSH_MAGIC = b"openssh-key-v1\0"
_SSH_HEAD = 12

NATIVE = "X25519"
SSH = "ssh"


class IdentityFileError(ValueError):
    """A text is no identity file; the message never quotes it."""


class IdentityLine(NamedTuple):
    """One private key: ``kind`` is "X25519", "ssh", or the name of an age plug-in.

    ``notes`` are the comments above it that read ``# key: value``, keys in lower case.
    """

    kind: str
    secret: Secret
    notes: dict[str, str]

    @property
    def recipient(self) -> str:
        """What the comments say its recipient is, or empty."""
        return self.notes.get("public key") or self.notes.get("recipient") or ""


def read_identity_file(content: Secret) -> list[IdentityLine]:
    """Return the keys of an identity file, or the one of an ssh private key file.

    Raises:
      IdentityFileError: it holds a line that is no identity, or none at all.
    """
    text = content.text
    if text is None:
        raise IdentityFileError("it is not text")
    if text.lstrip().startswith(_SSH_BEGIN):
        return [IdentityLine(SSH, content, {})]
    found: list[IdentityLine] = []
    notes: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), 1):
        stripped = line.strip()
        if stripped.startswith("#"):
            note = _NOTE.fullmatch(stripped)
            if note is not None:
                notes[note[1].lower()] = note[2].strip()
        elif stripped:
            found.append(_identity(stripped, notes, number))
            notes = {}
    if not found:
        raise IdentityFileError("it contains no identity")
    return found


def is_protected_ssh_key(content: Secret) -> bool:
    """Return whether the ssh private key in ``content`` has a passphrase.

    OpenSSH's own format names its cipher behind a magic word; older PEM files have a header.
    """
    text = content.text or ""
    if "ENCRYPTED" in text:
        return True
    body = "".join(line.strip() for line in text.splitlines() if not line.startswith("-"))
    try:
        data = binascii.a2b_base64(body[: 4 * _SSH_HEAD])
    except (binascii.Error, ValueError):
        return False
    start = len(_SSH_MAGIC) + 4
    return data.startswith(_SSH_MAGIC) and data[start : start + 4] != b"none"


def _identity(text: str, notes: dict[str, str], number: int) -> IdentityLine:
    if _SECRET_KEY.fullmatch(text) is not None:
        return IdentityLine(NATIVE, Secret(text), notes)
    plugin = _PLUGIN.fullmatch(text)
    if plugin is not None:
        return IdentityLine(plugin[1].lower(), Secret(text), notes)
    raise IdentityFileError(f"line {number} is not an identity that is known")
