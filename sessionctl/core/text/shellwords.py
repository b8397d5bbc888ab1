"""Shell words: quoted for the commands that messages give to type."""

from __future__ import annotations

from sessionctl.core.regex.lazy_pattern import late

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re

_PLAIN = late(r"[\w@%+=:,./~^-]+")
_UNSHOWABLE = late(
    r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff\udc80-\udcff]"
)


def quoted(word: str) -> str:
    """Return ``word`` as one types it in a POSIX shell: in quotes where it needs them."""
    is_expanded = word[:1] in ("~", "=") and not word.startswith("~/")  # "=x" by zsh
    if _PLAIN.fullmatch(word) and not is_expanded:
        return word
    return "'" + word.replace("'", "'\"'\"'") + "'"


def path_word(path: str) -> str:
    """Return ``path`` as a word for a shell that no program takes for anything else.

    What cannot be shown, as a line end or a byte that is not UTF-8, is written as in
    ``$'two\\x0alines'``, which bash, zsh and ksh read.
    """
    if path.startswith(("-", ":")):  # an option, or one of git's own words
        path = f"./{path}"
    return _shown(path)


def typed_word(word: str) -> str:
    """Return any word for a line to paste: what cannot be shown is written as in ``$'a\\x0a'``."""
    return _shown(word)


def last_words(*words: str) -> str:
    """Return words that are no paths as the last arguments: none is taken for an option.

    Every name and key in a line to type goes through here, every path through ``path_word``;
    ``tests/hints/test_guarded_words.py`` finds those that do not. Behind it stands no option.
    """
    end = ["--"] if any(word.startswith("-") for word in words) else []
    return " ".join([*end, *map(_shown, words)])


def _shown(word: str) -> str:
    if not _UNSHOWABLE.search(word):
        return quoted(word)
    safe = word.replace("\\", "\\\\").replace("'", "\\'")
    return f"$'{_UNSHOWABLE.sub(_escaped, safe)}'"


def _escaped(match: re.Match[str]) -> str:
    return "".join(f"\\x{byte:02x}" for byte in match[0].encode(errors="surrogateescape"))


def editor_words(path: str, line: int = 0) -> str:
    """Return the command that opens ``path`` at ``line`` in the user's editor."""
    at = f" +{line}" if line else ""
    return f'"${{EDITOR:-vi}}"{at} {path_word(path)}'
