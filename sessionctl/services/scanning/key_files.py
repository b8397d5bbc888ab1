"""Key files: an identity, or a vault that is not encrypted, must not be committed."""

from __future__ import annotations

from sessionctl.core.problem import Problem, Span
from sessionctl.core.regex.lazy_pattern import late
from sessionctl.core.secrets.agefile import NotAgeError, read_age_file
from sessionctl.core.text.source import Source
from sessionctl.services.documents.checked_file import CheckedFile

RULE = "secret-identity"

_HINT = "move it out of the repository, or make git ignore it"

_NAMES = late(
    r"(?:^|/)(?:identities\.txt|identities|keys?\.txt|[^/]*\.age(?:-?key)?|\.age-recipients|id_[a-z0-9]+)\Z"
)
_IDENTITY = late(r"AGE-SECRET-KEY-(?:PQ-)?1[0-9A-Z]{20,}|-----BEGIN [A-Z ]*PRIVATE KEY-----")


def may_hold_key(path: str) -> bool:
    """Return whether a file of this name may hold a key, so that its content matters."""
    return _NAMES.search(path) is not None


def check_key_file(path: str, data: bytes, step: str | None = None) -> CheckedFile | None:
    """Return what speaks against committing a file with such a name; None: nothing does.

    ``step`` is the command that keeps it from being committed.
    """
    text = data.decode("utf-8", "replace")
    found = _IDENTITY.search(text)
    if found is not None:
        message, span = "holds a key that opens secrets", Span(*found.span())
    elif path.endswith("vault.age") and not _is_encrypted(data):
        message, span = "the vault is not encrypted", Span(0, 1)
    else:
        return None
    problem = Problem(RULE, message, span, hint=_HINT if step is None else step)
    return CheckedFile(path, (problem,), Source(text, path))


def _is_encrypted(data: bytes) -> bool:
    try:
        read_age_file(data)
    except NotAgeError:
        return False
    return True
