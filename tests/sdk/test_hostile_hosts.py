"""Hosts that do everything wrong: what they were saved stays saved, and they hear of the rest."""

from __future__ import annotations

import asyncio
import enum
import errno
import os
import pickle
import shutil
import signal
import subprocess
import sys
import threading
import tomllib

import pytest

from sessionctl.sdk import Status, Workspace
from sessionctl.services.machine import Machine
from sessionctl.testing import TemporaryWorkspace
from sessionctl.testing.crash_point import run_apart
from tests.sdk.conftest import until
from tests.sdk.test_testing import Editor


@pytest.fixture
def desk(tmp_path):
    with TemporaryWorkspace("notes", tmp_path) as desk:
        yield desk


def text_in(desk):
    return desk.states["editor"].get("text")


def told(editor, status=Status.FAILED):
    return [event.text for event in editor.events if event.status is status]


# -- callbacks ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "error", [ValueError("x"), SystemExit(3), KeyboardInterrupt(), MemoryError()]
)
def test_whatever_a_callback_raises_the_others_are_saved(desk, error):
    editor = Editor(desk.open())

    def fail(*_):
        raise error

    editor.workspace.provide("bad", fail, fail)
    editor.workspace.on_status(fail) if isinstance(error, Exception) else None
    for text in "abc":
        editor.type(text)
        editor.workspace.mark_changed("bad")
        desk.advance(1)
        assert text_in(desk) == text
    assert any("bad" in one or type(error).__name__ in one for one in told(editor))
    desk.edit(lambda text: text.replace('"c"', '"d"'))
    assert editor.state == {"text": "d"}


def test_a_listener_that_exits_ends_nothing(desk):
    editor = Editor(desk.open())
    desk.advance(1)
    heard = []

    def leave(event):
        heard.append(event.status)
        if threading.current_thread() is not threading.main_thread():
            sys.exit(1)

    editor.workspace.on_status(leave)
    for text in "ab":
        editor.type(text)
        desk.advance(1)
    assert text_in(desk) == "b"
    assert heard.count(Status.SAVED) == 2


def test_a_callback_that_never_returns_blocks_nobody_else(desk):
    held = threading.Event()
    workspace = desk.open()
    workspace.provide("editor", lambda: held.wait(60) and {}, lambda _: None)
    workspace.restore()
    done = threading.Event()

    def mark():
        for _ in range(100):
            workspace.mark_changed("editor")
        done.set()

    threading.Thread(target=mark, daemon=True).start()
    assert done.wait(10), "mark_changed never waits"
    assert workspace.flush(0.1) is False
    assert workspace.close(0.1) is False
    held.set()


@pytest.mark.parametrize("call", ["flush", "close", "mark_changed", "recovery", "undo", "resolve"])
@pytest.mark.parametrize("where", ["get", "apply", "event"])
def test_a_callback_may_call_the_workspace(desk, call, where):
    editor = Editor(desk.open())
    editor.type("first")
    desk.advance(1)
    workspace, calls = editor.workspace, []

    def again(*_):
        if len(calls) < 3:
            calls.append(call)
            try:
                getattr(workspace, call)(**({"by_file": True} if call == "resolve" else {}))
            except Exception as error:  # noqa: BLE001 - an error is an answer
                calls.append(repr(error))
        return {}

    if where == "event":
        workspace.on_status(again)
    else:
        get, apply = (again, dict) if where == "get" else (dict, again)
        workspace.provide("other", get, apply)
    editor.type("second")
    desk.advance(1)
    table = "[apps.notes.other]\n"
    desk.edit(lambda text: text.replace('"second"', '"third"').replace(table, f"{table}x = 1\n"))
    workspace.close()
    assert calls
    assert text_in(desk) in ("second", "third") or call == "undo"


