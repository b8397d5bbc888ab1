"""Stories of kept connections: each event, what is done and reported then, and when time acts next.

In ``stories.txt`` a line "TIME EVENT" is what happens; below stand the actions (">"), the changes
of state with reason, next attempt, failed dials and kind of failure, and at last when the manager
wakes. The lines below are written by the manager, and read before they stay.
"""

from __future__ import annotations

from pathlib import Path

from sessionctl.connections import Failure, FailureKind
from sessionctl.connections.manager.backoff import RetryLimits
from sessionctl.connections.manager.kept_connection import KeptConnection
from sessionctl.connections.manager.manager_event import (
    ClockTick,
    DialFailure,
    DialSuccess,
    ProbeAnswer,
    ProbeFailure,
    StartWish,
    StopWish,
    Wakeup,
    WakeupKind,
)
from sessionctl.connections.manager.manager_state import begin
from sessionctl.connections.manager.manager_step import step

STORIES = Path(__file__).with_name("stories.txt")


def failure(kind, *wait_s):
    return Failure(
        FailureKind(kind), f"no ({kind})", retry_after_s=float(*wait_s) if wait_s else None
    )


EVENTS = {
    "start": StartWish,
    "stop": StopWish,
    "opens": DialSuccess,
    "fails": lambda name, *about: DialFailure(name, failure(*about)),
    "answers": lambda name, took_s: ProbeAnswer(name, float(took_s)),
    "is-lost": lambda name, *about: ProbeFailure(name, failure(*about)),
}
ALL = {
    "network": Wakeup(WakeupKind.NETWORK),
    "resume": Wakeup(WakeupKind.RESUME),
    "tick": ClockTick(),
}


def kept(words):
    """Return the connection of "NAME@HOST[/ATTEMPTS]"."""
    name, _, host = words.partition("@")
    host, _, attempts = host.partition("/")
    return KeptConnection(name, host, RetryLimits(int(attempts) if attempts else None))


def shown(done):
    """Yield the lines below an event."""
    for action in done.actions:
        yield f"  > {action.kind.value} {action.name}"
    for one in done.reports:
        rest = f", next at {one.next_at:g}" if one.next_at is not None else ""
        rest += f", {one.attempt} failed" if one.attempt else ""
        rest += f", {one.kind.value}" if one.kind else ""
        yield f"  {one.name}: {one.before.value} -> {one.after.value}: {one.reason}{rest}"
    if done.state.queue:
        yield f"  waiting for a dial: {' '.join(done.state.queue)}"
    at = done.state.wake_at
    yield f"  wakes {'never' if at is None else f'at {at:g}'}"


def played(text):
    """Return ``text`` with the lines below each event as the manager writes them."""
    lines, state = [], None
    for line in text.splitlines():
        if line.startswith("  "):
            continue
        lines.append(line)
        words = line.split()
        if line.startswith("= "):
            state = begin(map(kept, words[1:]))
        elif line and not line.startswith("#"):
            made = EVENTS.get(words[2]) if len(words) > 2 else None
            event = made(words[1], *words[3:]) if made else ALL[words[1]]
            done = step(state, event, float(words[0]), 1.0)
            lines += shown(done)
            state = done.state
    return "\n".join(lines) + "\n"


def test_each_story_goes_as_it_is_written():
    text = STORIES.read_text()
    assert played(text) == text
