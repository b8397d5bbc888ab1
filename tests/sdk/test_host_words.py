"""What a host is shown: its status in a line, what is logged for it, and what was refused."""

from __future__ import annotations

import logging
import threading

import pytest

from sessionctl.connections.manager import connection_state as states
from sessionctl.connections.manager.connection_state import ConnectionState
from sessionctl.connections.manager.kept_connection import KeptConnection
from sessionctl.core.conflict.conflict import Conflict, ConflictKind
from sessionctl.core.keypath import KeyPath
from sessionctl.core.render.drawing import Charset
from sessionctl.core.sync.actions import Report, Topic
from sessionctl.sdk.host_calls import HostCalls, HostGoneError
from sessionctl.sdk.host_events import HostEvents
from sessionctl.sdk.provider import Veto
from sessionctl.sdk.states.edit_refusal import EditRefusal, refusal_of
from sessionctl.sdk.workspace_event import Status, WorkspaceEvent, words_of
from sessionctl.sdk.workspace_status import (
    WorkspaceStatus,
    connection_pieces,
    connection_signs,
    countdown,
    fitted_line,
)
from sessionctl.services.documents.validation import Validator
from sessionctl.services.watching.watch_event import event_of
from sessionctl.testing import FakeClock
from tests.together import together

SIGNS, ASCII = Charset(is_ascii=False), Charset(is_ascii=True)
PORT = Conflict(ConflictKind.BOTH_MODIFIED, KeyPath(["apps", "a", "port"]), "0", "1", "2")


# -- the status --------------------------------------------------------------------------------


@together(
    "status, sign, plain, words, role",
    [
        ("fresh", "\u25cb", "o", "new session", "dim"),
        ("restoring", "\u2026", ".", "restoring", "changed"),
        ("restored", "\u2713", "v", "restored", "good"),
        ("failed", "\u2717", "x", "failed", "error"),
        ("modified", "\u25cf", "*", "not saved yet", "changed"),
        ("saved", "\u2713", "v", "saved", "good"),
        ("file-changed", "\u2713", "v", "edit of the file applied", "good"),
        ("merged", "\u2713", "v", "merged with the file", "good"),
        ("conflict", "!", "!", "conflict", "warning"),
        ("degraded", "!", "!", "file not used", "error"),
    ],
)
def test_each_status_is_a_sign_and_words(status, sign, plain, words, role):
    found = WorkspaceStatus(Status(status))
    assert found.pieces(0, SIGNS) == [(sign, role), (f" {words}", role)]
    assert found.pieces(0, ASCII) == [(plain, role), (f" {words}", role)]
    for count, said in ((1, " 1 conflict to decide"), (2, " 2 conflicts to decide")):
        assert found.pieces(count, SIGNS) == [("!", "warning"), (said, "warning")]
    words = "file not used, not saved yet" if status == "modified" else "file not used"
    trouble = found._replace(trouble="gone", text="why")
    assert trouble.pieces(1, SIGNS) == [("!", "error"), (f" {words}", "error")]
    assert (trouble.detail(), trouble._replace(trouble="").detail()) == (
        "gone", "why" if status == "failed" else "",
    )  # fmt: skip


def test_a_status_follows_events_and_a_trouble_stays_until_the_file_is_used():
    stands = WorkspaceStatus()
    for status, text, expected in (
        ("connected", "db", ("fresh", "", 0.0, "")),
        ("failed", "", ("fresh", "", 0.0, "")),
        ("failed", "no room", ("failed", "no room", 2.0, "")),
        ("degraded", "", ("degraded", "", 3.0, "it cannot be used at the moment")),
        ("degraded", "not valid", ("degraded", "not valid", 4.0, "not valid")),
        ("modified", "", ("modified", "", 5.0, "not valid")),
        ("conflict", "", ("conflict", "", 6.0, "not valid")),
        ("saved", "", ("saved", "", 7.0, "")),
    ):
        time_s = stands.time_s + 1 if status != "failed" or text else 9.0
        time_s = {"no room": 2.0}.get(text, time_s)
        stands = stands.after(WorkspaceEvent(Status(status), text, time_s=time_s))
        assert stands == (Status(expected[0]), *expected[1:])
    for status in (Status.MERGED, Status.FILE_CHANGED):
        assert WorkspaceStatus(trouble="x").after(WorkspaceEvent(status)).trouble == ""
    assert WorkspaceStatus(trouble="x").after(WorkspaceEvent(Status.RESTORED)).trouble == "x"


