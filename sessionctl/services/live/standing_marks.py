"""Standing marks: what tells at once that a session and its file are as they were.

A mark is the session as it stood, without its secrets, and the text of the file, written so that
one comparison decides; nothing of it is ever read back. Which file a session has is kept by its
name beside them.
"""

from __future__ import annotations

# Every save begins here: plain os calls, and nothing that takes long to import.
# ruff: noqa: PTH113, PTH115, PTH118, PTH120, PTH123
import os
from hashlib import sha256

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.core.workspace.mapping.agreed_workspace import StandingWorkspace

FOLDER = "live"
_FORMAT = 1
_KEY_LENGTH = 32


class StandingMarks:
    """The marks of session files; without a state directory there are none."""

    def __init__(self, state_directory: str | None) -> None:
        self._folder = None if state_directory is None else os.path.join(state_directory, FOLDER)

    def file_of(self, name: str) -> str | None:
        """Return the file that the session ``name`` was last saved into or restored from."""
        path = self._path(name, "name")
        try:
            file = os.readlink(path) if path is not None else ""
        except OSError:
            return None
        return file if os.path.isfile(file) else None

    def is_unchanged(self, file: str, standing: StandingWorkspace) -> bool:
        """Return whether ``file`` and the session are as they were when both last agreed.

        A session with a secret in it never counts as unchanged here.
        """
        path = self._path(os.path.realpath(file), "mark")
        if path is None:
            return False
        try:
            with open(path, "rb") as mark, open(file, "rb") as text:
                return mark.read() == _mark(standing, text.read())
        except OSError:
            return False

    def keep(self, file: str, standing: StandingWorkspace, text: str) -> None:
        """Write the mark of ``file``, whose text and session agree; failures are no matter."""
        path = self._path(os.path.realpath(file), "mark")
        link = self._path(standing.workspace.name, "name")
        if path is None or link is None:
            return
        from sessionctl.system.files.private_directories import make_private
        from sessionctl.system.files.temporary import remove_quietly

        temporary = f"{path}.{os.getpid()}"
        try:
            make_private(os.path.dirname(path))
            with open(temporary, "wb", opener=_opener) as stream:
                stream.write(_mark(standing, text.encode()))
            os.replace(temporary, path)  # noqa: PTH105
            remove_quietly(link)
            os.symlink(os.path.abspath(file), link)  # noqa: PTH100, PTH211
        except OSError:
            remove_quietly(temporary)

    def assign(self, name: str, file: str) -> None:
        """Remember that the session ``name`` has ``file``; raises ``OSError``."""
        link = self._path(name, "name")
        if link is not None:
            temporary = f"{link}.{os.getpid()}"
            os.symlink(os.path.abspath(file), temporary)  # noqa: PTH100, PTH211
            os.replace(temporary, link)  # noqa: PTH105

    def forget(self, name: str) -> None:
        """Remember no file of the session ``name``."""
        from sessionctl.system.files.temporary import remove_quietly

        link = self._path(name, "name")
        if link is not None:
            remove_quietly(link)

    def _path(self, what: str, suffix: str) -> str | None:
        if self._folder is None:
            return None
        key = sha256(os.fsencode(what)).hexdigest()[:_KEY_LENGTH]
        return os.path.join(self._folder, f"{key}.{suffix}")


def _mark(standing: StandingWorkspace, text: bytes) -> bytes:
    return f"{_FORMAT} {standing!r}\n".encode(errors="backslashreplace") + text


def _opener(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_EXCL | os.O_CLOEXEC, 0o600)
