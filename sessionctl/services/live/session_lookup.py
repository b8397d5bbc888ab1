"""Session lookup: the file of a session by its name, and the session that is meant."""

from __future__ import annotations

# pathlib costs start-up: plain os calls here.
# ruff: noqa: PTH113, PTH118
import os
import re

from sessionctl.core.filename import SESSION_SUFFIX, is_session_name
from sessionctl.core.leftover import is_leftover
from sessionctl.core.text.source import visible
from sessionctl.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sessionctl.services.live.live_context import LiveContext

_NOT_IN_FILES = re.compile(r"[/\\\x00-\x1f\x7f]|^[.-]")
_LONGEST = 100


class SessionLookup:
    """Where session files are looked for: what is remembered, here, and the user's directory.

    ``directory`` is where new ones are made; "" where there is none.
    """

    def __init__(self, context: LiveContext, directory: str, here: str = ".") -> None:
        self.context = context
        self.directory = directory
        self.here = here

    def file_of(self, name: str) -> str | None:
        """Return the file of the session ``name``, or of a snapshot called so; None without.

        A path, or the name of a session file, is that file.
        """
        if "/" in name or is_session_name(name):
            return name
        from sessionctl.services.live.standing_marks import StandingMarks

        known = StandingMarks(self.context.store.directory).file_of(name)
        if known is not None:
            return known
        places = (self.here, self.directory)
        files = (os.path.join(place, file_name(name)) for place in places if place)
        return next((os.path.normpath(file) for file in files if os.path.isfile(file)), None)

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
        return sorted(set(self._names()))

    def _names(self) -> Iterator[str]:
        for record in self.context.memory.records():
            if os.path.isfile(record.file):
                yield record.name
        for place in (self.here, self.directory):
            if place and os.path.isdir(place):  # noqa: PTH112
                for name in os.listdir(place):  # noqa: PTH208
                    if name.endswith(SESSION_SUFFIX) and not is_leftover(name):
                        yield name.removesuffix(SESSION_SUFFIX)


def file_name(name: str) -> str:
    """Return the name of a file for the session ``name``."""
    safe = _NOT_IN_FILES.sub("_", name)[:_LONGEST].strip() or "session"
    return f"{safe}{SESSION_SUFFIX}"


def not_found(name: str, known: Sequence[str]) -> UsageError:
    """Return the error that no session file has this name."""
    from difflib import get_close_matches

    near = get_close_matches(name, known, n=1)
    hints = [f"did you mean {near[0]}?"] if near else []
    if known and not near:
        hints = [f"there are: {', '.join(map(visible, known))}"]
    return UsageError(
        f"no session file is known for {visible(name)}",
        hints=[*hints, "name the file, or save the session first: sessionctl save NAME"],
    )
