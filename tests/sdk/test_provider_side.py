"""The providers of a host as one side of its file: what is read, given, refused and left alone."""

from __future__ import annotations

import threading
from functools import partial

import pytest

from sessionctl.errors import SessionctlError, UsageError
from sessionctl.sdk.host_calls import HostCalls, HostGoneError
from sessionctl.sdk.provider import Provider, Veto
from sessionctl.sdk.states.provider_side import ProviderSide, migrated, reason_of
from sessionctl.sdk.states.state_text import StoredState
from sessionctl.sdk.states.stored_text import _put_aside
from sessionctl.services.watching.sync_memory import AgreedState
from tests.together import together

FILE = """\
schema_version = 1  # kept
name = "x"
[apps.ed.tabs]
wide = 90
[apps.ed.panes]
high = 1
"""


class Host:
    """A host with two providers, ``tabs`` (whose key ``at`` is volatile) and ``panes``."""

    def __init__(self, calls=None):
        self.failed, self.applied, self.unchanged, self.kept = [], [], [], []
        self.states = {"tabs": {"wide": 90, "at": 3}, "panes": {"high": 1}}
        self.side = ProviderSide("ed", calls or HostCalls(), lambda *what: self.failed.append(what))
        self.side.found_unchanged = lambda: self.unchanged.append(True)
        for name, volatile in (("tabs", ("at", "none")), ("panes", ())):
            self.side.providers[name] = Provider(
                name, partial(self._read, name), partial(self.take, name), volatile=volatile
            )
        self.side.begin(lambda: FILE, self.kept.append)

    def _read(self, name):
        return self.read(name)

    def read(self, name):
        if isinstance(self.states[name], BaseException):
            raise self.states[name]
        return dict(self.states[name])

    def take(self, name, state):
        self.applied.append((name, state))
        if isinstance(self.refusals.get(name), BaseException):
            raise self.refusals[name]
        self.states[name] = state

    refusals = {}  # noqa: RUF012 - replaced by a test, never changed


@pytest.fixture
def host():
    return Host()


def test_what_is_active_is_read_and_the_rest_of_the_file_stays(host):
    side = host.side
    assert (side.get(None), host.kept, host.unchanged) == (FILE, [], [])
    side.activate("nothing")
    side.activate("tabs")
    assert side.active == {"tabs"}
    host.states["tabs"] = {"wide": 91, "at": 4}
    text = FILE.replace("90", "91")
    assert side.get(FILE) == text
    assert host.kept == [{"tabs": {"at": 4}}]
    assert side.volatile == {"tabs": {"at": 4}}
    host.states["panes"] = {"high": 2}
    assert (side.get(text), host.unchanged) == (text, [True])
    assert host.kept == [{"tabs": {"at": 4}}]  # they are the same
    side.activate()
    assert side.active == {"tabs", "panes"}
    assert side.get(text) == text.replace("high = 1", "high = 2")
    assert host.unchanged == [True]
    assert host.kept == [{"tabs": {"at": 4}}, {"tabs": {"at": 4}, "panes": {}}]
    assert host.failed == []


def test_a_mark_that_comes_while_it_is_read_is_no_answer(host):
    side = host.side
    side.activate()
    read = host.read

    def marked(name):
        side.marks += 1
        return read(name)

    host.read = marked
    assert (side.get(FILE), host.unchanged) == (FILE, [])
    host.read = read
    assert (side.get(FILE), host.unchanged) == (FILE, [True])


def test_a_provider_that_fails_keeps_its_last_state(host):
    side = host.side
    side.activate()
    host.states["tabs"] = ValueError("no  room")
    assert side.get(FILE.replace("high = 1", "high = 0")) == FILE
    words = "its state cannot be read: ValueError: no room"
    assert host.failed == [("tabs", words)]
    host.states["tabs"] = {"wide": 91}
    changed = FILE.replace("90", "91")
    assert side.get(FILE) == changed
    host.states["tabs"] = KeyError()
    assert side.get(changed) == changed
    assert host.failed[1:] == [("tabs", "its state cannot be read: KeyError")]
    host.states["tabs"] = {"wide": None}
    assert side.get(changed) == changed
    assert host.failed[2][1].startswith("its state cannot be read: provider tabs.wide: nothing")


def test_an_edit_of_the_file_is_given_to_those_that_it_is_for(host):
    side = host.side
    side.activate("tabs")
    edit = FILE.replace("90", "80").replace("high = 1", "high = 7")
    side.volatile = {"tabs": {"at": 9}}
    assert side.apply(edit, FILE) is True
    assert host.applied == [("tabs", {"wide": 80, "at": 9})]
    assert (host.states["panes"], side.refusals) == ({"high": 1}, ())
    assert side.apply(edit, edit) is True
    assert len(host.applied) == 1
    host.states["tabs"] = {"wide": 1}
    assert side.apply(FILE, edit) is False  # the host went on
    assert side.apply(FILE, None) is False
    assert len(host.applied) == 1


