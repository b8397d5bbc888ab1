"""The program that each kind of connection prints: all its words, and who has its secrets."""

from __future__ import annotations

import pytest

from sessionctl.connections import ConnectionRequest, Secret
from sessionctl.connections.jupyter.jupyter_adapter import JupyterAdapter
from sessionctl.connections.redis.redis_adapter import RedisAdapter
from sessionctl.connections.sqlite.sqlite_adapter import SqliteAdapter
from sessionctl.connections.ssh.ssh_adapter import SshAdapter
from sessionctl.connections.ssh.ssh_arguments import master_arguments, mux_arguments
from tests.together import together


def printed(adapter, settings, secrets=()):
    values = {key: Secret("hidden") for key in secrets}
    return adapter.command(ConnectionRequest("c", settings, values, "/s", "/h", {}, "/x"))


REDIS = ("redis-cli", "-h", "h", "-p", "7")
AUTH = {"REDISCLI_AUTH": "password"}
WHERE = {"host": "h", "port": 7}


@together(
    "settings, secrets, argv, variables",
    [
        (WHERE, (), REDIS, {}),
        ({}, (), ("redis-cli", "-h", "localhost", "-p", "6379"), {}),
        (WHERE, ("password",), REDIS, AUTH),
        (WHERE, ("sentinel_password",), REDIS, {}),
        ({"socket": "r.sock", "database": 0}, (), ("redis-cli", "-s", "/s/r.sock"), {}),
        ({"socket": "~/r.sock"}, (), ("redis-cli", "-s", "/h/r.sock"), {}),
        (WHERE | {"database": 5, "user": "ada", "protocol": 3}, (),
         (*REDIS, "-n", "5", "--user", "ada", "-3"), {}),
        (WHERE | {"protocol": 2}, (), REDIS, {}),
        (WHERE | {"tls_ca": "ca.pem"}, (), REDIS, {}),
        (WHERE | {"tls": True, "tls_ca": "ca.pem", "tls_cert": "~/c.pem", "tls_key": "/k.pem"}, (),
         (*REDIS, "--tls", "--cacert", "/s/ca.pem", "--cert", "/h/c.pem", "--key", "/k.pem"), {}),
        (WHERE | {"tls": True, "tls_verify": True}, (), (*REDIS, "--tls"), {}),
        (WHERE | {"tls": True, "tls_verify": False}, (), (*REDIS, "--tls", "--insecure"), {}),
    ],
    ids=str,
)  # fmt: skip
def test_redis_cli(settings, secrets, argv, variables):
    assert printed(RedisAdapter(), settings, secrets) == (argv, {}, variables)


@together(
    "settings, script",
    [
        ({"sentinels": ["s:1", "t:2"]},
         "set -- $(env -u REDISCLI_AUTH redis-cli -h s -p 1 --raw SENTINEL"
         ' GET-MASTER-ADDR-BY-NAME mymaster) && exec redis-cli -h "$1" -p "$2"'),
        ({"sentinels": ["s"], "master": "a b", "database": 2, "user": "a b"},
         "set -- $(env -u REDISCLI_AUTH redis-cli -h s -p 26379 --raw SENTINEL"
         """ GET-MASTER-ADDR-BY-NAME 'a b') && exec redis-cli -h "$1" -p "$2" -n 2"""
         " --user 'a b'"),
    ],
    ids=str,
)  # fmt: skip
def test_redis_cli_at_the_master_that_sentinels_name(settings, script):
    found = printed(RedisAdapter(), settings, ("password",))
    assert found == (("sh", "-c", script), {}, AUTH)


@together(
    "settings, words",
    [
        ({"file": "a.db"}, ("/s/a.db",)),
        ({"file": "~/a.db"}, ("/h/a.db",)),
        ({"file": "~"}, ("/h",)),
        ({"file": "../x/./a.db", "readonly": True}, ("-readonly", "/x/a.db")),
        ({"file": "a.db", "readonly": False, "attach": {"b": "o'b.db", 'c"d': "~/c.db"}},
         ("-cmd", "ATTACH DATABASE '/s/o''b.db' AS \"b\"",
          "-cmd", "ATTACH DATABASE '/h/c.db' AS \"c\"\"d\"", "/s/a.db")),
        ({"file": "a.db", "pragmas": {"foreign_keys": True, "cache_size": -5, "encoding": "a'b"}},
         ("-cmd", "PRAGMA foreign_keys = 1", "-cmd", "PRAGMA cache_size = -5",
          "-cmd", "PRAGMA encoding = 'a''b'", "/s/a.db")),
    ],
    ids=str,
)  # fmt: skip
def test_sqlite3(settings, words):
    assert printed(SqliteAdapter(), settings) == (("sqlite3", *words), {}, {})


