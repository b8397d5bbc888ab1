"""Films of the mistakes, the secrets and the connections of one session (tests/tui/film.py)."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from sessionctl.connections.connection_adapter import Failure, FailureKind, OpenStep
from sessionctl.connections.keeping.dialling import DialStep
from sessionctl.core.secrets.recipients import Recipient
from sessionctl.core.secrets.sidecar import SidecarEntry
from sessionctl.errors import FileError
from sessionctl.services.board.connection_test import ConnectionVerdict
from sessionctl.services.connections.connection_status import ConnectionStatus
from sessionctl.services.secrets.entries.listing import SecretListing, SecretSummary
from sessionctl.services.secrets.readers.reader_list import Readers, SecretReader
from sessionctl.tui.connections import connections_screen
from sessionctl.tui.connections.connections_screen import ConnectionsScreen
from sessionctl.tui.secrets import secrets_screen
from sessionctl.tui.secrets.secrets_screen import SecretsScreen
from sessionctl.tui.validate.validate_screen import ValidateScreen
from tests.tui.film import filmed
from tests.tui.screens import SESSION

FILE = Path("my api.session.toml")
WRONG = SESSION.replace("layout", "layuot").replace('"type"', '"typed"')
DATABASE = '\n[connections.db]\ndriver = "redis"\n'
WARNED = SESSION.replace('start = "type"', 'needs = ["db"]') + DATABASE
NOW_S = 1_000_000.0
MANY = tuple(f"lost: thing {number}" for number in range(12))


@pytest.fixture(autouse=True)
def _here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def test_mistakes_are_listed_with_their_places_and_looked_at_again():
    FILE.write_text(WRONG)

    def edit(*place):
        places.append(place)
        FILE.write_text(WARNED)
        return 3

    places = []

    async def scenario(pilot, film):
        await film.tick(pilot, "nothing changed")
        await film.press(pilot, "down", "e", "enter")
        FILE.write_text(SESSION)
        await film.tick(pilot, "valid")
        await film.press(pilot, "e")
        FILE.write_text(WRONG + "= 1\n")
        await film.tick(pilot, "not TOML")
        FILE.write_text(WARNED.replace('name = "logs"', 'nmae = "logs"'))
        await film.tick(pilot, "an error and a warning")
        await film.press(pilot, "end")
        FILE.write_text("x = 1\n")
        await film.tick(pilot, "fewer")
        FILE.unlink()
        await film.tick(pilot, "no file")
        await film.tick(pilot, "no file still")
        film.note(f"edited: {places}")
        await film.press(pilot, "question_mark", "q", "d", "q")

    filmed("validate", ValidateScreen, scenario, file=str(FILE), size=(100, 20), edit=edit)


def entry(name, **how):
    return SidecarEntry(name, "armor", **how)


SECRETS = (
    SecretSummary("a", entry("a"), ("connections.db.password",)),
    SecretSummary("b's", entry("b's", is_unsealed=True), ("x.y", "z")),
    SecretSummary("c", entry("c", rotate="2026-01-02"), ()),
    SecretSummary("d", None, ("windows[0].env.D",)),
)
ADA, BOB = Recipient("age1ada", "X25519", "ada"), Recipient("age1bob", "X25519")
READERS = Readers((SecretReader(ADA, is_accepted=True), SecretReader(BOB, is_accepted=False)),
                  "age1vault", is_pending=True, is_used=True)  # fmt: skip


def test_secrets_are_listed_with_what_to_type_and_who_may_read_them(monkeypatch):
    listings = [SECRETS, SECRETS[:1], (), ()]
    readers = [
        READERS, READERS._replace(is_pending=False, is_used=False),
        READERS._replace(recipients=()), FileError(".age-recipients: cannot read"),
    ]  # fmt: skip

    def list_readers(keeper, place):
        found = readers.pop(0)
        if isinstance(found, FileError):
            raise found
        return found

    monkeypatch.setattr(
        secrets_screen, "list_secrets",
        lambda file: SecretListing(file, f"{file} beside", listings.pop(0)),
    )  # fmt: skip
    monkeypatch.setattr(secrets_screen, "list_readers", list_readers)

    async def scenario(pilot, film):
        await film.press(pilot, "down", "down", "down", "up")
        for title in ("one", "none, and no recipients", "none, and no list"):
            screen = SecretsScreen(pilot.app.screen.context, str(FILE))
            await film.show(pilot, title, lambda screen=screen: pilot.app.switch_screen(screen))
        await film.press(pilot, "question_mark", "q", "q")

    environ = {"HOME": os.environ["HOME"], "PATH": "/usr/bin:/bin"}
    filmed("secrets", SecretsScreen, scenario, file=str(FILE), environ=environ)


CONNECTIONS = (
    "".join(
        f'[connections.{name}]\ndriver = "redis"\nhost = "{name}.example"\n' for name in "abcdefgh"
    )
    + '[connections.local]\ndriver = "sqlite"\nfile = "x.db"\ncreate = true\n'
)


def status(name, state, *, reason="", at=None, next_at=None, is_kept=True):
    return ConnectionStatus(name, state, reason, at, next_at, is_kept=is_kept)


STATUSES = [
    status("a", "ready", at=NOW_S - 7), status("b", "degraded", reason="slow"),
    status("c", "connecting", next_at=NOW_S - 1),
    status("d", "failed", at=NOW_S - 90, is_kept=False),
    status("e", "backoff", reason="refused", next_at=NOW_S + 9.9),
    status("f", "idle", is_kept=False), status("g", "idle"),
]  # fmt: skip


def test_connections_are_listed_and_tested_one_at_a_time(monkeypatch):
    FILE.write_text(SESSION + CONNECTIONS)
    monkeypatch.setattr(connections_screen.time, "time", lambda: NOW_S)
    found = [STATUSES]
    monkeypatch.setattr(connections_screen, "connection_statuses", lambda _all, _names: found[0])
    failure = Failure(FailureKind.CONFIG, "no", ())
    verdicts = [
        ConnectionVerdict("a", is_ready=True, server="redis 7", remarks=("lost: x", "for you: y")),
        ConnectionVerdict("a", is_ready=False, failure="no answer", excerpt=("1 | a", "  | ^"),
                          hints=("start it", "wait")),
        FileError("my api.session.toml: cannot read", hints=["look"]),
        ConnectionVerdict("b", is_ready=True, server="redis 7", remarks=MANY),
    ]  # fmt: skip

    def test(_connections, name, watch):
        verdict = verdicts.pop(0)
        watch(DialStep(OpenStep.RESOLVE, 0.0016))
        watch(DialStep(OpenStep.AUTHENTICATE, 1.2, failure))
        if isinstance(verdict, FileError):
            raise verdict
        return verdict

    monkeypatch.setattr(connections_screen, "run_connection_test", test)

    async def scenario(pilot, film):
        await film.press(pilot, "t", "enter", "down", "t", "t", "e")
        found[0] = []
        await film.tick(pilot, "no one keeps them")
        FILE.write_text("= = =\n")
        await film.tick(pilot, "not TOML")
        FILE.write_text(SESSION)
        await film.tick(pilot, "no connections")
        await film.press(pilot, "t", "e", "question_mark", "q")
        screen = ConnectionsScreen(pilot.app.screen.context, str(FILE))
        await film.show(pilot, "another time", lambda: pilot.app.switch_screen(screen))
        screen._testing = "b"
        FILE.write_text(SESSION + CONNECTIONS)
        await film.tick(pilot, "while one is tested")
        await film.press(pilot, "t", "q")

    filmed("connections", ConnectionsScreen, scenario, file=str(FILE), size=(110, 24))
