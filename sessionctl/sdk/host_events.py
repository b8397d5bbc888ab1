"""Host events: what a workspace reports, given to every listener in the host's thread."""

from __future__ import annotations

from sessionctl.sdk.workspace_event import WorkspaceEvent

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from sessionctl.core.conflict.conflict import Conflict
    from sessionctl.sdk.host_calls import HostCalls
    from sessionctl.sdk.workspace_event import Status
    from sessionctl.system.watch.wakeup import Clock

    Listener = Callable[[WorkspaceEvent], object]


class HostEvents:
    """The listeners of one workspace."""

    def __init__(self, calls: HostCalls, clock: Clock) -> None:
        self._calls = calls
        self._clock = clock
        self._listeners: list[Listener] = []

    def add(self, listener: Listener) -> None:
        """Let ``listener`` have every event from now on; what it raises is dropped."""
        self._listeners.append(listener)

    def tell(
        self,
        status: Status,
        text: str = "",
        provider: str = "",
        conflicts: tuple[Conflict, ...] = (),
    ) -> None:
        """Give an event to every listener."""
        event = WorkspaceEvent(status, text, provider, conflicts, self._clock.time_s())
        for listener in list(self._listeners):
            self._calls.post(lambda listener=listener: listener(event))  # type: ignore[misc]
