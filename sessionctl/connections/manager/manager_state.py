"""Manager state: all kept connections, the circuits of their servers, and who waits for a dial."""

from __future__ import annotations

from typing import NamedTuple

from sessionctl.connections.manager.connection_state import CIRCUIT_OPEN

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sessionctl.connections.manager.circuit import Circuit
    from sessionctl.connections.manager.kept_connection import KeptConnection
    from sessionctl.connections.manager.manager_action import ManagerAction, StatusEvent


class ManagerState(NamedTuple):
    """All kept connections by their names, the circuits by server, and who waits to be dialled."""

    connections: Mapping[str, KeptConnection]
    circuits: Mapping[str, Circuit] = {}
    queue: tuple[str, ...] = ()

    @property
    def wake_at(self) -> float | None:
        """When time alone changes something; None where it does not."""
        times = [one.wake_at for one in self.connections.values()]
        for host, circuit in self.circuits.items():
            if circuit.is_open and not circuit.is_probed and waiting_for(self.connections, host):
                times.append(circuit.next_at)
        return min((time for time in times if time is not None), default=None)


class ManagerStep(NamedTuple):
    """What one event comes to."""

    state: ManagerState
    actions: tuple[ManagerAction, ...]
    reports: tuple[StatusEvent, ...]


def begin(connections: Iterable[KeptConnection]) -> ManagerState:
    """Return the state in which nothing was asked for yet."""
    return ManagerState({one.name: one for one in connections})


def waiting_for(connections: Mapping[str, KeptConnection], host: str) -> list[KeptConnection]:
    """Return those that wait for the server ``host``, who waits longest first."""
    found = [one for one in connections.values() if one.host == host and one.state is CIRCUIT_OPEN]
    return sorted(found, key=lambda one: one.since)
