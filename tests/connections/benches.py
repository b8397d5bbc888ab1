"""Benches of our own adapters whose servers are in ``servers``."""

from __future__ import annotations

import struct

from sessionctl.connections.postgres.postgres_adapter import PostgresAdapter
from sessionctl.connections.redis.redis_adapter import RedisAdapter
from sessionctl.testing.adapters import AdapterBench
from tests.connections.adapter_calls import CANARY, request
from tests.connections.servers.postgres_server import PostgresServer
from tests.connections.servers.redis_server import RedisServer
from tests.connections.servers.server_process import HOST


class ServerBench(AdapterBench):
    """A bench whose server is a ``ServerProcess``."""

    def __init__(self, server):
        self.server = server

    def start(self):
        if self.server.process is None:
            self.server.start()

    def kill(self):
        self.server.kill()

    def pause(self):
        self.server.pause()

    def go_on(self):
        self.server.go_on()

    def address(self):
        return (HOST, self.server.port)

    def close(self):
        self.server.remove()


class PostgresBench(ServerBench):
    """A PostgreSQL with a user, its password and a number to count."""

    adapter = PostgresAdapter()
    name = "postgres"

    def __init__(self, template):
        super().__init__(PostgresServer(template))
        self.start()
        self.server.add_user("app", CANARY, "shop")
        self.server.query("CREATE TABLE hits (a int)", "GRANT ALL ON hits TO PUBLIC", dbname="shop")
        self.server.query("CREATE ROLE reader", "GRANT reader TO app")

    def request(self, address, **more):
        table = {"driver": "postgres", "host": address[0], "port": address[1], "user": "app"}
        table |= {"database": "shop"} | more
        return request(table, self.server.directory, {"password": CANARY})

    def change(self, handle):
        for statement in (
            "SET search_path = app, public",
            "SET statement_timeout = '59s'",
            "LISTEN jobs",
            "PREPARE one (int) AS SELECT $1 + 1",
            "CREATE TEMP TABLE scratch (a int)",
            "SELECT pg_advisory_lock(7)",
            "SET ROLE reader",
        ):
            handle.connection.execute(statement)

    def restored(self):
        return {
            "database: shop", "search_path: app, public", "statement_timeout: 59s",
            "role: reader", "LISTEN jobs", "prepared statement one",
        }  # fmt: skip

    def lost(self):
        return {
            "temporary tables: scratch", "advisory locks: 1",
            "notifications that were sent meanwhile: jobs",
        }  # fmt: skip

    def faults(self, handle):
        [row] = handle.connection.execute(
            "SELECT current_database()::text, current_user::text, current_setting('search_path'), "
            "current_setting('statement_timeout'), array(SELECT pg_listening_channels())::text[]"
        ).fetchall()
        wanted = ("shop", "reader", "app, public", "59s", ["jobs"])
        [(answer,)] = handle.connection.execute("EXECUTE one (41)").fetchall()
        faults = [] if row == wanted else [f"{row} is not {wanted}"]
        return faults + ([] if answer == 42 else [f"EXECUTE says {answer}"])

    def count(self, handle):
        handle.connection.execute("INSERT INTO public.hits VALUES (1)")

    def counted(self):
        return self.server.query("SELECT count(*) FROM hits", dbname="shop")[0][0]

    def tls_request(self, address):
        return self.request(address, sslmode="require")

    def speak_as_old(self, client):
        [length] = struct.unpack("!I", client.recv(4, 0x100))
        said = client.recv(length - 4, 0x100)
        if said == struct.pack("!I", 80877103):  # asks for TLS
            client.sendall(b"N")
            [length] = struct.unpack("!I", client.recv(4, 0x100))
            client.recv(length - 4, 0x100)
        client.sendall(b"R" + struct.pack("!II", 8, 0))
        for key, value in (("server_version", "9.2.24"), ("client_encoding", "UTF8")):
            text = f"{key}\0{value}\0".encode()
            client.sendall(b"S" + struct.pack("!I", 4 + len(text)) + text)
        client.sendall(b"K" + struct.pack("!III", 12, 1, 1) + b"Z" + struct.pack("!I", 5) + b"I")
        client.recv(1)


class RedisBench(ServerBench):
    """A Redis with a password and a number to count."""

    adapter = RedisAdapter()
    name = "redis"

    def __init__(self, protocol=2):
        super().__init__(RedisServer(CANARY))
        self.protocol = protocol

    def request(self, address, **more):
        table = {"driver": "redis", "host": address[0], "port": address[1]}
        table |= {"client_name": "desk", "protocol": self.protocol} | more
        return request(table, self.server.directory, {"password": CANARY})

    def change(self, handle):
        handle.client.execute_command("SELECT", 3)
        handle.client.client_setname("other")
        handle.client.execute_command("WATCH", "key")
        handle.subscription.subscribe("news")
        handle.subscription.psubscribe("alerts.*")

    def restored(self):
        return {
            "database: 3", "client name: other", "user: default", f"protocol: {self.protocol}",
            "SUBSCRIBE news", "PSUBSCRIBE alerts.*",
        }  # fmt: skip

    def lost(self):
        return {
            "watched keys (WATCH)", "messages that were published meanwhile: news, alerts.*",
        }  # fmt: skip

    def faults(self, handle):
        faults = []
        if handle.client.client_getname() not in (b"other", "other"):
            faults.append("the name of the client")
        handle.client.execute_command("SET", "mark", "here")
        if self.server.say("EXISTS", "mark") != ":0":
            faults.append("database 0 is used")
        channels = ("news", "alerts.fire")
        unheard = [name for name in channels if self.server.say("PUBLISH", name, "x") != ":1"]
        return faults + [f"nobody hears {name}" for name in unheard]

    def count(self, handle):
        handle.client.incr("hits")

    def counted(self):
        script = "redis.call('select', 3); return tonumber(redis.call('get', 'hits') or 0)"
        return int(self.server.say("EVAL", script, "0").removeprefix(":"))

    def tls_request(self, address):
        return self.request(address, tls=True)

    def speak_as_old(self, client):
        lines = client.makefile("rb")
        while (line := lines.readline()).startswith(b"*"):
            words = []
            for _ in range(int(line[1:])):
                lines.readline()
                words.append(lines.readline().strip().upper())
            if words[0] == b"INFO":
                said = b"# Server\r\nredis_version:2.8.24\r\n"
                client.sendall(b"$%d\r\n%b\r\n" % (len(said), said))
            else:
                client.sendall(b"+OK\r\n")