@together(
    "settings, found",
    [
        ({"connection_file": "/r/k.json"}, "/r/k.json"),
        ({"connection_file": "~/k.json"}, "/h/k.json"),
        ({"connection_file": "a/k.json"}, "/s/a/k.json"),
    ],
    ids=str,
)
def test_jupyter_console(settings, found):
    argv = ("jupyter", "console", "--existing", found)
    assert printed(JupyterAdapter(), settings) == (argv, {}, {})


PSQL = "host=h port=7"


@together(
    "settings, secrets, argv, environ, variables",
    [
        ({}, (), ("psql",), {}, {}),
        (WHERE, (), ("psql", PSQL), {}, {}),
        (WHERE, ("password",), ("psql", PSQL), {}, {"PGPASSWORD": "password"}),
        (WHERE | {"user": "ada", "database": "my db", "sslmode": "require"}, (),
         ("psql", "host=h port=7 user=ada dbname='my db' sslmode=require"), {}, {}),
        (WHERE | {"search_path": ["app", "Odd Name"]}, (), ("psql", PSQL),
         {"PGOPTIONS": '-csearch_path=app,\\ "Odd\\ Name"'}, {}),
    ],
    ids=str,
)  # fmt: skip
def test_psql(settings, secrets, argv, environ, variables):
    pytest.importorskip("psycopg")
    from sessionctl.connections.postgres.postgres_adapter import PostgresAdapter

    found = printed(PostgresAdapter(), settings, secrets)
    assert found == (argv, environ, variables)


@together(
    "settings, words",
    [
        ({}, ("--", "h")),
        ({"port": 2222, "user": "ada", "jump": "j", "forward_agent": True, "cwd": "/w x",
          "run": ["vim", "a b"]},
         ("-p", "2222", "-l", "ada", "-J", "j", "-A", "-t", "--", "h",
          "cd '/w x' && vim 'a b'")),
        ({"port": 22, "forward_agent": False, "run": "top -d 1"},
         ("-p", "22", "-t", "--", "h", "top -d 1")),
    ],
    ids=str,
)  # fmt: skip
def test_ssh(settings, words):
    assert printed(SshAdapter(), {"host": "h", **settings}) == (("ssh", *words), {}, {})


BEGIN = (
    "ssh", "-v", "-N", "-T", "-S", "/x/a%%b", "-o", "ControlMaster=yes", "-o",
    "ControlPersist=no", "-o", "ExitOnForwardFailure=yes", "-o", "RemoteCommand=none",
)  # fmt: skip
ALIVE = ("-o", "ServerAliveInterval=2", "-o", "ServerAliveCountMax=2")


@together(
    "settings, secrets, words",
    [
        ({}, (), (*BEGIN, "-o", "BatchMode=yes", *ALIVE, "--", "h")),
        ({}, ("password",),
         (*BEGIN, "-o", "BatchMode=no", "-o", "NumberOfPasswordPrompts=1", *ALIVE, "--", "h")),
        ({}, ("passphrase",),
         (*BEGIN, "-o", "BatchMode=no", "-o", "NumberOfPasswordPrompts=1",
          "-o", "PasswordAuthentication=no", "-o", "KbdInteractiveAuthentication=no",
          *ALIVE, "--", "h")),
        ({"options": {"serveraliveinterval": "9"}, "run": "top", "user": "ada",
          "local_forward": ["1:a:2"], "remote_forward": ["3:b:4"], "dynamic_forward": ["5"]}, (),
         (*BEGIN, "-o", "BatchMode=yes", *ALIVE[2:], "-l", "ada", "-o", "serveraliveinterval=9",
          "-L", "1:a:2", "-R", "3:b:4", "-D", "5", "--", "h")),
    ],
    ids=str,
)  # fmt: skip
def test_the_ssh_that_others_go_through(settings, secrets, words):
    values = {key: Secret("hidden") for key in secrets}
    asked = ConnectionRequest("c", {"host": "h", **settings}, values, "/s", "/h", {}, "/x")
    assert tuple(master_arguments(asked, "/x/a%b")) == words


def test_what_goes_through_it_reads_no_configuration():
    begin = [
        "ssh", "-F", "/dev/null", "-S", "/x/a%%b", "-o", "ControlMaster=no",
        "-o", "BatchMode=yes", "-o", "ProxyCommand=false", "-T",
    ]  # fmt: skip
    assert mux_arguments("/x/a%b") == [*begin, "-n"]
    assert mux_arguments("/x/a%b", has_input=True) == begin
