"""Session place: the file of a session or of an instance, and who holds it."""

from __future__ import annotations

# pathlib costs start-up: plain os calls here.
# ruff: noqa: PTH100, PTH118
import os
from typing import NamedTuple

from sessionctl.core.filename import SESSION_SUFFIX
from sessionctl.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.sdk.sessions.instances import InstanceHold
    from sessionctl.services.machine import Machine


_LONGEST = 100


class HostPlace(NamedTuple):
    """The session file of a host; ``hold`` keeps it from other instances, None: they share it."""

    file: str
    hold: InstanceHold | None = None


def find_place(
    machine: Machine,
    app: str,
    *,
    path: str | os.PathLike[str] | None = None,
    session: str = "",
    is_isolated: bool = False,
    adopt: str = "",
) -> HostPlace:
    """Return the file that is asked for.

    Raises:
      UsageError: a name cannot name a file, there is no directory, or an instance cannot be
        adopted.
    """
    check_app(app)
    if is_isolated or adopt:
        if path is not None or session:
            raise UsageError("an isolated instance has a file of its own: no path, no session")
        from sessionctl.sdk.sessions.instances import hold_instance

        hold = hold_instance(machine, app, adopt)
        return HostPlace(hold.file, hold)
    if path is not None:
        if session:
            raise UsageError("give a path or the name of a session, not both")
        return HostPlace(os.path.abspath(os.fspath(path)))
    return HostPlace(session_file(machine, app, session))


def check_app(app: str) -> None:
    """Refuse a name that cannot name a file; raises ``UsageError``."""
    if not app or not _is_plain(app):
        raise UsageError(f'application "{app}": expected a plain name such as "pgdesk"')


def session_file(machine: Machine, app: str, session: str) -> str:
    """Return the file of a session by its name; "" is the one that an application begins with.

    Raises:
      UsageError: the name cannot name a file, or there is no directory for it.
    """
    name = f"{app}.{session}" if session else app
    if "." in session or not _is_plain(session):
        raise UsageError(f'session "{session}": expected a plain name without a dot')
    return os.path.join(sessions_directory(machine), f"{name}{SESSION_SUFFIX}")


def _is_plain(name: str) -> bool:
    """Return whether a file can have this name, on every system."""
    return (
        len(name) <= _LONGEST
        and not name.startswith((".", "-"))
        and name.isprintable()
        and not {*name} & {"/", "\\"}
    )


def sessions_directory(machine: Machine) -> str:
    """Return where the sessions of a user are; raises ``UsageError`` where there is no place."""
    if machine.config is None:
        raise UsageError("there is no directory for sessions", hints=["set HOME"])
    return os.path.join(machine.config, "sessions")
