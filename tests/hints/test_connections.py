"""Hints on connections: the session has none, another server answers."""

from __future__ import annotations

import sqlite3

from tests.desk import ID
from tests.hints.stage import SMALL, Situation, assert_hint_helps, parametrize
from tests.hints.test_documents import _editor
from tests.hints.test_live import _no_server, _tmux
from tests.hints.test_usage import _has

DATABASE = f"{SMALL}[connections.'my db']\ndriver = 'sqlite'\nfile = 'app.db'\n"


def _database(s, application_id):
    with sqlite3.connect(s.folder / "app.db") as connection:
        connection.execute(f"PRAGMA application_id = {application_id}")
        connection.execute("CREATE TABLE IF NOT EXISTS t (x)")
    connection.close()


def _stranger(s):
    s.write(s.file, DATABASE)
    for application_id in (1, 2):
        _database(s, application_id)
        said = s.good("connect", "--once", s.file, "my db")
    return said


def _desk_of(s):
    s.write(s.file, f'schema_version = 1\nid = "{ID}"\nname = "small"\n')
    s.good("key", "new")


def _is_known(s, _said):
    assert "another server" not in s.good("connect", "--once", s.file, "my db")


def _not_opened(s):
    """Restore a session that is not trusted, and whose connection starts with it."""
    started = DATABASE.replace("'app.db'", "'app.db'\nstart = true")
    _tmux(s).write(s.file, f"{started}[[windows]]\nname = 'w'\n")
    _database(s, 1)
    try:
        return s.say("restore", "--no-input", s.file)
    finally:
        _no_server(s)


def _opened(s, hint):
    try:
        return s.type(hint)
    finally:
        s.say("connections", "keep", "--stop", s.file)
        _no_server(s)


def _taken_out(s):
    """Take a connection that was opened once out of the file."""
    s.write(s.file, DATABASE)
    _database(s, 1)
    s.good("connect", "--once", s.file, "my db")
    s.write(s.file, SMALL)
    return s.good("connections", "list", s.file)


CONNECTIONS = [
    Situation(
        "a connection that the file no longer has",
        _taken_out,
        "delete what is stored about that: sessionctl connections forget {}",
        lambda s, said: "no longer" not in s.good("connections", "list", s.file),
    ),
    Situation(
        "a session whose connections may not start",
        _not_opened,
        "sessionctl trust {} && sessionctl restore {}{}",
        lambda s, said: _has(said, "my db"),
        types=_opened,
    ),
    Situation(
        "a session without connections",
        lambda s: [
            s.write(s.file),
            _editor(s, 'printf \'[connections.a]\\ndriver = "sqlite"\\nfile = "x"\\n\' >> "$1"'),
            s.say("connections", "test", s.file, code=2),
        ][2],
        "add one: sessionctl edit {}",
        lambda s, said: _has(s.good("connections", "list", s.file), "sqlite"),
    ),
    Situation(
        "another server than before",
        _stranger,
        "if it is right: sessionctl connect --once --new-server {} {}",
        _is_known,
    ),
    Situation(
        "a state of another server",
        _stranger,
        "or forget the state: sessionctl connections forget {} {}",
        _is_known,
    ),
    Situation(
        "a connection that does not start with its session",
        lambda s: [
            s.write(s.file, DATABASE),
            _database(s, 1),
            s.say("connections", "keep", s.file, "my db", code=2),
        ][2],
        "open it manually: sessionctl connect {} {}",
        lambda s, said: _has(said, "ready"),
        types=lambda s, hint: s.good("connect", "--once", s.file, "my db"),
    ),
    Situation(
        "a session of which no connection starts",
        lambda s: [
            s.write(s.file, DATABASE.replace("'my db'", "db")),
            s.say("connections", "keep", s.file, code=2),
        ][1],
        "name one: sessionctl set {} connections.NAME.start true",
        lambda s, said: _has(s.say("connections", "keep", s.file, code=5), "not trusted"),
        fill={"NAME": "db"},
    ),
    Situation(
        "a file of another program under another name",
        lambda s: [
            s.write(s.file),
            s.write("it's settings", "set -a\nCACHE_URL=redis://cache:6380/2\n"),
            s.say("connections", "import", s.file, "it's settings", code=2),
        ][2],
        "say which: sessionctl connections import --from env {} {}",
        lambda s, said: _has(s.good("connections", "list", s.file), "cache:6380"),
    ),
    Situation(
        "an address with a password",
        lambda s: [
            _desk_of(s),
            s.write(".env", "CACHE_URL=redis://:x-1234567@cache:6380/2\n"),
            s.good("connections", "import", s.file, ".env"),
        ][2],
        "store its password: sessionctl secret set {} {}",
        lambda s, said: _has(s.good("secret", "list", s.file), "cache.password"),
        types=lambda s, hint: s.good("secret", "set", s.file, "cache.password", stdin=b"y-1\n"),
    ),
    Situation(
        "a connection that starts and was not allowed",
        lambda s: [
            s.write(s.file, f"{DATABASE}start = true\n"),
            s.say("connections", "keep", s.file, code=5),
        ][1],
        "review it, then: sessionctl trust {}",
        lambda s, said: _has(s.good("trust", "-n", s.file), "nothing new"),
    ),
]


@parametrize(CONNECTIONS)
def test_a_hint_on_connections_works(situation, stage):
    assert_hint_helps(situation, stage)
