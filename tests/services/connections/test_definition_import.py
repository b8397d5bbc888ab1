"""Connections of other programs in a session file: what is added, what is left and why."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from sessionctl.errors import DocumentError, UsageError
from sessionctl.services.connections.definition_import import (
    AddedDefinition,
    LeftDefinition,
    plan_definitions,
    usual_sources,
)

SESSION = """\
schema_version = 1
name = "a"  # mine

[connections.same]
driver = "postgres"
service = "same"
connect_timeout = 5

[connections.other]
driver = "redis"
"""
SERVICES = """\
[same]
host=h
port=5433

[other]
host=h

[new]
host=db.example.org
port=5432
user=app
password=hunter2
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "a.session.toml").write_text(SESSION)
    (tmp_path / ".pg_service.conf").write_text(SERVICES)
    return tmp_path


def plan(folder, *sources, **more):
    paths = [str(folder / source) for source in sources]
    return plan_definitions(str(folder / "a.session.toml"), paths, **more)


def refused(error, *arguments, **more):
    with pytest.raises(error) as caught:
        plan(*arguments, **more)
    return caught.value.message, list(caught.value.hints)


def test_what_is_new_is_added_and_what_has_its_name_is_left(folder):
    found = plan(folder, ".pg_service.conf")
    source = str(folder / ".pg_service.conf")
    note = "its password stays in the service file, where libpq reads it"
    assert found.added == (AddedDefinition("new", "postgres", source, 8, (), (note,)),)
    assert found.left == (
        LeftDefinition("same", source, 1, "it exists already"),
        LeftDefinition("other", source, 5, "another connection has its name"),
    )
    after = found.change.new
    assert after.text.startswith(SESSION)
    assert after.value["connections"]["new"] == {"driver": "postgres", "service": "new"}
    assert list(after.value["connections"]) == ["same", "other", "new"]
    assert (found.change.file, found.change.old.text) == (str(folder / "a.session.toml"), SESSION)


def test_a_secret_that_stands_in_a_definition_is_left_out_and_said(folder):
    (folder / ".env").write_text(
        "DATABASE_URL=postgres://app:hunter2-long@db.example.org:5432/shop\nBAD_URL=x://y\n"
    )
    found = plan(folder, ".env")
    [added] = found.added
    assert (added.driver, added.line, added.secrets) == ("postgres", 1, ("database.password",))
    table = found.change.new.value["connections"][added.name]
    assert (table["host"], table["user"], table["database"]) == ("db.example.org", "app", "shop")
    assert "hunter2" not in found.change.new.text


def test_only_what_is_wanted_is_added(folder):
    source = str(folder / ".pg_service.conf")
    found = plan(folder, ".pg_service.conf", only=["same"])
    assert (found.added, len(found.left)) == ((), 1)
    assert found.change.new.text == SESSION
    assert refused(UsageError, folder, ".pg_service.conf", only=["new", "none", "nil"]) == (
        f"there is no connection nil in {source}", ["there are: new, other, same"],
    )  # fmt: skip
    (folder / "empty").write_text("")
    assert refused(UsageError, folder, "empty", kind="pg_service", only=["x"]) == (
        f"there is no connection x in {folder}/empty", [],
    )  # fmt: skip


def test_a_source_that_is_not_understood_is_named_without_its_text(folder):
    (folder / "some file").write_text("hello hunter2\n")
    message, [hint] = refused(UsageError, folder, "some file")
    assert message.startswith(f"{folder}/some file: it is not clear which program it is of: ")
    assert hint == (
        "say which: sessionctl connections import --from env"
        f" {folder}/a.session.toml '{folder}/some file'"
    )
    message, _ = refused(DocumentError, folder, "some file", kind="dbeaver")
    assert message == f"{folder}/some file: it is not JSON, as dbeaver has it"
    (folder / "list.json").write_text("[1]")
    message, _ = refused(DocumentError, folder, "list.json", kind="dbeaver")
    assert message.startswith(f"{folder}/list.json: ")
    assert message.endswith(", as dbeaver has it")
    assert "hunter2" not in message


def test_sources_are_where_other_programs_look_for_them(tmp_path):
    home, here = tmp_path / "home", tmp_path / "here"
    names = [
        home / ".pg_service.conf", home / ".ssh" / "config", here / ".env",
        home / ".local/share/DBeaverData/workspace6/General/.dbeaver/data-sources.json",
    ]  # fmt: skip
    file = str(here / "a.session.toml")
    machine = SimpleNamespace(home=str(home), environ={})
    assert usual_sources(machine, file) == []
    for name in names:
        name.parent.mkdir(parents=True, exist_ok=True)
        name.write_text("")
    assert usual_sources(machine, file) == [str(name) for name in names]
    machine.environ = {"PGSERVICEFILE": str(tmp_path / "none")}
    assert usual_sources(machine, file) == [str(name) for name in names[1:]]
    machine.environ = {"PGSERVICEFILE": str(names[2])}
    assert usual_sources(machine, file)[0] == str(names[2])
    assert usual_sources(SimpleNamespace(home=None, environ={}), file) == [str(names[2])]


def test_an_alias_stays_one_only_where_ssh_reads_the_file(folder):
    own = folder / ".ssh"
    (own / "conf.d").mkdir(parents=True)
    host = "Host {0}\n  HostName {0}.example.org\n"
    (own / "config").write_text(f"Include conf.d/* ~/more none\n{host.format('own')}")
    (own / "conf.d" / "x").write_text(f"Include config\n{host.format('inner')}")
    (folder / "more").symlink_to(own / "linked")
    (own / "linked").write_text(host.format("linked"))
    (folder / "away").write_text(host.format("far"))
    sources = [".ssh/config", ".ssh/conf.d/x", "more", "away"]
    found = plan(folder, *sources, kind="ssh_config", home=str(folder))
    hosts = {
        one.name: found.change.new.value["connections"][one.name]["host"] for one in found.added
    }
    assert hosts == {
        "own": "own", "inner": "inner", "linked": "linked", "far": "far.example.org",
    }  # fmt: skip
    copied = "its settings were copied: ssh does not read this file for it"
    assert [one.notes for one in found.added] == [(), (), (), (copied,)]
    found = plan(folder, ".ssh/config", kind="ssh_config", only=["own"])
    assert found.added[0].notes == (copied,), "without a home ssh reads the system's alone"
