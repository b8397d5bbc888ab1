"""Which sessions are saved automatically, and when: step by step, with a clock that is set."""

from __future__ import annotations

import os

import pytest

from sessionctl.core.conflict.conflict import Conflict, ConflictKind
from sessionctl.core.keypath import KeyPath
from sessionctl.core.workspace.mapping.agreed_workspace import StandingWorkspace
from sessionctl.core.workspace.secret_mask import MaskedPart
from sessionctl.core.workspace.workspace import Workspace
from sessionctl.errors import FileError, KeyNotFoundError, RefusedError, ToolError
from sessionctl.services.live.autosave import session_saver
from sessionctl.services.live.autosave.session_saver import (
    FollowedSession,
    SessionId,
    SessionSaver,
)
from sessionctl.services.live.autosave.tmux_autosave import AttachPlace, TmuxAutosave
from sessionctl.services.live.standing_marks import StandingMarks
from sessionctl.services.live.workspace_save import SaveOutcome
from sessionctl.system.tmux.tmux_server import NoServerError
from tests.services.live.autosave.conftest import file_of, make, value_of


class Time:
    """A clock that is set."""

    def __init__(self):
        self.now = 100_000

    def now_ms(self):
        return self.now

    def time_s(self):
        return self.now / 1000


@pytest.fixture
def saver(world):
    """Return a saver whose ``said`` are the events since it was asked: when, what, of what."""

    class Said(SessionSaver):
        @property
        def said(self):
            found = [(e.time_s, e.what, e.session, e.file) for e in self.heard]
            self.heard.clear()
            return found

    clock, heard = Time(), []
    made = Said(world.context, heard.append, clock)
    made.heard = heard
    return made


def windows_of(world, name="work"):
    return [window["name"] for window in value_of(world, name)["windows"]]


def test_a_session_is_followed_saved_and_parted_with(world, saver):
    assert saver.save_all() is None, "no server runs"
    make(world)
    make(world, "other")
    file, other = str(file_of(world)), str(file_of(world, "other"))
    assert saver.save_all() is None
    assert sorted(saver.said) == [
        (100.0, "followed", "other", other), (100.0, "followed", "work", file),
    ]  # fmt: skip
    assert saver.save_all() is None
    assert saver.said == [], "nothing changed"

    saver.clock.now = 101_000
    world.tmux("rename-window", "-t", "work:code", "source")
    assert saver.save_all() is None
    assert saver.said == [(101.0, "saved", "work", file)]
    assert windows_of(world)[1:] == ["logs", "source"]

    world.tmux("rename-session", "-t", "work", "job")
    assert saver.save_all() is None
    assert [what for _, what, *_ in saver.said] == ["saved"]
    assert {one.session.name for one in saver.followed.values()} == {"job", "other"}
    assert value_of(world)["name"] == "job"

    world.tmux("kill-session", "-t", "job")
    assert saver.save_all() == 3_000
    saver.clock.now = 103_999
    assert saver.save_all() == 3_000
    assert saver.said == []
    assert saver.context.memory.recall(file).agreed.standing.server != ""
    saver.clock.now = 104_000
    assert saver.save_all() is None
    assert saver.said == [(104.0, "ended", "job", file)]
    assert [one.session.name for one in saver.followed.values()] == ["other"]
    assert saver.context.memory.recall(file).agreed.standing.server == "", "it ended on purpose"
    assert windows_of(world)[1:] == ["logs", "source"], "the file stays as it was"

    file_of(world, "other").unlink()
    assert saver.save_all() is None
    assert (saver.said, saver.followed) == ([], {})
    assert not file_of(world, "other").exists()
    world.end()
    assert saver.save_all() is None


def test_a_sudden_loss_is_saved_only_when_it_stays(world, saver):
    make(world)
    saver.save_all()
    file, before = str(file_of(world)), file_of(world).read_text()
    saver.said  # noqa: B018 - it is followed
    [one] = saver.followed.values()
    world.tmux("kill-window", "-t", "work:code")
    world.tmux("kill-window", "-t", "work:logs")
    assert saver.save_all() == 5_000
    assert saver.said == [(100.0, "waiting", "work", file)]
    assert one.last == "waiting"
    saver.clock.now = 104_999
    assert saver.save_all() == 1
    assert (saver.said, file_of(world).read_text()) == ([], before)
    world.tmux("new-window", "-d", "-t", "work:", "-n", "logs", "-c", world.home)
    world.tmux("new-window", "-d", "-t", "work:", "-n", "code", "-c", world.home)
    assert saver.save_all() is None, "it is there again"
    assert one.lost_since_ms is None
    world.tmux("kill-window", "-t", "work:code")
    world.tmux("kill-window", "-t", "work:logs")
    saver.save_all()
    saver.said  # noqa: B018 - as above
    saver.clock.now = 109_999
    assert saver.save_all() is None
    assert saver.said == [(109.999, "saved", "work", file)]
    assert len(windows_of(world)) == 1


