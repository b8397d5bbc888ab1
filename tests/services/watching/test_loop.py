"""The turns of a watch, one by one: what it looks at, when, and what it watches."""

from __future__ import annotations

import os

import pytest

from sessionctl.core.sync.events import FileNoticed, LiveNoticed, Tick
from sessionctl.services.watching.loop import loop as module
from sessionctl.services.watching.loop.loop import RESCAN_MS, TURN_MS, Loop
from sessionctl.services.watching.loop.watch_keeper import EventsLost, FileHappened, WatchKeeper
from sessionctl.system.files.snapshot import marks_at
from sessionctl.system.watch.wakeup import Clock
from sessionctl.system.watch.watcher import ArmResult


class Steps(Clock):
    """A clock that goes on when it is told to."""

    def __init__(self):
        self.now, self.ahead = 1_000_000, 3_600_000  # another time of day

    def now_ms(self):
        return self.now

    def time_s(self):
        return (self.now + self.ahead) / 1000


class File:
    """A replica that notes what it notices, and wants its ticks at ``at``."""

    def __init__(self, path, clock):
        self.file, self.noticed, self.at = str(path), [], None
        self.has_begun, self.clock, self.takes_ms = False, clock, 0
        self.marks = marks_at(self.file)
        self.moved = lambda _replica: None

    def wake_at_ms(self):
        return self.at

    def begin(self):
        self.has_begun = True
        self.notice("begun")

    def notice(self, event):
        self.noticed.append("tick" if event is Tick else event)
        self.clock.now += self.takes_ms
        if event is Tick:
            self.at = None
        self.moved(self)

    def taken(self):
        noticed, self.noticed = self.noticed, []
        return noticed


class Watcher:
    """A watcher that is told what it renews and cannot watch."""

    def __init__(self, notice, lost):
        self.notice, self.lost, self.beats, self.armed, self.is_closed = notice, lost, 0, [], False
        self.hears, self.renewed, self.failed = True, None, {}

    def arm(self, directories):
        self.armed.append(frozenset(directories))
        renewed = self.armed[-1] if self.renewed is None else self.renewed
        self.renewed = frozenset()
        return ArmResult(frozenset(renewed), self.failed)

    def beat(self):
        self.beats += self.hears

    def close(self):
        self.is_closed = True


class World:
    def __init__(self, folder):
        self.clock, self.watchers, self.folder = Steps(), [], folder
        self.loop = Loop(self.open, self.clock)

    def open(self, notice, lost):
        self.watchers.append(Watcher(notice, lost))
        return self.watchers[-1]

    def add(self, name):
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("")
        file = File(path, self.clock)
        self.loop.add(file)
        return file

    def turn(self, later_ms=0):
        self.clock.now += later_ms
        if not self.loop.wakeup.has_messages:
            self.loop.wakeup.send(module.LoopCall(lambda: None))  # it need not wait
        self.loop.turn()


@pytest.fixture
def world(tmp_path):
    world = World(tmp_path)
    yield world
    if world.loop.is_running:
        world.loop.close()


def test_every_file_is_looked_at_once_and_then_when_something_happens(world, tmp_path):
    a, b = world.add("x/a.toml"), world.add("y/b.toml")
    world.loop.folders = {str(tmp_path)}
    assert not world.loop.is_running
    world.loop.start()
    assert (a.taken(), b.taken(), world.loop.is_running) == (["begun"], ["begun"], True)
    [watcher] = world.watchers
    assert watcher.armed == [{str(tmp_path / "x"), str(tmp_path / "y"), str(tmp_path)}]
    assert not world.loop.is_idle  # what is watched only now is looked for soon
    world.turn()
    assert world.loop.is_idle
    watcher.notice(a.file)
    watcher.notice(a.file)
    assert not world.loop.is_idle
    world.turn()
    assert (a.taken(), b.taken()) == ([FileNoticed], [])
    world.loop.live_changed(b)
    world.turn()
    assert (a.taken(), b.taken()) == ([], [LiveNoticed])
    found = []
    world.loop.found = found.append
    watcher.notice(str(tmp_path / "x" / "new.toml"))
    world.turn()
    assert found == [str(tmp_path / "x" / "new.toml")]
    called = []
    world.loop.call(lambda: called.append(1))
    world.turn()
    assert called == [1]
    with pytest.raises(AssertionError):
        world.loop._take(["what?"])


