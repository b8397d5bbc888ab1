"""connections import: what other programs know is added by reference, and passwords never are."""

from __future__ import annotations

import json
import tomllib

import jsonschema
import pytest
from click.testing import CliRunner

from sessionctl.cli.app import app
from sessionctl.core.importers.definitions.connection_definition import DefinitionReading
from sessionctl.core.importers.definitions.definition_kind import read_definitions
from sessionctl.resources import schema_text
from tests.together import together

FILE = "api.session.toml"
SESSION = (
    '# kept\nschema_version = 1\nname   =  "api"\n\n[connections.old]\ndriver = "redis"   # kept\n'
)
CANARY = "c4n4ry-7f3e9d"

PG_SERVICE = f"""\
# services
[prod]
host=db.example.org
port=5433
user=app
password={CANARY}

[stage]
host=stage.example.org
"""
SSH_CONFIG = """\
Include ~/.ssh/more
Host build "my box"
    HostName 10.0.0.1
    ProxyCommand nc %h %p
Host *.example.org !x
Match host y
HOST=gate
"""
ENV = f"""\
# DATABASE_URL=postgres://x
export DATABASE_URL="postgresql://app:{CANARY}@db.example.org:5433/shop?sslmode=require&x=1"
REDIS_URL='rediss://:{CANARY}@cache:6380/2'
CACHE_URL=unix:///run/redis.sock
API_URL=https://user:{CANARY}@api.example.org/v1?token={CANARY}  # a comment
LOCAL_DB_URL=sqlite:///data/app.db
OTHER_URL=mysql://u:{CANARY}@h/d
BROKEN_URL=postgres://h:notaport/x
TOKEN={CANARY}
PATH=/usr/bin
"""
DBEAVER = json.dumps(
    {
        "folders": {},
        "connections": {
            "postgres-jdbc-1": {
                "provider": "postgresql", "driver": "postgres-jdbc", "name": "Shop",
                "configuration": {"host": "db", "port": "5432", "database": "shop",
                                  "url": "jdbc:postgresql://db:5432/shop", "password": CANARY},
            },
            "sqlite-1": {"provider": "generic", "driver": "sqlite_jdbc", "name": "Notes",
                         "configuration": {"database": "/home/ada/notes.db"}},
            "url-1": {"provider": "postgresql", "name": "By URL",
                      "configuration": {"url": f"jdbc:postgresql://u:{CANARY}@h:5/d"}},
            "oracle-1": {"provider": "oracle", "name": "Old", "configuration": {"host": "x"}},
            "broken": 7,
        },
    },
    indent=1,
)  # fmt: skip


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / FILE).write_text(SESSION)
    for name, text in {
        "pg_service.conf": PG_SERVICE, ".ssh/config": SSH_CONFIG, ".env": ENV,
        "data-sources.json": DBEAVER,
    }.items():  # fmt: skip
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def run(*words, code=0):
    done = CliRunner().invoke(app, ["connections", "import", FILE, *words])
    assert done.exit_code == code, done.output
    assert CANARY not in done.output
    return done


def answer(*words, code=0):
    found = json.loads(run(*words, "--json", code=code).stdout)
    schema = json.loads(schema_text("output-connections-import.v1"))
    jsonschema.Draft202012Validator(schema).validate(found)
    return found


def connections(here):
    text = (here / FILE).read_text()
    assert text.startswith(SESSION)  # every byte that was there
    assert CANARY not in text
    assert CliRunner().invoke(app, ["validate", FILE]).exit_code == 0
    return tomllib.loads(text)["connections"]


def test_services_are_added_by_name_alone(here):
    found = answer("pg_service.conf")
    assert [(one["name"], one["line"]) for one in found["added"]] == [("prod", 2), ("stage", 8)]
    assert "stays in the service file" in found["added"][0]["notes"][0]
    assert connections(here)["prod"] == {"driver": "postgres", "service": "prod"}


