"""For Textual applications: widgets keep their state, and screens show how it stands.

``SessionMixin`` stands before ``App``; ``StatusBar`` is one line; ``SessionTable`` is a table that
knows its order; ``RestoreScreen``, ``ResolveScreen`` and ``ConnectionsScreen`` are pushed by the
host's own keys. Needs the extra ``ui``.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.sdk.textual.host_connections_screen import (
        HostConnectionsScreen as ConnectionsScreen,
    )
    from sessionctl.sdk.textual.host_resolve_screen import HostResolveScreen as ResolveScreen
    from sessionctl.sdk.textual.host_restore_screen import HostRestoreScreen as RestoreScreen
    from sessionctl.sdk.textual.session_mixin import SessionMixin
    from sessionctl.sdk.textual.session_table import SessionTable
    from sessionctl.sdk.textual.status_bar import StatusBar

# The screens of ``sessionctl ui`` have the short names.
_HOMES = {
    "ConnectionsScreen": ("host_connections_screen", "HostConnectionsScreen"),
    "ResolveScreen": ("host_resolve_screen", "HostResolveScreen"),
    "RestoreScreen": ("host_restore_screen", "HostRestoreScreen"),
    "SessionMixin": ("session_mixin", "SessionMixin"),
    "SessionTable": ("session_table", "SessionTable"),
    "StatusBar": ("status_bar", "StatusBar"),
}

__all__ = [
    "ConnectionsScreen",
    "ResolveScreen",
    "RestoreScreen",
    "SessionMixin",
    "SessionTable",
    "StatusBar",
]


def __getattr__(name: str) -> object:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value: object = getattr(import_module(f"{__name__}.{home[0]}"), home[1])
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
