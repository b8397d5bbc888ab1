"""Conninfo: the table of a connection as the parameters of libpq."""

from __future__ import annotations

from pathlib import Path

from sessionctl.connections.connection_adapter import ConnectionFailure, Failure, FailureKind
from sessionctl.core.regex.lazy_pattern import late

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from sessionctl.connections.connection_adapter import ConnectionRequest

    Parameters = dict[str, str]

_KEYS = {
    "service": "service",
    "host": "host",
    "port": "port",
    "user": "user",
    "database": "dbname",
    "sslmode": "sslmode",
    "application_name": "application_name",
    "target_session_attrs": "target_session_attrs",
}
DEFENCES = {
    "keepalives": "1",
    "keepalives_idle": "2",
    "keepalives_interval": "1",
    "keepalives_count": "3",
    "tcp_user_timeout": "5000",
}
"""With them the kernel notices within five seconds that the other machine is gone."""

_OURS = {**DEFENCES, "client_encoding": "UTF8", "fallback_application_name": "sessionctl"}
_PLAIN = late(r"[a-z_][a-z0-9_]*")
_SECRETS = frozenset({"password", "sslpassword", "oauth_client_secret"})


def parameters(request: ConnectionRequest) -> Parameters:
    """Return what libpq is given, without defaults of ours and without secrets.

    Raises:
      ConnectionFailure: a password that libpq has for one server would go to another.
    """
    settings = request.settings
    if "password" not in request.secrets:
        _refuse_other_server(settings)
    found = {name: str(settings[key]) for key, name in _KEYS.items() if key in settings}
    if hosts := settings.get("hosts"):
        pairs = [host_and_port(each, settings.get("port")) for each in hosts]
        found["host"] = ",".join(host for host, _ in pairs)
        found["port"] = ",".join(port for _, port in pairs)
    if "sslrootcert" in settings:
        found["sslrootcert"] = _authority(request, str(settings["sslrootcert"]))
    for name, value in _options(settings).items():
        found[str(name)] = _libpq(value)
    return found


def with_defences(found: Parameters) -> Parameters:
    """Return ``found`` on top of what is ours."""
    return {**_OURS, **found}


def secrets(request: ConnectionRequest) -> Parameters:
    """Return the parameters that are secret; the caller keeps none of them."""
    found = {}
    for key, secret in request.secrets.items():
        name = key.removeprefix("options.")
        text = secret.text
        if "." not in name and text is not None:
            found[name] = text
    return found


def attempts(found: Parameters) -> list[Parameters]:
    """Return one set of parameters for each host that is named, in their order.

    Without a host there is one set: libpq knows where to go, or a service says so.
    """
    if "host" not in found:
        return [found]
    hosts = found["host"].split(",")
    ports = found.get("port", "").split(",")
    if len(ports) == 1:
        ports *= len(hosts)
    pairs = zip(hosts, ports, strict=False)
    each = [{**found, "host": host, "port": port} for host, port in pairs]
    if found.get("target_session_attrs") != "prefer-standby":
        return each
    # libpq's rule: a standby of all hosts first, then any.
    standby = [{**one, "target_session_attrs": "standby"} for one in each]
    return standby + [{**one, "target_session_attrs": "any"} for one in each]


def public_text(found: Parameters) -> str:
    """Return ``found`` as a connection string without anything secret, for a command."""
    return text({name: value for name, value in found.items() if name not in _SECRETS})


def text(found: Parameters) -> str:
    """Return ``found`` as a connection string."""
    return " ".join(f"{name}={_quoted(value)}" for name, value in found.items() if value != "")


def host_and_port(address: str, default: Any = None) -> tuple[str, str]:
    """Return the two parts of "host:port", "[::1]:port" or a host alone."""
    if address.startswith("["):
        host, _, port = address[1:].partition("]")
        return host, port.removeprefix(":") or str(default or "")
    if address.count(":") == 1:
        host, _, port = address.partition(":")
        return host, port
    return address, str(default or "")


def name_list(names: Any) -> str:
    """Return names of schemas as search_path takes them."""
    return ", ".join(
        name if _PLAIN.fullmatch(name) else '"' + name.replace('"', '""') + '"'
        for name in map(str, names)
    )


def _refuse_other_server(settings: Mapping[str, Any]) -> None:
    """Raise where the password of a service, or of ~/.pgpass, would go to another server."""
    options = _options(settings)
    keys = {key: key for key in ("host", "hosts", "port") if key in settings}
    keys |= {f"options.{key}": key for key in ("host", "port") if key in options}
    keys = keys if "service" in settings or "service" in options else {}
    if "hostaddr" in options:
        keys = {"options.hostaddr": "hostaddr", **keys}
    for key, name in keys.items():
        message = f"{name} would send a password that libpq has for one server to another"
        hints = (
            "write it into pg_service.conf",
            'or give the connection its own: password = { secret = "NAME" }',
        )
        raise ConnectionFailure(Failure(FailureKind.CONFIG, message, hints, key=key))


def _options(settings: Mapping[str, Any]) -> Mapping[str, Any]:
    options = settings.get("options", {})
    return options if isinstance(options, dict) else {}


def _libpq(value: object) -> str:
    return str(int(value)) if isinstance(value, bool) else str(value)


def _authority(request: ConnectionRequest, path: str) -> str:
    if path == "system":  # libpq's word for the authorities of the system
        return path
    is_home = path == "~" or path.startswith("~/")
    return str(Path(request.home, path[2:]) if is_home else Path(request.directory, path))


def check_files(found: Parameters) -> None:
    """Raise ``ConnectionFailure`` where a file is missing: libpq may not get as far as it."""
    path = found.get("sslrootcert", "system")
    if path != "system" and not Path(path).is_file():
        failure = Failure(FailureKind.CONFIG, f"{path}: there is no such file", key="sslrootcert")
        raise ConnectionFailure(failure)


def _quoted(value: str) -> str:
    if value and not any(letter in value for letter in " '\\\t\n"):
        return value
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"
