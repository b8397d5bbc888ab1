"""Named tuples as typing has them, for a quick start: neither typing nor generated code is loaded.

What is generated, the function that makes a tuple, is made for a class that is used often: to
generate it takes as long as to make some thirty tuples, and a command makes few of most classes.
"""

from __future__ import annotations

from _collections import _tuplegetter  # type: ignore[import-not-found]

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any, NamedTuple

__all__ = ["NamedTuple"]

_FEW = 32


class _Fields(tuple):  # type: ignore[type-arg]
    """What all named tuples do alike; as ``collections.namedtuple`` has it."""

    __slots__ = ()
    _fields: tuple[str, ...] = ()
    _field_defaults: dict[str, Any] = {}  # noqa: RUF012 - as named tuples have it

    @classmethod
    def _make(cls, values: Iterable[Any]) -> Any:
        made = tuple.__new__(cls, values)
        if len(made) != len(cls._fields):
            raise TypeError(f"Expected {len(cls._fields)} arguments, got {len(made)}")
        return made

    def _replace(self, /, **values: Any) -> Any:
        made = self._make(map(values.pop, self._fields, self))
        if values:
            raise ValueError(f"Got unexpected field names: {list(values)!r}")
        return made

    def _asdict(self) -> dict[str, Any]:
        return dict(zip(self._fields, self, strict=True))

    def __repr__(self) -> str:
        shown = (f"{name}={value!r}" for name, value in zip(self._fields, self, strict=True))
        return f"{type(self).__name__}({', '.join(shown)})"

    def __getnewargs__(self) -> tuple[Any, ...]:
        return tuple(self)


class _Declaration(type):
    """Makes a class of fields; a class that is derived from one is a class like any other."""

    def __new__(cls, name: str, _bases: tuple[type, ...], body: dict[str, Any]) -> Any:
        fields = tuple(body.get("__annotations__", ()))
        defaults = {field: body.pop(field) for field in fields if field in body}
        late = fields[len(fields) - len(defaults) :]
        if tuple(defaults) != late:
            raise TypeError(f"{name}: a field without a default follows one with a default")
        for index, field in enumerate(fields):
            body[field] = _tuplegetter(index, f"Alias for field number {index}")
        body |= {
            "__slots__": (),
            "_fields": fields,
            "_field_defaults": defaults,
            "__match_args__": fields,
            "__new__": _first_new(fields, defaults),
        }
        return type(name, (_Fields,), body)


def _first_new(fields: tuple[str, ...], defaults: dict[str, Any]) -> Callable[..., Any]:
    """Return what makes the first tuples, and puts what makes the others in its own place."""
    count = 0

    def __new__(cls: type, /, *values: Any, **named: Any) -> Any:  # noqa: N807
        nonlocal count
        count += 1
        if count < _FEW:
            made = _filled(fields, defaults, values, named)
            if made is not None:
                return tuple.__new__(cls, made)
        words = "".join(f"{field}, " for field in fields)
        scope = {"_make": tuple.__new__, "__builtins__": {}}
        real = eval(f"lambda _cls, {words}: _make(_cls, ({words}))", scope)  # noqa: S307
        real.__defaults__ = tuple(defaults.values())
        real.__name__ = "__new__"
        for owner in cls.__mro__:
            if owner.__dict__.get("_fields") is fields:
                owner.__new__ = real  # type: ignore[method-assign]
        return real(cls, *values, **named)

    return __new__


def _filled(
    fields: tuple[str, ...],
    defaults: dict[str, Any],
    values: tuple[Any, ...],
    named: dict[str, Any],
) -> tuple[Any, ...] | None:
    """Return the value of each field; None where the call is wrong, which Python puts in words."""
    rest = fields[len(values) :]
    if len(values) > len(fields) or not named.keys() <= {*rest}:
        return None
    given = {**defaults, **named}
    if not given.keys() >= {*rest}:
        return None
    return (*values, *[given[field] for field in rest]) if rest else values


if not TYPE_CHECKING:
    NamedTuple = type.__new__(_Declaration, "NamedTuple", (), {"__slots__": ()})
