"""Dialling: one attempt to open a connection, step by step, to the end or to its failure."""

from __future__ import annotations

import threading
import time
from typing import NamedTuple

from sessionctl.connections.connection_adapter import (
    ConnectionFailure,
    Failure,
    FailureKind,
    OpenStep,
    PeerIdentity,
    ResumeReport,
)
from sessionctl.connections.deadline import DeadlineError
from sessionctl.connections.keeping.secret_cover import NO_COVER, SecretCover
from sessionctl.errors import LockedError, RefusedError, SessionctlError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from sessionctl.connections.deadline import Deadline
    from sessionctl.connections.keeping.target import Target
    from sessionctl.core.values import Table


class DialStep(NamedTuple):
    """A step of an attempt that ended, and how long it took."""

    step: OpenStep
    seconds: float
    failure: Failure | None = None


class OpenedConnection(NamedTuple):
    """A connection that is open.

    ``strangers`` names the remembered server and the one that answered, where they differ: its
    state was not applied then. ``report`` says what came back; None where nothing was remembered.
    ``cover`` takes the secrets out of what the connection says later.
    """

    handle: Any
    peer: PeerIdentity
    report: ResumeReport | None
    steps: tuple[DialStep, ...]
    state: Table
    strangers: tuple[str, str] | None = None
    cover: SecretCover = NO_COVER


class Dialling:
    """One attempt; ``cancel`` may be called from another thread while ``run`` works."""

    def __init__(
        self, target: Target, watch: Callable[[DialStep], None] = lambda _step: None
    ) -> None:
        """Prepare an attempt on ``target``; ``watch`` is called when a step has ended."""
        self.target = target
        self.steps: list[DialStep] = []
        self._watch = watch
        self._cover = NO_COVER
        self._current: OpenStep | None = None
        self._began = 0.0
        self._handle: Any = None
        self._is_open = False
        self._is_cancelled = False
        self._lock = threading.Lock()

    def run(self, deadline: Deadline) -> OpenedConnection:
        """Open the connection and bring its state back.

        Raises:
          ConnectionFailure: it could not be; nothing is open then.
        """
        try:
            return self._run(deadline)
        except Exception as error:  # noqa: BLE001 - whatever a driver raises, it is classified
            failure = self.failure_of(error)
            self._end_step(failure)
            self._close()
            raise ConnectionFailure(failure) from None

    def cancel(self) -> None:
        """Give the attempt up: what is open is closed, and what will be is closed then."""
        with self._lock:
            self._is_cancelled = True
            is_open = self._is_open
        if is_open:
            self.target.adapter.close(self._handle)

    def failure_of(self, error: BaseException) -> Failure:
        """Return what ``error`` means, with no secret in its words."""
        return self._cover.failure(classified(self.target, error))

    def _run(self, deadline: Deadline) -> OpenedConnection:
        adapter = self.target.adapter
        request = self.target.request()
        self._cover = cover = SecretCover(request.secrets.values())
        handle = adapter.open(request, deadline, self._begin_step)
        with self._lock:
            self._handle, self._is_open = handle, True
            is_cancelled = self._is_cancelled
        if is_cancelled:
            raise DeadlineError("the attempt was cancelled")
        self._begin_step(OpenStep.RESUME)
        peer = cover.peer(adapter.identity(handle, deadline))
        before = self.target.recall()
        strangers = None
        if before.peer and peer.key and before.peer != peer.key and not self.target.adopts_peer:
            strangers = (before.peer_text or before.peer, peer.text)
        report = None
        if before.state and strangers is None:
            report = cover.report(adapter.resume(handle, dict(before.state), deadline))
        state = covered_state(cover, adapter.capture(handle, deadline))
        self._end_step(None)
        return OpenedConnection(handle, peer, report, tuple(self.steps), state, strangers, cover)

    def _begin_step(self, step: OpenStep) -> None:
        self._end_step(None)
        self._current, self._began = step, time.monotonic()

    def _end_step(self, failure: Failure | None) -> None:
        step = self._current
        if step is None and failure is not None:
            is_secret = failure.kind is FailureKind.AUTH
            step = OpenStep.AUTHENTICATE if is_secret else OpenStep.RESOLVE
            self._began = time.monotonic()
        if step is None:
            return
        ended = DialStep(step, time.monotonic() - self._began, failure)
        self.steps.append(ended)
        self._current = None
        self._watch(ended)

    def _close(self) -> None:
        with self._lock:
            is_open, self._is_open = self._is_open, False
        if is_open:
            self.target.adapter.close(self._handle)


def classified(target: Target, error: BaseException) -> Failure:
    """Return what ``error`` means: what we know ourselves, else what the adapter says."""
    if isinstance(error, ConnectionFailure):
        return error.failure
    if isinstance(error, SessionctlError):
        is_secret = isinstance(error, LockedError | RefusedError)
        kind = FailureKind.AUTH if is_secret else FailureKind.CONFIG
        return Failure(kind, error.message, error.hints)
    if isinstance(error, DeadlineError):
        return Failure(FailureKind.TRANSIENT, str(error))
    try:
        return target.adapter.classify(error)
    except Exception as second:  # noqa: BLE001 - an adapter of another package may do anything
        what = f"{type(error).__name__}, and the driver failed too: {type(second).__name__}"
        return Failure(FailureKind.PERMANENT, what)


def opened_within(
    target: Target, deadline: Deadline, watch: Callable[[DialStep], None]
) -> OpenedConnection:
    """Open ``target`` once, by the deadline whatever its driver does.

    Raises:
      ConnectionFailure: it could not be opened.
    """
    from sessionctl.connections.keeping.guarded_call import call_within

    dialling = Dialling(target, watch)
    seconds = deadline.remaining_s
    try:
        return call_within(lambda: dialling.run(deadline), seconds, dialling.cancel)
    except DeadlineError as error:
        raise ConnectionFailure(Failure(FailureKind.TRANSIENT, str(error))) from None


def covered_state(cover: SecretCover, state: Table) -> Table:
    """Return a captured state with no secret in it."""
    found = cover.value(state)
    return found if isinstance(found, dict) else {}
