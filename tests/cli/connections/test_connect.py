"""connect and connections on the command line: exit codes, places, steps, what is remembered."""

from __future__ import annotations

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time

import jsonschema
import pytest
from click.testing import CliRunner

from sessionctl.cli.app import app
from sessionctl.resources import schema_text
from sessionctl.services.machine import read_machine
from tests.main_inside import main_inside

SESSION = """\
schema_version = 1
name = "shop"

[connections.orders]
driver = "sqlite"
file = "orders.db"

[connections.gone]
driver = "sqlite"
file = "gone.db"
"""
FILE = "shop.session.toml"
PATIENCE_S = 30


@pytest.fixture
def shop(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / FILE).write_text(SESSION)
    connection = sqlite3.connect(tmp_path / "orders.db")
    connection.execute("CREATE TABLE t (x)")
    connection.close()
    return tmp_path


def say(*words, code=0):
    done = CliRunner().invoke(app, [*map(str, words)])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code == code, done.output
    return done.output


def answer(*words, code=0):
    """Return the answer with --json, which keeps to its schema."""
    done = CliRunner().invoke(app, [*map(str, words), "--json"])
    assert done.exit_code == code, done.output
    found = json.loads(done.stdout)
    schema = json.loads(schema_text(f"output-{found['command'].replace(' ', '-')}.v1"))
    jsonschema.Draft202012Validator(schema).validate(found)
    return found


def test_a_connection_is_opened_once_and_remembered(shop):
    assert "orders: ready: SQLite" in say("connect", "--once", FILE, "orders")
    found = answer("connections", "list", FILE)["connections"]
    assert [(one["name"], one["opens"]) for one in found] == [("orders", 1), ("gone", 0)]
    assert (shop / FILE).read_text() == SESSION
    resolved = answer("connect", "--once", FILE, "orders")
    assert (resolved["state"], resolved["report"]) == ("ready", None)


def test_a_failure_names_the_key_and_what_can_be_done(shop):
    said = say("connect", "--once", FILE, "gone", code=3)
    assert f"{FILE}:10:8: connections.gone.file: configuration: gone.db: there is no" in said
    assert '10 | file = "gone.db"' in said
    failure = answer("connect", "--once", FILE, "gone", code=3)["failure"]
    assert (failure["kind"], failure["line"], failure["column"]) == ("configuration", 10, 8)


def test_a_failure_points_into_the_override_that_says_so(shop):
    with (shop / FILE).open("a") as stream:
        stream.write(f'\n[[overrides]]\nwhen = {{ host = "{os.uname().nodename}" }}\n')
        stream.write('connections.orders.file = "other.db"\n')
    assert f"{FILE}:14:27: overrides[0].connections.orders.file" in say(
        "connect", "--once", FILE, "orders", code=3
    )


def test_a_wrong_file_is_said_before_anything_is_opened(shop):
    (shop / FILE).write_text(SESSION.replace("file =", "fiel ="))
    said = say("connect", "--once", FILE, "orders", code=1)
    assert f"{FILE}:6:1: connections.orders.fiel: unknown key\n" in said
    assert "did you mean file, which is missing?" in said
    assert "sessionctl validate" in said


def test_a_mistake_in_another_connection_is_no_hindrance(shop):
    (shop / FILE).write_text(SESSION.replace('file = "gone.db"', 'fiel = "gone.db"'))
    assert "orders: ready" in say("connect", "--once", FILE, "orders", code=0)


def test_a_test_goes_step_by_step(shop):
    said = say("connections", "test", FILE, code=3)
    steps = [line.split()[:2] for line in said.splitlines() if line.startswith("  ")]
    assert ["resolve", "ok"] in steps and ["resume", "ok"] in steps
    assert ["resolve", "failed"] in steps
    found = answer("connections", "test", FILE, "orders")["connections"]
    assert [step["step"] for step in found[0]["steps"]] == [
        "resolve", "connect", "validate", "resume",
    ]  # fmt: skip
    assert answer("connections", "history", FILE)["connections"] == []


def test_a_server_that_is_not_there_is_a_failure_of_the_network(shop):
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    text = f'[connections.repl]\ndriver = "line"\nhost = "127.0.0.1"\nport = {port}\n'
    (shop / FILE).write_text(f"{SESSION}{text}")
    said = say("connect", "--once", FILE, "repl", code=3)
    assert "connections.repl" in said and "network: " in said
    assert f"sessionctl connections test {FILE} repl" in said


def test_another_connection_of_the_kind_is_offered_and_attempts_are_counted(shop):
    line = 'driver = "line"\nhost = "127.0.0.1"\nport = 1\n'
    limits = "retry = { attempts = 2, initial_s = 0.01 }\n"
    (shop / FILE).write_text(f"{SESSION}[connections.a]\n{line}{limits}[connections.b]\n{line}")
    said = say("connect", FILE, "a", code=3)
    assert "attempt 2 of 2 in" in said
    assert "after 2 attempts" in said
    assert f"or use another one: sessionctl connect {FILE} b" in said


