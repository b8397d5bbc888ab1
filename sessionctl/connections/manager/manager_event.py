"""Manager events: what happens to kept connections, as the pure core hears of it."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias

    from sessionctl.connections.connection_adapter import Failure


class WakeupKind(Enum):
    """What makes waiting pointless: now an attempt may succeed that failed before."""

    NETWORK = "the network changed"
    RESUME = "the machine was asleep"


class StartWish(NamedTuple):
    """The user, or whoever acts for him, wants the connection: now."""

    name: str


class StopWish(NamedTuple):
    """The user does not want the connection any more; an attempt under way is cancelled."""

    name: str


class DialSuccess(NamedTuple):
    """The connection is open and its state was brought back."""

    name: str
    note: str = ""


class DialFailure(NamedTuple):
    """The connection could not be opened."""

    name: str
    failure: Failure


class ProbeAnswer(NamedTuple):
    """The other side answered; ``missed`` are sentences on what came or went unseen."""

    name: str
    latency_s: float = 0.0
    missed: tuple[str, ...] = ()


class ProbeFailure(NamedTuple):
    """The other side did not answer, or a call on the connection failed."""

    name: str
    failure: Failure


class ClockTick(NamedTuple):
    """Time passed; nothing else."""


class Wakeup(NamedTuple):
    """Something happened to the machine."""

    kind: WakeupKind


if TYPE_CHECKING:
    ManagerEvent: TypeAlias = (
        StartWish
        | StopWish
        | DialSuccess
        | DialFailure
        | ProbeAnswer
        | ProbeFailure
        | ClockTick
        | Wakeup
    )