def test_aliases_of_ssh_are_added_by_name_alone_and_patterns_are_reported(here, monkeypatch):
    monkeypatch.setenv("HOME", str(here))
    found = answer(".ssh/config")
    assert [one["name"] for one in found["added"]] == ["build", "my box", "gate"]
    assert connections(here)["my box"] == {"driver": "ssh", "host": "my box"}
    assert [one["what"] for one in found["left_out"]] == [
        "Include ~/.ssh/more", "Host *.example.org", "Host !x", "Match",
    ]  # fmt: skip


def test_addresses_of_a_dotenv_file_refer_to_secrets_that_are_to_be_stored(here):
    found = answer(".env")
    have = connections(here)
    assert have["database"] == {
        "driver": "postgres", "host": "db.example.org", "port": 5433, "user": "app",
        "password": {"secret": "database.password"}, "database": "shop", "sslmode": "require",
        "options": {"x": "1"},
    }  # fmt: skip
    assert have["redis"] == {
        "driver": "redis", "host": "cache", "port": 6380, "database": 2, "tls": True,
        "password": {"secret": "redis.password"},
    }  # fmt: skip
    assert have["cache"] == {"driver": "redis", "socket": "/run/redis.sock"}
    assert have["api"]["url"] == "https://api.example.org/v1"
    assert have["local_db"] == {"driver": "sqlite", "file": "data/app.db"}
    assert {one["what"]: one["why"] for one in found["left_out"]} == {
        "OTHER_URL": "there is no driver for mysql",
        "BROKEN_URL": "the address cannot be read",
    }


def test_data_sources_of_dbeaver_come_without_passwords(here):
    found = answer("data-sources.json")
    have = connections(here)
    assert have["Shop"] == {"driver": "postgres", "host": "db", "port": 5432, "database": "shop"}
    assert have["Notes"] == {"driver": "sqlite", "file": "/home/ada/notes.db"}
    assert have["By URL"]["host"] == "h" and "password" not in have["By URL"]
    assert {one["what"] for one in found["left_out"]} == {"Old", "broken"}
    assert all(one["line"] > 3 for one in found["added"])


def test_a_dry_run_shows_the_lines_and_writes_nothing(here):
    said = run("-n", "pg_service.conf").output
    assert "+[connections.prod]" in said and "would add prod" in said
    assert (here / FILE).read_text() == SESSION


def test_what_is_there_already_stays_as_it_is(here):
    run("pg_service.conf", "--only", "prod")
    text = (here / FILE).read_text()
    found = answer("pg_service.conf", "--only", "prod", code=1)
    assert found["left_out"][0]["why"] == "it exists already"
    (here / "pg_service.conf").write_text("[old]\n")
    assert (
        answer("pg_service.conf", code=1)["left_out"][0]["why"] == "another connection has its name"
    )
    assert (here / FILE).read_text() == text


def test_a_file_of_another_name_is_known_by_its_text_or_needs_its_kind(here):
    (here / ".env").rename(here / "settings")
    assert answer("-n", "settings") == answer("-n", "--from", "env", "settings")
    (here / "settings").write_text("set -a\n" + (here / "settings").read_text())
    assert f"--from env {FILE} settings" in run("settings", code=2).output
    assert answer("--from", "env", "settings")["added"]
    run("--from", "dbeaver", "pg_service.conf", code=1)
    run("pg_service.conf", "--only", "nobody", code=2)


def test_files_are_found_where_their_programs_look(here, monkeypatch):
    monkeypatch.setenv("HOME", str(here))
    monkeypatch.setenv("PGSERVICEFILE", str(here / "pg_service.conf"))
    found = answer("-n")
    assert [one.rpartition("/")[2] for one in found["sources"]] == [
        "pg_service.conf", "config", ".env",
    ]  # fmt: skip


@together("kind", ["pg_service", "ssh_config", "env"])
@together("text", ["", "=\n[\n[]\n", 'Host\nHost "\n', "\x00\x01=://\n", "A=b:/\n" * 3])
def test_odd_texts_are_no_hindrance(kind, text):
    assert isinstance(read_definitions(kind, text), DefinitionReading)
