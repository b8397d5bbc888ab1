"""Settings: which there are, and which of several sources decides about each."""

from __future__ import annotations

from sessionctl.core.light_enum import Enum
from sessionctl.core.named_tuple import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    from sessionctl.core.values import Value

_PREFIX = "SESSIONCTL_"


class Origin(Enum):
    """Where a value comes from; a later one wins."""

    DEFAULT = "default"
    USER = "user"
    PROJECT = "project"
    ENVIRONMENT = "environment"
    FLAG = "flag"


class Definition(NamedTuple):
    """A setting that there is: its key, its schema, and whether a project may set it.

    One that is ``yours_first`` a project sets only for who has not set it.
    """

    key: str
    schema: Mapping[str, Any]
    for_projects: bool

    @property
    def yours_first(self) -> bool:
        """Whether the user's own file goes before the project's."""
        return bool(self.schema.get("x-scope") == "user-first")

    @property
    def variable(self) -> str:
        """The name of the environment variable that sets it."""
        return _PREFIX + self.key.upper().replace(".", "_").replace("-", "_")


class Setting(NamedTuple):
    """The value of a setting, where it comes from, and the place there ("file:line")."""

    key: str
    value: Value
    origin: Origin = Origin.DEFAULT
    place: str = ""


class Settings:
    """The settings that hold, by key."""

    def __init__(self, settings: Sequence[Setting]) -> None:
        """Take the settings that hold, in the order of the schema."""
        self.all = tuple(settings)
        self._by_key = {setting.key: setting for setting in settings}

    def __contains__(self, key: object) -> bool:
        return key in self._by_key

    def __getitem__(self, key: str) -> Setting:
        return self._by_key[key]

    def integer(self, key: str) -> int:
        """Return the value of a setting that is an integer."""
        value = self._by_key[key].value
        assert isinstance(value, int)
        return value

    def boolean(self, key: str) -> bool:
        """Return the value of a setting that is true or false."""
        value = self._by_key[key].value
        assert isinstance(value, bool)
        return value


def definitions(schema: Mapping[str, Any]) -> tuple[Definition, ...]:
    """Return the settings that ``schema`` (that of settings) knows, in its order."""
    return tuple(_definitions(schema, (), for_projects=True))


def _definitions(
    schema: Mapping[str, Any], path: tuple[str, ...], *, for_projects: bool
) -> Iterator[Definition]:
    for_projects = for_projects and schema.get("x-scope") != "user"
    if "properties" not in schema:
        yield Definition(".".join(path), schema, for_projects)
        return
    for name, inner in schema["properties"].items():
        yield from _definitions(inner, (*path, name), for_projects=for_projects)


def resolve(known: Sequence[Definition], layers: Sequence[Sequence[Setting]]) -> Settings:
    """Return the settings that hold, where a later layer wins over an earlier one.

    A setting without a default that no layer sets is not among them. A layer's list wins
    as a whole; nothing is joined.
    """
    found = {
        definition.key: Setting(definition.key, definition.schema["default"])
        for definition in known
        if "default" in definition.schema
    }
    for layer in layers:
        found |= {setting.key: setting for setting in layer}
    return Settings([found[one.key] for one in known if one.key in found])


def leaves(
    table: Mapping[str, Value], known: Sequence[Definition], path: tuple[str, ...] = ()
) -> Iterator[tuple[str, tuple[str, ...], Value]]:
    """Yield the key, path and value of every known setting in ``table``."""
    keys = {definition.key for definition in known}
    for name, value in table.items():
        here = (*path, name)
        key = ".".join(here)
        if key in keys:
            yield key, here, value
        elif isinstance(value, dict):
            yield from leaves(value, known, here)
