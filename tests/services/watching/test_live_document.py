"""A live side of an application and its file: each change reaches the other, none twice."""

from __future__ import annotations

import os
import threading
import time

import pytest

from sessionctl.core.sync.timing import Timing
from sessionctl.core.toml.document import Document
from sessionctl.errors import SessionctlError
from sessionctl.services.documents.document_store import open_store
from sessionctl.services.machine import Machine
from sessionctl.services.watching.file_reading import ContentCheck
from sessionctl.services.watching.live_document import LiveDocument
from sessionctl.services.watching.replica import ReplicaContext
from sessionctl.system.watch.system_watcher import open_system_watcher
from tests.services.watching.conftest import DEADLINE_S, SESSION, message, session


class Application:
    """An application: its document, and how often it was asked and given something."""

    def __init__(self, text=None):
        self.text = text
        self.applied = []
        self.refusal = None
        self.lock = threading.Lock()

    def get(self, base):
        if isinstance(self.refusal, ZeroDivisionError):
            raise self.refusal
        return self.text

    def apply(self, text, expected):
        if self.refusal is not None:
            raise self.refusal
        with self.lock:
            if self.text != expected:
                return False
            self.text = text
            self.applied.append(text)
            return True

    def set(self, key, value):
        with self.lock:
            self.text = Document.parse(self.text).set(key, value).text


class Kept:
    """A keeper at work."""

    def __init__(self, file, application, state, **timing):
        self.told = []
        self.application = application
        store = open_store(str(state))
        around = ReplicaContext(
            store,
            Machine(dict(os.environ)),
            self.told.append,
            ContentCheck(),
            timing=Timing(**timing),
        )
        self.keeper = LiveDocument(str(file), application, around, open_system_watcher)
        assert self.keeper.start(DEADLINE_S)

    def change(self, key, value):
        self.application.set(key, value)
        self.keeper.mark_changed()

    @property
    def whats(self):
        return [one.what for one in list(self.told)]

    def until(self, condition):
        end = time.monotonic() + DEADLINE_S
        while not condition():
            assert time.monotonic() < end, self.whats
            time.sleep(0.002)

    def hears(self, what):
        self.until(lambda: what in self.whats)
        return next(one for one in self.told if one.what == what)


@pytest.fixture
def keep(tmp_path):
    """Return a function that keeps a file in step with an application."""
    kept = []

    def keep(file, application, **timing):
        kept.append(Kept(file, application, tmp_path / "state", **timing))
        return kept[-1]

    yield keep
    for one in kept:
        one.application.refusal = None
        one.keeper.stop()


PORT = "connections.prod.port"


def test_an_application_that_starts_is_given_the_file(keep, file):
    application = Application()
    keep(file, application)
    assert application.applied == [SESSION]


def test_a_change_is_saved_once_it_came_to_rest_and_does_not_come_back(keep, file):
    application = Application(SESSION)
    kept = keep(file, application, live_quiet_ms=50)
    for port in range(6000, 6010):
        kept.change(PORT, port)
    kept.until(lambda: file.read_text() == session(port=6009))
    kept.hears("saved")
    assert kept.keeper.save()
    assert kept.whats == ["saved"]
    assert application.applied == []


def test_an_edit_of_the_file_reaches_the_application_once(keep, file):
    application = Application(SESSION)
    kept = keep(file, application)
    file.write_text(session(port=6432))
    kept.until(lambda: application.text == session(port=6432))
    assert application.applied == [session(port=6432)]
    assert file.read_text() == session(port=6432)


def test_edits_of_both_are_merged(keep, file):
    application = Application(SESSION)
    kept = keep(file, application, live_quiet_ms=100)
    kept.change("preferences.theme", "light")
    file.write_text(session(port=6432))
    both = session(port=6432, theme="light")
    kept.until(lambda: application.text == file.read_text() == both)


def test_a_file_that_is_not_there_yet_is_made(keep, tmp_path):
    application = Application(SESSION)
    kept = keep(tmp_path / "new.session.toml", application)
    kept.until((tmp_path / "new.session.toml").exists)
    assert (tmp_path / "new.session.toml").read_text() == SESSION


@pytest.mark.slow
def test_a_symlink_survives_a_hundred_saves(keep, tmp_path, file):
    link = tmp_path / "link.session.toml"
    link.symlink_to(file)
    kept = keep(link, Application(SESSION))
    for port in range(6000, 6100):
        kept.change(PORT, port)
        assert kept.keeper.save()
    assert link.is_symlink()
    assert file.read_text() == session(port=6099)
    assert kept.whats == ["saved"] * 100
    assert kept.application.applied == []


