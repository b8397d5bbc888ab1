"""Violation: one keyword of a schema that a value does not meet."""

from __future__ import annotations

from typing import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any


class Violation(NamedTuple):
    """One keyword that a value does not meet.

    ``detail`` is the key that is missing or unknown; ``branch`` the index of the
    alternative that a violation within ``anyOf`` or ``oneOf`` belongs to; ``context``
    those violations, empty when the value fits several. ``is_key`` says that the value
    is a key of the table at ``path``; ``needed_by`` is a key that asks for what is violated.
    """

    keyword: str
    operand: Any
    schema: Mapping[str, Any]
    value: Any
    path: tuple[str | int, ...]
    detail: str = ""
    branch: int = -1
    context: tuple[Violation, ...] = ()
    is_key: bool = False
    needed_by: str = ""
