"""Hook content: what must not be committed, found in the content of one file.

Beside what validation finds: conflicts that are not settled, also inside of strings, and
secrets written out.
"""

from __future__ import annotations

import os
import re

from sessionctl.core.problem import Problem, Span
from sessionctl.core.scan.shown import literal_secrets
from sessionctl.core.scan.text import without_secrets
from sessionctl.core.secretnames import MASK
from sessionctl.core.shellwords import path_word
from sessionctl.core.toml.document import Document
from sessionctl.errors import ParseError
from sessionctl.services.masking import is_session_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from sessionctl.core.keypath import KeyPath
    from sessionctl.services.validating import Checked, Validator

MARKER_RULE = "conflict-marker"
SECRET_RULE = "secret"
"""The rules that are added here to those of validation."""

_MARKER = re.compile(r"^(<{7,}|={7,}|>{7,})(?: [^\n]*)?\r?$", re.MULTILINE)
_VARIABLE = re.compile(r"\$(?:\w+|\{\w+\})")
_NAME_PART = re.compile(r"[A-Za-z0-9_-]+")


def check_content(validator: Validator, name: str, data: bytes) -> Checked:
    """Return everything that speaks against committing ``data`` as the file ``name``.

    A session is held to its format and may hold no secret; another TOML file is held to
    the syntax, and to a schema where it names one.
    """
    checked = validator.check_bytes(name, data)
    if checked.fixed_place is not None:  # not a text
        return checked
    text = data.decode()
    markers = [_unsettled(name, span) for span in unsettled_conflicts(text)]
    secrets = list(_secrets(text)) if is_session_name(os.path.basename(name)) else []  # noqa: PTH119
    told = {problem.span for problem in secrets}
    others = [
        problem
        for problem in checked.problems
        if not (markers and problem.rule == MARKER_RULE) and problem.span not in told
    ]
    found = sorted([*markers, *secrets, *others], key=lambda problem: problem.span)
    checked.problems = tuple(found)
    return checked


def unsettled_conflicts(text: str) -> list[Span]:
    """Return where the first marker of each conflict stands, of any marker size.

    Only whole conflicts count, for a line of ``=`` alone may be text.
    """
    found: list[Span] = []
    begin: re.Match[str] | None = None
    is_parted = False
    for marker in _MARKER.finditer(text):
        kind, size = marker[1][0], len(marker[1])
        if kind == "<":
            begin, is_parted = marker, False
        elif begin is not None and size == len(begin[1]):
            if kind == ">" and is_parted:
                found.append(Span(*begin.span(1)))
                begin = None
            is_parted = kind == "="
    return found


def _unsettled(name: str, span: Span) -> Problem:
    return Problem(
        MARKER_RULE,
        "a conflict is not settled",
        span,
        hint=f"settle it, and stage the file again: sessionctl resolve -- {path_word(name)}",
    )


def _secrets(text: str) -> Iterator[Problem]:
    try:
        document = Document.parse(text)
    except ParseError:
        return
    for path, shown in literal_secrets(document.value, in_session=True).items():
        value = document.get(path)
        if isinstance(value, str) and _is_harmless(value, is_whole=shown == MASK):
            continue
        if shown == MASK:
            message = "a secret is written out here"
            key = path[-1] if isinstance(path[-1], str) else "password"
            hint = f'keep only its name in the file: {key} = {{ secret = "{_name(path)}" }}'
        else:
            message = "a password is written out in this address"
            hint = "take the password out of the address; where a reference may stand, name it"
        yield Problem(SECRET_RULE, message, document.span(path), path, hint)


def _is_harmless(value: str, *, is_whole: bool) -> bool:
    """Tell whether ``value`` only names where the secret comes from, or is empty."""
    if is_whole:
        return not value or _VARIABLE.fullmatch(value) is not None
    return _unmasked(_VARIABLE.sub("", value))


def _unmasked(value: str) -> bool:
    return without_secrets(value) == value


def _name(path: KeyPath) -> str:
    """Return a name for the secret at ``path``: ``prod.password``."""
    words = [part for part in path if isinstance(part, str) and _NAME_PART.fullmatch(part)]
    return ".".join(words[-2:]) or "NAME"
