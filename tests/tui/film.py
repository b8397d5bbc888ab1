"""A film of a screen: after each step, the lines that are drawn otherwise than before, with styles.

``SESSIONCTL_SNAPSHOTS=write`` writes the films in tests/tui/films again; look at the difference
before it is committed. In a film ``12|`` is row 12 as it is drawn, and the line below it has a
letter for each character that has a style: g green, y yellow, r red, c cyan, d dim, b bold; as a
capital, bold too. Threads and timers wait until a picture was taken; ``work`` names what waits.
"""

from __future__ import annotations

import difflib
import os
import re
from contextlib import contextmanager
from pathlib import Path

import pytest
from textual.app import App
from textual.screen import Screen
from textual.widgets import TextArea

from sessionctl.tui.frame.base_screen import BaseScreen
from sessionctl.tui.frame.session_ui import SessionUi
from sessionctl.tui.sessions.sessions_screen import SessionsScreen
from tests.tui.screens import NoList, context_in, press, run, settled

FILMS = Path(__file__).parent / "films"
IS_WRITING = os.environ.get("SESSIONCTL_SNAPSHOTS") == "write"
_TIME = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")
_AGE = re.compile(r"\d\d y ago")
_COLORS = {1: "r", 2: "g", 3: "y", 6: "c"}


class Film:
    """Pictures of the screens of an application, and what the screens asked for meanwhile."""

    def __init__(self):
        self.lines = []
        self._drawn = []
        self._pictures = []
        self._about = ""
        self._waiting = []
        self._intervals = []

    def note(self, text):
        """Write what happened beside the screen."""
        self.lines.append(f"   {text}")

    def asked(self, name, answer=0):
        """Return a function that notes what it is called with."""

        def call(*arguments):
            self.note(f"{name}{arguments}")
            return answer

        return call

    async def press(self, pilot, *keys):
        """Press keys, one after another, with a picture after each."""
        for key in keys:
            self.lines.append(f"== {key}")
            await pilot.press(key)
            await self.take(pilot)

    async def type(self, pilot, text):
        """Press keys, with a picture after the last."""
        self.lines.append(f"== type {text}")
        await press(pilot, *text)
        await self.take(pilot)

    async def tick(self, pilot, what):
        """Let what is looked at each second be looked at, on the screens that are there."""
        self.lines.append(f"== a second later, {what}")
        for screen, callback in list(self._intervals):
            if screen.is_attached:
                callback()
        await self.take(pilot)

    async def resize(self, pilot, *sizes):
        """Show the screen in other sizes."""
        for size in sizes:
            self.lines.append(f"== {size[0]}x{size[1]}")
            await pilot.resize_terminal(*size)
            pilot.app._check_resize()
            self._drawn = []
            await self.take(pilot)

    async def show(self, pilot, what, act):
        """Do something else than to press a key."""
        self.lines.append(f"== {what}")
        act()
        await pilot.pause()
        await self.take(pilot)

    async def take(self, pilot):
        """Take pictures until nothing waits any more."""
        await pilot.pause()
        self._picture(pilot)
        while self._waiting:
            waiting, self._waiting = self._waiting, []
            for begin in waiting:
                begin()
            await settled(pilot)
            self._picture(pilot)

    def _picture(self, pilot):
        screen = pilot.app.screen
        focused = screen.focused
        about = f"{type(screen).__name__} keys to {type(focused).__name__}"
        if isinstance(focused, TextArea):
            about += f" {focused.text!r} at {focused.cursor_location}"
        if about != self._about:
            self.lines.append(f"-- {about}")
        if screen.is_attached and pilot.app.is_running:
            colors = {
                pilot.app.ansi_theme.ansi_colors[number]: sign for number, sign in _COLORS.items()
            }
            rows = [_row(strip, colors) for strip in screen._compositor.render_strips()]
            if rows != self._drawn:
                self._write_rows(rows)
            self._drawn = rows
        self._about = about

    def _write_rows(self, rows):
        """Write how the rows differ from those of the earlier picture that is most like them."""
        if rows in self._pictures:
            self.lines.append(f"   picture {self._pictures.index(rows) + 1} again")
            return
        blank = [("", "")] * len(rows)
        likest, number = blank, 0
        for earlier, picture in enumerate(self._pictures, 1):
            if len(picture) == len(rows) and _distance(picture, rows) <= _distance(likest, rows):
                likest, number = picture, earlier
        self._pictures.append(rows)
        now = len(self._pictures)
        lead = f", as picture {number} but" if number not in (0, now - 1) else ""
        self.lines.append(f"   picture {now}{lead}")
        empty = []
        for index, (text, styles) in enumerate(rows):
            if likest[index] == (text, styles):
                continue
            if text:
                self.lines += [f"{index:2}|{text}"]
                self.lines += [f"  |{styles}"] if styles else []
            else:
                empty.append(str(index))
        self.lines += [f"{','.join(empty)}|"] if empty else []

    def check(self, name):
        """Compare the film with the one that is kept."""
        file = FILMS / f"{name}.txt"
        text = "\n".join(self.lines) + "\n"
        if IS_WRITING:
            file.parent.mkdir(exist_ok=True)
            file.write_text(text)
        assert str(Path.cwd()) not in text, "a film must be the same on each machine"
        kept = file.read_text()
        if text != kept:
            pytest.fail("\n".join(difflib.unified_diff(kept.split("\n"), text.split("\n"), n=6)))


