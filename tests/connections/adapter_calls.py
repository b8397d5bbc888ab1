"""The calls of an adapter in tests: a request, deadlines, how long until a cut is noticed."""

from __future__ import annotations

import os
import time
from contextlib import contextmanager

import pytest

from sessionctl.connections import (
    ConnectionRequest,
    Deadline,
    Failure,
    FailureKind,
    Secret,
)

DETECTION_S = 6
PATIENCE_S = 30
CANARY = "cAnArY-1s-n0t-t0-b3-s33n"
BUSY_S = 14
"""How much longer a machine with much else to do may take."""


def request_for(settings, directory, *, secrets=None, home=None, environ=None, **more):
    """Return a request with ``settings``; ``secrets`` are texts by their keys."""
    scratch = directory / "scratch"
    scratch.mkdir(exist_ok=True)
    return ConnectionRequest(
        name="test",
        settings=settings,
        secrets={key: Secret(value) for key, value in (secrets or {}).items()},
        directory=str(directory),
        home=str(home or directory),
        environ=dict(os.environ) | (environ or {}),
        scratch=str(scratch),
        **more,
    )


def request(settings, directory="/", secrets=None, **more):
    """Return a request of the user of the tests, who has no directory for sockets."""
    values = {key: Secret(value) for key, value in (secrets or {}).items()}
    return ConnectionRequest(
        "test", settings, values, str(directory), os.environ["HOME"], dict(os.environ),
        str(directory), **more,
    )  # fmt: skip


def soon(seconds=20.0):
    """Return a deadline that is only met when something hangs."""
    return Deadline(seconds)


@contextmanager
def connection(adapter, wanted):
    """Give a handle of an open connection, which is closed at the end."""
    handle, _ = opened(adapter, wanted)
    try:
        yield handle
    finally:
        adapter.close(handle)


def opened(adapter, request, seconds=PATIENCE_S):
    """Return a handle, and the steps that were reported."""
    steps = []
    return adapter.open(request, Deadline(seconds), steps.append), steps


def failure_of(adapter, call) -> Failure:
    """Return what the error of ``call`` means."""
    with pytest.raises(BaseException) as caught:
        call()
    assert not isinstance(caught.value, AssertionError), caught.value
    return adapter.classify(caught.value)


def failure(adapter, call, *arguments) -> Failure:
    """Return what the error of a call with ``arguments`` means."""
    return failure_of(adapter, lambda: call(*arguments))


def open_failure(adapter, request, seconds=PATIENCE_S) -> Failure:
    """Return why it cannot be opened."""
    return failure_of(adapter, lambda: adapter.open(request, Deadline(seconds), lambda _: None))


def noticed(adapter, handle, *, seconds=DETECTION_S) -> Failure:
    """Probe as the manager does until the cut is noticed, which must be within ``seconds``."""
    end_s = time.monotonic() + PATIENCE_S
    began_s = time.monotonic()
    while time.monotonic() < end_s:
        try:
            adapter.probe(handle, Deadline(1))
        except Exception as error:  # noqa: BLE001
            took_s = time.monotonic() - began_s
            failure = adapter.classify(error)
            assert failure.kind in {FailureKind.TRANSIENT, FailureKind.BUSY}, failure
            assert took_s < seconds + BUSY_S, f"noticed after {took_s:.1f} s"
            return failure
        time.sleep(0.05)
    raise AssertionError("the cut was not noticed")


def reopened(adapter, request, state=None):
    """Return a handle once it can be opened again, and the report of ``state`` brought back."""
    end_s = time.monotonic() + PATIENCE_S
    while True:
        try:
            handle = adapter.open(request, Deadline(10), lambda _: None)
            break
        except Exception as error:  # noqa: BLE001
            failure = adapter.classify(error)
            assert failure.kind in {FailureKind.TRANSIENT, FailureKind.BUSY}, failure
            assert time.monotonic() < end_s, failure
            time.sleep(0.1)
    return handle, adapter.resume(handle, state or {}, Deadline(10))