@pytest.mark.slow
def test_marking_in_a_signal_handler_does_not_hang(tmp_path):
    code = """
import os, signal, sys, time
from sessionctl.sdk import Workspace
state = {"count": 0, "signals": 0}
workspace = Workspace.open("notes", path=sys.argv[1])
workspace.provide("editor", lambda: dict(state), state.update)
workspace.restore()
def handler(*_):
    state["signals"] += 1
    workspace.mark_changed("editor")
signal.signal(signal.SIGALRM, handler)
signal.setitimer(signal.ITIMER_REAL, 0.0005, 0.0005)
for _ in range(20000):
    state["count"] += 1
    workspace.mark_changed("editor")
signal.setitimer(signal.ITIMER_REAL, 0)
print(workspace.close(), state["signals"] > 0)
"""
    file = tmp_path / "n.session.toml"
    done = subprocess.run(
        [sys.executable, "-c", code, str(file)],
        capture_output=True,
        text=True,
        timeout=60,
        env={"HOME": str(tmp_path), "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert done.stdout == "True True\n", done.stderr
    assert tomllib.loads(file.read_text())["apps"]["notes"]["editor"]["count"] == 20000


# -- processes and threads ------------------------------------------------------------------------


def test_a_copy_of_the_process_says_that_it_saves_nothing(desk):
    editor = Editor(desk.open())
    editor.type("parent")
    desk.advance(1)

    def child():
        editor.events.clear()
        editor.type("child")
        assert "copy of the process" in told(editor)[0]
        assert editor.workspace.flush(1) is False
        with editor.workspace.changing("editor"):
            pass
        assert editor.workspace.close(1) is False

    assert run_apart(child) == 0
    editor.type("parent again")
    desk.advance(1)
    assert text_in(desk) == "parent again"


def test_a_copy_does_not_give_an_instance_away(desk):
    editor = Editor(desk.open_session(isolated=True))
    editor.type("x")
    desk.advance(1)
    assert run_apart(editor.workspace.close) == 0
    [info] = desk.sessions.instances()
    assert info.is_alive


def test_many_threads_may_mark(desk):
    editor = Editor(desk.open())
    counts = {str(number): 0 for number in range(20)}
    editor.workspace.provide("counts", lambda: dict(counts), lambda _: None)

    def work(name):
        for _ in range(50):
            with editor.workspace.changing("counts"):
                counts[name] += 1

    threads = [threading.Thread(target=work, args=(name,)) for name in counts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert editor.workspace.flush()
    assert set(desk.states["counts"].values()) == {50}


def test_a_workspace_is_not_pickled(desk):
    editor = Editor(desk.open())
    with pytest.raises(TypeError):
        pickle.dumps(editor.workspace)


@pytest.mark.parametrize("end", ["", "sys.exit(3)", "raise RuntimeError"])
def test_what_is_not_saved_when_python_ends_is_saved_then(tmp_path, end):
    code = f"""
import sys
from sessionctl.sdk import Workspace
state = {{"text": ""}}
workspace = Workspace.open("notes", path=sys.argv[1])
workspace.provide("editor", lambda: dict(state), state.update)
workspace.restore()
state["text"] = "last"
workspace.mark_changed("editor")
{end}
"""
    file = tmp_path / "n.session.toml"
    subprocess.run(
        [sys.executable, "-c", code, str(file)],
        capture_output=True,
        timeout=60,
        env={"HOME": str(tmp_path), "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert tomllib.loads(file.read_text())["apps"]["notes"]["editor"]["text"] == "last"


def test_a_loop_that_was_closed_early_costs_nothing(desk):
    loop = asyncio.new_event_loop()
    editor = Editor(desk.open(wake=loop.call_soon_threadsafe))
    editor.type("a")
    loop.close()
    editor.type("b")
    assert editor.workspace.flush()
    assert text_in(desk) == "b"
    assert editor.workspace.close()


# -- values ---------------------------------------------------------------------------------------


class Color(enum.IntEnum):
    RED = 1


class Mode(str, enum.Enum):  # noqa: UP042 - the older form is what hosts have
    DARK = "dark"


def endless():
    state = {}
    state["again"] = state
    return state


@pytest.mark.parametrize(
    "state",
    [
        None, 7, [], {"x": None}, {"x": object()}, {"x": b"bytes"}, {1: "x"}, {"x": 2**70},
        {"x": {1, 2}}, {"x": "\ud800"}, {"\udfff": 1}, {"x": 1j}, endless(), {"x": lambda: 1},
        {"x": [[[[None]]]]}, {"x": range(3)},
    ],
    ids=lambda state: type(state).__name__,
)  # fmt: skip
def test_what_has_no_place_in_toml_is_reported_and_the_rest_is_saved(desk, state):
    editor = Editor(desk.open())
    editor.workspace.provide("bad", lambda: state, lambda _: None)
    editor.workspace.mark_changed()
    editor.type("fine")
    desk.advance(2)
    assert text_in(desk) == "fine", told(editor)
    assert any("bad" in event.text + event.provider for event in editor.events
               if event.status is Status.FAILED)  # fmt: skip


def test_values_that_stand_for_others_are_saved_as_those(desk):
    editor = Editor(desk.open())
    state = {"color": Color.RED, "mode": Mode.DARK, "flag": True, "many": (1, 2), "nan": 1e400}
    editor.workspace.provide("odd", lambda: state, lambda _: None)
    editor.workspace.mark_changed()
    desk.advance(1)
    expected = {"color": 1, "mode": "dark", "flag": True, "many": [1, 2], "nan": float("inf")}
    assert desk.states["odd"] == expected


def test_a_state_that_is_changed_while_it_is_saved_is_one_of_both(desk):
    editor = Editor(desk.open())
    rows = [{"n": 0}]
    editor.workspace.provide("rows", lambda: {"rows": rows}, lambda _: None)
    editor.workspace.mark_changed()
    assert editor.workspace.flush()
    rows[0]["n"] = 1
    rows.append({"n": 2})
    assert editor.workspace.flush()
    assert desk.states["rows"] == {"rows": [{"n": 1}, {"n": 2}]}


def test_what_apply_was_given_belongs_to_the_host(desk):
    desk.edit('schema_version = 1\nname = "n"\n[apps.notes.editor]\nrows = [[1], [2]]\n')
    editor = Editor(desk.open())
    editor.state["rows"][0].append(9)
    del editor.state["rows"][1]
    editor.workspace.mark_changed()
    desk.advance(1)
    assert desk.states["editor"] == {"rows": [[1, 9]]}


@pytest.mark.slow
def test_a_state_of_a_megabyte_is_saved_and_comes_back(desk):
    editor = Editor(desk.open())
    editor.type("x" * 1_000_000 + "\"\"\"'''\\\r\n\t")
    assert editor.workspace.flush(60)
    assert Editor(desk.open()).state == editor.state


@pytest.mark.parametrize("has_file", [True, False])
def test_a_secret_in_a_state_is_reported_kept_out_of_the_file_and_not_lost(desk, has_file):
    editor = Editor(desk.open())
    if has_file:
        desk.advance(1)
    editor.type("connect to postgres://me:hunter2!@db/x")
    desk.advance(3)
    assert "hunter2" not in desk.text
    [event] = [one for one in editor.events if one.status is Status.FAILED]
    assert "apps.notes.editor.text" in event.text
    assert "hunter2" not in repr(editor.events)
    editor.workspace.close()
    again = Editor(desk.open())
    assert "hunter2" in again.state["text"], "it is kept where nobody else reads"
    again.type("connect to db")
    desk.advance(40)
    assert text_in(desk) == "connect to db"


# -- the machine ----------------------------------------------------------------------------------


def test_a_full_disk_is_reported_and_the_state_saved_once_there_is_room(desk, monkeypatch):
    from sessionctl.system.store.displacement import DocumentPlace

    editor = Editor(desk.open())
    desk.advance(1)
    write = DocumentPlace.write_beside

    def full(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(DocumentPlace, "write_beside", full)
    editor.type("precious")
    desk.advance(10)
    assert any("no space" in one.lower() for one in told(editor))
    assert editor.workspace.flush() is False
    assert editor.workspace.is_modified
    monkeypatch.setattr(DocumentPlace, "write_beside", write)
    desk.advance(40)
    assert text_in(desk) == "precious"


def test_a_state_directory_that_goes_away_at_work_costs_nothing_of_the_file(desk):
    editor = Editor(desk.open())
    editor.type("a")
    desk.advance(1)
    shutil.rmtree(desk.home)
    editor.type("b")
    desk.advance(1)
    assert text_in(desk) == "b"
    shutil.rmtree(desk.home)
    desk.home.mkdir()
    (desk.home / "state").write_text("a file")
    editor.type("c")
    desk.advance(40)
    assert text_in(desk) == "c" or told(editor)
    assert Editor(desk.open()).state["text"] in ("b", "c")


def test_a_directory_that_goes_away_is_made_again_or_reported(desk):
    editor = Editor(desk.open())
    editor.type("a")
    desk.advance(1)
    shutil.rmtree(desk.file.parent)
    editor.type("b")
    desk.advance(40)
    assert told(editor, Status.DEGRADED) or told(editor) or text_in(desk) == "b"
    editor.workspace.close()
    again = Editor(desk.open())
    offered = [one.kind for one in again.workspace.recovery()]
    assert again.state.get("text") in ("a", "b") or {"backup", "unsaved"} & set(offered)


def test_a_file_that_was_deleted_takes_nothing_with_it(desk):
    editor = Editor(desk.open())
    editor.type("saved")
    desk.advance(1)
    desk.file.unlink()
    editor.type("typed after that")
    desk.advance(10)
    assert Status.DEGRADED in editor.statuses()
    assert editor.workspace.close() is False
    again = Editor(desk.open())
    assert (again.status, again.state) == (Status.FRESH, {}), "somebody wanted it gone"
    unsaved, saved, *_ = again.workspace.recovery()
    assert "was not given" in unsaved.text
    again.workspace.recover(unsaved)
    assert again.state == {"text": "typed after that"}
    again.workspace.recover(saved)
    assert again.state == {"text": "saved"}


def test_a_host_without_any_state_directory_saves(tmp_path):
    file = tmp_path / "n.session.toml"
    workspace = Workspace("notes", str(file), Machine({"PATH": ""}, user_id=987654))
    workspace.provide("editor", lambda: {"text": "x"}, lambda _: None)
    workspace.restore()
    workspace.mark_changed()
    assert workspace.close()
    assert tomllib.loads(file.read_text())["apps"]["notes"]["editor"] == {"text": "x"}


# -- two versions of one host ---------------------------------------------------------------------


def host_of(desk, version, state):
    workspace = desk.open()
    events = []
    workspace.on_status(events.append)

    def apply(new):
        state.clear()
        state.update(new)

    workspace.provide(
        "editor", lambda: dict(state), apply, version=version, migrate=lambda old, _: {"new": [old]}
    )
    return workspace, events


def test_an_older_host_does_not_touch_the_state_of_a_newer_one(desk):
    old_state, new_state = {}, {}
    old, events = host_of(desk, 1, old_state)
    old.restore()
    old_state["text"] = "typed in the old one"
    old.mark_changed("editor")
    desk.advance(2)
    new, _ = host_of(desk, 2, new_state)
    assert new.restore() is Status.RESTORED
    assert new_state == {"new": [{"text": "typed in the old one"}]}
    new_state["new"] = ["changed"]
    new.mark_changed("editor")
    desk.advance(2)
    assert desk.states["editor"] == {"new": ["changed"]}

    old_state["text"] = "typed on"
    old.mark_changed("editor")
    desk.advance(5)
    assert desk.states == {"editor": {"new": ["changed"]}, "versions": {"editor": 2}}
    assert any("newer" in event.text for event in events if event.status is Status.FAILED)
    assert old_state["text"] == "typed on", "and the old one keeps what it has"


def test_an_older_host_that_starts_later_saves_nothing_over_a_newer_state(desk):
    new_state, old_state = {"a": 1}, {}
    new, _ = host_of(desk, 2, new_state)
    new.restore()
    new.mark_changed()
    new.close()
    before = desk.text
    old, events = host_of(desk, 1, old_state)
    assert old.restore() is Status.FAILED
    old_state["text"] = "typed"
    old.mark_changed("editor")
    old.mark_changed()
    desk.advance(10)
    old.close()
    assert desk.text == before
    assert any("not saved" in event.text for event in events)


def test_a_host_that_is_ended_by_its_state_is_asked_the_next_time(desk):
    desk.edit('schema_version = 1\nname = "n"\n[apps.notes.editor]\ntext = "deadly"\n')

    def start():
        workspace = desk.open()
        workspace.provide("editor", dict, lambda _: os._exit(9))
        workspace.restore()

    assert run_apart(start) == 9
    editor = Editor(desk.open())
    assert (editor.status, editor.state) == (Status.FAILED, {})
    assert "file" in {one.kind for one in editor.workspace.recovery()}


def test_a_terminal_that_is_closed_is_no_loss(tmp_path):
    code = """
import sys, time
from sessionctl.sdk import Workspace
state = {"text": ""}
with Workspace.open("notes", path=sys.argv[1]) as workspace:
    workspace.provide("editor", lambda: dict(state), state.update)
    workspace.restore()
    state["text"] = "typed"
    workspace.mark_changed("editor")
    print("ready", flush=True)
    time.sleep(60)
"""
    file = tmp_path / "n.session.toml"
    with subprocess.Popen(
        [sys.executable, "-c", code, str(file)],
        stdout=subprocess.PIPE,
        text=True,
        env={"HOME": str(tmp_path), "PYTHONPATH": os.pathsep.join(sys.path)},
    ) as host:
        assert host.stdout.readline() == "ready\n"
        until(lambda: file.exists() and '"typed"' in file.read_text())
        host.send_signal(signal.SIGHUP)
    assert tomllib.loads(file.read_text())["apps"]["notes"]["editor"]["text"] == "typed"
