"""Key names: which keys hold secrets, by their names alone."""

from __future__ import annotations

from sessionctl.core.memory import remembered
from sessionctl.core.regex.lazy_pattern import IGNORECASE, late
from sessionctl.core.scan.rules.key_words import (
    CODES,
    HEAD_FIRST,
    KEYS,
    LOOSE_WORDS,
    PASSWORD_ENDS,
    PASSWORDS,
    PHRASE_ENDS,
    PHRASES,
    PLAIN_KEYS,
    PLURALS,
    REFERRING,
    SPOKEN,
    TOKEN_ENDS,
    TOKENS,
    TURNS,
    folded,
    foreign_kind,
    foreign_spoken,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sessionctl.core.keypath import Part

PASSWORD, TOKEN, LOOSE = "password", "token", "loose"
"""What a key of some name holds: something people choose; something a program made; one
of either, but only where the value looks like it."""

_WORD = late(r"[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+|[^\W\d_a-zA-Z]+")
_NO_NAME = late(r"[^A-Za-z0-9_-]+")
# Words that hold the letters of one that may name a secret, and never name one themselves.
_ORDINARY_NAMES = late(
    r"(?<![a-z])(?:(?:co|x)?author(?:s|ed|ing|ity|ities|ship)?|dispatch(?:ed|er|es)?|keyboards?|keymaps?"
    r"|mappings?|patch(?:ed|es)?|shipping)(?![a-z])",
    IGNORECASE,
)
# Words behind the one that decides, which leave it as it is: "token_old", "password_base64".
_STAGES = frozenset(
    {
        "admin", "b", "b64", "backup", "base", "base64", "clear", "current", "default", "dev",
        "development", "hex", "live", "local", "main", "new", "old", "pem", "plain", "plaintext",
        "prev", "previous", "primary", "prod", "production", "raw", "root", "secondary",
        "staging", "string", "test", "text", "value",
    }
)  # fmt: skip
_PASSES = frozenset(
    {"bypass", "compass", "encompass", "overpass", "surpass", "trespass", "underpass"}
)
_NAMING = (
    "name", "key", "var", "variable", "env", "header", "field", "option", "id", "label", "param",
)  # fmt: skip
_VALUED = frozenset({"value", "val", "content", "data", "default", "text", "string"})
# Keys that hold what the name of their table says.
_INSIDE = frozenset(
    {
        "clear", "cleartext", "code", "content", "current", "data", "default", "key", "literal",
        "pass", "phrase", "pin", "plain", "plaintext", "pw", "raw", "string", "text", "val",
        "value",
    }
)  # fmt: skip
# Keys that hold something else in it.
_BESIDE = frozenset(
    {
        "account", "active", "address", "agent", "audience", "cache", "client", "comment",
        "created", "database", "db", "description", "domain", "driver", "email", "expires_at",
        "group", "id", "issuer", "key_id", "mail", "note", "notes", "org", "organization", "port",
        "profile", "project", "realm", "region", "role", "roles", "scheme", "scopes", "server",
        "shell", "status", "store", "team", "tenant", "timeout", "title", "tls", "updated",
    }
)  # fmt: skip
# Tables of which each key is the name of a secret.
_HOLDING = frozenset({"credentials", "creds", "secrets"})
_LOGINS = frozenset(
    {"account", "auth", "authentication", "cred", "credential", "credentials", "creds", "login"}
)
_AMOUNTS = frozenset(
    {"completion", "input", "max", "min", "new", "num", "output", "per", "prompt", "theme", "total"}
)
_OWNERS = tuple(
    """account acct admin auth bind cert db ftp guest imap key ldap local mail master mongo mqtt my
    mysql nick pg pop proxy rabbit rcon redis remote require root sasl server smb smtp sql srv ssh
    store sys user vnc web wifi""".split()
)
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


def name_for(path: Iterable[Part]) -> str:
    """Return a good name for the secret at ``path`` of a session: ``prod.password``."""
    keys = [part for part in path if isinstance(part, str)]
    if "connections" in keys[:-1]:
        keys = keys[keys.index("connections") + 1 :]
    cleaned = (_NO_NAME.sub("-", key).strip("-") for key in keys[-2:])
    return ".".join(word for word in cleaned if word) or "secret"


def speaks_of_secrets(text: str) -> bool:
    """Return whether a word that may name a secret stands anywhere in ``text``; a quick test."""
    return bool(spoken_words(text, SPOKEN, is_one_enough=True))


def names_a_secret(name: str) -> bool:
    """Return whether a word that may name a secret stands in a name: not the AUTH of AUTHOR."""
    return speaks_of_secrets(_ORDINARY_NAMES.sub("_", name))


def spoken_words(
    text: str, words: tuple[str, ...], *, is_one_enough: bool = False
) -> tuple[str, ...]:
    """Return those of ``words`` that stand in ``text``, and those of other scripts that do."""
    if text.isascii():
        lower = text.lower()
    else:
        lower = folded(text).lower()
        words = (*words, *foreign_spoken())
    if is_one_enough:
        for word in words:  # quicker than an expression, and asked of every text
            if word in lower and (word != "code" or CODES.search(lower) is not None):
                return (word,)
        return ()
    return tuple(word for word in words if word in lower)


class SpokenWords:
    """The words of ``SPOKEN`` that stand in a text, looked for when they are first asked for."""

    def __init__(self, text: str = "", words: tuple[str, ...] | None = None) -> None:
        """Take the text, or the words themselves."""
        self._text = text
        self._words = words

    @property
    def words(self) -> tuple[str, ...]:
        """The words."""
        if self._words is None:
            self._words = spoken_words(self._text, SPOKEN)
        return self._words


ALL_WORDS = SpokenWords(words=SPOKEN)


def is_secret_key(key: str) -> bool:
    """Return whether a key of this name holds a secret: ``password``, ``api_key``, ``DB_TOKEN``.

    What is only about one does not: ``password_file``, ``token_count``.
    """
    return secret_kind(key) in (PASSWORD, TOKEN)


@remembered(4096)
def secret_kind(key: str) -> str:
    """Return ``PASSWORD``, ``TOKEN`` or ``LOOSE`` for a key that may hold a secret, else ""."""
    if not key.isascii():
        key = folded(key)
        kind = foreign_kind(key)
        if kind:
            return kind
    words = [word.lower().rstrip("0123456789") or word for word in _WORD.findall(key)]
    for index in range(len(words) - 1, -1, -1):
        kind = _kind_of_word(words, index, is_variable=key.isupper())
        if kind:
            behind = words[index + 1 :]
            return kind if not behind or words[index] in HEAD_FIRST else _weaker(kind, behind)
        if words[index] in _ABOUT:
            return ""
    return ""


def is_key_option(name: str) -> bool:
    """Return whether an option of this name may take a key: ``--key``, ``--enc-key``."""
    words = [word.lower() for word in _WORD.findall(name)]
    return bool(words) and words[-1] == "key" and PLAIN_KEYS.isdisjoint(words[:-1])


def plural_kind(key: str) -> str:
    """Return the kind of what is below a key such as ``passwords``, else ""."""
    words = _WORD.findall(folded(key))
    return PLURALS.get(words[-1].lower(), "") if words else ""


def _kind_of_word(words: list[str], index: int, *, is_variable: bool) -> str:
    word = words[index]
    if word in PHRASE_ENDS and index:
        word = _phrase(words, index) or word
    if word in PASSWORDS:
        return PASSWORD
    if word in TOKENS:
        return "" if index and words[index - 1] in REFERRING else TOKEN
    if word in ("key", "keys"):
        before = words[index - 1] if index else ""
        if before in KEYS:
            return TOKEN if word == "key" else LOOSE
        return LOOSE if is_variable and word == "key" and _may_be_key(before) else ""
    if word in ("pass", "passe") and index and words[index - 1] not in TURNS:
        return PASSWORD
    if word == "api" and is_variable and index == len(words) - 1 and index:
        return LOOSE
    if (word == "pw" and index) or (word == "clave" and len(words) > 1):
        return PASSWORD
    if word in LOOSE_WORDS or word in PLURALS:
        return LOOSE if index == 0 or words[index - 1] not in _AMOUNTS else ""
    if word.endswith(PASSWORD_ENDS):
        return PASSWORD
    return TOKEN if word.endswith(TOKEN_ENDS) else _run_together(word)


def _run_together(word: str) -> str:
    if word.endswith("pass") and word not in _PASSES and len(word) > 5:
        return PASSWORD if word.startswith(_OWNERS) else LOOSE
    return TOKEN if len(word) > 8 and word.endswith(("secret", "token")) else ""


def _phrase(words: list[str], index: int) -> str:
    """Return the name that the words up to ``index`` are together: ``mot de passe``."""
    for count in (2, 3):
        found = PHRASES.get(tuple(words[max(0, index - count + 1) : index + 1]))
        if found:
            return found
    return ""


def _may_be_key(before: str) -> bool:
    return bool(before) and before not in PLAIN_KEYS


def _weaker(kind: str, behind: list[str]) -> str:
    """Return what is left of ``kind`` when other words stand behind the one that decides."""
    return kind if all(word in _STAGES for word in behind) else LOOSE


def pair_kind(table: Mapping[str, object]) -> tuple[str, str]:
    """Return the key of a ``{ name = NAME, value = VALUE }`` with the value, and what it holds."""
    if _VALUED.isdisjoint(table):
        return "", ""
    for name_key in _NAMING:
        name = table.get(name_key)
        if not isinstance(name, str):
            continue
        kind = secret_kind(name)
        if not kind:
            continue
        if kind != PASSWORD and name.isalpha() and not name.isupper():
            kind = LOOSE  # { name = "token", value = "ident" } is of a grammar
        for value_key in table:
            if value_key != name_key and value_key in _VALUED:
                return value_key, kind
    return "", ""


def secret_kind_at(path: Iterable[Part], *, in_session: bool) -> str:
    """Return what a literal at ``path`` holds by the names of its keys, as ``secret_kind`` does.

    The name in a reference is no secret: ``password.secret``, and in a session every
    ``secret`` below another key.
    """
    keys = []
    is_item = False
    for part in path:
        is_item = not isinstance(part, str)
        if not is_item:
            keys.append(part)
    if not keys:
        return ""
    above = str(keys[-2]) if len(keys) > 1 else ""
    return kind_below(above, str(keys[-1]), is_item=is_item, in_session=in_session)


@remembered(4096)
def kind_below(above: str, key: str, *, is_item: bool, in_session: bool) -> str:
    """Return what ``key`` holds in a table that is called ``above``; as an item of its list."""
    kind = secret_kind(key)
    if key == "secret" and above and (in_session or is_secret_key(above)):
        return ""
    if is_item and plural_kind(key) == PASSWORD:
        return PASSWORD
    if not above or kind in (PASSWORD, TOKEN):
        return kind
    lower = key.lower()
    if lower in _ABOUT or lower in _BESIDE:
        return kind
    of_table = plural_kind(above)
    if of_table == PASSWORD:
        return PASSWORD
    if lower in _INSIDE:
        if above.lower() in _LOGINS or secret_kind(above) == PASSWORD:
            return PASSWORD
        return secret_kind(above) or of_table or kind
    if in_session and not is_item and above.lower() in _HOLDING:
        is_about = any(word in _ABOUT or word in _BESIDE for word in _WORD.findall(lower))
        return kind if is_about else TOKEN
    if in_session and not is_item and above.lower() in ("apikeys", "tokens"):
        return LOOSE
    return kind


def is_secret_path(path: Iterable[Part], *, in_session: bool) -> bool:
    """Return whether a literal at ``path`` is a secret, whatever it looks like."""
    return secret_kind_at(path, in_session=in_session) in (PASSWORD, TOKEN)
