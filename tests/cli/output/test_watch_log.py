"""What a watch writes, whole: each event for people and as JSON, and who watches what."""

from __future__ import annotations

import io
import json
import time
from types import SimpleNamespace

import pytest

from sessionctl.cli.output.console import Console
from sessionctl.cli.output.json_text import render_json
from sessionctl.cli.output.watch_log import Log, event_data, print_status
from sessionctl.core.conflict.conflict import Conflict, ConflictKind
from sessionctl.core.keypath import KeyPath
from sessionctl.core.sync.actions import Report, Topic
from sessionctl.errors import FileError
from sessionctl.services.documents.validation import Validator
from sessionctl.services.watching import watch_event as events
from sessionctl.services.watching.watch_event import WatchEvent, event_of
from tests.services.watching.conftest import SESSION, session
from tests.together import together

FILE = "/home/ada/a.session.toml"
OTHER = "/home/ada/b.session.toml"
NOON_S = 12 * 3600 + 61.5
CONFLICT = Conflict(ConflictKind.BOTH_MODIFIED, KeyPath(["a", "port"]), None, "x", "port = 2\n")
BOTH = {"before": SESSION, "after": session(port=1)}
PORT = "connections.prod.port: 5432 -> 1"


@pytest.fixture(autouse=True)
def two_hours_east(monkeypatch):
    """Let it be two o'clock where it is noon in Greenwich."""
    monkeypatch.setenv("TZ", "XYZ-2")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def report(what, other="", checked=None, more=0, **about):
    return event_of(Report(what, **about), FILE, NOON_S, checked, other)._replace(more=more)


def happened(what, detail):
    return WatchEvent(NOON_S, FILE, what, detail)


def console_for(*, color=False, verbosity=0):
    console = Console(stdout=io.StringIO(), stderr=io.StringIO(), environ={"TERM": "xterm"})
    console.color, console.verbosity = color, verbosity
    return console


def written(event, *, as_json=False, is_begun=True, would=False, home="/home/ada/", **how):
    console = console_for(**how)
    log = Log(console, as_json=as_json, home=home)
    if is_begun:
        log._is_beginning = False
    (log.would if would else log.tell)(event)
    assert console.stderr.getvalue() == ""
    return console.stdout.getvalue()


SAME = "sessionctl set /home/ada/a.session.toml a.port 2"