def test_what_is_refused_is_said_and_all_others_are_asked(host):
    side = host.side
    side.activate()
    edit = FILE.replace("90", "80").replace("high = 1", "high = 7")
    host.refusals = {"tabs": Veto("too narrow", path="wide")}
    with pytest.raises(SessionctlError) as raised:
        side.apply(edit, FILE)
    assert raised.value.message == "tabs: too narrow"
    assert [one.provider for one in side.refusals] == ["tabs"]
    assert [str(one.path) for one in side.refusals[0].conflicts] == ["apps.ed.tabs.wide"]
    assert host.states == {"tabs": {"wide": 90, "at": 3}, "panes": {"high": 7}}
    host.refusals = {}
    assert side.apply(FILE, edit.replace("80", "90")) is True
    assert side.refusals == ()
    host.refusals = {"tabs": ValueError("x"), "panes": Veto("y")}
    with pytest.raises(SessionctlError) as raised:
        side.apply(edit, FILE)
    assert raised.value.message == "tabs: ValueError: x; panes: y"


def test_the_end_of_a_host_in_a_callback_is_its_own_matter(host):
    side = host.side
    side.activate()
    host.refusals = {"tabs": SystemExit(3)}
    with pytest.raises(SystemExit):
        side.apply(FILE.replace("90", "80"), FILE)
    raised = []

    def elsewhere():
        try:
            side.apply(FILE.replace("90", "80"), FILE)
        except SessionctlError as error:
            raised.append(error.message)

    thread = threading.Thread(target=elsewhere)
    thread.start()
    thread.join(10)
    assert raised == ["tabs: it raised SystemExit"]


def test_a_newer_state_in_the_file_is_left_alone_until_someone_takes_it_back(host):
    side, tabs = host.side, host.side.providers["tabs"]
    side.activate()
    with pytest.raises(Veto, match="its state has version 2, newer than 1; left as it is"):
        side.apply_one(tabs, StoredState({"wide": 1}, 2))
    assert (side.newer, side.active) == ({"tabs"}, {"panes"})
    side.activate("tabs")
    side.activate()
    words = "not saved: the file has a state of a newer version"
    assert host.failed == [("tabs", words)] * 2
    assert side.active == {"panes"}
    newer = FILE.replace("90", "70") + "[apps.ed.versions]\ntabs = 2\n"
    assert side.apply(newer, FILE) is True
    assert (host.applied, side.active) == ([], {"panes"})
    older = FILE.replace("90", "70")
    assert side.apply(older, newer) is True
    assert host.applied == [("tabs", {"wide": 70})]
    assert (side.newer, side.active) == (set(), {"panes", "tabs"})
    side.apply_one(tabs, StoredState({"wide": 2}, 1), {"at": 8})
    assert host.applied[-1] == ("tabs", {"wide": 2, "at": 8})
    side.newer = {"tabs"}
    side.begin(lambda: "", host.kept.append)
    assert (side.newer, side.active, side.volatile, side._last) == (set(), set(), {}, {})


def test_a_host_that_is_busy_is_asked_again():
    host, retried = Host(HostCalls(lambda _drain: None, patience_s=0.01)), []
    host.side.retry = lambda: retried.append(True)
    errors = []

    def keeper():
        try:
            host.side.get(FILE)
        except HostGoneError as error:
            errors.append(error)

    thread = threading.Thread(target=keeper)
    thread.start()
    thread.join(10)
    assert (len(errors), retried) == (1, [True])


@together(
    "version, migrate, expected",
    [
        (3, None, "its state has version 3, newer than 2; left as it is"),
        (1, None, "its state has version 1, and there is no migration to 2"),
        (1, lambda state, version: [1], "migrate made a list of its state, expected a table"),
        (1, lambda state, version: {**state, "from": version}, {"a": 1, "from": 1}),
    ],
)
def test_a_state_is_brought_to_the_version_of_its_provider(version, migrate, expected):
    provider = Provider("tabs", dict, print, 2, migrate)
    if isinstance(expected, str):
        with pytest.raises(Veto) as raised:
            migrated(provider, {"a": 1}, version)
        assert str(raised.value) == expected
    else:
        assert migrated(provider, {"a": 1}, version) == expected


def test_a_reason_is_one_line():
    for error, words in (
        (UsageError("no"), "no"),
        (ValueError("a\n  b"), "ValueError: a b"),
        (KeyError(), "KeyError"),
    ):
        assert reason_of(error) == words


@together(
    "pending, base, is_broken, text",
    [
        (FILE, "x", False, FILE), (None, FILE, True, FILE), (None, FILE, False, None),
        (None, None, True, None), ("= broken", FILE, True, None), ("", FILE, True, FILE),
    ],
)  # fmt: skip
def test_what_was_put_aside_is_what_the_file_was_not_given(pending, base, is_broken, text):
    found = _put_aside(AgreedState(base=base, pending=pending), "ed", is_broken=is_broken)
    assert (found and found.text) == text
    if text is not None:
        assert found.states.keys() == {"tabs", "panes"}
        assert not found.is_file
