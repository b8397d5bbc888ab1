"""Light enumerations: named values as enum has them, for a quick start.

To import enum takes as long as ten of our modules, and each class that it makes as long as one.
Members are compared by identity, as ever; flags, aliases and members that are values of another
type as well are left to the real one.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from enum import Enum
    from typing import Any

__all__ = ["Enum"]


class _Members(type):
    """Makes each value in the body of a class a member of it."""

    _by_name: dict[str, Any]

    def __new__(cls, name: str, bases: tuple[type, ...], body: dict[str, Any]) -> Any:
        values = {key: value for key, value in body.items() if _is_value(key, value)}
        rest = {key: value for key, value in body.items() if key not in values}
        made = super().__new__(cls, name, bases, rest)
        made._by_name = {}
        for key, value in values.items():
            if any(member._value_ == value for member in made):
                raise TypeError(f"{name}.{key}: there is another name for {value!r}")
            member: Any = object.__new__(made)  # type: ignore[arg-type]
            member._name_, member._value_ = key, value
            made._by_name[key] = member
            type.__setattr__(made, key, member)
        return made

    def __call__(cls, value: object) -> Any:
        for member in cls:
            if value is member or member._value_ == value:
                return member
        raise ValueError(f"{value!r} is not a valid {cls.__qualname__}")

    def __getitem__(cls, name: str) -> Any:
        return cls._by_name[name]

    def __iter__(cls) -> Iterator[Any]:
        return iter(cls._by_name.values())

    def __len__(cls) -> int:
        return len(cls._by_name)

    def __contains__(cls, value: object) -> bool:
        return isinstance(value, cls)

    def __setattr__(cls, name: str, value: object) -> None:
        if name in cls.__dict__.get("_by_name", ()):
            raise AttributeError(f"cannot reassign member {name!r}")
        super().__setattr__(name, value)


class _Member:
    """What all members do alike."""

    __slots__ = ("_name_", "_value_")
    _name_: str
    _value_: Any

    @property
    def name(self) -> str:
        """The name of the member in its class."""
        return self._name_

    @property
    def value(self) -> Any:
        """The value that stands behind it there."""
        return self._value_

    def __repr__(self) -> str:
        return f"<{self!s}: {self._value_!r}>"

    def __str__(self) -> str:
        return f"{type(self).__name__}.{self._name_}"

    def __copy__(self) -> Any:
        return self

    def __deepcopy__(self, _: object) -> Any:
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self._value_,)


def _is_value(name: str, value: object) -> bool:
    return not name.startswith("_") and not hasattr(value, "__get__")


if not TYPE_CHECKING:
    Enum = _Members("Enum", (_Member,), {"__slots__": ()})
