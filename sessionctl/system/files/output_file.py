"""Where an answer is to be written is looked at before the work that it takes."""

from __future__ import annotations

import errno
import os

from sessionctl.system.files.text import refuse_irregular
from sessionctl.system.os_errors import cannot, unwritable


def check_output(path: str) -> None:
    """Refuse, before any work, a file that could not be written in the end.

    Raises:
      FileError: there is no such directory, it may not be written, or ``path`` is one.
    """
    target = os.path.realpath(path)
    directory = os.path.dirname(target)  # noqa: PTH120
    may_write = os.access(directory, os.W_OK | os.X_OK)
    may_replace = os.access(target, os.W_OK) or not os.path.exists(target)  # noqa: PTH110
    code = 0
    if os.path.isdir(target):  # noqa: PTH112
        code = errno.EISDIR
    elif not os.path.isdir(directory):  # noqa: PTH112
        code = errno.ENOTDIR if os.path.exists(directory) else errno.ENOENT  # noqa: PTH110
    if code:
        raise cannot("write", path, OSError(code, os.strerror(code)))
    if not (may_write and may_replace):
        raise cannot("write", path, unwritable(directory))
    refuse_irregular(target, path)
