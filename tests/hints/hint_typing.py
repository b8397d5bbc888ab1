"""Hint typing: a hint is taken from an answer and typed, exactly as it stands, into a shell."""

from __future__ import annotations

import re
import subprocess

from tests.hints.collector import pattern_of

SITUATIONS = {}
"""The situation in which each hint is given and typed, by the template of the hint."""

_BEGIN = re.compile(
    r"(?:^|(?<=: )|(?<=')|(?<=then ))"
    r"(?:sessionctl|git|git-crypt|chmod|mv|ps|rm|iconv|vi|age|export|unset|ls|cd"
    r"|EDITOR='[^']*')(?= |$).*"
)


def situation(*templates):
    """Register a test as the one that types these hints."""

    def register(test):
        for template in templates:
            assert template not in SITUATIONS, template
            SITUATIONS[template] = test.__name__
        return test

    return register


def hint_in(text, template):
    """Return the hint that the template became in what a command said."""
    pattern = pattern_of(template)
    for line in text.splitlines():  # a whole hint first: a short template fits anywhere
        hint = re.sub(r"^.*?(?:hint|fix|next): ", "", line).strip()
        if pattern.fullmatch(hint):
            return hint
    found = [line for line in text.splitlines() if pattern.search(line)]
    assert found, f"no hint {template!r} in:\n{text}"
    return found[0][pattern.search(found[0]).start() :]


def command_of(hint, *, alternative=0):
    """Return the command of a hint; of several ways, the one that is wanted."""
    ways = re.split(r"(?:; or|, or)[^:]*: |, or: ", hint)
    begun = _BEGIN.search(ways[alternative] if alternative == 0 else f": {ways[alternative]}")
    assert begun, hint
    if not begun.string[: begun.start()].endswith("'"):
        return begun[0]
    # In words, as in: see 'git status'
    return re.match(r"[^']*", begun[0])[0]


def type_it(command, cwd, *, code=0, env=None):
    """Type a command into a POSIX shell; another exit code fails the test."""
    done = subprocess.run(
        ["sh", "-c", command], cwd=cwd, capture_output=True, text=True, env=env, timeout=60,
        stdin=subprocess.DEVNULL,
    )  # fmt: skip
    assert done.returncode == code, f"$ {command}\n{done.stdout}{done.stderr}"
    return done
