"""Frozen dataclasses as the standard library has them, for a quick start: it is not loaded.

What is generated, the function that fills a value, is made at the first use of a class; a command
uses few of those it imports. To the functions of ``dataclasses`` they are dataclasses.
"""

from __future__ import annotations

from _operator import attrgetter

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from dataclasses import dataclass, field, replace
    from typing import Any

__all__ = ["dataclass", "field", "replace"]


class _Field:
    """How one field is filled, shown and compared."""

    __slots__ = ("compare", "default", "default_factory", "repr")

    def __init__(self, **given: Any) -> None:
        self.repr = given.pop("repr", True)
        self.compare = given.pop("compare", True)
        self.default = given.pop("default", _Field)
        self.default_factory = given.pop("default_factory", _Field)
        if given:
            raise TypeError(f"a frozen class knows no field with {', '.join(given)}")

    @property
    def is_required(self) -> bool:
        return self.default is _Field and self.default_factory is _Field


class _StandardView:
    """What ``dataclasses`` looks for in a class, made when it looks."""

    def __set_name__(self, _: type, name: str) -> None:
        self._name = name

    def __get__(self, _: object, owner: Any) -> Any:
        import dataclasses

        shown: list[tuple[str, Any, Any]] = []
        for name, of in owner.__frozen_fields__.items():
            given = {"repr": of.repr, "compare": of.compare}
            for key in ("default", "default_factory"):
                if getattr(of, key) is not _Field:
                    given[key] = getattr(of, key)
            shown.append((name, "Any", dataclasses.field(**given)))
        made = dataclasses.make_dataclass(owner.__name__, shown, frozen=True)
        return getattr(made, self._name)


def _dataclass(*, frozen: bool, slots: bool) -> Callable[[Any], Any]:
    if not (frozen and slots):
        raise TypeError("only frozen classes with slots are made here")
    return _frozen


def _frozen(cls: Any) -> Any:
    body = dict(cls.__dict__)
    own = {}
    for name in body.get("__annotations__", ()):
        given = body.pop(name, _Field)
        own[name] = given if isinstance(given, _Field) else _Field(default=given)
    fields: dict[str, _Field] = {}
    for base in reversed(cls.__mro__[1:]):
        fields |= base.__dict__.get("__frozen_fields__", {})
    fields |= own
    optional = False
    for name, of in fields.items():
        if of.is_required and optional:
            raise TypeError(f"{name}: a field without a default follows one with a default")
        optional = optional or not of.is_required
    for name in ("__dict__", "__weakref__"):
        body.pop(name, None)
    usual = {
        "__repr__": _repr, "__eq__": _equals, "__hash__": _hash, "__setattr__": _refuse_setting,
        "__delattr__": _refuse_deletion, "__getstate__": _state, "__setstate__": _fill,
    }  # fmt: skip
    slots = tuple(own)
    body = {
        **{name: function for name, function in usual.items() if name not in body},
        **body,
        "__slots__": slots,
        "__match_args__": tuple(fields),
        "__frozen_fields__": fields,
        "__dataclass_fields__": _StandardView(),
        "__dataclass_params__": _StandardView(),
        "__qualname__": cls.__qualname__,
        "__init__": _first_init(fields),
        "_compared": _ComparisonView(),
    }
    return type(cls)(cls.__name__, cls.__bases__, body)


def _first_init(fields: dict[str, _Field]) -> Callable[..., None]:
    """Return what fills the first value, and puts what fills the others in its own place."""

    def __init__(self: Any, /, *values: Any, **named: Any) -> None:  # noqa: N807
        for owner in type(self).__mro__:
            if owner.__dict__.get("__frozen_fields__") is fields:
                break
        real = _init(owner, fields)
        owner.__init__ = real  # type: ignore[misc]
        real(self, *values, **named)

    return __init__


def _init(owner: Any, fields: dict[str, _Field]) -> Callable[..., None]:
    words, lines = "self", []
    scope: dict[str, Any] = {"__builtins__": {}, "_none": _Field}
    for number, (name, of) in enumerate(fields.items()):
        scope[f"_set{number}"] = getattr(owner, name).__set__
        value = name
        if of.default_factory is not _Field:
            scope[f"_make{number}"] = of.default_factory
            value = f"_make{number}() if {name} is _none else {name}"
            words += f", {name}=_none"
        elif of.default is not _Field:
            scope[f"_default{number}"] = of.default
            words += f", {name}=_default{number}"
        else:
            words += f", {name}"
        lines.append(f" _set{number}(self, {value})")
    if hasattr(owner, "__post_init__"):
        lines.append(" self.__post_init__()")
    exec(f"def __init__({words}):\n" + "\n".join(lines or [" pass"]), scope)  # noqa: S102
    made: Callable[..., None] = scope["__init__"]
    made.__qualname__ = f"{owner.__qualname__}.__init__"
    return made


class _ComparisonView:
    """The values that a value is compared by; what reads them is made when it is needed."""

    def __get__(self, instance: Any, owner: Any) -> Any:
        names = [name for name, of in owner.__frozen_fields__.items() if of.compare]
        found: Any = attrgetter(*names) if names else None
        read = found if len(names) > 1 else lambda value: (found(value),) if found else ()
        owner._compared = property(read)
        return read(instance)


def _equals(self: Any, other: Any) -> Any:
    if other.__class__ is not self.__class__:
        return NotImplemented
    return self._compared == other._compared


def _hash(self: Any) -> int:
    return hash(self._compared)


def _repr(self: Any) -> str:
    shown = (
        f"{name}={getattr(self, name)!r}" for name, of in self.__frozen_fields__.items() if of.repr
    )
    return f"{type(self).__qualname__}({', '.join(shown)})"


def _refuse_setting(self: Any, name: str, value: Any) -> None:
    _refuse(self, name, "assign to")
    object.__setattr__(self, name, value)


def _refuse_deletion(self: Any, name: str) -> None:
    _refuse(self, name, "delete")
    object.__delattr__(self, name)


def _refuse(self: Any, name: str, deed: str) -> None:
    if name in self.__frozen_fields__ or "__frozen_fields__" in type(self).__dict__:
        from dataclasses import FrozenInstanceError

        raise FrozenInstanceError(f"cannot {deed} field {name!r}")


def _state(self: Any) -> list[Any]:
    return [getattr(self, name) for name in self.__frozen_fields__]


def _fill(self: Any, state: list[Any]) -> None:
    for name, value in zip(self.__frozen_fields__, state, strict=True):
        object.__setattr__(self, name, value)


def _replace(value: Any, /, **changes: Any) -> Any:
    is_ours = hasattr(value, "__frozen_fields__")
    names = value.__frozen_fields__ if is_ours else value.__dataclass_fields__
    return type(value)(**({name: getattr(value, name) for name in names} | changes))


if not TYPE_CHECKING:
    dataclass, field, replace = _dataclass, _Field, _replace