@together(
    "event, what, message, hint, role, is_bad",
    [
        (report(Topic.APPLIED, after=SESSION), "valid", "valid", "", 32, False),
        (report(Topic.APPLIED, **BOTH), "applied", f"changed: {PORT}", "", 33, False),
        (report(Topic.SAVED, **BOTH), "saved", f"written: {PORT}", "", 32, False),
        (report(Topic.SAVED, OTHER, **BOTH), "saved",
         f"written, from ~/b.session.toml: {PORT}", "", 32, False),
        (report(Topic.MERGED, OTHER, **BOTH), "merged",
         f"merged with ~/b.session.toml: {PORT}", "", 32, False),
        (report(Topic.CONFLICT, conflicts=(CONFLICT,)), "conflict",
         "conflict with the live side: a.port", f"give both the same value: {SAME}",
         "1;31", True),
        (report(Topic.SETTLED), "settled", "the conflict is resolved", "", 32, False),
        (report(Topic.MENDED), "mended", "valid again, as it was before", "", 32, False),
        (report(Topic.BACK), "back", "is back", "", 32, False),
        (report(Topic.GIT_DONE, more=1), "git-done", "git is done (and 1 other file)", "",
         2, False),
        (report(Topic.RECOVERED, more=2), "recovered",
         "is watched again (and 2 other files)", "", 2, False),
        (report(Topic.DEGRADED, note="limit", more=3), "degraded",
         "cannot be watched (and 3 other files): limit; it is checked twice a second",
         "see the limits: sysctl fs.inotify", "1;31", True),
        (report(Topic.MISSING), "missing", "was deleted; it is not restored automatically",
         f"restore it: sessionctl recover {FILE}", "1;31", True),
        (report(Topic.MARKED), "marked", "has conflict markers, ignored",
         f"sessionctl resolve {FILE}", "1;31", True),
        (happened(events.COMMITTED, events.AutoCommit("0123456789ab", "api: port")), "committed",
         "committed as 01234567: api: port", "", 32, False),
        (happened(events.EXTRACTED, events.MovedSecrets(("a", "b.c"))), "extracted",
         "secrets moved to the sidecar: a, b.c",
         "see whether git holds them: sessionctl secret scan --history", 32, False),
        (happened(events.UNCOMMITTED, events.AutoFailure(None)), "uncommitted",
         "not committed: it has errors, or contains a plain-text secret",
         f"see what is wrong: sessionctl validate {FILE}", "1;31", True),
        (happened(events.UNCOMMITTED, events.AutoFailure(FileError("no"))), "uncommitted",
         "not committed: no", "", "1;31", True),
        (happened(events.UNCOMMITTED, events.AutoFailure(FileError("no", hints=["x", "y"]))),
         "uncommitted", "not committed: no", "x", "1;31", True),
        (happened(events.NOT_EXTRACTED, events.AutoFailure(None)), "not-extracted",
         "the secrets in it stay where they are: ", f"sessionctl secret extract {FILE}",
         "1;31", True),
        (happened(events.NOT_EXTRACTED, events.AutoFailure(FileError("no", hints=["x", "y"]))),
         "not-extracted", "the secrets in it stay where they are: no", "x", "1;31", True),
        (happened(events.STRAY, events.StrayCopy(OTHER)), "stray",
         "a copy that lost: your file carrier did not merge it",
         f"see what differs: sessionctl diff {OTHER} {FILE}", "1;31", True),
    ],
    ids=lambda value: str(value)[:30],
)  # fmt: skip
def test_each_event_is_a_line_with_its_next_step(event, what, message, hint, role, is_bad):
    next_step = f" (next: {hint})" if hint else ""
    short = "~/a.session.toml"
    assert written(event) == f"14:01:01 {short}: {message}{next_step}\n"
    assert written(event, would=True) == f"{short}: {message}{next_step}\n"
    whole = message.replace("~", "/home/ada")
    assert written(event, home=None) == f"14:01:01 {FILE}: {whole}{next_step}\n"
    colored = f" (\x1b[36mnext:\x1b[0m {hint})" if hint else ""
    assert written(event, color=True) == (
        f"\x1b[2m14:01:01\x1b[0m \x1b[1m{short}:\x1b[0m \x1b[{role}m{message}\x1b[0m{colored}\n"
    )
    assert event.is_bad == is_bad
    data = json.loads(render_json(event_data(event)))
    assert json.loads(written(event, as_json=True)) == {
        "schema": "sessionctl/v1", "command": "watch", "kind": "event", "event": what, **data,
    }  # fmt: skip
    assert (data["what"], data["message"], data["hint"]) == (what, whole, hint or None)
    assert (data["time"], data["file"]) == ("1970-01-01T12:01:01.500+00:00", FILE)


def test_an_event_as_data_has_what_changed_and_what_is_wrong():
    checked = Validator().check_text(FILE, session(port="x"))
    found = event_data(report(Topic.INVALID, checked=checked))
    assert str(found["found"]["problems"][0]["key"]) == "connections.prod.port"
    assert (found["changes"], found["conflicts"], found["other"]) == (None, [], None)
    merged = event_data(report(Topic.MERGED, OTHER, conflicts=(CONFLICT,), **BOTH))
    assert [(str(one["path"]), one["before"], one["after"]) for one in merged["changes"]] == [
        ("connections.prod.port", 5432, 1)
    ]
    assert merged["conflicts"] == [{"key": KeyPath(["a", "port"]), "kind": "both-modified"}]
    assert (merged["found"], merged["other"]) == (None, OTHER)


def test_an_invalid_file_is_shown_with_its_mistakes():
    checked = Validator().check_text(FILE, session(port="x"))
    assert written(report(Topic.INVALID, checked=checked)) == (
        "14:01:01 ~/a.session.toml: invalid, 1 error"
        " (next: fix it and save; it is ignored until then)\n"
        f'{FILE}:8:8: error[type]: connections.prod.port: expected an integer, got "x"\n'
        "  |\n"
        '8 | port = "x"  # behind the proxy\n'
        "  |        ^^^\n"
    )


def test_at_first_only_what_is_wrong_is_said_and_an_edit_of_a_copy_where_it_arrives():
    valid, half = report(Topic.APPLIED, after=SESSION), report(Topic.APPLIED, OTHER, **BOTH)
    assert written(valid, is_begun=False) == ""
    assert written(valid, is_begun=False, verbosity=1).endswith(": valid\n")
    assert written(report(Topic.MISSING), is_begun=False) != ""
    assert written(half) == ""
    assert written(half, verbosity=1).endswith(f"{PORT}; given to ~/b.session.toml\n")
    assert json.loads(written(half, as_json=True))["other"] == OTHER


