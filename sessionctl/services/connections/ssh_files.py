"""SSH files: which configuration files ssh reads without an option, included ones too."""

from __future__ import annotations

# pathlib costs start-up: plain os calls here.
# ruff: noqa: PTH118, PTH120
import glob
import os

from sessionctl.core.importers.definitions.ssh_sections import read_lines
from sessionctl.errors import SessionctlError
from sessionctl.system.files.text import read_text

_SYSTEM = "/etc/ssh/ssh_config"
_MOST = 256
_LIMIT_BYTES = 1 << 20


def is_read_by_ssh(path: str, home: str) -> bool:
    """Return whether ssh takes ``path`` into account for a user with this home."""
    wanted = os.path.realpath(path)
    pending = [(_SYSTEM, os.path.dirname(_SYSTEM))]
    if home:
        own = os.path.join(home, ".ssh")
        pending.insert(0, (os.path.join(own, "config"), own))
    seen: set[str] = set()
    while pending and len(seen) < _MOST:
        file, folder = pending.pop(0)
        real = os.path.realpath(file)
        if real == wanted:
            return True
        if real in seen:
            continue
        seen.add(real)
        pending += [(one, folder) for one in _included(real, folder, home)]
    return False


def _included(file: str, folder: str, home: str) -> list[str]:
    """Return the files that a configuration file includes; what cannot be read has none."""
    try:
        lines = read_lines(read_text(file, limit_bytes=_LIMIT_BYTES))
    except SessionctlError:
        return []
    words = [word for line in lines if line.name == "include" for word in line.words]
    places = [home + word[1:] if word.startswith("~/") else word for word in words]
    return [found for place in places for found in glob.glob(os.path.join(folder, place))]  # noqa: PTH207
