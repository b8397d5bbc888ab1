"""What a Pilot of Textual does without need in a test: it sleeps, and draws what nobody sees."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager

import pytest
from textual.app import ScreenStackError

_MOST_ROUNDS = 8
"""A layout in a terminal of five columns never rests."""
_MOST_STEPS = 10_000
_rules = {}


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
    from textual.css.stylesheet import Stylesheet
    from textual.pilot import Pilot

    async def press(pilot, *keys):
        for key in keys:
            await pilot.app._press_keys([key])
            await _quiet(pilot)
            if not pilot.app._animator._complete_event.is_set():
                await pilot.app._animator.wait_until_complete()
                await _quiet(pilot)

    async def pause(pilot, delay=None):
        await _quiet(pilot)
        if delay is not None:
            await asyncio.sleep(delay)
            await _quiet(pilot)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(app, "wait_for_idle", _no_wait)
        patch.setattr(Stylesheet, "_parse_rules", _parsed_once(Stylesheet._parse_rules))
        patch.setattr(Pilot, "press", press)
        patch.setattr(Pilot, "pause", pause)
        yield


def _parsed_once(parse):
    """Let applications share the rules of their widgets: each parses the same texts."""

    def parse_rules(stylesheet, *arguments, **options):
        colors = frozenset(stylesheet._variables.items())
        key = (colors, arguments, *options.values())
        if key not in _rules:
            _rules[key] = parse(stylesheet, *arguments, **options)
        return _rules[key]

    return parse_rules


async def _no_wait(*_arguments):
    await asyncio.sleep(0)


async def _quiet(pilot):
    """Wait until no message, call or change of the layout waits; threads may still work."""
    for _ in range(_MOST_ROUNDS):
        await _nothing_ready()
        try:
            app, screen = pilot.app, pilot.app.screen
        except ScreenStackError:
            return
        nodes = [app, *screen.walk_children(with_self=True)]
        if not app.is_running or (_is_drawn(screen) and all(map(_is_idle, nodes))):
            return
        # What still handles a message, and waits for a timer or a thread, is asked to say when.
        if not all(map(_is_idle, nodes)) and not await pilot._wait_for_screen():
            return
        screen._on_timer_update()


async def _nothing_ready():
    """Let all tasks go on until each waits for a timer, a thread or a message."""
    ready = asyncio.get_running_loop()._ready
    for _ in range(_MOST_STEPS):
        await asyncio.sleep(0)
        if not ready:
            return


def _is_drawn(screen):
    is_due = screen._layout_required or screen._scroll_required or screen._repaint_required
    is_due = is_due or screen._dirty_widgets or screen._recompose_required
    return not (is_due or screen._callbacks)


def _is_idle(node):
    """Return whether a widget waits for its next message."""
    queue = node._message_queue
    return bool(queue.ready_event._waiters) and queue.empty() and not node._next_callbacks
