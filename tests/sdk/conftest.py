"""Hosts of the SDK: small ones in this process, with homes of their own."""

from __future__ import annotations

import time

import pytest

from sessionctl.sdk import Workspace
from sessionctl.sdk.host_surroundings import HostSurroundings
from sessionctl.services.machine import Machine
from sessionctl.testing import FakeClock

DEADLINE_S = 20


class Host:
    """A host application: a table of state, the events it heard, what was applied to it."""

    def __init__(self, file, environ, app="notes", wake=None, clock=None):
        around = HostSurroundings() if clock is None else HostSurroundings(clock)
        self.workspace = Workspace(app, str(file), Machine(environ), wake, around)
        self.state = {}
        self.applied = []
        self.events = []
        self.refusal = None
        self.workspace.on_status(self.events.append)

    def provide(self, name="editor", **options):
        self.state.setdefault(name, {})

        def apply(state):
            if self.refusal is not None:
                raise self.refusal
            self.applied.append((name, state))
            self.state[name] = state

        self.workspace.provide(name, lambda: dict(self.state[name]), apply, **options)

    def set(self, name, **values):
        self.state[name].update(values)
        self.workspace.mark_changed(name)

    @property
    def statuses(self):
        return [event.status.value for event in self.events]

    def hears(self, status):
        until(lambda: status in self.statuses, lambda: self.events)
        return next(event for event in self.events if event.status.value == status)


CLOCKS = []
"""The fake clock of the running test, if it has one."""


def until(condition, show=lambda: ""):
    """Wait for a condition; time goes on in steps where it is that of a fake clock."""
    end = time.monotonic() + DEADLINE_S
    while not condition():
        assert time.monotonic() < end, show()
        for clock in CLOCKS:
            clock.advance(0.1)
        time.sleep(0.001)


@pytest.fixture
def environ(tmp_path):
    home = tmp_path / "home"
    return {
        "HOME": str(home),
        "PATH": "/usr/bin:/bin",
        "XDG_CONFIG_HOME": str(home / "config"),
        "XDG_STATE_HOME": str(home / "state"),
    }


@pytest.fixture
def file(tmp_path):
    return tmp_path / "work" / "notes.session.toml"


@pytest.fixture
def clock():
    clock = FakeClock()
    CLOCKS.append(clock)
    yield clock
    CLOCKS.remove(clock)


@pytest.fixture
def start(file, environ, clock):
    """Return a function that starts a host; all are closed at the end."""
    hosts = []

    def start(providers=("editor",), *, file=file, app="notes", wake=None, **options):
        # In an event loop the time is that of the loop.
        host = Host(file, environ, app, wake, clock if wake is None else None)
        for name in providers:
            host.provide(name, **options)
        hosts.append(host)
        return host

    yield start
    for host in hosts:
        host.workspace.close()
