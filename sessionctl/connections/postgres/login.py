"""Login: the way into a server, step by step, with libpq and without waiting in it."""

from __future__ import annotations

import select

from psycopg.pq import ConnStatus, PGconn, PollingStatus

from sessionctl.connections.bounded_call import bounded_call, host_addresses
from sessionctl.connections.connection_adapter import FailureKind, OpenStep
from sessionctl.connections.deadline import DeadlineError
from sessionctl.connections.postgres import conninfo
from sessionctl.connections.postgres.postgres_failure import LoginError, classify

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sessionctl.connections.deadline import Deadline
    from sessionctl.connections.postgres.conninfo import Parameters

    Step = Callable[[OpenStep], None]

_SPEAKING = (
    ConnStatus.AWAITING_RESPONSE,
    ConnStatus.AUTH_OK,
    ConnStatus.SETENV,
    ConnStatus.CHECK_WRITABLE,
    ConnStatus.CHECK_STANDBY,
    ConnStatus.CONSUME,
)
_PASSED_ON = (FailureKind.TRANSIENT, FailureKind.BUSY)


def log_in(
    attempts: Sequence[Parameters], secrets: Parameters, deadline: Deadline, step: Step
) -> PGconn:
    """Return a connection that is authenticated, to the first host of ``attempts`` that has one.

    Each host gets its share of the time. One that refuses the user ends it: libpq's rule.

    Raises:
      ConnectionFailure: a name leads nowhere.
      LoginError: a server refuses, or none can be reached; it holds no secret.
      DeadlineError: nobody answered in time.
    """

    def enter(found: Parameters, share: Deadline) -> PGconn:
        places = _resolved(found, share, step)
        return _first(places, share, lambda place, part: _enter(place, secrets, part, step))

    return _first(attempts, deadline, enter)


def _first(
    candidates: Sequence[Parameters],
    deadline: Deadline,
    enter: Callable[[Parameters, Deadline], PGconn],
) -> PGconn:
    """Return what the first candidate that lets us in gives; each has its share of the time."""
    for left in range(len(candidates), 0, -1):
        share = deadline.within(deadline.timeout_s() / left)
        try:
            return enter(candidates[-left], share)
        except Exception as error:
            if left == 1 or classify(error).kind not in _PASSED_ON:
                raise
    raise AssertionError("no candidates")


def _enter(found: Parameters, secrets: Parameters, deadline: Deadline, step: Step) -> PGconn:
    step(OpenStep.CONNECT)
    text = conninfo.text({**found, **secrets}).encode()
    pgconn = bounded_call(lambda: PGconn.connect_start(text), deadline, lambda late: late.finish())
    try:
        _poll(pgconn, deadline, step)
        _check_way_in(pgconn, secrets)
    except BaseException:
        pgconn.finish()
        raise
    pgconn.nonblocking = 1
    return pgconn


def _resolved(found: Parameters, deadline: Deadline, step: Step) -> list[Parameters]:
    """Return ``found`` once for each address of its host, so that libpq looks no name up."""
    host = found.get("host", "")
    if not host or host.startswith(("/", "@")) or "hostaddr" in found:
        return [found]
    step(OpenStep.RESOLVE)
    port = found.get("port") or "5432"
    addresses = host_addresses(host, int(port) if port.isdecimal() else 0, deadline)
    return [{**found, "hostaddr": address} for address in addresses]


def _poll(pgconn: PGconn, deadline: Deadline, step: Step) -> None:
    is_speaking = False
    state = PollingStatus.WRITING
    while pgconn.status != ConnStatus.BAD:
        if state == PollingStatus.OK or state == PollingStatus.FAILED:
            return
        descriptor = pgconn.socket
        reading = [descriptor] if state == PollingStatus.READING else []
        writing = [descriptor] if state == PollingStatus.WRITING else []
        ready = select.select(reading, writing, [], deadline.timeout_s())
        if not any(ready):
            raise DeadlineError("the server does not answer in time")
        state = PollingStatus(pgconn.connect_poll())
        if not is_speaking and pgconn.status in _SPEAKING:
            is_speaking = True
            step(OpenStep.AUTHENTICATE)


def _check_way_in(pgconn: PGconn, secrets: Parameters) -> None:
    if pgconn.status == ConnStatus.OK:
        return
    message = pgconn.get_error_message()
    for value in secrets.values():
        if value:
            message = message.replace(value, "***")
    raise LoginError(
        message,
        used_password=bool(pgconn.used_password),
        needs_password=bool(pgconn.needs_password),
    )
