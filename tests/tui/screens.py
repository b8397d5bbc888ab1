"""The harness of screen tests: sessions in a directory, the application under a Pilot."""

from __future__ import annotations

import asyncio
import time
from contextlib import asynccontextmanager, suppress

from textual.worker import WorkerCancelled

from sessionctl.core.render.drawing import Charset
from sessionctl.services.documents.document_store import open_store
from sessionctl.services.live.live_context import LiveContext
from sessionctl.services.machine import Machine
from sessionctl.services.secrets.access.secret_context import SecretContext
from sessionctl.tui.frame.base_screen import BaseScreen
from sessionctl.tui.frame.session_ui import SessionUi
from sessionctl.tui.frame.ui_context import UiContext

SIZES = [(80, 24), (120, 40), (160, 60)]
LIMIT_S = 20
SESSION = """\
schema_version = 1
id = "3f0d8c2e-6d1f-4c1e-9a53-0f2f7f0c4a11"
name = "api"
root = "~/src/api"

[[windows]]
name = "editor"
layout = "main-vertical"

  [[windows.panes]]
  name = "code"
  run = ["nvim", "src/main.py"]

  [[windows.panes]]
  name = "tests"
  run = "watchexec pytest"
  start = "type"

  [[windows.panes]]

[[windows]]
name = "logs"

  [[windows.panes]]
  run = ["tail", "-f", "app.log"]
"""


def run(scenario):
    """Run an async scenario to its end."""
    return asyncio.run(scenario)


def context_in(folder, *paths, environ=None, socket="", edit=None, attach=None):
    """Return what the screens know, with home and state below ``folder``.

    Without a server at ``socket`` there is none at all: its directory is below ``folder`` too.
    """
    home = {"HOME": str(folder / "home"), "TMUX_TMPDIR": str(folder)}
    environ = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"} | (
        home if environ is None else environ
    )
    machine = Machine(environ, host="testhost")
    live = LiveContext(open_store(machine.state), machine, socket)
    return UiContext(
        tuple(map(str, paths)),
        live,
        Charset(is_ascii=False),
        edit=edit or (lambda file, line, column: 0),
        attach=attach or (lambda name: 0),
        secrets=lambda: SecretContext(machine, "2026-01-01"),
    )


class NoList(SessionUi):
    """The application with an empty screen for its list, which takes most of a start."""

    def get_default_screen(self):
        return BaseScreen(self.context)


@asynccontextmanager
async def opened(context, size=(80, 24), *, color=True, kind=SessionUi):
    """Run the application without a terminal; gives its Pilot once the list was read."""
    app = kind(context, has_color=color)
    async with app.run_test(size=size) as pilot:
        await settled(pilot)
        yield pilot


def at_screen(key, kind, context, scenario, size=(80, 24), *, from_list=False, color=True):
    """Run a scenario on the screen of ``kind``, about the first file.

    With ``from_list`` the screen is opened as a user does, by ``key``.
    """

    async def body():
        app = SessionUi if from_list else NoList
        async with opened(context, size, color=color, kind=app) as pilot:
            if from_list:
                await press(pilot, key)
            else:
                pilot.app.push_screen(kind(context, *context.paths[:1]))
                await settled(pilot)
            assert isinstance(pilot.app.screen, kind)
            await scenario(pilot)

    run(body())


async def settled(pilot):
    """Wait until no thread reads any more, and everything is drawn."""
    is_working = True
    while is_working:
        for worker in list(pilot.app.workers):
            # One whose result closed its screen, as a write does, is cancelled with that.
            with suppress(WorkerCancelled):
                await worker.wait()
        # What a thread asked for before it ended is done here, and may begin another.
        await pilot.pause()
        is_working = any(not worker.is_finished for worker in pilot.app.workers)


async def until(pilot, holds, what="it"):
    """Wait until ``holds()`` is true."""
    end = time.monotonic() + LIMIT_S
    while not holds():
        assert time.monotonic() < end, f"{what} did not come about:\n{text_of(pilot)}"
        await pilot.pause(0.02)


async def press(pilot, *keys):
    """Press keys and wait until what each began is done."""
    for key in keys:
        await pilot.press(key)
        await settled(pilot)


def flat(pilot):
    """Return the text of the screen in one line: what is said may be wrapped."""
    return " ".join(text_of(pilot).replace("\u2502", " ").split())


def lines_of(pilot):
    """Return the lines of the screen as they are drawn, without trailing spaces."""
    # All that is on the screen comes from here, the palette and questions too.
    screen = pilot.app.screen
    return [strip.text.rstrip() for strip in screen._compositor.render_strips()]


def text_of(pilot):
    """Return the text of the screen."""
    return "\n".join(lines_of(pilot))
