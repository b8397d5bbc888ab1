"""Films of the screens for hosts: all that is drawn after each key (tests/tui/film.py).

The workspace is played: what a real one answers is in test_textual_screens.py.
"""

from __future__ import annotations

import asyncio
from types import SimpleNamespace

import pytest

pytest.importorskip("textual", reason="the module textual is not installed")

from textual.app import App

from sessionctl.connections.manager import connection_state as states
from sessionctl.connections.manager.kept_connection import KeptConnection
from sessionctl.core.conflict.conflict import Conflict, ConflictKind
from sessionctl.core.keypath import KeyPath
from sessionctl.errors import FileError
from sessionctl.sdk.states.recovery_option import RecoveryOption
from sessionctl.sdk.textual import (
    ConnectionsScreen,
    ResolveScreen,
    RestoreScreen,
    StatusBar,
    host_connections_screen,
    host_restore_screen,
    status_bar,
)
from sessionctl.sdk.textual.host_screen import HostScreen
from sessionctl.sdk.workspace_event import Status
from sessionctl.sdk.workspace_status import WorkspaceStatus
from sessionctl.services.connections.connection_listing import ConnectionSummary
from sessionctl.services.connections.connection_memory import RecentUse
from sessionctl.services.machine import Machine
from tests.conflict_texts import HEAD, PORT, block
from tests.quick_pilot import quick_pilot, undrawn
from tests.tui.film import filming

NOW_S = 1_000_000.0


@pytest.fixture(autouse=True)
def _here(tmp_path, monkeypatch):
    clock = SimpleNamespace(time=lambda: NOW_S, monotonic=lambda: 100.0)
    for module in (host_connections_screen, host_restore_screen, status_bar):
        monkeypatch.setattr(module, "time", clock)
    monkeypatch.chdir(tmp_path)
    with quick_pilot(), undrawn():
        yield


class Desk(App):
    """A host with a line of status, and what its screens ask for."""

    session_status = WorkspaceStatus()

    def __init__(self, workspace):
        super().__init__()
        self.workspace = workspace

    def compose(self):
        yield StatusBar()

    def on_lazy_list_list_change(self, _event):
        self.workspace.film.note("not for a host: list change")

    def on_row_table_row_pick(self, _event):
        self.workspace.film.note("not for a host: row pick")


def play(name, workspace, kind, scenario, size=(80, 20)):
    """Film ``scenario`` on a screen of ``kind``, or without one on the host itself."""

    async def main():
        with filming(HostScreen) as film:
            workspace.film = film
            app = Desk(workspace)
            async with app.run_test(size=size) as pilot:
                if kind is not None:
                    app.push_screen(kind(workspace))
                film.lines.append("== open")
                await film.take(pilot)
                await scenario(pilot, film)
        film.check(name)

    asyncio.run(main())


class Workspace:
    """A workspace that answers what it was given, and notes what it is asked for."""

    file = "work/my pad.session.toml"
    conflicts = ()
    machine = Machine({"HOME": "/nowhere"})

    def __init__(self, **answers):
        self.answers = {name: list(found) for name, found in answers.items()}
        self.connections = self
        self.kept_connections = {}

    def answer(self, name, *asked):
        """Note the question; give the next answer, the last one for ever."""
        self.film.note(f"{name}{asked}")
        found = self.answers[name]
        answer = found.pop(0) if len(found) > 1 else found[0]
        if isinstance(answer, Exception):
            raise answer
        return answer

    def __getattr__(self, name):
        if name in self.__dict__.get("answers", ()):
            return lambda *asked, **more: self.answer(name, *asked, *more.items())
        raise AttributeError(name)


NOW = RecoveryOption("file", "file", "what the file holds now", 0, ("editor", "widgets"))
EARLIER = RecoveryOption("backup", "b1", "saved earlier", int((NOW_S - 60) * 1e9), ("editor",))
FRESH = RecoveryOption("fresh", "fresh", "start over")
LINES = [[("- editor", "removed")], [('  text = "a"', "")]]
MANY = [[(f"line {number}", "")] for number in range(402)]


def test_what_can_be_restored_is_shown_with_what_it_changes():
    workspace = Workspace(
        flush=[True], recovery=[FileError("gone", hints=["look"]), (NOW, EARLIER, FRESH)],
        preview=[[], LINES, MANY, LINES],
        recover=[FileError("in use", hints=["wait"]), Status.RESTORED, Status.FRESH, Status.FAILED],
        undo=[True, False, FileError("cannot undo", hints=["look"])],
    )  # fmt: skip

    async def scenario(pilot, film):
        await film.press(pilot, "enter", "r", "u")
        await film.press(pilot, "down", "end", "enter", "r", "enter", "home", "r")
        pilot.app.begin_anew = film.asked("begin_anew")
        workspace.answers["recover"] = [Status.FRESH, Status.RESTORED]
        await film.press(pilot, "r", "r", "u", "u")
        await film.resize(pilot, (59, 12))
        await film.press(pilot, "escape")

    play("host-restore", workspace, RestoreScreen, scenario)


