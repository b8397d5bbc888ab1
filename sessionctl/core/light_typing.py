"""Light typing: what classes take from typing, for a quick start: to load that takes 2 ms.

Type checkers see typing's own; at run time a class of these is as any other.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Generic, NoReturn, Protocol, TypeVar, assert_never

__all__ = ["Generic", "Protocol", "TypeVar", "assert_never"]


if not TYPE_CHECKING:

    class Generic:
        """A class with parameters, which count for type checkers alone."""

        __slots__ = ()

        def __class_getitem__(cls, _parameters: Any) -> type:
            return cls

    class Protocol(Generic):
        """What is said of other classes, for type checkers alone."""

        __slots__ = ()

    def TypeVar(name: str, **_limits: Any) -> str:  # noqa: N802 - typing's name
        """Return what stands for a parameter."""
        return name

    def assert_never(value: object) -> NoReturn:
        """Raise an AssertionError: ``value`` is of a kind that a match has no case for."""
        raise AssertionError(f"unexpected: {type(value).__name__}")
