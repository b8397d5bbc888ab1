"""Watcher: what is asked of whoever notices that something happened in a directory."""

from __future__ import annotations

import os
from typing import NamedTuple, Protocol

from sessionctl.system.files.real_names import RealNames

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

_LINKS = 40


class ArmResult(NamedTuple):
    """What came of ``arm``.

    ``renewed`` are the directories that are watched only since now: what happened in them
    before was not noticed. ``failed`` are those that cannot be watched, each with why.
    """

    renewed: frozenset[str]
    failed: dict[str, str]


class Watcher(Protocol):
    """Notices that something happened in directories, not in those below them."""

    def arm(self, directories: Iterable[str]) -> ArmResult:
        """See to it that these directories are watched and no others.

        A watch that died, or whose directory was exchanged for another one, is renewed.
        """
        ...

    def beat(self) -> None:
        """Make an event happen that the watcher has to notice; see ``beats``."""
        ...

    @property
    def beats(self) -> int:
        """How many of the events that ``beat`` made were noticed."""
        ...

    def close(self) -> None:
        """Watch nothing any more; no event comes after this."""
        ...


def watched_names(path: str, real: RealNames | None = None) -> list[str]:
    """Return every path at which the content of ``path`` can be changed, first its own.

    Those are the file and each symlink on the way to it, in directories that are no
    symlinks themselves: that is how events name them. ``real`` is that of a pass over many.
    """
    real = real or RealNames()
    names: list[str] = []
    here = path
    for _ in range(_LINKS):
        here = real.name(here)
        names.append(here)
        if not os.path.islink(here):  # noqa: PTH114
            break
        here = os.path.join(os.path.dirname(here), os.readlink(here))  # noqa: PTH115,PTH118,PTH120
    return names
