"""Plausibility: whether a value looks like a secret, or like a placeholder, a path, a variable."""

from __future__ import annotations

import math

from sessionctl.core.regex.lazy_pattern import IGNORECASE, VERBOSE, late
from sessionctl.core.scan.rules.key_names import LOOSE, PASSWORD

_VARIABLE = late(
    r"""\$\w+ | \$\{[^{}]*\} | \$\([^()]*\) | %\w+% | %\(\w+\)s | \{\{[^{}]*\}\} | \{\w*\}
      | <[^<>]*> | \[[A-Za-z _-]*\] | @\w+@ | `[^`]*`""",
    VERBOSE,
)
_BLANKED = late(r"[*.•?_#-]+|[xX]{3,}|0+|\W*")
_STAND_INS = frozenset(
    {
        "any", "async", "await", "bool", "boolean", "bytes", "char", "def", "fn", "int", "integer",
        "null", "object", "str", "string", "text", "varchar", "void",
        "change-me", "change_me", "change_this", "changeit", "changeme", "dummy", "empty",
        "example", "fake", "false", "foo", "foobar", "hidden", "masked", "mock", "n/a", "nil",
        "no", "none", "off", "on", "optional", "placeholder", "prompt", "redacted",
        "removed", "replace-me", "replace_me", "replaceme", "required", "sample", "sealed",
        "public", "clear", "anonymous", "present", "fuzz", "file0", "file1", "tbd", "todo",
        "true", "unset", "yes",
    }
)  # fmt: skip
_SPEAKS_OF = late(
    r"""(?:^|[^a-z])(?:your[-_ ] | insert[-_ ] | (?:enter[-_ ](?:your|the) | replace[-_ ](?:me|with)
      | change[-_ ]?(?:me|it|this) | example | placeholder | redacted | goes[-_ ]here)(?![a-z0-9]))
      | x{6} | example$ | 1234567890abcdef""",
    IGNORECASE | VERBOSE,
)
# Where a secret is kept, for a program to look it up.
_LOOKED_UP = late(
    r"""(?: env | file | cmd | exec | keyring | keychain | keepass | op | bw | lpass | vault
      | ref\+\w+ | sops | secrets? | ssm | gcp-sm | aws-?sm | doppler | infisical | pass | gopass
      | libsecret | agenix | credstash ):{1,2}(?!\w{16})
      | ![a-z./~][\w./-]*(?:\s|\Z) | @[/~.] | @\w{2,20}: | arn:aws | projects/ | /?run/secrets/""",
    VERBOSE,
)
_PATH = late(
    r"(?:~|\.{1,2}|[A-Za-z]:)[/\\]\S*|/(?:[a-z0-9_.$-]+/)+[A-Za-z0-9_.$-]*|/[a-z]+"
    r"|[\w./~-]{1,80}\.(?:asc|bin|cer|cfg|conf|crt|csv|db|der|env|gpg|gz|hex|html|img|ini|iso|jks"
    r"|js|json|jwk|kdbx|key|keystore|log|ovpn|p12|pdf|pem|pfx|pub|py|sh|sqlite|tar|tgz|toml|txt|xml"
    r"|xz|ya?ml|zip)"
)
_PUBLIC = late(
    r"""ssh-(?:rsa|ed25519|dss)\s | ecdsa-sha2-\S+\s | sk-ssh-\S+\s | age1[0-9a-z]{20} | SHA256:
      | sha(?:1|256|384|512)[-:] | md5: | blake[23]\w?[-:] | -----BEGIN\ (?!.*PRIVATE)
      | \$(?:2[aby]|5|6|y|argon2\w*|pbkdf2\S*|scrypt)\$ | \{(?:SSHA|SHA|MD5|CRYPT)""",
    VERBOSE,
)
_KEY_ID = late(r"(?:0x)?(?:[0-9A-F]{8}|[0-9A-F]{16}|[0-9A-F]{40})!?")
_VERSION = late(r"[=<>~^!v]{0,3}[0-9]{1,4}(?:\.[0-9*]{1,6}){1,3}(?:[-+.]?[a-z]{1,6}[0-9.]{0,6})?")
_MOMENT = late(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]{1,9})?)?"
    r"(?:[Zz]|[+-][0-9]{2}:?[0-9]{2})?"
)
_ADDRESS = late(r"[a-z][a-z0-9+.-]{1,20}://")
_KEYSTROKE = late(
    r"(?:(?:ctrl|control|alt|shift|super|cmd|meta|mod|win|C|M|S|A)[+-])+\S+", IGNORECASE
)
_BETWEEN = late(r"[\s_.,:/-]+")
_PIECE = late(r"[A-Z]?[a-z]{0,14}[0-9]{0,4}|[A-Z]{1,14}[0-9]{0,3}|[0-9]{1,8}")
_COLOR = late(r"#(?:[0-9a-fA-F]{3,4}){1,2}")
_LETTER_RUN = late(r"[A-Za-z]{16,64}")
_SIGN = late(r"[!@#$%^&*+=?~|\\]")
# What sentences hold beside words: "step-2", "10.0.0.3", "a/b", "v2", "(x)", "user@host".
_ORDINARY = late(
    r"[A-Za-z]+(?:[-/'.][A-Za-z]+)*|[0-9.:/-]+|v?[0-9]+[a-z]{0,3}|[^\s@]+@[^\s@]+\.[a-z]+|\W*\w{0,3}\W*"
    r"|[A-Za-z_]\w*\([^()]*\)|[$%<{\[].*|--?\w.*|[\w.-]*/[\w./-]*|[A-Z]+[-_][0-9]+"
)
_DIGIT = late(r"[0-9]")
_UPPER = late(r"[A-Z]")
_LOWER = late(r"[a-z]")
_OTHER = late(r"[^A-Za-z0-9\s_.,:/-]")
_STRONG_SIGN = late(r"[!#$%^&*?+~]")
# A path, a list, an assignment, a call, a variable: not a word that people make up.
_MADE_OF_NAMES = late(r"[/\\=,;(){}\[\]<>|\"'\s:]|^[$%@^~+*?-]|^v?[0-9]+\.|^sha|\.\*|\*\.|\*$")
_ALNUM = late(r"[A-Za-z0-9]+")
_LETTER = late(r"[A-Za-z]")
_SCHEME = late(r"(?:bearer|basic|token|digest|apikey)[ \t]+", IGNORECASE)
_RANDOM = late(r"[A-Za-z0-9+/_=-]{24,200}")
_HEX = late(r"[0-9a-fA-F-]+")
_RANDOM_BITS = 4.2
_USER_AND_PASSWORD = late(r"[^\s:/]{1,64}:(?![/\s])(?=[^\n]*[^\d:.\n])[^\n]+")


