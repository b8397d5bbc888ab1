"""SSH arguments: what a connection of the session file is for the OpenSSH program."""

from __future__ import annotations

import os
import pwd
import shlex
from typing import NamedTuple

from sessionctl.connections.connection_adapter import ConnectionFailure, Failure, FailureKind
from sessionctl.core.session.remote_programs import OPTIONS_OF_THE_USER

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from sessionctl.connections.connection_adapter import ConnectionRequest

_VARIABLE = "${"
"""ssh puts a variable of this machine there, and a forward or a name goes to the other side."""

_KEEP_ALIVE = {"ServerAliveInterval": "2", "ServerAliveCountMax": "2"}
"""A server that is gone is noticed after 6 seconds, whatever asks through the connection."""

FORWARD_KEYS = {"local_forward": "-L", "remote_forward": "-R", "dynamic_forward": "-D"}


class Forward(NamedTuple):
    """A port that leads to the other side, or back: ``key`` is that of the session file."""

    key: str
    spec: str

    @property
    def arguments(self) -> tuple[str, str]:
        """What asks ssh for it."""
        return FORWARD_KEYS[self.key], self.spec

    @property
    def text(self) -> str:
        """The forward in words."""
        return f"{self.key.replace('_', ' ')} {self.spec}"


def forwards_of(settings: Mapping[str, Any]) -> tuple[Forward, ...]:
    """Return the forwards that the session file names."""
    return tuple(Forward(key, spec) for key in FORWARD_KEYS for spec in settings.get(key, ()))


def master_arguments(request: ConnectionRequest, control_path: str) -> list[str]:
    """Return the command of a connection that others go through.

    Raises:
      ConnectionFailure: the settings cannot work, or would run a program.
    """
    settings = request.settings
    asks = bool(request.secrets)
    options = {
        "ControlMaster": "yes",
        "ControlPersist": "no",
        "ExitOnForwardFailure": "yes",
        "RemoteCommand": "none",
        "BatchMode": "no" if asks else "yes",
    }
    if asks:
        options["NumberOfPasswordPrompts"] = "1"
    if asks and "password" not in request.secrets:
        # A question without an answer is an empty password to ssh, and one failure more.
        options |= {"PasswordAuthentication": "no", "KbdInteractiveAuthentication": "no"}
    given = {name.lower() for name in settings.get("options", {})}
    options |= {name: value for name, value in _KEEP_ALIVE.items() if name.lower() not in given}
    argv = ["ssh", "-v", "-N", "-T", "-S", control_path.replace("%", "%%")]
    argv += _as_options(options)
    argv += _login_arguments(request)
    argv += _forward_arguments(settings)
    return [*argv, "--", _host(settings)]


def mux_arguments(control_path: str, *, has_input: bool = False) -> list[str]:
    """Return the beginning of a command that goes through a connection, and nowhere else.

    No configuration is read, and where the connection is gone no new one is made.
    """
    options = {"ControlMaster": "no", "BatchMode": "yes", "ProxyCommand": "false"}
    path = control_path.replace("%", "%%")
    return [
        "ssh",
        "-F",
        os.devnull,
        "-S",
        path,
        *_as_options(options),
        "-T",
        *([] if has_input else ["-n"]),
    ]


def shell_arguments(request: ConnectionRequest) -> tuple[str, ...]:
    """Return the command that opens the same connection in a terminal.

    Raises:
      ConnectionFailure: the settings cannot work, or would run a program.
    """
    settings = request.settings
    argv = ["ssh", *_login_arguments(request), *_forward_arguments(settings)]
    remote = _remote_line(settings)
    if remote:
        argv.append("-t")
    return (*argv, "--", _host(settings), *([remote] if remote else ()))


def _forward_arguments(settings: Mapping[str, Any]) -> Iterator[str]:
    for forward in forwards_of(settings):
        if _VARIABLE in forward.spec:
            raise _wrong(forward.key, f"{forward.text}: a variable is not taken in a forward")
        yield from forward.arguments


