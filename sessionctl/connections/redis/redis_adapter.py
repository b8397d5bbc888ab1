"""Redis adapter: connections to Redis, by redis-py."""

from __future__ import annotations

import shlex
import time

from sessionctl.connections.connection_adapter import (
    API,
    ConnectionFailure,
    Failure,
    FailureKind,
    Health,
    OpenStep,
    PeerIdentity,
    PrintedCommand,
    ResumeReport,
)
from sessionctl.connections.redis import redis_failure
from sessionctl.connections.redis.server_address import (
    address_of,
    full_path,
    sentinels_of,
)
from sessionctl.connections.schema_table import schema_table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from sessionctl.connections.connection_adapter import ConnectionRequest
    from sessionctl.connections.deadline import Deadline
    from sessionctl.connections.redis.redis_handle import RedisHandle
    from sessionctl.core.values import Table

OLDEST = (5, 0)


class RedisAdapter:
    """Connections to Redis; see ``ConnectionAdapter``."""

    kind = "redis"
    api = API

    def schema(self) -> Table:
        """Return its part of the schema of session files."""
        return schema_table(self.kind)

    def open(
        self, request: ConnectionRequest, deadline: Deadline, step: Callable[[OpenStep], None]
    ) -> RedisHandle:
        """Return an open connection; Sentinels are asked for the server each time."""
        try:
            from sessionctl.connections.redis.opening import open_handle
        except ImportError as error:
            raise ConnectionFailure(redis_failure.classify(error)) from None
        handle = open_handle(request, deadline, step)
        try:
            step(OpenStep.VALIDATE)
            self._check(handle, request, deadline)
        except BaseException:
            handle.close()
            raise
        return handle

    def _check(self, handle: RedisHandle, request: ConnectionRequest, deadline: Deadline) -> None:
        version = self._server(handle, deadline).get("redis_version", "")
        numbers = tuple(int(part) for part in version.split(".")[:2] if part.isdecimal())
        if numbers and numbers < OLDEST and not request.accepts_any_version:
            wanted = ".".join(map(str, OLDEST)) + " or newer"
            message = f"the server is Redis {version}, and {wanted} is wanted"
            kind = FailureKind.INCOMPATIBLE
            raise ConnectionFailure(Failure(kind, message, found=version, wanted=wanted))
        self._check_role(handle, deadline)

    def _check_role(self, handle: RedisHandle, deadline: Deadline) -> None:
        """Refuse a server that Sentinels named and that is the master no more."""
        if handle.master:
            answer = handle.ask(deadline, "ROLE")
            role = answer[0].decode() if isinstance(answer[0], bytes) else str(answer[0])
            if role != "master":
                message = f"{handle.place} is no longer the master: a failover is under way"
                raise ConnectionFailure(Failure(FailureKind.TRANSIENT, message))

    def probe(self, handle: RedisHandle, deadline: Deadline) -> Health:
        """Wait for an answer on each connection; where a command waits, only listen."""
        began_s = time.monotonic()
        subscribed = [each for each in handle.client.subscriptions if each.subscribed]
        is_busy = handle.is_busy
        with handle.bounded(deadline):
            tokens = [(each, each.say_ping()) for each in subscribed]
        if is_busy:
            handle.listen()
        elif handle.master:
            self._check_role(handle, deadline)
        else:
            handle.ask(deadline, "PING")
        for subscription, token in tokens:
            with handle.bounded(deadline):
                subscription.await_pong(token, deadline)
        return Health(is_skipped=is_busy, latency_s=time.monotonic() - began_s)

    def identity(self, handle: RedisHandle, deadline: Deadline) -> PeerIdentity:
        """Return who answers: of a cluster its node, behind Sentinels the name they have for it.

        A single server has nothing that outlives a restart: its key is "".
        """
        said = self._server(handle, deadline)
        key = f"sentinel {handle.master}" if handle.master else ""
        if said.get("redis_mode") == "cluster":
            answer = handle.ask(deadline, "CLUSTER MYID")
            key = f"node {answer.decode() if isinstance(answer, bytes) else answer}"
        version = said.get("redis_version", "")
        text = " ".join(filter(None, ("Redis", version, "on", handle.place)))
        return PeerIdentity(key, text, version, said.get("run_id", ""))

    def _server(self, handle: RedisHandle, deadline: Deadline) -> dict[str, str]:
        import redis

        try:
            answer = handle.ask(deadline, "INFO", "server")
        except redis.exceptions.NoPermissionError:
            return {}
        return {str(key): str(value) for key, value in dict(answer).items()}

    def capture(self, handle: RedisHandle, deadline: Deadline) -> Table:
        """Return database, names and subscriptions, and what could be lost."""
        from sessionctl.connections.redis.client_state import capture

        return capture(handle, deadline)

    def resume(self, handle: RedisHandle, state: Table, deadline: Deadline) -> ResumeReport:
        """Bring back what ``capture`` returned, and say what is lost."""
        from sessionctl.connections.redis.client_state import resume

        return resume(handle, state, deadline)

    def classify(self, error: BaseException) -> Failure:
        """Return what an error means."""
        return redis_failure.classify(error)

    def close(self, handle: RedisHandle) -> None:
        """Close the connection and the subscriptions; never raises."""
        handle.close()

    def command(self, request: ConnectionRequest) -> PrintedCommand:
        """Return a call of redis-cli; the password comes by a variable."""
        settings = request.settings
        more = _cli_options(request)
        variables = {"REDISCLI_AUTH": "password"} if "password" in request.secrets else {}
        sentinels = sentinels_of(settings)
        if sentinels:
            where = ["redis-cli", "-h", sentinels[0].host, "-p", str(sentinels[0].port)]
            name = str(settings.get("master", "mymaster"))
            asking = shlex.join([*where, "--raw", "SENTINEL", "GET-MASTER-ADDR-BY-NAME", name])
            script = (
                f"set -- $(env -u REDISCLI_AUTH {asking}) && "
                f'exec redis-cli -h "$1" -p "$2" {shlex.join(more)}'.rstrip()
            )
            return PrintedCommand(("sh", "-c", script), {}, variables)
        address = address_of(request)
        where = ["-s", address.socket] if address.socket else []
        where = where or ["-h", address.host, "-p", str(address.port)]
        return PrintedCommand(("redis-cli", *where, *more), {}, variables)


def _cli_options(request: ConnectionRequest) -> list[str]:
    settings: Any = request.settings
    words = ["-n", str(settings["database"])] if settings.get("database") else []
    if "user" in settings:
        words += ["--user", str(settings["user"])]
    if settings.get("protocol") == 3:
        words.append("-3")
    if settings.get("tls"):
        words.append("--tls")
        for key, option in (("tls_ca", "--cacert"), ("tls_cert", "--cert"), ("tls_key", "--key")):
            if key in settings:
                words += [option, full_path(request, str(settings[key]))]
        if settings.get("tls_verify", True) is False:
            words.append("--insecure")
    return words
