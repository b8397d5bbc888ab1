"""Which values of a document are secrets by their key, and how they are masked."""

from __future__ import annotations

import re

from sessionctl.core.keypath import KeyPath

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from sessionctl.core.keypath import Part
    from sessionctl.core.values import Value

MASK = "***"
ROOT = KeyPath()

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+")
_LAST_WORDS = {
    "credential", "credentials", "passphrase", "passwd", "password", "pwd", "secret", "token",
}  # fmt: skip
_KEYS = {"access", "api", "auth", "private", "secret", "signing"}
_RUN_TOGETHER = ("apikey", "authtoken", "privatekey", "secretkey")
_USERINFO = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*://[^/?#\s:@]*:)([^/?#\s]+)(?=@)")


def is_secret_key(key: str) -> bool:
    """Tell whether a key of this name holds a secret: ``password``, ``api_key``, ``DB_TOKEN``.

    What only tells of one is none: ``password_file``, ``token_count``.
    """
    words = [word.lower() for word in _WORD.findall(key)]
    if not words:
        return False
    last = words[-1]
    if last in _LAST_WORDS or last.endswith(_RUN_TOGETHER):
        return True
    return last == "key" and len(words) > 1 and words[-2] in _KEYS


def is_reference(value: object) -> bool:
    """Tell whether ``value`` has the form of a secret reference: ``{ secret = "name" }``."""
    return isinstance(value, dict) and len(value) == 1 and isinstance(value.get("secret"), str)


def is_secret_path(path: Iterable[Part], *, in_session: bool) -> bool:
    """Tell whether a literal at ``path`` is a secret.

    The name in a reference is none: ``password.secret``, and in a session every
    ``secret`` below another key.
    """
    keys = [part for part in path if isinstance(part, str)]
    if not keys or not is_secret_key(keys[-1]):
        return False
    names_one = keys[-1] == "secret" and len(keys) > 1
    return not (names_one and (in_session or is_secret_key(keys[-2])))


def literal_secrets(value: Value, *, in_session: bool, path: KeyPath = ROOT) -> dict[KeyPath, str]:
    """Return the scalars of ``value`` that hold a secret, with what may be shown for each.

    ``path`` is where ``value`` sits. A string that is a URL with a password counts, and
    shows all but the password.
    """
    found: dict[KeyPath, str] = {}
    if isinstance(value, dict):
        for key, item in value.items():
            found |= literal_secrets(item, in_session=in_session, path=path / key)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            found |= literal_secrets(item, in_session=in_session, path=path / index)
    elif not isinstance(value, bool) and is_secret_path(path, in_session=in_session):
        found[path] = MASK
    elif isinstance(value, str):
        shown = mask_userinfo(value)
        if shown != value:
            found[path] = shown
    return found


def masked(value: Value, *, in_session: bool, path: KeyPath = ROOT) -> Value:
    """Return ``value`` with its secrets masked; ``path`` is where it sits."""
    secrets = literal_secrets(value, in_session=in_session, path=path)
    return _masked(value, path, secrets) if secrets else value


def mask_userinfo(text: str) -> str:
    """Return ``text`` with the passwords of its URLs masked."""
    return _USERINFO.sub(rf"\1{MASK}", text)


def _masked(value: Value, path: KeyPath, secrets: dict[KeyPath, str]) -> Value:
    if isinstance(value, dict):
        return {key: _masked(item, path / key, secrets) for key, item in value.items()}
    if isinstance(value, list):
        return [_masked(item, path / index, secrets) for index, item in enumerate(value)]
    return secrets.get(path, value)