def _login_arguments(request: ConnectionRequest) -> list[str]:
    settings = request.settings
    argv = [*_config_arguments(request.home)]
    for key, flag in (("port", "-p"), ("user", "-l"), ("jump", "-J")):
        if key in settings:
            value = str(settings[key])
            if value.startswith("-"):
                raise _wrong(key, f"{key} begins with a dash")
            argv += [flag, value]
    if "identity_file" in settings:
        path = _path(request, settings["identity_file"])
        if not os.path.exists(path):  # noqa: PTH110
            raise _wrong("identity_file", f"{settings['identity_file']}: no such file")
        argv += ["-i", path]
    if settings.get("forward_agent"):
        argv.append("-A")
    return argv + _as_options(dict(_own_options(request)))


def _own_options(request: ConnectionRequest) -> Iterator[tuple[str, str]]:
    """Yield the options of the session file, none that is for the user's own configuration."""
    settings = request.settings
    for name, value in settings.get("options", {}).items():
        text = ("yes" if value else "no") if isinstance(value, bool) else str(value)
        is_refused = name.lower() in OPTIONS_OF_THE_USER or not name.isalnum() or _VARIABLE in text
        if is_refused or (name.lower() == "userknownhostsfile" and _is_other_file(request, text)):
            hints = (f"write it into ~/.ssh/config, below: Host {_host(settings)}",)
            raise _wrong(
                f"options.{name}",
                f"the option {name} is not taken from a session file"
                if name.lower() != "userknownhostsfile"
                else f"{text}: only a file named known_hosts is taken: ssh may write to it",
                hints=hints,
            )
        yield name, text


def _is_other_file(request: ConnectionRequest, text: str) -> bool:
    """Return whether ssh could add host keys to a file that is not for them."""
    try:
        paths = shlex.split(text)
    except ValueError:
        return True
    real = [os.path.realpath(_path(request, path)) for path in paths]
    return "%" in text or any(
        "known_hosts" not in os.path.basename(path)  # noqa: PTH119
        and path not in (os.devnull, os.path.join(request.directory, "none"))  # noqa: PTH118
        for path in real
    )


def _as_options(options: Mapping[str, str]) -> list[str]:
    return [word for name, value in options.items() for word in ("-o", f"{name}={value}")]


def _config_arguments(home: str) -> Iterator[str]:
    """Yield what makes ssh read the files in ``home``: it takes the user database's word else."""
    try:
        if os.path.samefile(home, pwd.getpwuid(os.getuid()).pw_dir):  # noqa: PTH121
            return
    except (OSError, KeyError):
        pass
    config, hosts = (os.path.join(home, ".ssh", name) for name in ("config", "known_hosts"))  # noqa: PTH118
    if os.path.exists(config):  # noqa: PTH110
        yield from ("-F", config)
    if os.path.exists(hosts):  # noqa: PTH110
        yield from ("-o", f'UserKnownHostsFile="{hosts}"')


def _host(settings: Mapping[str, Any]) -> str:
    host = str(settings["host"])
    if host.startswith("-"):
        raise _wrong("host", "the host begins with a dash")
    return host


def _remote_line(settings: Mapping[str, Any]) -> str:
    """Return the line for the shell of the other side, "" for the login shell alone."""
    run = settings.get("run", "")
    line = run if isinstance(run, str) else shlex.join(run)
    if "cwd" not in settings:
        return line
    cwd = str(settings["cwd"])
    # The other shell expands a tilde only where it is not quoted.
    head, slash, rest = cwd.partition("/")
    word = f"{head}{slash}{shlex.quote(rest) if rest else ''}" if head == "~" else shlex.quote(cwd)
    return f"cd {word} && {line or 'exec $SHELL -l'}"


def _path(request: ConnectionRequest, text: str) -> str:
    if text == "~" or text.startswith("~/"):
        return request.home + text[1:]
    return os.path.join(request.directory, text)  # noqa: PTH118


def _wrong(key: str, message: str, hints: tuple[str, ...] = ()) -> ConnectionFailure:
    return ConnectionFailure(Failure(FailureKind.CONFIG, message, hints, key=key))
