"""Kernel file: where a kernel listens, as its connection file says."""

from __future__ import annotations

import json
import os
import sys
from typing import NamedTuple

from sessionctl.connections.connection_adapter import ConnectionFailure, Failure, FailureKind
from sessionctl.core.secrets.secret import Secret

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.connections.connection_adapter import ConnectionRequest

CHANNELS = ("shell", "iopub", "control", "hb")
_MOST_BYTES = 1 << 16


class KernelFile(NamedTuple):
    """What a connection file says; its key is shown nowhere."""

    path: str
    endpoints: dict[str, str]
    key: Secret
    scheme: str
    name: str
    place: str


def path_of(request: ConnectionRequest) -> str:
    """Return the connection file's path: a bare name is one in Jupyter's runtime directory."""
    text = str(request.settings["connection_file"])
    if text.startswith("~/"):
        return request.home + text[1:]
    beside = os.path.join(request.directory, text)  # noqa: PTH118
    if "/" in text or os.path.exists(beside):  # noqa: PTH110
        return beside
    return os.path.join(_runtime_directory(request), text)  # noqa: PTH118


def read_kernel_file(path: str, *, was_open: bool) -> KernelFile:
    """Return what the file at ``path`` says.

    A kernel that ends takes its file away: one that ``was_open`` may come back.

    Raises:
      ConnectionFailure: it is not there, or is no connection file.
    """
    try:
        with open(path, "rb") as stream:  # noqa: PTH123
            found = json.loads(stream.read(_MOST_BYTES))
        return _kernel_file(path, found)
    except FileNotFoundError:
        kind = FailureKind.TRANSIENT if was_open else FailureKind.CONFIG
        hints = (
            "name the file of a kernel that runs; 'jupyter --runtime-dir' says where they are",
        )
        failure = Failure(kind, f"{path}: no such file", hints, key="connection_file")
    except OSError as error:
        reason = (error.strerror or "cannot be read").lower()
        failure = Failure(FailureKind.CONFIG, f"{path}: {reason}", key="connection_file")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        # One that is written just now is not complete.
        kind = FailureKind.TRANSIENT if was_open else FailureKind.CONFIG
        failure = Failure(kind, f"{path}: not a connection file of a kernel", key="connection_file")
    raise ConnectionFailure(failure) from None


def _kernel_file(path: str, found: dict[str, object]) -> KernelFile:
    transport, ip = str(found.get("transport", "tcp")), str(found["ip"])
    if transport not in ("tcp", "ipc"):
        raise ValueError(transport)
    endpoints = {}
    for channel in CHANNELS:
        port = found[f"{channel}_port"]
        if type(port) is not int:
            raise TypeError
        host = f"[{ip}]" if ":" in ip else ip
        endpoints[channel] = f"ipc://{ip}-{port}" if transport == "ipc" else f"tcp://{host}:{port}"
    place = ip if transport == "ipc" else endpoints["shell"].removeprefix("tcp://")
    return KernelFile(
        path,
        endpoints,
        Secret(str(found["key"])),
        str(found.get("signature_scheme", "hmac-sha256")),
        str(found.get("kernel_name", "")),
        place,
    )


def _runtime_directory(request: ConnectionRequest) -> str:
    """Return the directory that Jupyter takes, by its own rules."""
    environ, home = request.environ, request.home
    if "JUPYTER_RUNTIME_DIR" in environ:
        return environ["JUPYTER_RUNTIME_DIR"]
    if "JUPYTER_DATA_DIR" in environ:
        data = environ["JUPYTER_DATA_DIR"]
    elif sys.platform == "darwin":
        data = f"{home}/Library/Jupyter"
    else:
        data = f"{environ.get('XDG_DATA_HOME') or f'{home}/.local/share'}/jupyter"
    return f"{data}/runtime"
