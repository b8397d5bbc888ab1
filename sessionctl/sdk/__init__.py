"""What a host application embeds, to have its state saved, restored and kept in step.

The names are imported when they are first asked for::

    from sessionctl.sdk import Workspace

    with Workspace.open("notes") as workspace:
        workspace.provide("editor", get=editor.state, apply=editor.load)
        workspace.restore()
        ...
        workspace.mark_changed("editor")
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.sdk.host_workspace import HostWorkspace as Workspace
    from sessionctl.sdk.provider import Provider, Veto
    from sessionctl.sdk.sessions.instances import InstanceInfo
    from sessionctl.sdk.sessions.session_book import SessionBook as Sessions
    from sessionctl.sdk.sessions.session_info import SessionInfo
    from sessionctl.sdk.states.recovery_option import RecoveryOption
    from sessionctl.sdk.workspace_event import Status, WorkspaceEvent

__all__ = [
    "InstanceInfo",
    "Provider",
    "RecoveryOption",
    "SessionInfo",
    "Sessions",
    "Status",
    "Veto",
    "Workspace",
    "WorkspaceEvent",
]

_HOMES = {
    "InstanceInfo": "sessions.instances",
    "Provider": "provider",
    "RecoveryOption": "states.recovery_option",
    "SessionInfo": "sessions.session_info",
    "Sessions": "sessions.session_book",
    "Status": "workspace_event",
    "Veto": "provider",
    "Workspace": "host_workspace",
    "WorkspaceEvent": "workspace_event",
}
# In the core, a workspace is windows and panes, and sessions are what is in their files.
_INNER = {"Sessions": "SessionBook", "Workspace": "HostWorkspace"}


def __getattr__(name: str) -> object:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value: object = getattr(import_module(f"{__name__}.{home}"), _INNER.get(name, name))
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