def summary(name, *, driver="redis", address="db:6379", is_favourite=False):
    return ConnectionSummary(name, driver, address, False, is_favourite, {}, 0, 0, 0)


def kept(name, state, **how):
    return KeptConnection(name, "db", state=state, **how)


LISTED = [summary("a", is_favourite=True), summary("b"), summary("c", driver="sqlite", address="")]
RECENTS = [
    RecentUse("x/one.toml", "a", NOW_S - 5, ok=True),
    RecentUse("two.toml", "z", NOW_S - 90, ok=False),
]
KEPT = {
    "a": kept("a", states.READY),
    "b": kept("b", states.BACKOFF, reason="refused", next_at=103.4, failed_dials=2, failures=5),
}


def test_connections_are_listed_opened_stopped_and_marked():
    workspace = Workspace(
        listing=[[], LISTED], recents=[[], RECENTS], stop=[None], mark_favourite=[None],
        open=[FileError("no key", hints=["unlock"]), None],
    )  # fmt: skip

    async def scenario(pilot, film):
        await film.press(pilot, "c", "s", "f", "r")
        await film.press(pilot, "c", "enter", "s", "f", "down", "f")
        workspace.kept_connections = KEPT
        await film.tick(pilot, "two are kept")
        await film.press(pilot, "tab", "enter", "down")
        workspace.answers["listing"] = [FileError("not TOML", hints=["fix it"])]
        await film.press(pilot, "r")
        workspace.answers["listing"] = [ValueError("a value")]
        await film.press(pilot, "r")
        await film.resize(pilot, (100, 20), (59, 20))
        await film.press(pilot, "q")

    play("host-connections", workspace, ConnectionsScreen, scenario)


def conflict(name, ours, theirs):
    return Conflict(ConflictKind.BOTH_MODIFIED, KeyPath(["apps", "pad", name]), "0", ours, theirs)


def test_what_both_changed_is_decided():
    workspace = Workspace(resolve=[FileError("in use", hints=["wait"]), None])
    both = (conflict("a", "1", "2"), conflict("b", None, "3"), conflict("c", "4", "5"))

    async def scenario(pilot, film):
        await film.press(pilot, *"otOTuw")
        workspace.conflicts = both
        await film.tick(pilot, "three conflicts")
        await film.press(pilot, *"wuotuOuoTu", "end", "t", "w", "w")
        await film.tick(pilot, "they are still there")
        workspace.conflicts = both[:1]
        await film.tick(pilot, "two are gone")
        await film.press(pilot, "o")
        await film.tick(pilot, "nothing changed")
        await film.resize(pilot, (60, 12))
        workspace.conflicts = ()
        await film.tick(pilot, "none is left")
        await film.press(pilot, "q")

    play("host-resolve", workspace, ResolveScreen, scenario)


def test_marks_of_a_merge_are_decided(tmp_path):
    workspace = Workspace()
    workspace.file = "pad.session.toml"
    text = HEAD + block('root = "~/a"\n', 'root = "~/b"\n', 'root = "~/c"\n') + PORT
    file = tmp_path / workspace.file
    file.write_text(text)
    workspace.machine = Machine({"HOME": str(tmp_path)})

    async def scenario(pilot, film):
        await film.press(pilot, *"wotwuuu", "o", "w")
        film.note(file.read_text())
        await film.tick(pilot, "one is left")
        await film.press(pilot, "T", "w", "u", "O", "w")
        film.note(file.read_text())
        await film.tick(pilot, "none is left")
        file.write_text("<<<<<<< a\n<<<<<<< b\n")
        await film.tick(pilot, "marks without an end")
        await film.press(pilot, "o", "w")

    play("host-marks", workspace, ResolveScreen, scenario)


def test_the_line_of_status_has_what_there_is_room_for():
    workspace = Workspace()

    async def scenario(pilot, film):
        bar, app = pilot.app.query_one(StatusBar), pilot.app

        async def show(title, **status):
            app.session_status = WorkspaceStatus(**status)
            await film.show(pilot, title, bar.draw)
            film.note(f"{bar.line!r} ticks: {bar._timer._active.is_set()}")

        await show("saved", status=Status.SAVED)
        workspace.kept_connections = KEPT
        await show("connections", status=Status.MODIFIED)
        workspace.conflicts = (conflict("a", "1", "2"),)
        await show("a conflict", status=Status.MODIFIED)
        await show("a trouble", status=Status.MODIFIED,
                   trouble="work/my pad.session.toml:1:1: not TOML")  # fmt: skip
        await film.show(pilot, "a word", lambda: bar.say("line 3"))
        await film.resize(pilot, (120, 3), (60, 3), (30, 3), (12, 3), (80, 3))
        workspace.kept_connections = {"c": kept("c", states.STOPPED, reason="by you")}
        workspace.conflicts = ()
        await show("stopped", status=Status.FAILED, text="no room")
        await show("a reason", status=Status.SAVED)
        bar._connections = ("b",)
        await show("others are not shown", status=Status.SAVED)

    play("host-status", workspace, None, scenario, size=(80, 3))