def test_a_tick_comes_when_its_time_has_come(world):
    a, b = world.add("a.toml"), world.add("b.toml")
    world.loop.start()
    world.turn()
    a.taken(), b.taken()
    a.at, b.at = world.clock.now + 20, world.clock.now + 10
    for file in (a, b):
        world.loop._agenda.note(file)
    assert (world.loop.is_idle, world.loop.next_ms()) == (False, b.at)
    assert world.loop._wait_ms() == 10
    world.turn(9)
    assert (a.taken(), b.taken()) == ([], [])
    world.turn(1)
    assert (a.taken(), b.taken()) == ([], ["tick"])
    world.turn(100)
    assert (a.taken(), b.taken(), world.loop.is_idle) == (["tick"], [], True)


def test_events_come_in_between_of_many_files(world):
    files = [world.add(f"{n}.toml") for n in range(5)]
    for file in files:
        file.takes_ms = 30
    looked = []
    world.loop.looked = lambda *counts: looked.append(counts)
    world.loop._watch_all()
    assert world.loop._wait_ms() == 0
    world.turn()
    assert [file.taken() for file in files] == [["begun"]] * 2 + [[]] * 3
    world.turn()
    world.turn()
    world.turn()
    assert looked == [(2, 5), (4, 5), (5, 5)]
    for file in files:
        file.taken()
        file.at = world.clock.now
        world.loop._agenda.note(file)
    world.turn()
    assert [file.taken() for file in files].count(["tick"]) == 2


def test_a_file_that_comes_in_is_watched_before_it_is_read(world, tmp_path):
    world.add("x/a.toml")
    world.loop.start()
    world.turn()
    b = world.add("z/b.toml")
    assert world.loop._wait_ms() == 0
    assert not world.loop.is_idle
    world.turn()
    assert world.watchers[0].armed[-1] == {str(tmp_path / "x"), str(tmp_path / "z")}
    assert b.taken() == ["begun"]
    world.watchers[0].notice(b.file)
    world.turn()
    assert b.taken() == [FileNoticed]


def test_everything_is_looked_at_again_now_and_then(world):
    a = world.add("a.toml")
    times = []
    world.loop.rescanned = lambda: times.append("rescan")
    world.loop.turned = lambda now: times.append(now - began)
    began = world.clock.now
    world.loop.start()
    world.turn()
    a.taken()
    times.clear()
    a.marks = (1,)  # what it looked at is not what is there
    world.turn(TURN_MS - 1)
    assert times == []
    world.turn(1)
    assert (times, a.taken()) == ([TURN_MS], [])
    world.turn(RESCAN_MS - TURN_MS)
    assert (times, a.taken()) == ([TURN_MS, "rescan", RESCAN_MS], [FileNoticed])
    times.clear()
    armed = len(world.watchers[0].armed)
    world.watchers[0].lost()  # events were lost: at once
    world.turn()
    assert (times, a.taken()) == (["rescan", RESCAN_MS], [FileNoticed])
    assert len(world.watchers[0].armed) == armed + 1  # the directories too
    times.clear()
    world.clock.ahead += 4999
    world.turn(TURN_MS)
    assert times == [RESCAN_MS + TURN_MS]
    world.clock.ahead += 5001  # the machine slept
    world.turn(TURN_MS)
    assert times[1:] == ["rescan", RESCAN_MS + 2 * TURN_MS]


def test_a_watcher_that_hears_nothing_is_replaced(world):
    world.add("a.toml")
    world.loop.start()
    world.watchers[0].hears = False
    world.turn(RESCAN_MS)
    world.turn(1999)
    assert len(world.watchers) == 1
    world.turn(TURN_MS)
    assert (len(world.watchers), world.watchers[0].is_closed) == (2, True)
    assert world.watchers[1].armed
    world.turn(RESCAN_MS)
    world.turn(2 * TURN_MS + 2000)
    assert len(world.watchers) == 2


def test_what_cannot_be_watched_is_looked_at_each_turn_and_said(world):
    a = world.add("x/a.toml")
    b = world.add("y/b.toml")
    world.loop.start()
    world.turn()
    a.taken(), b.taken()
    watcher = world.watchers[0]
    watcher.failed = {os.path.dirname(a.file): "no space"}
    world.turn(2000)
    reasons = [
        [one.keywords["reason"] for one in file.taken() if hasattr(one, "keywords")]
        for file in (a, b)
    ]
    assert reasons == [["no space"], [""]]
    a.marks = b.marks = (1,)
    world.turn(TURN_MS)
    assert (a.taken(), b.taken()) == ([FileNoticed], [])
    watcher.failed, watcher.renewed = {}, frozenset({os.path.dirname(a.file)})
    world.turn(TURN_MS)
    assert FileNoticed in a.taken()  # what happened in the meantime was not heard
    assert [one.keywords["reason"] for one in b.taken()] == [""]