@together(
    "state, sign, plain, words, role",
    [
        ("idle", "\u25cb", "o", "not open", "dim"),
        ("connecting", "\u2026", ".", "connecting", "changed"),
        ("ready", "\u2713", "v", "connected", "good"),
        ("degraded", "\u2713", "v", "connected, slow", "warning"),
        ("backoff", "\u21bb", "~", "reconnecting", "warning"),
        ("circuit-open", "\u21bb", "~", "server down", "warning"),
        ("needs-auth", "\u2717", "x", "secret refused or locked", "error"),
        ("stopped", "\u2717", "x", "stopped", "error"),
    ],
)
def test_each_connection_is_a_sign_and_words(state, sign, plain, words, role):
    kept = KeptConnection("db", "h", state=ConnectionState(state))
    assert connection_signs(kept, SIGNS) == (sign, words, role)
    assert connection_signs(kept, ASCII) == (plain, words, role)
    assert connection_pieces("db", kept, 0, SIGNS) == [(sign, role), (f" db: {words}", role)]


@together(
    "left_s, failed, failures, words",
    [
        (0.4, 1, 3, "now (after 3)"), (-5, 2, 1, "now (after 2)"), (0.5, 1, 1, "in 0 s (after 1)"),
        (1.6, 1, 1, "in 2 s (after 1)"), (30.2, 0, 4, "in 30 s (after 4)"),
    ],
)  # fmt: skip
def test_when_a_connection_is_tried_next_is_counted_down(left_s, failed, failures, words):
    kept = KeptConnection(
        "db", "h", state=states.BACKOFF, next_at=100 + left_s,
        failed_dials=failed, failures=failures,
    )  # fmt: skip
    assert countdown(kept, 100) == f"next attempt {words}"
    pieces = connection_pieces("db", kept, 100, ASCII)
    assert pieces[1] == (f" db: reconnecting, next attempt {words}", "warning")
    for quiet in (None, kept._replace(next_at=None), kept._replace(state=states.READY)):
        assert countdown(quiet, 100) == ""


A, B, C = [("a", "x"), ("bc", "y")], [("defgh", "z")], [("i", "w")]
GAP = ("  ", "")


@together(
    "groups, detail, width, line",
    [
        ([A], "", 3, A),
        ([A], "", 2, [("a~", "y")]),
        ([A, B], "", 10, [*A, GAP, *B]),
        ([A, B], "", 9, A),
        ([A, B, C], "", 9, [*A, GAP, *C]),
        ([A, C], "why", 14, [*A, GAP, *C]),
        ([A], "because", 13, A),
        ([A], "because", 14, [*A, GAP, ("because", "dim")]),
        ([A], "because it is so", 14, [*A, GAP, ("because ~", "dim")]),
        ([[("\u4e2d\u6587", "x")]], "", 4, [("\u4e2d\u6587", "x")]),
    ],
    ids=str,
)  # fmt: skip
def test_a_line_has_what_fits_and_the_reason_in_the_room_that_is_left(groups, detail, width, line):
    assert fitted_line(groups, detail, width, ASCII) == line


# -- events and the log ------------------------------------------------------------------------


@pytest.fixture
def logged():
    """What is logged for the host, each as its level and its message."""
    records = []
    handler = logging.Handler()
    handler.emit = lambda record: records.append((record.levelname, record.getMessage()))
    logger = logging.getLogger("sessionctl.sdk")
    logger.addHandler(handler)
    yield records
    logger.removeHandler(handler)


def host_events(clock=None):
    events = HostEvents(HostCalls(), clock or FakeClock())
    events.file = "/w/my a.session.toml"
    return events


RECOVER = "\nhint: see what can be restored: sessionctl recover '/w/my a.session.toml'"