def watch(*phases):
    replicas = [
        SimpleNamespace(
            file=f"/w/{phase}", state=SimpleNamespace(
                phase=SimpleNamespace(value=phase),
                conflicts=(CONFLICT,) if phase == "conflict" else (),
            ),
        )
        for phase in phases
    ]  # fmt: skip
    return SimpleNamespace(replicas=replicas, since="2026-01-02T03:04:05+00:00")


@together("as_json", [False, True])
def test_a_watch_says_when_it_begins_and_ends(as_json):
    console = console_for()
    log = Log(console, as_json=as_json)
    log.watching(watch("clean"))
    log.watching(watch("clean", "conflict"))
    log.looked(1, 2)
    log.started(watch("clean", "conflict"))
    log.tell(report(Topic.APPLIED, after=SESSION))
    log.stopped()
    out = console.stdout.getvalue()
    head = '{"schema": "sessionctl/v1", "command": "watch", "kind": "event", "event": '
    if as_json:
        first, _, last = out.splitlines()
        assert first == head + '"started", "files": ["/w/clean", "/w/conflict"]}'
        assert last == head + '"stopped"}'
        assert console.stderr.getvalue() == ""
    else:
        assert out == f"14:01:01 {FILE}: valid\n"
        assert console.stderr.getvalue() == (
            "watching 1 file; stop it with Ctrl-C\nwatching 2 files; stop it with Ctrl-C\nstopped\n"
        )


@together("as_json", [False, True])
def test_what_a_watcher_answers_when_it_is_asked(as_json):
    log = Log(console_for(), as_json=as_json)
    log.tell(report(Topic.MISSING)._replace(file="/w/missing"))
    assert log.status_data(watch("clean", "missing", "conflict")) == {
        "since": "2026-01-02T03:04:05+00:00",
        "files": [
            {"file": "/w/clean", "phase": "clean", "message": None, "conflicts": []},
            {"file": "/w/missing", "phase": "missing",
             "message": "was deleted; it is not restored automatically", "conflicts": []},
            {"file": "/w/conflict", "phase": "conflict", "message": None,
             "conflicts": [KeyPath(["a", "port"])]},
        ],
    }  # fmt: skip


def file(name, phase, message=None):
    return {"file": name, "phase": phase, "message": message}


def shown(*watchers, color=False):
    console = console_for(color=color)
    print_status(console, watchers)
    return console.stdout.getvalue(), console.stderr.getvalue()


def test_who_watches_what_is_listed():
    assert shown() == (
        "",
        "no watcher runs\nsessionctl: hint: start one: sessionctl watch,"
        " or permanently: sessionctl service install\n",
    )
    files = [file("/w/a", "clean", "valid"), file("/w/b", "invalid", "invalid, 1 error"),
             file("/w/c", "conflict")]  # fmt: skip
    one = {"pid": 7, "since": "2026-01-02T03:04:05+00:00", "roots": ["/w", "/v"], "files": files}
    saved = [{"name": "api", "last": "saved", "file": "/w/api"}]
    two = {"pid": 8, "since": "", "roots": [], "files": [], "sessions": saved}
    both = {"pid": 9, "since": "", "roots": [], "files": files[:1], "sessions": saved * 2}
    none = {"pid": 10, "since": "", "roots": ["/w"], "files": []}
    assert shown(one, two, both, none) == (
        "process 7, since 2026-01-02 05:04: 3 files\n"
        "  in /w\n"
        "  in /v\n"
        "  clean       /w/a\n"
        "  invalid     /w/b: invalid, 1 error\n"
        "  conflict    /w/c\n"
        "process 8, since a while: saves 1 session\n"
        "  saved       api in /w/api\n"
        "process 9, since a while: 1 file, saves 2 sessions\n"
        "  clean       /w/a\n"
        "  saved       api in /w/api\n"
        "  saved       api in /w/api\n"
        "process 10, since a while: 0 files\n"
        "  in /w\n",
        "",
    )
    assert shown({**both, "files": files[:2], "sessions": saved}, color=True)[0] == (
        "\x1b[1mprocess 9, since a while\x1b[0m: 2 files, saves 1 session\n"
        "  \x1b[2mclean      \x1b[0m /w/a\n"
        "  \x1b[1;33minvalid    \x1b[0m /w/b: invalid, 1 error\n"
        "  \x1b[2msaved      \x1b[0m api in /w/api\n"
    )