def test_an_edit_that_is_not_valid_never_reaches_the_application(keep, file):
    application = Application(SESSION)
    kept = keep(file, application, live_quiet_ms=10)
    for text in ("", "port", session(port="x"), SESSION[: SESSION.index("[connections")] + "a"):
        file.write_text(text)
        kept.until(lambda t=text: kept.keeper.state.blocked and kept.keeper.state.blocked.text == t)
        assert file.read_text() == text
    kept.change("preferences.theme", "light")
    kept.until(lambda: kept.keeper.state.pending == session(theme="light"))
    assert application.applied == []
    file.write_text(session(port=6432))
    kept.until(lambda: file.read_text() == application.text == session(port=6432, theme="light"))


def test_what_could_not_be_written_is_there_for_the_next_run(keep, file):
    kept = keep(file, Application(SESSION), live_quiet_ms=10)
    file.write_text("port = ")
    kept.hears("invalid")
    kept.change(PORT, 6432)
    kept.until(lambda: kept.keeper.state.pending is not None)
    assert not kept.keeper.stop()
    again = keep(file, Application(None))
    assert again.keeper.pending == session(port=6432)


def test_a_live_text_that_is_not_valid_is_not_written(keep, file):
    kept = keep(file, Application(SESSION), live_quiet_ms=10)
    kept.change(PORT, "x")
    assert "it would not be valid: connections.prod.port" in message(kept.hears("failed"))
    assert file.read_text() == SESSION
    kept.change(PORT, 6432)
    assert kept.keeper.save()
    assert file.read_text() == session(port=6432)


def test_a_secret_in_the_live_text_is_not_written(keep, file):
    kept = keep(file, Application(SESSION), live_quiet_ms=10)
    kept.change("connections.prod.password", "hunter2-hunter2")
    happening = kept.hears("failed")
    assert "hunter2" not in message(happening)
    assert file.read_text() == SESSION


def test_an_application_that_refuses_an_edit_is_offered_it_again(keep, file):
    application = Application(SESSION)
    kept = keep(file, application, failed_ms=(50,))
    application.refusal = SessionctlError("a transaction is open")
    file.write_text(session(port=6432))
    assert "a transaction is open" in message(kept.hears("failed"))
    application.refusal = None
    kept.until(lambda: application.text == session(port=6432))


def test_an_application_that_fails_does_not_end_the_keeper(keep, file):
    application = Application(SESSION)
    kept = keep(file, application, failed_ms=(50,))
    application.refusal = ZeroDivisionError("hunter2")
    file.write_text(session(port=6432))
    assert message(kept.hears("failed")) == "the live side cannot be read: ZeroDivisionError"
    application.refusal = None
    file.write_text(session(port=7432))
    kept.until(lambda: application.text == session(port=7432))
    assert "hunter2" not in repr(kept.told)


@pytest.mark.parametrize(("by_file", "port"), [(True, 6432), (False, 7432)])
def test_a_conflict_is_settled_by_a_side(keep, file, by_file, port):
    application = Application(SESSION)
    kept = keep(file, application, live_quiet_ms=1000)
    kept.change(PORT, 7432)
    file.write_text(session(port=6432))
    kept.hears("conflict")
    assert (file.read_text(), application.text) == (session(port=6432), session(port=7432))
    kept.keeper.settle(by_file=by_file)
    kept.until(lambda: file.read_text() == application.text == session(port=port))


def test_a_file_that_is_gone_is_written_again_on_request_only(keep, file):
    kept = keep(file, Application(SESSION), live_quiet_ms=10)
    file.unlink()
    kept.hears("missing")
    kept.change(PORT, 6432)
    kept.until(lambda: kept.keeper.state.pending is not None)
    assert not file.exists()
    kept.keeper.recreate()
    kept.until(file.exists)
    assert file.read_text() == session(port=6432)


def test_stopping_saves_what_has_not_come_to_rest(keep, file):
    kept = keep(file, Application(SESSION))
    kept.change(PORT, 6432)
    assert kept.keeper.stop()
    assert file.read_text() == session(port=6432)
    assert not kept.keeper.stop()


def test_a_command_and_an_application_that_write_all_the_time_lose_nothing(keep, file, tmp_path):
    """Another sessionctl sets keys in the file while the application sets keys of its own."""
    kept = keep(file, Application(SESSION), live_quiet_ms=5, live_longest_ms=20, file_quiet_ms=10)
    store = open_store(str(tmp_path / "state"))
    for number in range(40):
        kept.change(f"preferences.live{number}", number)
        text = file.read_text()
        hand = Document.parse(text).set(f"preferences.hand{number}", number).text
        store.save(str(file), hand, expected=text)
    assert kept.keeper.save()
    kept.until(lambda: kept.keeper.state.phase.value == "clean")
    kept.until(lambda: file.read_text() == kept.application.text)
    keys = Document.parse(file.read_text()).get("preferences").keys()
    assert keys == {"theme", *(f"{who}{n}" for who in ("live", "hand") for n in range(40))}
