"""Signs: quick tests of whether a text is worth a closer look; they err on one side only."""

from __future__ import annotations

from sessionctl.core.regex.lazy_pattern import MULTILINE, late

KEY_BEGINNINGS = ("-----BEGIN", "PuTTY-User-Key-File-")
"""With these a secret begins that may go on over line ends."""

# A token has sixteen characters at least, all of them of these.
_RUN = late(r"[A-Za-z0-9_.-]{16}|-----BEGIN|PuTTY-User-Key|AA[A-Za-z0-9_-]{14}")
# What is encoded has twenty without a sign between them.
_ENCODED = late(r"[A-Za-z0-9]{20}|[A-Za-z0-9+/]{40}|%3[Aa]%2[Ff]")
_TWELVE_WORDS = late(r"(?:[a-z]{3,8}[\s,]{1,4}(?:[0-9]{1,2}[.)]? )?){11}[a-z]{3,8}")
_LEAST_OF_TWELVE = 12 * 3 + 11
_LINE = late(r":[^\s@]{0,200}@|/[^\s@/]{1,100}@|(?::[^:\s]*){4}|[Ww][Ii][Ff][Ii]:|<[A-Za-z]+>[^<]")


# A user and a password with a colon between them, alone in a line; three words, an address first.
_COLON = late(r"^[ \t]*[^\s:/]{1,64}:[^\s:/]{5,64}[ \t]*$", MULTILINE)
_THREE = late(r"//[^\s\"']{1,200}[\"']?[ \t]+\S{1,64}[ \t]+\S{4,128}[ \t]*$", MULTILINE)
_OWNER = late(
    r"(?:[Rr]oot|ROOT|[Aa]dmin\w{0,10}|[Ss]uperuser)\b[^\n:/]{0,24}(?: ?: | / | (?:->|→) )\S{6}"
)
_OWNERS = ("oot", "dmin", "ROOT", "uperuser")
_MARKS = ("socks4 ", "socks5 ", "]:", ": EAP ", ": XAUTH ", ": NTLM ", " * ", "\t*", "*\t")


def has_token(text: str) -> bool:
    """Return whether a run of characters in ``text`` is long enough for a token."""
    return _RUN.search(text) is not None


def may_be_encoded(text: str) -> bool:
    """Return whether ``text`` has a run that may be base64 or hexadecimal digits."""
    return _ENCODED.search(text) is not None


def is_mnemonic_like(text: str) -> bool:
    """Return whether a dozen short words stand in a row."""
    return len(text) >= _LEAST_OF_TWELVE and _TWELVE_WORDS.search(text) is not None


def looks_like_line(text: str) -> bool:
    """Return whether ``text`` may be an address without a scheme, or a line of ``.pgpass``."""
    return (":" in text or "@" in text or "<" in text) and _LINE.search(text) is not None


def looks_like_config(text: str) -> bool:
    """Return whether ``text`` may have a line that holds a password by its place alone."""
    has_colon = ":" in text
    if not (has_colon or "*" in text or " / " in text or " -> " in text or " → " in text):
        return "socks" in text
    for mark in _MARKS:
        if mark in text:
            return True
    if has_colon and (" " not in text or "\n" in text) and _COLON.search(text) is not None:
        return True
    if "//" in text and " " in text and _THREE.search(text) is not None:
        return True
    return any(word in text for word in _OWNERS) and _OWNER.search(text) is not None
