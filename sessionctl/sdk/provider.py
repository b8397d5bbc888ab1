"""Provider: one part of a host's state, by its name."""

from __future__ import annotations

from typing import NamedTuple

from sessionctl.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    State = Mapping[str, Any]
    Get = Callable[[], State]
    Apply = Callable[[dict[str, Any]], object]
    Migrate = Callable[[dict[str, Any], int], dict[str, Any]]

VERSIONS = "versions"
"""The key beside the providers' tables that holds their versions."""


class Veto(Exception):  # noqa: N818 - an answer, not an error
    """Raised by ``apply``: the host does not take an edit of the file over, for a reason.

    The file keeps the edit, the host its state; the reason is reported, with the place in the
    file. ``path`` names the key that is refused, from the provider's table on: what else there
    was to take over may be taken first. It is asked again later, and when either side changes.
    """

    def __init__(self, reason: str = "", *, path: str = "") -> None:
        """Take why, for people, and which key."""
        super().__init__(reason)
        self.path = path


class Provider(NamedTuple):
    """A part of the state: how it is read and how it is taken over.

    ``get`` returns the state as a table of TOML values. ``apply`` takes over a whole state.
    ``migrate`` turns a state of an older ``version`` into one of this. ``volatile`` names
    keys that change all the time: they are kept on this machine, outside the file.
    """

    name: str
    get: Get
    apply: Apply
    version: int = 1
    migrate: Migrate | None = None
    volatile: tuple[str, ...] = ()


def check_provider(provider: Provider) -> None:
    """Refuse a provider whose name or version cannot stand in the file; raises ``UsageError``."""
    name = provider.name
    if not name or name == VERSIONS or not name.isprintable():
        raise UsageError(f'provider "{name}": expected a name, other than "{VERSIONS}"')
    if type(provider.version) is not int or provider.version < 1:
        raise UsageError(f"provider {name}: version: expected 1 or more, got {provider.version}")
