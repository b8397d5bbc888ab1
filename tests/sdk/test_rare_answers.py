"""What the SDK answers where something is missing, damaged, taken or too late, in full."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest

from sessionctl.core.toml.document import Document
from sessionctl.errors import FileError, SessionctlError, UsageError
from sessionctl.sdk.provider import VERSIONS
from sessionctl.sdk.secret_values import SecretValues
from sessionctl.sdk.sessions.instances import hold_instance, list_instances
from sessionctl.sdk.sessions.session_book import SessionBook
from sessionctl.sdk.sessions.session_info import SessionInfo, read_info
from sessionctl.sdk.sessions.session_place import find_place
from sessionctl.sdk.states.recovery_option import RecoveryOption, find_option, recovery_options
from sessionctl.sdk.states.recovery_preview import preview_lines
from sessionctl.sdk.states.restore_guard import RestoreGuard, digest
from sessionctl.sdk.states.state_text import StoredState, stored_states, with_states
from sessionctl.sdk.states.stored_text import StoredText
from sessionctl.sdk.states.unkept_state import check_kept
from sessionctl.sdk.workspace_event import Status
from sessionctl.services.documents.document_store import open_store
from sessionctl.services.machine import Machine
from sessionctl.services.secrets.access.secret_context import explicit_identity
from sessionctl.testing import TemporaryWorkspace
from tests.together import together

STATE = """\
schema_version = 1
name = "x"
[apps.notes.tabs]
open = ["a", "b"]
[apps.notes.tabs.view]
wide = 90
high = 1
[apps.notes.panes]
wide = 1
"""


@pytest.fixture
def machine(tmp_path):
    home = str(tmp_path / "home")
    return Machine({"HOME": home, "XDG_CONFIG_HOME": home, "XDG_STATE_HOME": home})


def refusal(call, *arguments, **more):
    """Return the class, the message and the hints of what is raised."""
    with pytest.raises(SessionctlError) as caught:
        call(*arguments, **more)
    return type(caught.value), caught.value.message, tuple(caught.value.hints)


# -- sessions and instances --------------------------------------------------------------------


def test_without_a_home_there_is_no_place_for_sessions():
    nobody = SimpleNamespace(config=None, state=None)
    place = "there is no directory for instances"
    assert refusal(find_place, nobody, "notes") == (
        UsageError, "there is no directory for sessions", ("set HOME",),
    )  # fmt: skip
    for more in ({"is_isolated": True}, {"adopt": "newest"}):
        found = refusal(find_place, nobody, "notes", **more)
        assert found == (UsageError, place, ("set HOME or XDG_STATE_HOME",))


@together(
    "more, message",
    [
        ({"app": ""}, 'application "": expected a plain name such as "pgdesk"'),
        ({"app": "a/b"}, 'application "a/b": expected a plain name such as "pgdesk"'),
        ({"app": "-a"}, 'application "-a": expected a plain name such as "pgdesk"'),
        ({"app": ".a"}, 'application ".a": expected a plain name such as "pgdesk"'),
        ({"app": "a\\b"}, 'application "a\\b": expected a plain name such as "pgdesk"'),
        ({"session": "a.b"}, 'session "a.b": expected a plain name without a dot'),
        ({"session": "a\n"}, 'session "a\n": expected a plain name without a dot'),
        ({"path": "x", "session": "y"}, "give a path or the name of a session, not both"),
        ({"path": "x", "is_isolated": True},
         "an isolated instance has a file of its own: no path, no session"),
        ({"session": "y", "adopt": "newest"},
         "an isolated instance has a file of its own: no path, no session"),
        ({"adopt": "nope"}, "instance nope: no instance has this id"),
        ({"adopt": "3f0d8c2e-6d1f-4c1e-9a53-0f2f7f0c4a11"},
         "instance 3f0d8c2e-6d1f-4c1e-9a53-0f2f7f0c4a11: no instance has this id"),
    ],
    ids=str,
)  # fmt: skip
def test_a_place_that_cannot_be_is_refused(machine, more, message):
    asked = {"app": "notes", **more}
    assert refusal(find_place, machine, **asked) == (UsageError, message, ())


def test_a_place_is_a_file(machine, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    sessions = f"{tmp_path}/home/sessionctl/sessions"
    assert find_place(machine, "notes") == (f"{sessions}/notes.session.toml", None)
    assert find_place(machine, "notes", session="b") == (f"{sessions}/notes.b.session.toml", None)
    assert find_place(machine, "notes", path="a.toml") == (f"{tmp_path}/a.toml", None)


def test_an_instance_is_held_by_one_and_adopted_when_it_died(machine):
    assert list_instances(machine, "notes") == ()
    hold = hold_instance(machine, "notes")
    with open(hold.file, "w", encoding="utf-8") as stream:
        stream.write(STATE)
    name = os.path.basename(hold.file).removesuffix(".session.toml")
    [found] = list_instances(machine, "notes")
    assert (found.id, found.is_alive, found.has_died) == (name, True, False)
    assert found.session.providers == ("tabs", "panes")
    alive = f"instance {name}: it is alive, no one else can have it"
    assert refusal(hold_instance, machine, "notes", name) == (UsageError, alive, ())
    assert refusal(SessionBook("notes", machine).delete_instance, name)[1] == alive
    other = hold_instance(machine, "notes", "newest")
    assert other.file != hold.file
    other.leave()
    hold._lock.__exit__(None, None, None)  # as a crash leaves it: the file that is locked stays
    [found] = list_instances(machine, "notes")
    assert (found.is_alive, found.has_died) == (False, True)
    again = hold_instance(machine, "notes", "newest")
    assert again.file == hold.file
    again.leave()
    [found] = list_instances(machine, "notes")
    assert (found.is_alive, found.has_died) == (False, False)
    SessionBook("notes", machine).delete_instance(name)
    assert list_instances(machine, "notes") == ()


def test_a_directory_that_is_a_file_is_named(tmp_path):
    (tmp_path / "sessionctl").write_text("")
    blocked = Machine({"HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path),
                       "XDG_STATE_HOME": str(tmp_path)})  # fmt: skip
    book = SessionBook("notes", blocked)
    assert (book.list(), book.instances()) == ((), ())
    assert book.older_than(0, 0) == ()
    kind, message, _ = refusal(hold_instance, blocked, "notes")
    assert kind is FileError
    assert message.startswith(str(tmp_path / "sessionctl"))


def test_what_is_deleted_must_be_there(machine):
    book = SessionBook("notes", machine)
    assert refusal(book.delete, "") == (
        UsageError, "session notes: not found", ("there are no sessions",),
    )  # fmt: skip
    for session in ("", "b"):
        file = find_place(machine, "notes", session=session).file
        os.makedirs(os.path.dirname(file), exist_ok=True)
        with open(file, "w", encoding="utf-8") as stream:
            stream.write(STATE)
        os.utime(file, (0, 100 if session else 200))
    assert refusal(book.delete, "c") == (
        UsageError, "session c: not found", ("there are: notes, b",),
    )  # fmt: skip
    assert [one.name for one in book.older_than(100, 300)] == ["b"]
    book.delete("b")
    assert [one.name for one in book.list()] == [""]


def test_what_is_known_of_a_file(tmp_path):
    file = tmp_path / "a.session.toml"
    assert read_info(str(file), "notes", "a") == SessionInfo(
        "a", str(file), problem=f"{file}: No such file or directory"
    )
    file.write_text('id = 5\nname = "')
    os.utime(file, (0, 7))
    found = read_info(str(file), "notes", "a")
    assert (found.time_s, found.id, found.providers) == (7.0, "", ())
    assert found.problem == f'{file}:2:8: the string is never closed: " is missing'
    file.write_text("id = 5\n" + STATE)
    os.utime(file, (0, 7))
    found = read_info(str(file), "notes", "a")
    assert found == SessionInfo("a", str(file), "", 7.0, ("tabs", "panes"))
    assert (found.age_s(10), found.age_s(5)) == (3.0, 0.0)


# -- states ------------------------------------------------------------------------------------


def test_the_ways_to_go_on(tmp_path):
    store, file = open_store(str(tmp_path / "state")), str(tmp_path / "a.session.toml")
    start = RecoveryOption("fresh", "fresh", "start over", 0, ())
    for text in (None, "name = ", 'name = "x"\n', "[apps.notes.tabs]\n"):
        assert recovery_options(store, file, "notes", text) == (start,)
    found = recovery_options(store, file, "notes", STATE)
    now = RecoveryOption("file", "file", "what the file holds now", 0, ("tabs", "panes"))
    assert found == (now, start)
    assert find_option(found, "fresh") == start
    assert find_option(found, now) == now
    assert refusal(find_option, found, "nope") == (
        UsageError, "recovery: there is no nope", ("there are: file, fresh",),
    )  # fmt: skip


def test_a_preview_is_about_the_state_of_the_application_alone():
    def words(now, then):
        return ["".join(text for text, _ in line) for line in preview_lines(now, then, "notes")]

    other = STATE.replace('"x"', '"y"').replace("wide = 90", "wide = 80")
    assert words(STATE, other) == ["tabs.view", "  ~ wide: 90 -> 80"]
    assert words(STATE, STATE.replace('"x"', '"y"')) == []
    assert words("[apps.notes.a]\nb = 1\n", None) == ["- a", "    b = 1"]
    assert words("name = ", "[apps.notes.a]\nb = 1\n") == ["+ a", "    b = 1"]


@together(
    "state, change",
    [
        ({"open": ["a", "b"], "view": {"wide": 90, "high": 1}}, ()),
        ({"open": ["a", "c"], "view": {"wide": 90, "high": 1}}, ('"b"', '"c"')),
        ({"open": ["a", "b"], "view": {"wide": 91, "high": 1}}, ("90", "91")),
        ({"open": ["a", "b"], "view": {"wide": 90}}, ("high = 1\n", "")),
        ({"open": ["a"], "view": {"wide": 90, "high": 1}}, ('["a", "b"]', '["a"]')),
        ({"open": ["a", "b"], "view": {"wide": 90, "high": 1, "deep": 2}},
         ("high = 1\n", "high = 1\ndeep = 2\n")),
    ],
    ids=str,
)  # fmt: skip
def test_only_what_differs_is_written(state, change):
    document = Document.parse(STATE)
    found = with_states(document, "notes", {"tabs": StoredState(state, 1)})
    assert found.text == (STATE.replace(*change) if change else STATE)
    assert stored_states(found, "notes")["tabs"] == (state, 1)


def test_a_new_provider_and_its_version_are_added():
    document = Document.parse(STATE)
    new = StoredState({"a": 1}, 3)
    found = stored_states(with_states(document, "notes", {"new": new}), "notes")
    assert found["new"] == new
    assert found["panes"] == ({"wide": 1}, 1)
    odd = Document.parse(f"[apps.notes.{VERSIONS}]\ntabs = true\npanes = 4\n{STATE}")
    assert {name: one.version for name, one in stored_states(odd, "notes").items()} == {
        "tabs": 1, "panes": 4,
    }  # fmt: skip


def test_which_states_are_chosen():
    states = {name: StoredState({}, 1) for name in "abc"}
    found = StoredText(states=states)
    for include, exclude, chosen in (
        ((), (), "abc"), (("a", "x"), (), "a"), ((), ("a",), "bc"), (("a", "b"), ("b",), "a"),
    ):  # fmt: skip
        assert "".join(found.chosen(include, exclude)) == chosen


def test_a_state_is_suspect_while_it_is_applied(tmp_path):
    file = tmp_path / "a.toml"
    guard = RestoreGuard(str(tmp_path), str(file), "notes")
    assert not guard.is_suspect("x")
    with guard.applying("x"):
        (noted,) = (tmp_path / "restoring").iterdir()
        assert noted.read_text() == f"{digest('x')}\n"
        assert guard.is_suspect("x")
        assert not guard.is_suspect("y")
        assert not RestoreGuard(str(tmp_path), str(file), "other").is_suspect("x")
    assert not guard.is_suspect("x")
    guard.clear()
    guard.note("x")
    with pytest.raises(ZeroDivisionError), guard.applying("y"):
        raise ZeroDivisionError
    assert guard.is_suspect("y")
    nowhere = RestoreGuard(None, str(file), "notes")
    with nowhere.applying("x"):
        assert not nowhere.is_suspect("x")
    assert digest("x") != digest("y")


@together(
    "live, base, in_file, failure, why",
    [
        (None, "a", None, "", None), ("a", "a", None, "", None), ("b", "a", "b", "", None),
        ("b", "a", "a", "", "it could not be written"),
        ("b", None, None, "", "it could not be written"),
        ("b", "a", "a", "FILE: no space", "no space"), ("b", "a", "a", "x: no", "x: no"),
    ],
)  # fmt: skip
def test_what_neither_the_file_nor_the_state_has_is_lost(
    tmp_path, live, base, in_file, failure, why
):
    file = tmp_path / "a.toml"
    if in_file is not None:
        file.write_text(in_file)
    state = SimpleNamespace(live=live, base=base, failure=failure.replace("FILE", str(file)))
    for directory in (None, str(tmp_path / "state")):
        arguments = (SimpleNamespace(state=state), open_store(directory), str(file))
        if why is None:
            check_kept(*arguments)
        else:
            assert refusal(check_kept, *arguments) == (
                FileError,
                f"{file}: the last changes are lost, neither the file nor the state directory took"
                f" them: {why}; make room or give the right to write, then change it again",
                (),
            )


def test_a_provider_is_registered_once(tmp_path):
    with TemporaryWorkspace("notes", tmp_path) as desk:
        workspace = desk.open()
        workspace.provide("tabs", dict, print)
        assert refusal(workspace.provide, "tabs", dict, print)[:2] == (
            UsageError, "provider tabs: registered already",
        )  # fmt: skip


def test_to_start_over_is_a_change_that_is_saved(tmp_path):
    with TemporaryWorkspace("notes", tmp_path) as desk:
        workspace, heard, state = desk.open(), [], {"open": ["a"]}
        workspace.provide("tabs", lambda: dict(state), state.update)
        workspace.restore()
        workspace.mark_changed("tabs")
        assert workspace.flush()
        workspace.on_status(lambda event: heard.append(event.status))
        state["open"] = []
        assert workspace.recover("fresh") is Status.FRESH
        assert heard[0] is Status.FRESH
        assert workspace.flush()
        assert "open = []" in Path(workspace.file).read_text()
        assert Status.MODIFIED in heard
        assert not workspace.is_modified


def test_secrets_are_opened_for_this_user_without_asking(tmp_path):
    file = tmp_path / "a.session.toml"
    file.write_text('schema_version = 1\n[connections.a]\npassword = { secret = "b.c" }\n')
    environ = {"HOME": str(tmp_path), "SESSIONCTL_TRUST_VAULT": "age1x",
               "SESSIONCTL_IDENTITY_FILE": "key.txt"}  # fmt: skip
    machine = Machine(environ)
    values = SecretValues(str(file), machine)
    context = values.vault().context
    assert (context.machine, context.is_quiet, context.trusted_vault) == (machine, True, "age1x")
    assert context.explicit == explicit_identity(environ)
    assert context.today == datetime.now(UTC).date().isoformat()
    assert values.names() == ["b.c"]
