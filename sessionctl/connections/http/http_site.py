"""HTTP site: what the session file says of a service, as addresses, headers and credentials."""

from __future__ import annotations

import os
from base64 import b64encode
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

from sessionctl.connections.connection_adapter import ConnectionFailure, Failure, FailureKind

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from sessionctl.connections.connection_adapter import ConnectionRequest

_PORTS = {"http": 80, "https": 443}
_OF_EVERYBODY = frozenset({"accept", "accept-language", "user-agent"})
"""Headers that another host may see."""


class HttpOrigin(NamedTuple):
    """Where requests go."""

    scheme: str
    host: str
    port: int

    @property
    def text(self) -> str:
        """The address without what is usual."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == _PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{host}{port}"


class HttpAddress(NamedTuple):
    """An origin and what is asked for there."""

    origin: HttpOrigin
    target: str


class HttpSite:
    """A service and how one speaks to it; it prints without secrets."""

    def __init__(self, request: ConnectionRequest) -> None:
        """Read the settings.

        Raises:
          ConnectionFailure: they cannot work.
        """
        settings = request.settings
        self.url = str(settings["url"])
        self.base = address_of(self.url)
        self.has_probe = "probe" in settings
        self.probe = self.address(settings["probe"]) if self.has_probe else self.base
        self.events = self.address(settings["events"]) if "events" in settings else None
        self.is_checked = bool(settings.get("verify", True))
        self.ca_file = _path(request, settings.get("ca_file"))
        self.credential_key = _credential_key(request)
        self._headers = _headers(request)

    @property
    def has_credentials(self) -> bool:
        """Whether requests carry something that only this service may see."""
        return bool(self.credential_key)

    def address(self, path: str) -> HttpAddress:
        """Return the address of a path: from the root where it begins with a slash."""
        base = self.url if self.url.endswith("/") else self.url + "/"
        # Not "//host/path", which leads elsewhere.
        return address_of(urljoin(base, "/" + path.lstrip("/") if path.startswith("/") else path))

    def headers(self, origin: HttpOrigin) -> dict[str, bytes]:
        """Return the headers for an origin; a foreign one sees no credentials."""
        if origin == self.base.origin:
            return dict(self._headers)
        return {k: v for k, v in self._headers.items() if k.lower() in _OF_EVERYBODY}

    def __repr__(self) -> str:
        return f"HttpSite({self.url})"


def address_of(url: str) -> HttpAddress:
    """Return where a URL leads.

    Raises:
      ConnectionFailure: it is none, or has a user or a password in it.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
        host = parts.hostname
    except ValueError:
        raise _wrong("url", "the address is not valid") from None
    if parts.scheme not in _PORTS or not host:
        raise _wrong("url", "the address does not begin with http:// or https:// and a host")
    if not host.isprintable() or " " in host:
        raise _wrong("url", "the host has a character that no host name has")
    if parts.username is not None:
        raise _wrong("url", "the address has a user or a password in it")
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if any(c <= " " or c > "~" for c in target):
        raise _wrong("url", "the address has a character that must be written as %XX")
    return HttpAddress(HttpOrigin(parts.scheme, host, port or _PORTS[parts.scheme]), target)


def _headers(request: ConnectionRequest) -> dict[str, bytes]:
    from sessionctl._version import __version__

    found = {"User-Agent": f"sessionctl/{__version__}".encode(), "Accept": b"*/*"}
    for name, value in request.settings.get("headers", {}).items():
        _put(found, name, str(value).encode(), f"headers.{name}")
    for key, secret in request.secrets.items():
        if key.startswith("headers."):
            _put(found, key.removeprefix("headers."), secret.reveal(), key)
    if "token" in request.secrets:
        _put(found, "Authorization", b"Bearer " + request.secrets["token"].reveal(), "token")
    elif "password" in request.secrets:
        user = str(request.settings.get("user", "")).encode()
        pair = b64encode(user + b":" + request.secrets["password"].reveal())
        _put(found, "Authorization", b"Basic " + pair, "password")
    return found


def _put(headers: dict[str, bytes], name: str, value: bytes, key: str) -> None:
    """Add a header; the words of http.client for a bad one have its value in them."""
    if not name or not all(c.isalnum() or c in "!#$%&'*+-.^_`|~" for c in name):
        raise _wrong(key, "the name of a header has a character that is not allowed")
    if any((byte < 0x20 and byte != 0x09) or byte == 0x7F for byte in value):
        raise _wrong(key, f"{key}: a header cannot hold a line end or a control character")
    for known in [known for known in headers if known.lower() == name.lower()]:
        del headers[known]
    headers[name] = value


def _credential_key(request: ConnectionRequest) -> str:
    for key in ("token", "password", *request.secrets):
        if key in request.secrets:
            return key
    names: Mapping[str, Any] = request.settings.get("headers", {})
    return next((f"headers.{n}" for n in names if n.lower() in ("authorization", "cookie")), "")


def _path(request: ConnectionRequest, text: Any) -> str | None:
    if not isinstance(text, str):
        return None
    if text.startswith("~/"):
        return request.home + text[1:]
    return os.path.join(request.directory, text)  # noqa: PTH118


def _wrong(key: str, message: str) -> ConnectionFailure:
    return ConnectionFailure(Failure(FailureKind.CONFIG, message, key=key))