def test_what_is_stored_of_a_connection_that_the_file_no_longer_has_is_listed(shop):
    say("connect", "--once", FILE, "gone", code=3)
    assert answer("connections", "list", FILE)["gone"] == []
    (shop / FILE).write_text(SESSION.partition("[connections.gone]")[0])
    [lost] = answer("connections", "list", FILE)["gone"]
    assert (lost["name"], lost["last"]["state"]) == ("gone", "stopped")
    said = say("connections", "list", FILE)
    assert "gone  no longer in the file, last stopped " in said
    assert f"sessionctl connections forget {FILE} gone" in said
    say("connections", "forget", FILE, "gone")
    assert "no longer in the file" not in say("connections", "list", FILE)


def test_favourites_come_first_recents_newest_first_and_forget_forgets(shop):
    say("connections", "favourite", FILE, "gone")
    assert say("connections", "list", FILE).startswith("* gone")
    say("connect", "--once", FILE, "gone", code=3)
    say("connect", "--once", FILE, "orders")
    recents = answer("connections", "list", "--recent")["recents"]
    assert [(one["name"], one["ok"]) for one in recents] == [("orders", True), ("gone", False)]
    history = answer("connections", "history", FILE, "gone")["connections"][0]
    assert (history["failures"], history["events"][0]["state"]) == (1, "stopped")
    assert answer("connections", "forget", "-n", FILE)["forgotten"] == ["gone", "orders"]
    assert answer("connections", "forget", FILE, "gone")["forgotten"] == ["gone"]
    assert answer("connections", "forget", FILE)["forgotten"] == ["orders"]
    say("connections", "favourite", "--off", FILE, "gone")
    assert answer("connections", "status", FILE, "gone")["connections"][0]["state"] == "idle"


def test_only_five_recents_are_kept(shop):
    text = "".join(
        f'[connections.c{i}]\ndriver = "sqlite"\nfile = "c{i}.db"\ncreate = true\n'
        for i in range(7)
    )
    (shop / FILE).write_text(f"{SESSION}{text}")
    for i in range(7):
        say("connect", "--once", FILE, f"c{i}")
    recents = answer("connections", "list", "--recent")["recents"]
    assert [one["name"] for one in recents] == ["c6", "c5", "c4", "c3", "c2"]


def test_what_is_remembered_is_for_the_user_alone(shop):
    say("connect", "--once", FILE, "orders")
    kept = os.path.join(read_machine(os.environ).state, "connections")
    assert os.stat(kept).st_mode & 0o077 == 0
    for name in os.listdir(kept):
        assert os.stat(os.path.join(kept, name)).st_mode & 0o077 == 0


def test_a_printed_program_is_one_line_that_can_be_pasted(shop):
    host = "h\\u001b[201~\\ntouch x"
    (shop / FILE).write_text(
        f'{SESSION}[connections.odd]\ndriver = "ssh"\nhost = "h"\nrun = "{host}"\n'
    )
    line = say("connect", "--print", FILE, "odd")
    assert line == "ssh -t -- h $'h\\x1b[201~\\x0atouch x'\n"


def test_sources_that_are_nested_too_deeply_are_refused_in_words(shop):
    (shop / "data-sources.json").write_text("[" * 200_000)
    done = main_inside("connections", "import", "-n", FILE, "data-sources.json")
    assert "data-sources.json: it is nested too deeply" in done.stderr
    assert "bug of sessionctl" not in done.stderr


def test_the_program_is_printed(shop):
    assert say("connect", "--print", FILE, "orders") == f"sqlite3 {shop}/orders.db\n"
    assert answer("connect", "--print", FILE, "orders")["argv"][0] == "sqlite3"
    say("connect", "--print", "--once", FILE, "orders", code=2)


def test_a_connection_is_kept_open_until_a_signal(shop):
    with subprocess.Popen(
        [sys.executable, "-m", "sessionctl", "connect", FILE, "orders"],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    ) as process:  # fmt: skip
        timer = threading.Timer(PATIENCE_S, process.kill)
        timer.start()
        try:
            for line in process.stdout:
                if ": ready: " in line:
                    break
            else:
                pytest.fail("it was never ready")
            process.send_signal(signal.SIGTERM)
            process.stdout.read()
            assert process.wait() == 0
        finally:
            timer.cancel()


def test_a_database_that_comes_back_is_opened_again(shop):
    began = time.monotonic()
    with subprocess.Popen(
        [sys.executable, "-m", "sessionctl", "connect", FILE, "orders", "--json"],
        stdout=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        timer = threading.Timer(PATIENCE_S, process.kill)
        timer.start()
        text, states, is_replaced = "", [], False
        for line in process.stdout:
            text += line
            if line == "}\n":
                states.append(json.loads(text)["state"])
                text = ""
                if states[-1] == "ready" and not is_replaced:
                    (shop / "new.db").write_bytes((shop / "orders.db").read_bytes())
                    os.replace(shop / "new.db", shop / "orders.db")
                    is_replaced = True
                elif states[-1] == "ready":
                    process.send_signal(signal.SIGINT)
        timer.cancel()
    assert states == ["connecting", "ready", "backoff", "connecting", "ready"]
    assert time.monotonic() - began < PATIENCE_S


def test_everything_else_works_while_no_server_does(shop):
    (shop / FILE).write_text(
        f'{SESSION}[connections.db]\ndriver = "postgres"\nhost = "no.such.host.invalid"\n'
    )
    for words in (["validate"], ["show"], ["get", FILE, "name"], ["connections", "list"]):
        assert main_inside(*words).returncode == 0
