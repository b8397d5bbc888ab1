"""What is told of a document reads well, names the place, and shows no secret."""

from __future__ import annotations

import pytest

from sessionctl.cli.output.watch_words import event_words
from sessionctl.core.conflict.conflict import Conflict, ConflictKind
from sessionctl.core.keypath import KeyPath
from sessionctl.core.sync.actions import Report, Topic
from sessionctl.services.documents.validation import Validator
from sessionctl.services.watching.watch_event import event_of
from tests.services.watching.conftest import SESSION, session
from tests.together import together

FILE = "a b.session.toml"


def told(what, other="", checked=None, **about):
    return event_of(Report(what, **about), FILE, 0.0, checked, other)


def message(event):
    return event_words(event)[0]


@together(
    ("after", "summary"),
    [
        (session(port=1), "connections.prod.port: 5432 -> 1"),
        (SESSION.replace('theme = "dark"\n', ""), "preferences.theme removed"),
        (SESSION + "zoom = 2\n", "preferences.zoom added: 2"),
        (SESSION.replace("theme =", "look ="), "preferences.theme, preferences.look"),
        (SESSION.replace("# where it is", "# there"), "comments"),
        (SESSION.replace("port = ", "port  =  "), "layout"),
        (
            session(port=1, theme="x", host="h", name="n"),
            "name, connections.prod.host, connections.prod.port and 1 more",
        ),
        ("a = ", "the whole text"),
    ],
)
def test_what_changed_is_told_in_a_few_words(after, summary):
    event = told(Topic.APPLIED, before=SESSION, after=after)
    assert message(event) == f"changed: {summary}"
    assert not event.is_bad


def test_a_moved_item_is_told():
    before = "[[windows]]\nname = 'a'\n[[windows]]\nname = 'b'\n[[windows]]\nname = 'c'\n"
    after = "[[windows]]\nname = 'b'\n[[windows]]\nname = 'c'\n[[windows]]\nname = 'a'\n"
    assert message(told(Topic.APPLIED, before=before, after=after)) == (
        "changed: windows[name=a] moved"
    )


def test_a_renamed_table_is_told():
    before = "[preferences.one]\na = 1\nb = 2\nc = 3\n"
    after = before.replace("one", "two")
    assert (
        message(told(Topic.APPLIED, before=before, after=after))
        == "changed: preferences.one renamed to two"
    )


def test_a_secret_that_changed_is_not_shown():
    before, after = (f'[a]\npassword = "hunter{n}-secret"\n' for n in (1, 2))
    event = told(Topic.APPLIED, before=before, after=after)
    assert "hunter" not in message(event)


def test_copies_are_named():
    texts = {"before": SESSION, "after": session(port=1)}
    assert message(told(Topic.APPLIED, "x", **texts)).endswith("; given to x")
    assert message(told(Topic.SAVED, "x", **texts)).startswith("written, from x: connections")
    assert message(told(Topic.SAVED, "x", after=SESSION)) == "made, from x"
    assert message(told(Topic.SAVED, after=SESSION)) == "made"
    assert message(told(Topic.MERGED, **texts)).startswith("merged with other changes: ")


def clash(path, theirs):
    parts = KeyPath.parse(path) if path else KeyPath()
    return Conflict(ConflictKind.BOTH_MODIFIED, parts, None, "x", theirs)


@pytest.mark.parametrize(
    ("path", "theirs", "command"),
    [
        ("a.port", "port = 2\n", "a.port 2"),
        ("a.name", 'name = "x y"\n', "a.name '\"x y\"'"),
        ("a.list", "list = [1]\n", "a.list VALUE"),
        ("a.password", 'password = "hunter2-secret"\n', "a.password VALUE"),
        ("a.gone", None, "a.gone VALUE"),
        ("", "port = \n", "KEY VALUE"),
    ],
)
def test_a_conflict_names_the_command_that_settles_it(path, theirs, command):
    event = told(Topic.CONFLICT, "other", conflicts=(clash(path, theirs),))
    assert message(event) == f"conflict with other: {path or 'lines'}"
    assert event_words(event)[1] == (
        f"give both the same value: sessionctl set 'a b.session.toml' {command}"
    )
    assert event.is_bad


@together(
    ("what", "note", "message", "hint"),
    [
        (Topic.SETTLED, "", "the conflict is resolved", ""),
        (Topic.BACK, "", "is back", ""),
        (Topic.GIT_DONE, "", "git is done", ""),
        (Topic.RECOVERED, "", "is watched again", ""),
        (Topic.MENDED, "", "valid again, as it was before", ""),
        (Topic.UNREADABLE, f"{FILE}: cannot read: x", "cannot read: x", f"ls -l '{FILE}'"),
        (Topic.MISSING, "", "was deleted; it is not restored automatically",
         f"restore it: sessionctl recover '{FILE}'"),
        (Topic.MARKED, "", "has conflict markers, ignored",
         f"sessionctl resolve '{FILE}'"),
        (Topic.GIT_BUSY, "lock", "git is running, nothing is written", ""),
        (Topic.GIT_BUSY, "rebase", "a rebase is in progress in git, nothing is written",
         "finish it: git rebase --continue, or abort it: git rebase --abort"),
        (Topic.FAILED, f"{FILE}: cannot write: full", "cannot write: full",
         "it is tried again automatically"),
        (Topic.DEGRADED, "limit", "cannot be watched: limit; it is checked twice a second",
         "see the limits: sysctl fs.inotify"),
        (Topic.INVALID, "", "invalid", "fix it and save; it is ignored until then"),
        (Topic.INVALID, "no schema", "invalid: no schema",
         "fix it and save; it is ignored until then"),
    ],
)  # fmt: skip
def test_what_happens_to_a_file_is_told_with_the_next_step(what, note, message, hint):
    event = told(what, note=note)
    assert event_words(event) == (message, hint)


def test_mistakes_are_counted():
    checked = Validator().check_text(FILE, session(port="x") + "nonsense = 1\n[x]\n")
    event = told(Topic.INVALID, checked=checked)
    assert message(event) == "invalid, 2 errors"
    assert event.checked is checked