def test_a_failure_is_reported_once_and_tried_again_later_and_later(world, saver):
    make(world)
    saver.save_all()
    saver.said  # noqa: B018 - it is followed
    [one] = saver.followed.values()
    good = file_of(world).read_text()
    file_of(world).write_text("name = \n")
    world.tmux("rename-window", "-t", "work:code", "source")
    assert [saver.save_all() for _ in range(5)] == [10_000, 20_000, 40_000, 60_000, 60_000]
    assert [what for _, what, *_ in saver.said] == ["failed"]
    file_of(world).write_text(good)
    assert saver.save_all() is None
    assert [what for _, what, *_ in saver.said] == ["saved"]
    assert (one.retry_ms, one.last) == (5_000, "saved")
    assert windows_of(world)[1:] == ["logs", "source"]


def test_a_session_that_only_has_the_name_is_followed_unless_it_is_poorer(world, saver):
    make(world)
    world.end()
    world.tmux("new-session", "-d", "-s", "work", "-c", world.home)
    assert saver.save_all() is None
    assert (saver.said, saver.followed) == ([], {}), "it would replace what is to be restored"
    world.tmux("new-window", "-d", "-t", "work:", "-n", "logs", "-c", world.home)
    world.tmux("split-window", "-d", "-h", "-t", "work:1", "-c", world.home)
    world.tmux("new-window", "-d", "-t", "work:", "-n", "code", "-c", world.home)
    saver.save_all()
    assert saver.said[0][1:] == ("followed", "work", str(file_of(world)))
    first = saver._identity
    world.end()
    world.tmux("new-session", "-d", "-s", "else", "-c", world.home)
    saver.save_all()
    assert saver.followed == {}, "sessions of another server are forgotten"
    assert saver._identity != first


def test_what_cannot_be_read_now_is_tried_again_soon(world, saver, monkeypatch):
    make(world)
    saver.save_all()
    world.tmux("rename-window", "-t", "work:code", "source")
    before, capture = file_of(world).read_text(), saver.adapter.capture

    def fails(error):
        def failing(*_):
            raise error

        return failing

    def ended_meanwhile(names):
        return [one._replace(server="1.1") for one in capture(names)]

    for name, fault, again_ms in (
        ("capture", fails(KeyNotFoundError("work: no such session")), 200),
        ("capture", ended_meanwhile, 200),
        ("capture", fails(ToolError("tmux: no answer")), 1_000),
        ("capture", fails(NoServerError("no server")), None),
    ):
        with monkeypatch.context() as patch:
            patch.setattr(saver.adapter, name, fault)
            assert saver.save_all() == again_ms
        assert file_of(world).read_text() == before
    assert saver.save_all() is None
    assert windows_of(world)[1:] == ["logs", "source"]


def test_when_changes_are_saved(world):
    autosave = TmuxAutosave(world.context, print, Time())
    clock = autosave._clock
    clock.now = 10_000

    def due(saved, before, *changes):
        autosave._saved_ms, autosave._due_ms = saved, before
        autosave._plan(set(changes))
        return autosave._due_ms

    assert due(0, None) is None
    assert due(0, 7) == 7
    assert due(0, None, "work") == 10_060
    assert due(9_900, None, "work") == 10_300, "a while after the last save"
    assert due(9_660, None, "work") == 10_060
    assert due(9_900, 10_200, "work") == 10_200, "it does not become later"
    assert due(9_900, 10_400, "work") == 10_300
    assert due(0, None, "look") == 10_060
    for _ in range(20):
        autosave._looks.spend(10_000)
    assert due(0, None, "look") == autosave._looks.spend(10_000) > 10_060
    assert due(0, None, "look", "work") == 10_060
    autosave.wakeup.close()


