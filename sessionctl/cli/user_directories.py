"""Places: the user's directories, as the environment names them."""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

_PROGRAM = "sessionctl"


def state_directory(environ: Mapping[str, str]) -> str | None:
    """Return the directory of what sessionctl keeps for itself; None without a home."""
    return _directory(environ, "XDG_STATE_HOME", ".local/state", "user_state_dir")


def config_directory(environ: Mapping[str, str]) -> str | None:
    """Return the directory of the user's settings; None without a home."""
    return _directory(environ, "XDG_CONFIG_HOME", ".config", "user_config_dir")


def runtime_directory(environ: Mapping[str, str]) -> str | None:
    """Return the directory of sockets and of what lasts as long as a login; None without."""
    given = environ.get("XDG_RUNTIME_DIR", "")
    if given.startswith("/"):
        return f"{given.rstrip('/')}/{_PROGRAM}"
    state = state_directory(environ)
    return None if state is None else f"{state}/run"


def home_directory(environ: Mapping[str, str]) -> str | None:
    """Return the user's home directory, None without one."""
    home = environ.get("HOME") or os.path.expanduser("~")  # noqa: PTH111
    return home if home.startswith("/") else None


def _directory(
    environ: Mapping[str, str], variable: str, below_home: str, function: str
) -> str | None:
    # The rule of the XDG base directories in three lines: importing platformdirs costs
    # more than an edit may take. Elsewhere the places are other ones, and it knows them.
    if sys.platform != "linux":
        import platformdirs

        return str(getattr(platformdirs, function)(_PROGRAM))
    given = environ.get(variable, "")
    if given.startswith("/"):
        return f"{given.rstrip('/')}/{_PROGRAM}"
    home = home_directory(environ)
    return None if home is None else f"{home.rstrip('/')}/{below_home}/{_PROGRAM}"