@together(
    "status, text, provider, conflicts, message",
    [
        (Status.FAILED, "no room", "tabs", (),
         f"failed: /w/my a.session.toml: tabs: no room{RECOVER}"),
        (Status.FAILED, "/w/my a.session.toml:1:2: bad", "", (),
         f"failed: /w/my a.session.toml:1:2: bad{RECOVER}"),
        (Status.FAILED, "", "", (),
         f"failed: /w/my a.session.toml: cannot be used now{RECOVER}"),
        (Status.DEGRADED, "not valid", "", (),
         "degraded: /w/my a.session.toml: not valid"
         f"\nhint: fix it: sessionctl edit '/w/my a.session.toml'{RECOVER}"),
        (Status.CONFLICT, "", "", (PORT, PORT._replace(path=KeyPath(["b"]))),
         "conflict: /w/my a.session.toml: apps.a.port, b"
         "\nhint: each side keeps its value until the application calls resolve()"),
        (Status.SAVED, "x", "", (), None),
        (Status.MERGED, "x", "", (PORT,), None),
        (Status.MODIFIED, "", "tabs", (), None),
    ],
    ids=str,
)  # fmt: skip
def test_a_trouble_that_no_listener_hears_is_logged(
    logged, status, text, provider, conflicts, message
):
    logged.clear()
    events = host_events()
    events.tell(status, text, provider, conflicts)
    assert logged == ([] if message is None else [("WARNING", message)])
    events.add(lambda _event: None)
    events.tell(status, text + "!", provider, conflicts)
    assert len(logged) == (message is not None)


def test_a_trouble_is_logged_once_until_something_else_is_reported(logged):
    events = host_events()
    for status, text in (
        (Status.FAILED, "a"), (Status.FAILED, "a"), (Status.MODIFIED, ""), (Status.FAILED, "a"),
        (Status.FAILED, "b"), (Status.SAVED, ""), (Status.FAILED, "b"),
    ):  # fmt: skip
        events.tell(status, text)
    assert [message.partition("\n")[0][-1] for _, message in logged] == ["a", "b", "b"]


def test_each_listener_has_each_event_and_a_change_before_what_became_of_it():
    clock, heard = FakeClock(), []
    events = host_events(clock)

    def broken(_event):
        raise ValueError

    class Keeper:
        is_alive = True
        asked = ()

        def call(self, work):
            self.asked = (*self.asked, work)

    events.add(broken)
    events.add(heard.append)
    keeper = Keeper()
    events.tell_modified("tabs", keeper)
    events.tell_modified("panes", keeper)
    assert heard == []
    for work in keeper.asked:
        work()
    events.tell_modified("tabs", None)
    keeper.is_alive = False
    events.tell_modified("tabs", keeper)
    modified = [(Status.MODIFIED, "", name) for name in ("tabs", "panes", "tabs")]
    assert [one[:3] for one in heard] == [*modified, (
        Status.FAILED,
        "not saved: the thread that saves does not run in a copy of the process; open it again",
        "tabs",
    )]  # fmt: skip
    assert {one.time_s for one in heard} == {clock.time_s()}


def test_what_providers_refused_is_told_of_each_and_else_what_the_file_says():
    events, heard = host_events(), []
    events.add(heard.append)
    invalid = event_of(Report(Topic.INVALID, note="no schema"), "/w/f", 0.0)
    refusals = (EditRefusal("tabs", "too wide", (PORT,), (3, 5)), EditRefusal("panes", ""))
    events.report(Status.FAILED, invalid, refusals)
    events.report(Status.DEGRADED, invalid, ())
    assert [one[:4] for one in heard] == [
        (Status.FAILED, "/w/f:3:5: apps.a.port: not applied by provider tabs: too wide", "tabs",
         (PORT,)),
        (Status.FAILED, "/w/f: not applied by provider panes: refused", "panes", ()),
        (Status.DEGRADED, "no schema", "", ()),
    ]  # fmt: skip


def test_the_words_of_an_event_of_the_file():
    def words(topic, note="", checked=None):
        return words_of(event_of(Report(topic, note=note), "/w/f", 0.0, checked))

    assert words(Topic.GIT_BUSY, "rebase") == "waits until git is done here: rebase"
    assert words(Topic.BACK, "x") == words(Topic.MENDED) == words(Topic.GIT_DONE, "y") == ""
    assert words(Topic.UNREADABLE, "cannot read") == "cannot read"
    assert words(Topic.SAVED) == ""
    wrong = Validator().check_text("/w/f.session.toml", "schema_version = 1\nname = 5\nx = 1\n")
    assert words(Topic.INVALID, checked=wrong) == (
        "/w/f.session.toml:2:8: name: expected a string, got 5"
    )
    assert words(Topic.INVALID, "no schema", wrong) == "no schema"
    fine = Validator().check_text("/w/f.session.toml", 'schema_version = 1\nname = "x"\n')
    assert words(Topic.INVALID, checked=fine) == ""


# -- refusals ----------------------------------------------------------------------------------


NOW = """\
schema_version = 1
name = "x"
[apps.ed.tabs]
open = ["a"]
wide = 90
[apps.ed.panes]
wide = 1
"""


