"""Where tests write: in memory where there is a file system for it, else in the usual place."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

MEMORY = Path("/dev/shm")
_NEEDED_BYTES = 2 << 30


def scratch_root() -> Path:
    """Return the directory for temporary files.

    TMPDIR and PYTEST_DEBUG_TEMPROOT come first. Memory is taken when 2 GB of it are free and
    programs may be started from it: containers often allow neither.
    """
    chosen = os.environ.get("PYTEST_DEBUG_TEMPROOT") or os.environ.get("TMPDIR")
    if chosen:
        return Path(chosen)
    if os.access(MEMORY, os.W_OK | os.X_OK):
        system = os.statvfs(MEMORY)
        can_execute = not system.f_flag & os.ST_NOEXEC
        if can_execute and system.f_bavail * system.f_frsize >= _NEEDED_BYTES:
            return MEMORY
    return Path(tempfile.gettempdir())