def test_without_a_watcher_files_are_looked_at_twice_a_second(tmp_path):
    clock = Steps()

    def refuse(_notice, _lost):
        raise OSError(28, "No Space")

    for opening, reason in ((refuse, "no space"), (None, "")):
        loop = Loop(opening, clock)
        path = tmp_path / "a.toml"
        path.write_text("")
        file = File(path, clock)
        loop.add(file)
        loop.start()
        said = [one.keywords["reason"] for one in file.taken() if hasattr(one, "keywords")]
        assert said == [reason]
        file.marks = (1,)
        clock.now += TURN_MS
        loop.wakeup.send(module.LoopCall(lambda: None))
        loop.turn()
        assert FileNoticed in file.taken()
        loop.close()


def test_a_watch_ends_with_all_that_it_opened(world):
    before = len(os.listdir("/dev/fd"))
    other = World(world.folder)
    file, said = other.add("a.toml"), []
    other.loop.ended = lambda: said.append("ended")

    def watching():
        said.append(("watching", file.has_begun))

    def begun():
        said.append(("begun", file.has_begun))
        other.loop.stop()

    other.loop.run(begun, watching)
    assert said == [("watching", False), ("begun", True), "ended"]
    assert (other.loop.is_running, other.watchers[0].is_closed) == (False, True)
    assert len(os.listdir("/dev/fd")) == before


def test_one_that_is_stopped_before_it_begins_looks_at_nothing(world):
    file, said = world.add("a.toml"), []
    world.loop.wakeup.send(module.StopLoop())
    world.loop.run(lambda: said.append("begun"))
    assert (said, file.has_begun) == ([], False)


def test_what_rests_is_asked_for_more_only_while_there_is_nothing_else(world):
    answers, asked = [True, False, False], []

    def rested():
        asked.append(world.loop.is_idle)
        return answers.pop(0)

    world.add("a.toml")
    world.loop.start()
    world.turn()
    world.loop.rested = rested
    world.turn()
    assert world.loop._wait_ms() == 0
    world.turn()
    assert world.loop._wait_ms() > 0
    assert asked == [True, True]


def test_many_new_files_are_found_once_and_then_it_rests(world):
    began = []

    def rescanned():
        began.append(world.clock.now)
        world.clock.now += 10

    world.loop.rescanned = rescanned
    world.loop.start()
    world.loop.find_soon()
    world.loop.find_soon()
    assert not world.loop.is_idle
    world.turn()
    assert len(began) == 1
    world.loop.find_soon()
    assert world.loop._wait_ms() == 50
    world.turn(49)
    assert len(began) == 1
    world.turn(1)
    assert len(began) == 2


# -- what is watched ------------------------------------------------------------------------------


def test_a_link_and_what_it_leads_to_are_both_watched(tmp_path):
    sent, made = [], []
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "a.toml").write_text("")
    (tmp_path / "a.toml").symlink_to("real/a.toml")
    file = File(tmp_path / "a.toml", Steps())
    keeper = WatchKeeper(lambda *calls: made.append(Watcher(*calls)) or made[-1], sent.append)
    keeper.renew()
    keeper.name_all([file])
    here, real = str(tmp_path), str(tmp_path / "real")
    assert keeper.arm([], 0) == ({here, real}, False)
    assert keeper.replicas_at(f"{real}/a.toml") == keeper.replicas_at(file.file) == [file]
    assert keeper.replicas_at(f"{real}/b.toml") is None
    assert keeper.touched(frozenset({real})) == [file]
    assert keeper.touched(frozenset({"/other"})) == []
    made[0].notice("x")
    made[0].lost()
    assert sent == [FileHappened("x"), EventsLost()]
    assert not keeper.is_due(1999)
    assert keeper.is_due(2000)
    keeper.replicas_at(real)  # the directory itself
    assert keeper.is_due(1)
    made[0].failed = {real: "no space", f"{here}/gone": "no such file"}
    assert keeper.arm([f"{here}/gone"], 10) == (frozenset(), True)
    assert made[0].armed[-1] == {here, real, f"{here}/gone"}
    assert (keeper.blind, keeper.reason(file)) == ([file], "no space")
    assert keeper.is_due(11)
    assert keeper.arm([], 10) == (frozenset(), False)
    made[0].failed = {f"{here}/gone": "no such file"}
    assert keeper.arm([], 10)[1] is True
    assert (keeper.blind, keeper.reason(file)) == ([], "")
    keeper.close()
    keeper.close()
    assert made[0].is_closed
