"""Driver registry: kinds of connections by their names, our own and those of other packages."""

from __future__ import annotations

from importlib import import_module

from sessionctl.connections.connection_adapter import API, GROUP
from sessionctl.errors import ToolError, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from importlib.metadata import EntryPoint

    from sessionctl.connections.connection_adapter import ConnectionAdapter

BUILT_IN = {
    "http": "sessionctl.connections.http.http_adapter:HttpAdapter",
    "jupyter": "sessionctl.connections.jupyter.jupyter_adapter:JupyterAdapter",
    "line": "sessionctl.connections.line.line_adapter:LineAdapter",
    "postgres": "sessionctl.connections.postgres.postgres_adapter:PostgresAdapter",
    "redis": "sessionctl.connections.redis.redis_adapter:RedisAdapter",
    "sqlite": "sessionctl.connections.sqlite.sqlite_adapter:SqliteAdapter",
    "ssh": "sessionctl.connections.ssh.ssh_adapter:SshAdapter",
    "zmq-json": "sessionctl.connections.zmq_json.zmq_json_adapter:ZmqJsonAdapter",
}
"""Our own: to find them, nothing is searched. Each is loaded when a connection needs it."""


def connection_adapter(kind: str) -> ConnectionAdapter:
    """Return the adapter for ``driver = kind``; only for one of another package a search begins.

    Raises:
      UsageError: there is none of this name.
      ToolError: it cannot be loaded; the message names the package that brings it.
    """
    target = BUILT_IN.get(kind)
    if target is not None:
        module, _, attribute = target.partition(":")
        adapter: ConnectionAdapter = getattr(import_module(module), attribute)()
        return adapter
    points = [point for point in _foreign() if point.name == kind]
    if not points:
        raise UsageError(
            f"there is no driver {kind}", hints=[f"there are: {', '.join(adapter_kinds())}"]
        )
    if len(points) > 1:
        origins = ", ".join(_origin(point) for point in points)
        raise ToolError(
            f"driver {kind}: {len(points)} packages bring it: {origins}",
            hints=["remove all but one of them"],
        )
    return _loaded(kind, points[0])


def adapter_kinds() -> tuple[str, ...]:
    """Return the names of all drivers, our own first."""
    foreign = {point.name for point in _foreign()} - BUILT_IN.keys()
    return (*sorted(BUILT_IN), *sorted(foreign))


def _loaded(kind: str, point: EntryPoint) -> ConnectionAdapter:
    origin = _origin(point)
    hints = [f"report it to those who make {origin}"]
    try:
        adapter: ConnectionAdapter = point.load()()
    except Exception as error:
        what = f"{type(error).__name__}: {error}"
        raise ToolError(f"driver {kind}: load: {what}", hints=hints) from error
    if getattr(adapter, "api", None) != API:
        found = getattr(adapter, "api", "none")
        raise ToolError(
            f"driver {kind}: expected version {API} of the protocol, got {found}",
            hints=[f"install another version of {origin}"],
        )
    return adapter


def _foreign() -> Iterator[EntryPoint]:
    from importlib.metadata import entry_points

    yield from (point for point in entry_points(group=GROUP) if point.name not in BUILT_IN)


def _origin(point: EntryPoint) -> str:
    dist = point.dist
    return f"{dist.name} {dist.version}" if dist is not None else point.value
