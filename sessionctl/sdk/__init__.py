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
    from sessionctl.sdk.states.recovery_option import RecoveryOption
    from sessionctl.sdk.workspace_event import Status, WorkspaceEvent

__all__ = ["Provider", "RecoveryOption", "Status", "Veto", "Workspace", "WorkspaceEvent"]

_HOMES = {
    "Provider": "provider",
    "RecoveryOption": "states.recovery_option",
    "Status": "workspace_event",
    "WorkspaceEvent": "workspace_event",
    "Veto": "provider",
    "Workspace": "host_workspace",
}


def __getattr__(name: str) -> object:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    # The workspace of the core is another one: windows and panes.
    inner = "HostWorkspace" if name == "Workspace" else name
    value: object = getattr(import_module(f"{__name__}.{home}"), inner)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
