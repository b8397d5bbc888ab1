"""Hosts that end badly: killed, or by the very state they are given; and what the SDK costs."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tomllib

import pytest

from tests.sdk.conftest import until

HOST = """
import os, sys
from sessionctl.sdk import Workspace
state = {}
def apply(new):
    state.update(new)
    if new.get("text") == "deadly":
        os.kill(os.getpid(), 9)
workspace = Workspace.open("notes", path=sys.argv[1])
workspace.provide("editor", lambda: dict(state), apply)
print(workspace.restore().value, state.get("text"), flush=True)
for line in sys.stdin:
    state["text"] = line.rstrip("\\n")
    workspace.mark_changed("editor")
workspace.close()
"""


@pytest.fixture
def run(file, environ):
    """Return a function that starts a host process."""
    processes = []

    def run():
        process = subprocess.Popen(
            [sys.executable, "-c", HOST, str(file)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        )
        processes.append(process)
        return process

    yield run
    for process in processes:
        process.kill()
        process.wait()
        process.stdin.close()
        process.stdout.close()


def text_in(file):
    return tomllib.loads(file.read_text())["apps"]["notes"]["editor"].get("text")


def test_what_was_saved_survives_a_kill(run, file):
    host = run()
    assert host.stdout.readline() == "fresh None\n"
    host.stdin.write("typed\n")
    host.stdin.flush()
    until(lambda: file.exists() and text_in(file) == "typed")
    host.send_signal(signal.SIGKILL)
    host.wait()
    assert run().stdout.readline() == "restored typed\n"


def test_a_state_that_ends_its_host_is_not_applied_twice(run, file):
    file.parent.mkdir()
    file.write_text('schema_version = 1\nname = "notes"\n[apps.notes.editor]\ntext = "deadly"\n')
    assert run().wait() == -signal.SIGKILL
    host = run()
    assert host.stdout.readline() == "failed None\n"
    host.stdin.close()
    assert host.wait() == 0
    assert text_in(file) == "deadly", "it is there to be looked at"
    file.write_text(file.read_text().replace("deadly", "mended"))
    assert run().stdout.readline() == "restored mended\n"


def test_the_last_change_is_saved_at_close(run, file):
    host = run()
    host.communicate("one\ntwo\n")
    assert text_in(file) == "two"


CLIENT = """
import random, sys, time
from sessionctl.sdk import Workspace
name, file, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
state = {"count": 0}
workspace = Workspace.open("notes", path=file)
workspace.provide(name, lambda: dict(state), state.update)
workspace.restore()
for _ in range(count):
    with workspace.changing(name):
        state["count"] += 1
    time.sleep(random.random())
print(workspace.close(30), state["count"], len(workspace.conflicts))
"""


@pytest.mark.slow
def test_several_instances_of_one_application_lose_nothing(file, environ):
    count, names = 12, [f"client{number}" for number in range(8)]
    environ |= {"PYTHONPATH": os.pathsep.join(sys.path)}
    clients = [
        subprocess.Popen(
            [sys.executable, "-c", CLIENT, name, str(file), str(count)],
            stdout=subprocess.PIPE,
            text=True,
            env=environ,
        )
        for name in names
    ]
    assert [client.communicate(timeout=120)[0] for client in clients] == [
        f"True {count} 0\n" for _ in names
    ]
    apps = tomllib.loads(file.read_text())["apps"]["notes"]
    assert {name: apps[name] for name in names} == {name: {"count": count} for name in names}


def test_the_sdk_loads_no_library_that_a_host_may_not_have():
    code = "import sys, sessionctl.sdk; sessionctl.sdk.Workspace; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    modules = {name.partition(".")[0] for name in loaded.stdout.split()}
    assert not modules & {"click", "textual", "watchdog", "jsonschema", "pyrage", "tomlkit"}
