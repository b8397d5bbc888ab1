"""Time that passes only where a module sleeps."""

from __future__ import annotations

from types import SimpleNamespace


def play_time(monkeypatch, module):
    """Give ``module`` a clock of its own; return it, ``now`` is in seconds."""
    clock = SimpleNamespace(now=0.0)

    def sleep(seconds):
        clock.now += seconds

    monkeypatch.setattr(module, "time", SimpleNamespace(monotonic=lambda: clock.now, sleep=sleep))
    return clock
