"""What tests of adapters share: requests, and calls with a deadline."""

from __future__ import annotations

import os

from sessionctl.connections import ConnectionRequest, Deadline, OpenStep, Secret

CANARY = "cAnArY-1s-n0t-t0-b3-s33n"


def request(settings, directory="/", secrets=None, **more):
    """Return a request for a connection with ``settings``."""
    values = {key: Secret(value) for key, value in (secrets or {}).items()}
    return ConnectionRequest(
        "test", settings, values, str(directory), os.environ["HOME"], dict(os.environ),
        str(directory), **more,
    )  # fmt: skip


def soon(seconds=20.0):
    """Return a deadline that is only met when something hangs."""
    return Deadline(seconds)


def opened(adapter, wanted, seconds=20.0):
    """Open a connection; return its handle and the steps it took."""
    steps: list[OpenStep] = []
    return adapter.open(wanted, Deadline(seconds), steps.append), steps


def failure(adapter, call, *arguments):
    """Return what the error of a call means."""
    try:
        call(*arguments)
    except Exception as error:  # noqa: BLE001
        return adapter.classify(error)
    raise AssertionError("it did not fail")
