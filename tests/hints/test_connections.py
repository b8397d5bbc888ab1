"""Hints on connections: the session has none, another server answers."""

from __future__ import annotations

import sqlite3

from tests.hints.stage import SMALL, Situation, parametrize, play
from tests.hints.test_documents import _editor
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


def _is_known(s, _said):
    assert "another server" not in s.good("connect", "--once", s.file, "my db")


CONNECTIONS = [
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
]


@parametrize(CONNECTIONS)
def test_a_hint_on_connections_works(situation, stage):
    play(situation, stage)
