"""Key names: which keys hold secrets, by their names alone."""

from __future__ import annotations

import re
from functools import lru_cache

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from sessionctl.core.keypath import Part

PASSWORD, TOKEN, LOOSE = "password", "token", "loose"
"""What a key of some name holds: something people choose; something a program made; one
of either, but only where the value looks like it."""

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+")
_NO_NAME = r"[^A-Za-z0-9_-]+"
_PASSWORDS = frozenset(
    {
        "kennwort", "passphrase", "passwd", "password", "passwort", "pgpassword", "psk", "pwd",
        "userpassword",
    }
)  # fmt: skip
_TOKENS = frozenset(
    {"accesstoken", "bearer", "credential", "credentials", "secret", "seckey", "token"}
)
_LOOSE = frozenset(
    {"auth", "authorization", "cookie", "login", "pass", "pat", "pin", "pw", "seed", "userpass"}
    | {"keys", "passphrases", "passwords", "secrets", "tokens"}
)
_RUN_TOGETHER = (
    "accesskey", "apikey", "apitoken", "authtoken", "clientsecret", "encryptionkey", "password",
    "privatekey", "secretkey", "signingkey",
)  # fmt: skip
# "key" alone says nothing; behind one of these it does.
_KEYS = frozenset(
    {
        "access", "account", "api", "app", "application", "auth", "consumer", "deploy",
        "encryption", "hmac", "jwt", "license", "master", "preshared", "private", "secret",
        "service", "session", "shared", "signing", "storage", "webhook",
    }
)  # fmt: skip
# Words behind the one that decides, which leave it as it is: "token_old", "password_base64".
_STAGES = frozenset(
    {
        "admin", "b", "b64", "backup", "base", "base64", "clear", "current", "default", "dev",
        "development", "hex", "live", "local", "main", "new", "old", "pem", "plain", "plaintext",
        "prev", "previous", "primary", "prod", "production", "raw", "root", "secondary",
        "staging", "string", "test", "text", "value",
    }
)  # fmt: skip
# Words behind the one that decides, which make it something else: "password_file".
_ABOUT = frozenset(
    {
        "algorithm", "arn", "backend", "character", "characters", "chars", "cmd", "color",
        "colour", "command", "comment", "count", "dir", "directory", "enabled", "endpoint", "env",
        "environment", "eval", "expiry", "expires", "field", "file", "filename", "format",
        "hash", "header", "helper", "hint", "host", "id", "ident", "index", "input", "kind",
        "label", "length", "level", "lifetime", "limit", "manager", "max", "method", "min",
        "mode", "name", "param", "path", "pattern", "policy", "prefix", "prompt", "provider",
        "ref", "reference", "regex", "required", "rotation", "scope", "script", "service", "size",
        "source", "stdin", "store", "style", "suffix", "ttl", "type", "uri", "url", "user",
        "username", "var", "variable", "version",
    }
)  # fmt: skip

# Parts of all the words above.
SPOKEN = (
    "auth", "basic", "bearer", "cookie", "credential", "kennwort", "key", "login", "pass", "pat",
    "pin", "psk", "pw", "secret", "seed", "token",
)  # fmt: skip


def name_for(path: Iterable[Part]) -> str:
    """Return a good name for the secret at ``path`` of a session: ``prod.password``."""
    keys = [part for part in path if isinstance(part, str)]
    if "connections" in keys[:-1]:
        keys = keys[keys.index("connections") + 1 :]
    cleaned = (re.sub(_NO_NAME, "-", key).strip("-") for key in keys[-2:])
    return ".".join(word for word in cleaned if word) or "secret"


def speaks_of_secrets(text: str) -> bool:
    """Return whether a word that may name a secret stands anywhere in ``text``; a quick test."""
    lower = text.lower()
    return any(word in lower for word in SPOKEN)


def is_secret_key(key: str) -> bool:
    """Return whether a key of this name holds a secret: ``password``, ``api_key``, ``DB_TOKEN``.

    What is only about one does not: ``password_file``, ``token_count``.
    """
    return secret_kind(key) in (PASSWORD, TOKEN)


@lru_cache(maxsize=4096)
def secret_kind(key: str) -> str:
    """Return ``PASSWORD``, ``TOKEN`` or ``LOOSE`` for a key that may hold a secret, else ""."""
    words = [word.lower().rstrip("0123456789") or word for word in _WORD.findall(key)]
    for index in range(len(words) - 1, -1, -1):
        kind = _kind_of_word(words, index)
        if kind:
            return kind if index == len(words) - 1 else _weaker(kind, words[index + 1 :])
        if words[index] in _ABOUT:
            return ""
    return ""


def _kind_of_word(words: list[str], index: int) -> str:
    word = words[index]
    if word in _PASSWORDS:
        return PASSWORD
    if word in _TOKENS:
        return TOKEN
    if word == "key":
        return TOKEN if index and words[index - 1] in _KEYS else ""
    if word == "keys":
        return LOOSE if index and words[index - 1] in _KEYS else ""
    if word.endswith(_RUN_TOGETHER):
        return PASSWORD if word.endswith("password") else TOKEN
    return LOOSE if word in _LOOSE else ""


def _weaker(kind: str, behind: list[str]) -> str:
    """Return what is left of ``kind`` when other words stand behind the one that decides."""
    return kind if all(word in _STAGES for word in behind) else LOOSE


def is_reference(value: object) -> bool:
    """Return whether ``value`` has the form of a secret reference: ``{ secret = "name" }``."""
    return isinstance(value, dict) and len(value) == 1 and isinstance(value.get("secret"), str)


def secret_kind_at(path: Iterable[Part], *, in_session: bool) -> str:
    """Return what a literal at ``path`` holds by the name of its key, as ``secret_kind`` does.

    The name in a reference is no secret: ``password.secret``, and in a session every
    ``secret`` below another key.
    """
    keys = [part for part in path if isinstance(part, str)]
    kind = secret_kind(keys[-1]) if keys else ""
    if kind and keys[-1] == "secret" and len(keys) > 1:
        if in_session or is_secret_key(keys[-2]):
            return ""
    return kind


def is_secret_path(path: Iterable[Part], *, in_session: bool) -> bool:
    """Return whether a literal at ``path`` is a secret, whatever it looks like."""
    return secret_kind_at(path, in_session=in_session) in (PASSWORD, TOKEN)
