"""Session lookup: the file of a session that may run, and the place for one that has none yet."""

from __future__ import annotations

# pathlib costs start-up: plain os calls here.
# ruff: noqa: PTH118
import os

from sessionctl.core.filename import SESSION_SUFFIX
from sessionctl.errors import UsageError
from sessionctl.services.live.standing_marks import StandingMarks
from sessionctl.services.naming.session_names import NamePlaces, SessionNames, file_stem

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.services.live.live_context import LiveContext


class SessionLookup:
    """Where the files of live sessions are looked for, as for every other command.

    ``directory`` is where new ones are made; "" if missing.
    """

    def __init__(self, context: LiveContext, directory: str, here: str = ".") -> None:
        self.context = context
        self.directory = directory
        own = context.machine.own_places
        places = NamePlaces(here, context.store.directory or "", directory, own)
        self.names = SessionNames(places)

    def file_of(self, name: str) -> str | None:
        """Return the file of the session ``name``, or of a snapshot called so; None without.

        Of several that are called so it is the one that the live session was saved into.

        Raises:
          UsageError: there are several, and none of them is that one.
        """
        found = self.names.find(name, is_session=True)
        if len(found) > 1:
            known = self.saved_into(name)
            if known is not None and os.path.realpath(known) in map(os.path.realpath, found):
                return known
            return self.names.require(name, is_session=True)
        return found[0] if found else None

    def saved_into(self, name: str) -> str | None:
        """Return the file that the session ``name`` was last saved into or restored from."""
        return StandingMarks(self.context.store.directory).file_of(name)

    def target_of(self, name: str) -> str | None:
        """Return the file that the live session ``name`` is saved into; None without one.

        That is the one it was saved into before, else one here, else one of the user's own:
        what lies below is not written over because it is called so.
        """
        known = self.saved_into(name)
        if known is not None:
            return known
        places = (self.names.places.here, self.directory)
        files = (os.path.join(place, file_name(name)) for place in places if place)
        return next((os.path.normpath(file) for file in files if os.path.isfile(file)), None)  # noqa: PTH113

    def namesake(self, name: str, file: str) -> str | None:
        """Return another file here that is called as the session ``name`` is; None without."""
        here = os.path.normpath(os.path.join(self.names.places.here, file_name(name)))
        is_other = os.path.isfile(here) and os.path.realpath(here) != os.path.realpath(file)  # noqa: PTH113
        return here if is_other else None

    def new_file(self, name: str) -> str:
        """Return the path of a file for a session that has none yet.

        Raises:
          UsageError: there is no place for it.
        """
        if not self.directory:
            raise UsageError(
                "there is no directory for new session files",
                hints=["name the file: --file FILE", "or set HOME or XDG_CONFIG_HOME"],
            )
        return os.path.join(self.directory, file_name(name))

    def known_names(self) -> list[str]:
        """Return the names under which a session file would be found."""
        return self.names.known()


def file_name(name: str) -> str:
    """Return the name of a file for the session ``name``."""
    return f"{file_stem(name)}{SESSION_SUFFIX}"