def is_placeholder(value: str) -> bool:
    """Return whether ``value`` only stands for a secret: ``${X}``, ``<token>``, ``***``."""
    if value.startswith(("$(", "`")):
        return True
    if _BLANKED.fullmatch(_VARIABLE.sub("", value)):
        return True
    return value.strip().lower() in _STAND_INS or _SPEAKS_OF.search(value[:200]) is not None


def names_a_place(value: str) -> bool:
    """Return whether ``value`` says where something lies, or is meant to be public."""
    return (
        _LOOKED_UP.match(value) is not None
        or _PATH.fullmatch(value) is not None
        or _PUBLIC.match(value) is not None
    )


def is_plausible(value: str, kind: str, *, is_strict: bool) -> bool:
    """Return whether ``value``, under a key that holds a secret of ``kind``, is one.

    ``is_strict`` takes all that is not plainly something else: a session has no other use
    for such a key, while ``token = "ident"`` is common in other files.
    """
    if is_placeholder(value) or names_a_place(value) or _COLOR.fullmatch(value):
        return False
    if not is_strict and _VERSION.fullmatch(value):
        return False
    if kind == LOOSE:
        if _MOMENT.fullmatch(value):
            return False
        return (
            is_strong(value) or _is_short_secret(value) or _LETTER_RUN.fullmatch(value) is not None
        )
    if kind == PASSWORD:
        return is_strict or not _is_label(value)
    bare = _SCHEME.sub("", value, count=1)
    if _KEY_ID.fullmatch(bare) or _KEYSTROKE.fullmatch(bare):
        return False
    if is_strict:
        return True
    return " " not in bare and len(bare) >= 8 and _is_mixed(bare) and not _ADDRESS.match(bare)


