"""Unset secrets: variables whose value is a secret, which restoring a session does not set.

tmux and what runs in it would show the value to every program there; 'secret exec' hands it to
the one that needs it.
"""

from __future__ import annotations

import re

from sessionctl.core.session.session import SecretRef
from sessionctl.core.text.shellwords import quoted
from sessionctl.core.text.source import visible
from sessionctl.services.live.adapters.workspace_adapter import THE_FILE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from sessionctl.core.workspace.workspace import EnvValue
    from sessionctl.services.plan.plan import Note

_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def unset_secrets(env: Mapping[str, EnvValue]) -> dict[str, str]:
    """Return the variables of ``env`` that stay unset, each with the name of its secret."""
    return {name: item.name for name, item in sorted(env.items()) if isinstance(item, SecretRef)}


def set_names(env: Mapping[str, EnvValue]) -> tuple[str, ...]:
    """Return the variables of ``env`` that are set, or removed."""
    return tuple(name for name, value in env.items() if not isinstance(value, SecretRef))


def unset_words(secrets: Mapping[str, str]) -> str:
    """Return that the variables ``secrets`` are not set, and why."""
    names = ", ".join(map(visible, secrets))
    return f"{names} is not set: a secret" if len(secrets) == 1 else f"{names} are not set: secrets"


def unset_note(secrets: Mapping[str, str]) -> Note:
    """Return what the user should know of ``secrets``, and how a program gets them."""
    return unset_words(secrets), _exec_hint(secrets)


def _exec_hint(secrets: Mapping[str, str]) -> str:
    passed = [
        f"--env {quoted(f'{name}={secret}')} "
        for name, secret in secrets.items()
        if _VARIABLE.fullmatch(name)
    ]
    return f"run the program with: sessionctl secret exec {''.join(passed)}{THE_FILE} -- PROGRAM"


def with_file(hint: str, word: str) -> str:
    """Return the next step of a note, with ``word`` for the session file in it."""
    return re.sub(rf"(?<=\s){THE_FILE}(?=\s|\Z)", lambda _: word, hint)