def differs(key, ours, theirs):
    """Return what is compared of a conflict: its key, and the two sides."""
    return (f"apps.ed.tabs.{key}", ours, theirs)


@together(
    "change, error, conflicts, place",
    [
        (("90", "80"), ValueError(), [differs("wide", "90", "80")], (5, 8)),
        (('open = ["a"]\n', ""), ValueError(), [differs("open", '["a"]', None)], (4, 8)),
        (("wide = 90\n", "wide = 90\nhigh = 7\n"), ValueError(),
         [differs("high", None, "7")], None),
        (("90", "80"), Veto("no", path="open"), [differs("open", '["a"]', '["a"]')], (4, 8)),
        (("90", "80"), Veto("no", path="nowhere"), [differs("wide", "90", "80")], (5, 8)),
        (("wide = 90\n", "wide = 90\nhigh = 7\n"), Veto("no", path="high"),
         [differs("high", None, "7")], None),
        (("name", "name"), ValueError(), [], None),
    ],
    ids=str,
)  # fmt: skip
def test_a_refusal_names_the_keys_that_differ_and_their_place(change, error, conflicts, place):
    found = refusal_of("tabs", error, "no", "ed", (NOW, NOW.replace(*change)))
    assert [(str(one.path), one.ours, one.theirs) for one in found.conflicts] == conflicts
    assert [one.base for one in found.conflicts] == [theirs for _, _, theirs in conflicts]
    assert {one.kind for one in found.conflicts} <= {ConflictKind.BOTH_MODIFIED}
    assert (found.provider, found.reason, found.place) == ("tabs", "no", place)


def test_what_was_never_given_differs_as_a_whole():
    found = refusal_of("panes", ValueError(), "no", "ed", (NOW, None))
    assert [(str(one.path), one.ours, one.theirs) for one in found.conflicts] == [
        ("apps.ed.panes.wide", "1", None)
    ]


# -- calls into the host -----------------------------------------------------------------------


def test_a_call_of_another_thread_is_made_in_the_host_s_and_its_error_is_raised_there():
    waked, answers = threading.Event(), []
    calls = HostCalls(lambda _drain: waked.set(), patience_s=10)

    def other():
        answers.append((calls.is_here, calls.is_own_thread))
        answers.append(calls.call(threading.get_ident))
        try:
            calls.call(lambda: 1 // 0)
        except ZeroDivisionError:
            answers.append("raised")

    thread = threading.Thread(target=other)
    thread.start()
    assert calls.wait(lambda: not thread.is_alive(), 10)
    assert waked.is_set()
    assert answers == [(False, False), threading.get_ident(), "raised"]
    assert (calls.has_loop, calls.is_here, calls.is_own_thread) == (True, True, True)


def test_a_host_that_does_not_come_to_a_call_never_makes_it_later():
    calls, made, errors = HostCalls(lambda _drain: None, patience_s=0.01), [], []

    def other():
        try:
            calls.call(lambda: made.append("late"))
        except HostGoneError as error:
            errors.append(str(error))

    thread = threading.Thread(target=other)
    thread.start()
    thread.join(10)
    calls.drain()
    assert (errors, made) == (["the host was busy for 0.01 s"], [])
    assert not calls.wait(lambda: False, 0.01)


def test_without_a_loop_a_call_is_made_at_once_in_any_thread():
    calls = HostCalls()
    assert (calls.has_loop, calls.is_here) == (False, True)
    assert calls.call(threading.get_ident) == threading.get_ident()
    assert calls.apart(lambda: True, 1) is True
    assert calls.apart(lambda: False, 1) is False
    calls.post(lambda: 1 // 0)  # what a listener raises is dropped
    with pytest.raises(ZeroDivisionError):
        calls.call(lambda: 1 // 0)
    with pytest.raises(SystemExit):
        calls.post(lambda: (_ for _ in ()).throw(SystemExit))
    ended = []
    thread = threading.Thread(
        target=lambda: (calls.post(lambda: (_ for _ in ()).throw(SystemExit)), ended.append(1))
    )
    thread.start()
    thread.join(10)
    assert ended == [1]


def test_work_apart_lets_callbacks_be_made_meanwhile():
    calls, made = HostCalls(lambda _drain: None, patience_s=10), []

    def work():
        calls.call(lambda: made.append(threading.get_ident()))
        return True

    assert calls.apart(work, 10) is True
    assert made == [threading.get_ident()]
