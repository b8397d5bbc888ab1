"""Redis and Sentinel on loopback."""

from __future__ import annotations

import shutil
import socket
import subprocess

from tests.connections.servers.server_process import HOST, ServerProcess, lacking


def redis_program() -> str:
    return shutil.which("redis-server") or lacking("redis-server is not installed")


def resp(port, *words, secret="", timeout=2):
    """Say one command in plain bytes, and return the first line of the answer."""
    with socket.create_connection((HOST, port), timeout=timeout) as client:
        lines = client.makefile("rb")
        for command in ([["AUTH", secret]] if secret else []) + [list(words)]:
            encoded = [str(word).encode() for word in command]
            parts = [b"$%d\r\n%b\r\n" % (len(word), word) for word in encoded]
            client.sendall(b"*%d\r\n%b" % (len(parts), b"".join(parts)))
            answer = lines.readline()
        return answer.decode().strip()


class RedisServer(ServerProcess):
    """A server; ``settings`` are those of redis.conf, each a word or several."""

    kind = "redis"

    def __init__(self, secret="", **settings):
        self.program = redis_program()
        super().__init__()
        self.secret = secret
        self.settings = settings
        self.is_sentinel = False

    @property
    def socket(self):
        """Its Unix socket."""
        return str(self.directory / "redis.sock")

    def argv(self):
        settings = {
            "bind": HOST,
            "port": self.port,
            "save": '""',
            "appendonly": "no",
            "dir": self.directory,
            "unixsocket": self.socket,
            "loglevel": "verbose",
            **({"requirepass": self.secret} if self.secret else {}),
            **self.settings,
        }
        lines = [f"{key.replace('_', '-')} {value}\n" for key, value in settings.items()]
        file = self.directory / "redis.conf"
        file.write_text("".join(lines))
        return [self.program, str(file)]

    def is_ready(self):
        try:
            answer = self.say("PING")
        except (OSError, ValueError):
            return False
        return answer in ("+PONG", "-NOAUTH Authentication required.")

    def say(self, *words):
        """Say one command as the default user, and return the first line of the answer."""
        return resp(self.port, *words, secret=self.secret)


class SentinelServer(RedisServer):
    """A Sentinel that watches ``master`` under the name "main" and alone decides on a failover."""

    kind = "sentinel"

    def __init__(self, master: RedisServer):
        super().__init__()
        self.master = master

    def argv(self):
        file = self.directory / "sentinel.conf"
        if not file.exists():
            file.write_text(
                f"port {self.port}\nbind {HOST}\ndir {self.directory}\n"
                f"sentinel monitor main {HOST} {self.master.port} 1\n"
                "sentinel down-after-milliseconds main 500\n"
                "sentinel failover-timeout main 3000\n"
            )
        return [self.program, str(file), "--sentinel"]


def certificates(directory):
    """Make an authority and a certificate for 127.0.0.1; return the settings of a TLS server."""
    if shutil.which("openssl") is None:
        lacking("openssl is not installed")
    key, certificate = directory / "server.key", directory / "server.crt"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
         "-nodes", "-days", "2",
         "-keyout", key, "-out", certificate, "-subj", "/CN=localhost",
         "-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost"],
        check=True, capture_output=True,
    )  # fmt: skip
    return key, certificate
