"""Write the shell command that reports whether a file may hold a secret.

Git asks for the text of a file once per commit, and grep answers ten times faster than
Python starts. The command errs on one side only: a file with something in it that is
masked is never passed by. It is made of what the scan looks for, and written out because to
make it takes half as long as Python takes to start. Run ``python -m tools.secret_grep`` after an
edit of either; a test fails until then. ``--check`` writes nothing and exits with 1 where it would.
"""

from __future__ import annotations

import sys
from pathlib import Path

from sessionctl.core.scan.rules.commands.programs import OTHERS, roles_of, table
from sessionctl.core.scan.rules.key_words import GREP_SPOKEN, SPOKEN
from sessionctl.core.scan.rules.tokens import HEADS, MARKS

WRITTEN = (
    Path(__file__).parent.parent / "sessionctl" / "services" / "git" / "shell" / "secret_grep.py"
)
_MODULE = '''"""Secret grep: a shell command that reports whether a file may hold a secret.

Made by ``python -m tools.secret_grep``: it errs on one side only.
"""

from __future__ import annotations

# ruff: noqa: E501
# fmt: off
MAY_HOLD_SECRETS = {command!a}
"""The command; it ends with 0 when the file ``$1`` is worth a closer look."""
'''

# Lines that refer to a sealed secret are no reason to look closer.
_REFERENCE = (
    r"^[[:space:]]*([A-Za-z0-9_-]*[_-])?(password|passphrase|token|secret|api_key|private_key)"
    r"[[:space:]]*=[[:space:]]*[{][[:space:]]*secret[[:space:]]*=[[:space:]]*"
    r'"[^"]*"[[:space:]]*[}][[:space:]]*$'
)
# Short words stand in many others, "pat" in "path": they count where they begin and end.
_SHORT = ("pat", "pin")
_LEFT_OUT = (*_SHORT, "code")
# An address with a password or a question mark; a letter that is written by its number.
_PHRASES = (
    "([kys]|or|rm|te|ge|fe|up|in|r)[ _-]?codes?",
    "code[ _-]?[dof]",
    "security",
    "priv(ada|ee)",
    "[_-]api",
)
# Not "://": the printed plan would take the pattern itself for an address with a password.
_OTHERS = (r":/[/][^[:space:]]*[@?&;#]", "/p:", r"[\\][uU]", "%3a%2f", "rtmps?:", *_PHRASES)
# A word of a digit, and of a capital or a sign.
_WORD = "[^[:space:]]*"
_GIVEN = f"({_WORD}[0-9]{_WORD}[A-Z!#$%^&*?+~]|{_WORD}[A-Z!#$%^&*?+~]{_WORD}[0-9])"
# What may be encoded; an address without a scheme; a line of .pgpass; an element; a dozen words,
# in one line or in several; "-u" and "-p" of a command, which may be a list.
_USERS = "[uUnlem]|-user(name)?|-e?mail"
_EXACT = (
    "[A-Za-z0-9]{20}", "[A-Za-z0-9+/]{40}", ":[^[:space:]@]*@", "/[^[:space:]@/]+@",
    "(:[^:[:space:]]*){4}", "<[A-Za-z]+>[^<]", "([a-z]{3,8}[^A-Za-z]{1,12}){11}[a-z]{3}",
    "^[^A-Za-z=[#]*([a-z]{3,8}[^A-Za-z=]{1,12}){0,6}[a-z]{3,8}[^A-Za-z=]*$",
    "^[[:space:]]*#[^A-Za-z=[]*([a-z]{3,8}[^A-Za-z=]{1,12}){3,11}[a-z]{3,8}[^A-Za-z=]*$",
    "^[[:space:]]*#[^A-Za-z=[]*[0-9][^A-Za-z=[]*([a-z]{3,8}[^A-Za-z=]{1,12}){0,2}[a-z]{3,8}[^A-Za-z=]*$",
    f"-({_USERS})[^A-Za-z0-9_-].*-[pP]w?[^A-Za-z0-9_-]",
    f"-[pP]w?[^A-Za-z0-9_-].*-({_USERS})[^A-Za-z0-9_-]",
    f"-({_USERS})[^A-Za-z0-9_-]+[A-Za-z0-9_.+-]+:[^[:space:]]",
    "^[^A-Za-z0-9]*-[pP][^A-Za-z0-9_-]",
    f"-([A-Za-z]|pw|pass|-code)[^A-Za-z0-9_-]+{_GIVEN}",
    f"-[A-Za-z0-9_-]+[^A-Za-z0-9_-]+[A-Za-z0-9_.+@/-]+:{_GIVEN}",
    f"[A-Za-z0-9_.@-]:{_GIVEN}",
    "[^A-Za-z0-9_.~/-]/[pP][A-Za-z]*[^A-Za-z0-9/]", "[|<].*(unlock|luks|signin)",
    "(unlock|luks[A-Za-z]*|signin) ?<<<",
    "([Rr]oot|ROOT|[Aa]dmin|[Ss]uperuser)[^:/]*(:| /| ->| →) ?[^[:space:]]{6}",
    r"([[:space:]]|\\t)[*]([[:space:]]|\\t)", ": (EAP|XAUTH|NTLM)",
    "socks[45] ", "[]]:",
    "//[^[:space:]]+[[:space:]]+[^[:space:]]+[[:space:]]+[^[:space:]]*[0-9!#$%^&*?+~=|@]",
)  # fmt: skip
# A word of letters, digits and a sign, as in keys and names that are none.
_RUN = "[^[:space:],;:(){}<>=/|]*"
_SHAPES = [
    _RUN.join(kinds)
    for kinds in (
        ("[A-Za-z]", "[0-9]", "[!$%^]"), ("[0-9]", "[A-Za-z]", "[!$%^]"),
        ("[A-Za-z]", "[!$%^]", "[0-9]"), ("[0-9]", "[!$%^]", "[A-Za-z]"),
    )
]  # fmt: skip
_NARROWER = {"-us": "[0-9a-f]{10}-us[0-9]", ":AA": ":AA[A-Za-z0-9_-]{10}"}