def test_where_a_client_may_be_attached(world):
    autosave = TmuxAutosave(world.context, print, Time())
    assert autosave._place() is None
    make(world, "one")
    make(world, "two")
    version = world.tmux("display-message", "-p", "#{version}").strip()
    session = world.tmux("display-message", "-p", "-t", "one:", "#{session_id}").strip()
    assert autosave._place() == AttachPlace(session, version)
    reason = "every session ends when no client is attached (destroy-unattached)"
    assert AttachPlace("", "3.1c").reason == "tmux 3.1c reports no changes"
    assert AttachPlace("", "3.2").reason == reason
    autosave.wakeup.close()


def test_what_goes_on_is_reported_once_until_it_is_over(saver):
    one = FollowedSession(SessionId("$1", "work"), "w.toml", Workspace("work", "/"))
    plain = SaveOutcome("w.toml", "work", "old", "new", is_written=True)
    conflict = Conflict(ConflictKind.BOTH_MODIFIED, KeyPath(("windows", 0, "name")), "1", "2", "3")
    masked = MaskedPart(KeyPath(("env", "TOKEN")), "a token", is_left_out=True)
    both = plain._replace(conflicts=(conflict,), masked=(masked,), is_written=False)
    for outcome, whats in (
        (plain, ["saved"]),
        (plain._replace(is_written=False), []),
        (both, ["conflict", "masked"]),
        (both._replace(is_written=True), ["saved"]),
        (both._replace(conflicts=(conflict, conflict)), ["conflict"]),
        # Without conflicts they may come again; what is left out stays known.
        (plain._replace(masked=(masked,)), ["saved"]),
        (both, ["conflict"]),
    ):
        saver._report_outcome(one, outcome)
        assert [event.outcome for event in saver.heard] == [outcome] * len(whats)
        assert saver.said == [(100.0, what, "work", "w.toml") for what in whats]


def test_a_save_that_is_refused_is_reported_once_and_not_tried_again(saver, monkeypatch):
    def refuse(*_):
        raise RefusedError("little is left")

    monkeypatch.setattr(session_saver, "save_workspace", refuse)
    one = FollowedSession(SessionId("$1", "work"), "w.toml", Workspace("work", "/"))
    standing = StandingWorkspace(Workspace("work", "/"), "1.1")
    assert saver._save_one(one, standing) is None
    [event] = saver.heard
    assert (event.what, event.error.message) == ("refused", "little is left")
    saver.heard.clear()
    assert saver._save_one(one, standing) is None
    assert (saver.heard, one.retry_ms) == ([], 5_000)


def test_a_session_that_ended_is_parted_with_whatever_is_remembered(saver, monkeypatch):
    def fail(*_):
        raise FileError("the record cannot be written")

    monkeypatch.setattr(session_saver, "forget_server", fail)
    one = FollowedSession(SessionId("$1", "work"), "w.toml", Workspace("work", "/"))
    saver.followed["$1"] = one
    assert saver._part([]) == 3_000
    assert (saver.said, saver.followed) == ([], {"$1": one})
    saver.clock.now += 3_000
    assert saver._part([]) is None
    assert [getattr(event.error, "message", None) for event in saver.heard] == [
        "the record cannot be written", None
    ]  # fmt: skip
    assert saver.said == [
        (103.0, "failed", "work", "w.toml"), (103.0, "ended", "work", "w.toml")
    ]  # fmt: skip
    assert saver.followed == {}


def test_each_file_is_followed_for_one_session_alone(saver, tmp_path, monkeypatch):
    state = saver.context.store.directory
    os.makedirs(f"{state}/live")
    marks = StandingMarks(state)
    files = [str(tmp_path / name) for name in ("a.toml", "b.toml")]
    for file in files:
        (tmp_path / file).write_text("")
    for name, file in (("work", files[0]), ("other", files[1]), ("third", files[1])):
        marks.assign(name, file)
    followed = []
    monkeypatch.setattr(saver, "_follow", lambda session, file: followed.append((session, file)))
    one = FollowedSession(SessionId("$1", "work"), files[0], Workspace("work", "/"))
    saver.followed["$1"] = one
    names = ("other", "work", "other", "third", "none")
    sessions = [SessionId(f"${at}", name) for at, name in enumerate(names, 1)]
    saver._find(sessions)
    assert followed == [(sessions[2], files[1])]
    # The file of one that is gone is free.
    one.gone_since_ms = 0
    saver._find(sessions[:2])
    assert followed[1:] == [(sessions[1], files[0])]
