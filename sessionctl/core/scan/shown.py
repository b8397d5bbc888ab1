"""Values for showing: the secrets in them masked, whatever stands for one too."""

from __future__ import annotations

from sessionctl.core.scan.judgement import ROOT, Judgement
from sessionctl.core.secretnames import MASK

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from sessionctl.core.keypath import KeyPath
    from sessionctl.core.scan.finding import Part
    from sessionctl.core.values import Value


def literal_secrets(value: Value, *, in_session: bool, path: KeyPath = ROOT) -> dict[KeyPath, str]:
    """Return the scalars of ``value`` that hold a secret, with what may be shown for each.

    ``path`` is where ``value`` sits. A string with a secret in it, such as the password of
    an address, shows all but that.
    """
    found = Judgement(in_session=in_session, is_wide=True).find(value, path)
    secrets: dict[KeyPath, str] = {}
    for place, parts, is_whole in found:
        text = "" if is_whole else str(_at(value, place[len(path) :]))
        secrets[place] = MASK if is_whole else without(text, parts)
    return secrets


def masked(value: Value, *, in_session: bool, path: KeyPath = ROOT) -> Value:
    """Return ``value`` with its secrets masked; ``path`` is where it sits."""
    secrets = literal_secrets(value, in_session=in_session, path=path)
    return _masked(value, path, secrets) if secrets else value


def without(text: str, parts: Iterable[Part]) -> str:
    """Return ``text`` with ``parts`` of it, which are in order, masked."""
    shown: list[str] = []
    position = 0
    for part in parts:
        shown += (text[position : part.start], MASK)
        position = part.end
    return "".join([*shown, text[position:]])


def _at(value: Value, path: Iterable[object]) -> Value:
    for part in path:
        value = value[part]  # type: ignore[index,call-overload]
    return value


def _masked(value: Value, path: KeyPath, secrets: dict[KeyPath, str]) -> Value:
    if isinstance(value, dict):
        return {key: _masked(item, path / key, secrets) for key, item in value.items()}
    if isinstance(value, list):
        return [_masked(item, path / index, secrets) for index, item in enumerate(value)]
    return secrets.get(path, value)