def may_hold_secrets() -> str:
    """Return the command; it ends with 0 when the file ``$1`` is worth a closer look."""
    reading = {name for name in table() if roles_of(name).readers}
    only_reading = {name for name in reading if not roles_of(name)._replace(readers=()).is_any}
    programs = sorted({*table(), *OTHERS} - only_reading)
    readers = "|".join(map(_literal, sorted(reading)))
    heads = "|".join(map(_literal, sorted(HEADS)))
    exact = [
        f"(^|[^A-Za-z0-9])({heads})[A-Za-z0-9_.+/=,-]{{10}}",
        *_EXACT,
        *_SHAPES,
        *(_NARROWER.get(mark) or _literal(mark) for mark in MARKS),
        *(form for word in _SHORT for form in _forms(word)),
    ]
    reads = f"([|].*[^A-Za-z0-9_.:-]|^)({readers})([^A-Za-z0-9_.:-]|$)"
    is_fed = f"(^|[^A-Za-z0-9_.:-])({readers})[^A-Za-z0-9_.:-].*<<<"
    spoken = [word for word in SPOKEN if word not in _LEFT_OUT]
    steps = (
        f"LC_ALL=C grep -aEq -- '{'|'.join(exact)}' \"$1\"",
        f"LC_ALL=C grep -aEv -- '{_REFERENCE}' \"$1\""
        f" | LC_ALL=C grep -aEiq '{'|'.join([*spoken, *_cased(GREP_SPOKEN), *_OTHERS])}'",
        f"{{ {_has_one_of(programs)} && LC_ALL=C grep -aEq -- '{_whole(programs)}' \"$1\"; }}",
        "{ LC_ALL=C grep -aEq -- '[|]|<<<' \"$1\""
        f" && LC_ALL=C grep -aEq -- '{reads}|{is_fed}' \"$1\"; }}",
    )
    return f"{{ {' || '.join(steps)}; }}"


def _has_one_of(names: list[str]) -> str:
    """Return what looks for words quickly, and also finds ``a`` in ``a-b``."""
    return f'LC_ALL=C grep -aqFw {" ".join(f"-e {name}" for name in names)} -- "$1"'


def _whole(names: list[str]) -> str:
    return f"(^|[^A-Za-z0-9_.:-])({'|'.join(map(_literal, names))})([^A-Za-z0-9_.:-]|$)"


def _forms(word: str) -> list[str]:
    """Return the patterns of ``word`` as a word of a key: ``pat``, ``gitPat``, ``PAT``."""
    return [f"(^|[^a-z]){word}([^a-z]|$)", f"{word.title()}([^a-z]|$)", word.upper()]


def _literal(text: str) -> str:
    """Return the pattern of grep -E that fits exactly ``text``."""
    return "".join(c if c.isalnum() or c in "_-:/" else f"[{c}]" for c in text)


def _cased(words: tuple[str, ...]) -> list[str]:
    """Return words of other scripts as they may be written: grep folds Latin letters alone."""
    return sorted({form for word in words for form in (word, word.title(), word.upper())})


def main(arguments: list[str]) -> int:
    """Write the command where it is out of step; return 1 where ``--check`` would."""
    text = _MODULE.format(command=may_hold_secrets())
    if WRITTEN.read_text(encoding="utf-8") == text:
        return 0
    if "--check" in arguments:
        sys.stderr.write(f"{WRITTEN}: out of step\n")
        return 1
    WRITTEN.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
