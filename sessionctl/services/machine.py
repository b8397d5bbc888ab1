"""Machine: what is known of this machine and its user."""

from __future__ import annotations

# pathlib costs start-up: plain os calls here.
# ruff: noqa: PTH100, PTH113, PTH118, PTH119, PTH120
import os
import sys

from sessionctl.core.named_tuple import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from pwd import struct_passwd

_PROGRAM = "sessionctl"
_COLUMN_DIGITS = 4
# The order of Python's getpass.
_USER_VARIABLES = ("LOGNAME", "USER", "LNAME", "USERNAME")


class Machine(NamedTuple):
    """This machine and its user, as one process knows them; read once, then handed down.

    ``environ`` is the environment. ``host`` and ``os_name`` (as ``sys.platform``) are what
    the overrides of a session ask about. ``python`` is the version of this Python,
    ``executable`` its file, and ``started_as`` the first word of the command line.

    All else follows from these when it is asked for. A directory is None where the user
    has no home directory; none of them needs to be there.
    """

    environ: Mapping[str, str]
    os_name: str = sys.platform
    host: str = ""
    user_id: int = 0
    python: tuple[int, ...] = tuple(sys.version_info[:3])
    executable: str = sys.executable
    started_as: str = ""

    # -- directories -----------------------------------------------------------------------

    @property
    def home(self) -> str | None:
        """The home directory of the user."""
        given = self.environ.get("HOME")
        if not given:
            account = self._account
            given = account.pw_dir if account is not None else ""
        return given if given.startswith("/") else None

    @property
    def config_home(self) -> str | None:
        """The directory where programs keep the settings of this user."""
        given = self.environ.get("XDG_CONFIG_HOME", "")
        return given if given.startswith("/") else self._below_home(".config")

    @property
    def config(self) -> str | None:
        """The directory of the user's settings of sessionctl."""
        return self._own_directory("XDG_CONFIG_HOME", ".config", "user_config_dir")

    @property
    def state(self) -> str | None:
        """The directory of what sessionctl keeps for itself."""
        return self._own_directory("XDG_STATE_HOME", ".local/state", "user_state_dir")

    @property
    def cache(self) -> str | None:
        """The directory of what may be deleted at any time."""
        return self._own_directory("XDG_CACHE_HOME", ".cache", "user_cache_dir")

    @property
    def runtime(self) -> str | None:
        """The directory of sockets and of what lasts as long as a login."""
        given = self.environ.get("XDG_RUNTIME_DIR", "")
        if given.startswith("/"):
            return f"{given.rstrip('/')}/{_PROGRAM}"
        state = self.state
        return None if state is None else f"{state}/run"

    @property
    def runtime_places(self) -> tuple[str, ...]:
        """The directory of sockets, and others for where that one cannot be used."""
        state = self.state
        shared = self.environ.get("TMPDIR", "")
        shared = shared if shared.startswith("/") else "/tmp"  # noqa: S108 - private below it
        places = [
            self.runtime,
            None if state is None else f"{state}/run",
            f"{shared.rstrip('/')}/{_PROGRAM}-{self.user_id}",
        ]
        return tuple(dict.fromkeys(place for place in places if place is not None))

    @property
    def own_places(self) -> tuple[str, ...]:
        """The directories of sessionctl's own files, in which no session of the user is.

        Where settings and state share a directory, as on macOS, only what holds texts counts.
        """
        state = self.state
        if state is not None and state == self.config:
            state = f"{state}/documents"
        return tuple(one for one in (state, self.cache, *self.runtime_places) if one is not None)

    def _own_directory(self, variable: str, below_home: str, function: str) -> str | None:
        # The rule of the XDG base directories in three lines: importing platformdirs costs
        # more than an edit may take. Elsewhere the places are other ones, and it knows them.
        if self.os_name != "linux":
            import platformdirs

            return str(getattr(platformdirs, function)(_PROGRAM))
        given = self.environ.get(variable, "")
        if given.startswith("/"):
            return f"{given.rstrip('/')}/{_PROGRAM}"
        return self._below_home(f"{below_home}/{_PROGRAM}")

    def _below_home(self, path: str) -> str | None:
        home = self.home
        return None if home is None else f"{home.rstrip('/')}/{path}"

    # -- the user ----------------------------------------------------------------------------

    @property
    def user(self) -> str:
        """The name of the user, "" if missing."""
        for variable in _USER_VARIABLES:
            if self.environ.get(variable):
                return self.environ[variable]
        account = self._account
        return account.pw_name if account is not None else ""

    @property
    def named_editor(self) -> str:
        """The editor that the environment names, with its options, or ""."""
        return self.environ.get("VISUAL") or self.environ.get("EDITOR") or ""

    @property
    def columns(self) -> int | None:
        """The width of the terminal that the user asks for."""
        columns = self.environ.get("COLUMNS", "")
        is_number = columns.isascii() and columns.isdigit() and len(columns) <= _COLUMN_DIGITS
        return (int(columns) or None) if is_number else None

    @property
    def _account(self) -> struct_passwd | None:
        import pwd

        try:
            return pwd.getpwuid(self.user_id)
        except KeyError:  # a container often runs as a number that has no name
            return None

    # -- programs ------------------------------------------------------------------------------

    def find(self, program: str) -> str | None:
        """Return the file that ``program`` is on PATH, None if missing."""
        from sessionctl.system.process import find_program

        return find_program(program, self.environ.get("PATH"))

    @property
    def program(self) -> str | None:
        """The program ``sessionctl`` of this Python, None if missing."""
        beside = os.path.join(os.path.dirname(self.executable), _PROGRAM)
        for file in (self.started_as, beside):
            if os.path.basename(file) == _PROGRAM and os.path.isfile(file):
                return os.path.abspath(file)
        return None

    @property
    def restart_argv(self) -> tuple[str, ...]:
        """How to start this sessionctl again."""
        file = self.started_as
        is_program = os.path.isfile(file) and os.access(file, os.X_OK)
        if os.path.basename(file) == _PROGRAM and is_program:
            return (os.path.abspath(file),)
        return (self.executable, "-m", _PROGRAM)


def read_machine(environ: Mapping[str, str]) -> Machine:
    """Return the machine that this process runs on, with its environment."""
    return Machine(environ, host=os.uname().nodename, user_id=os.getuid(), started_as=sys.argv[0])