def is_strong(value: str) -> bool:
    """Return whether ``value`` looks as if a program had made it, or an anxious person."""
    bare = _SCHEME.sub("", value, count=1)
    if len(bare) < 12 or len(bare) > 4096 or any(c.isspace() for c in bare):
        return False
    if _ADDRESS.match(bare) or _KEY_ID.fullmatch(bare) or not _DIGIT.search(bare):
        return False
    if _MOMENT.fullmatch(bare):
        return False
    if is_placeholder(bare) or names_a_place(bare):
        return False
    return len(set(bare)) >= 8 and _is_mixed(bare)


def looks_chosen(value: str) -> bool:
    """Return whether ``value``, one word of a sentence, mixes characters as passwords do."""
    if not 4 <= len(value) <= 120 or _ORDINARY.fullmatch(value) or _ADDRESS.match(value):
        return False
    if value.isdigit():
        return len(value) in (4, 6, 8)
    return bool(_DIGIT.search(value) or _SIGN.search(value)) and not _VERSION.fullmatch(value)


def has_password_shape(value: str) -> bool:
    """Return whether ``value``, one word, can hardly be anything but a password: ``Tr0ub4dor&3``.

    Letters, digits and a sign between them, or letters of both cases and digits that are no
    name with a number.
    """
    if not 6 <= len(value) <= 64 or _MADE_OF_NAMES.search(value):
        return False
    if not (_DIGIT.search(value) and _LETTER.search(value)):
        return False
    if _STRONG_SIGN.search(value):
        return True
    return bool(_ALNUM.fullmatch(value) and _UPPER.search(value) and _LOWER.search(value))


def looks_random(value: str) -> bool:
    """Return whether ``value`` has no order in it; many things have none and are no secrets."""
    if not _RANDOM.fullmatch(value) or _HEX.fullmatch(value) or not is_strong(value):
        return False
    if not (_UPPER.search(value) and _LOWER.search(value)):
        return False
    counts = [value.count(character) for character in set(value)]
    bits = -sum(n / len(value) * math.log2(n / len(value)) for n in counts)
    return bits >= _RANDOM_BITS


def has_user_and_password(value: str) -> bool:
    """Return whether ``value`` reads ``user:password``, as ``curl -u`` takes it."""
    if _USER_AND_PASSWORD.fullmatch(value) is None:
        return False
    password = value.partition(":")[2]
    return not is_placeholder(password)


def _is_short_secret(value: str) -> bool:
    """Return whether ``value`` is a word with digits or signs in it: a password people make."""
    if not 4 <= len(value) <= 40 or any(c.isspace() for c in value) or _KEYSTROKE.fullmatch(value):
        return False
    if value.isdigit():
        return len(value) in (4, 6, 8)
    if has_user_and_password(value):
        return True
    kinds = sum(bool(kind.search(value)) for kind in (_DIGIT, _UPPER, _LOWER))
    return bool(_OTHER.search(value)) and kinds > 1


def _is_label(value: str) -> bool:
    """Return whether ``value`` speaks to people: "Password:", "Enter the password"."""
    lower = value.lower()
    return (
        len(value) < 2 or "password" in lower or "passphrase" in lower or value.endswith((":", "?"))
    )


def _is_mixed(value: str) -> bool:
    """Return whether letters and digits mix as words do not."""
    kinds = sum(bool(kind.search(value)) for kind in (_DIGIT, _UPPER, _LOWER, _OTHER))
    if kinds < 2 or not (_DIGIT.search(value) or _OTHER.search(value) or len(value) >= 20):
        return False
    return not _reads_as_words(value)


def _reads_as_words(value: str) -> bool:
    """Return whether ``value`` is made of words: ``cl100k_base``, ``my-app.token2``."""
    pieces = [piece for piece in _BETWEEN.split(value) if piece]
    odd = [piece for piece in pieces if not _PIECE.fullmatch(piece)]
    return sum(map(len, odd)) < 7
