"""What a Pilot of Textual does without need in a test: it sleeps, and draws what nobody sees."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager

import pytest

_MOST_ROUNDS = 8
"""A layout in a terminal of five columns never rests."""


@contextmanager
def undrawn():
    """Draw only what a test looks at.

    An application without a terminal draws each change, and throws that away.
    """
    from textual._compositor import Compositor

    def leave_undrawn(compositor, *_arguments, **_options):
        compositor._dirty_regions.clear()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Compositor, "render_update", leave_undrawn)
        yield


@contextmanager
def quick_pilot():
    """Let Pilots wait until all messages are handled, instead of sleeping while the process works.

    The latter takes 40 ms a key, and on a busy machine it is over too early.
    """
    from textual import app
    from textual.pilot import Pilot

    async def press(pilot, *keys):
        for key in keys:
            await pilot.app._press_keys([key])
            await _quiet(pilot)
            await pilot.app._animator.wait_until_complete()
            await _quiet(pilot)

    async def pause(pilot, delay=None):
        await _quiet(pilot)
        if delay is not None:
            await asyncio.sleep(delay)
            await _quiet(pilot)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(app, "wait_for_idle", _no_wait)
        patch.setattr(Pilot, "press", press)
        patch.setattr(Pilot, "pause", pause)
        yield


async def _no_wait(*_arguments):
    await asyncio.sleep(0)


async def _quiet(pilot):
    """Wait until no message, call or change of the layout waits; threads may still work."""
    quiet = 0
    for _ in range(_MOST_ROUNDS):
        if quiet == 2 or not pilot.app.is_running or not await pilot._wait_for_screen():
            return
        screen = pilot.app.screen
        screen._on_timer_update()
        quiet = quiet + 1 if _is_quiet(pilot.app, screen) else 0
        await asyncio.sleep(0)


def _is_quiet(app, screen):
    is_due = screen._layout_required or screen._scroll_required or screen._repaint_required
    if is_due or screen._callbacks or screen._dirty_widgets or screen._recompose_required:
        return False
    nodes = [app, *screen.walk_children(with_self=True)]
    return all(node._message_queue.empty() and not node._next_callbacks for node in nodes)
