"""What an import gives: sessions as plain values."""

from __future__ import annotations

from typing import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.core.values import Table


class Importing(NamedTuple):
    """What is known of the file besides its text.

    ``stem`` is its name without directory and ending, for sessions without a name;
    ``arguments`` and ``settings`` are what its author passes on the command line.
    """

    stem: str = "session"
    home: str = ""
    arguments: tuple[str, ...] = ()
    settings: tuple[tuple[str, str], ...] = ()


class ImportedSession(NamedTuple):
    """A session as the other tool would build it.

    A relative ``root`` in ``value`` starts from the directory of the file; without a
    ``root`` the tool starts where it is run. ``comments`` stood above it.
    """

    value: Table
    comments: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The name of the session."""
        return str(self.value["name"])