def filmed_widgets(name, make, scenario, size=(60, 20)):
    """Play ``scenario`` with the widgets that ``make`` gives, and compare the film."""
    film = Film()

    class Widgets(App):
        def compose(self):
            yield from make(film)

        def on_option_list_option_highlighted(self, _event):
            film.note("not for an application: option highlighted")

        def on_option_list_option_selected(self, _event):
            film.note("not for an application: option selected")

    async def body():
        async with Widgets().run_test(size=size) as pilot:
            film.lines.append("== open")
            await film.take(pilot)
            await scenario(pilot, film)

    run(body())
    film.check(name)


def filmed(name, kind, scenario, *, file="", paths=(), size=(80, 24), color=True, **more):
    """Play ``scenario`` on a screen of ``kind`` about ``file``, and compare its film.

    The working directory is the home too: so no path of the machine is shown.
    """
    with filming() as film:
        asked = {"edit": film.asked("edit"), "attach": film.asked("attach")}
        context = context_in(Path(), *(paths or filter(None, [file])), **{**asked, **more})

        async def body():
            app = (SessionUi if kind is SessionsScreen else NoList)(context, has_color=color)
            async with app.run_test(size=size) as pilot:
                if kind is not SessionsScreen:
                    app.push_screen(kind(context, file))
                film.lines.append("== open")
                await film.take(pilot)
                await scenario(pilot, film)

        run(body())
    film.check(name)


def _row(strip, colors):
    """Return the text of a row, and a letter for the style of each of its characters."""
    styles = ""
    for segment in strip:
        letter = " "
        if segment.style is not None:
            color = segment.style.color
            letter = colors.get(color and color.triplet, " ")
            if segment.style.dim is not None:
                letter = "d"
            if segment.style.bold:
                letter = "b" if letter == " " else letter.upper()
        styles += "".join(" " if one == " " else letter for one in segment.text)
    text = _TIME.sub("YYYY-MM-DD hh:mm:ss", strip.text.rstrip())
    return _AGE.sub("56 y ago", text), styles.rstrip()


def _distance(one, other):
    return sum(first != second for first, second in zip(one, other, strict=True))


@contextmanager
def filming(kind=BaseScreen):
    """Make a film; threads and timers of screens of ``kind`` wait for its pictures."""
    film = Film()

    def run_worker(screen, work, **how):
        film.note(f"work: {how.get('group')}")
        film._waiting.append(lambda: Screen.run_worker(screen, work, **how))

    def set_interval(screen, interval, callback, **how):
        if how:  # one of Textual's own
            return Screen.set_interval(screen, interval, callback, **how)
        film.note(f"every {interval} s: {callback.__name__}")
        film._intervals.append((screen, callback))
        return None

    def set_timer(screen, delay, callback, **how):
        if how:
            return Screen.set_timer(screen, delay, callback, **how)
        film.note(f"in {delay} s: {callback.__name__}")
        waits = _Waits(callback)
        film._waiting.append(waits)
        return waits

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kind, "run_worker", run_worker)
        patch.setattr(kind, "set_interval", set_interval)
        patch.setattr(kind, "set_timer", set_timer)
        yield film


class _Waits:
    """A timer that a film lets go."""

    def __init__(self, callback):
        self._callback = callback

    def stop(self):
        self._callback = lambda: None

    def __call__(self):
        self._callback()
