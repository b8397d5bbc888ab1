"""Live memory: which file each session has, and what stood when both last agreed."""

from __future__ import annotations

# One small file a session: plain os calls here.
# ruff: noqa: PTH101, PTH118, PTH120, PTH208
import json
import os
from hashlib import sha256
from typing import NamedTuple

from sessionctl.core.workspace.mapping.standing_text import read_agreed, write_agreed
from sessionctl.errors import SessionctlError
from sessionctl.system.files.private_directories import make_private
from sessionctl.system.files.text import read_text, write_text
from sessionctl.system.os_errors import cannot
from sessionctl.system.store.archive_entry import key_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from sessionctl.core.workspace.mapping.agreed_workspace import AgreedWorkspace

FOLDER = "live"
_FORMAT = 1


class LiveRecord(NamedTuple):
    """What is remembered of a file: its path, its text and what stood when both agreed.

    ``socket`` is that of the tmux server, "" for the usual one. ``at_s`` is when, in seconds
    since 1970. ``adapter`` is the workspace adapter that captured it.
    """

    file: str
    text: str
    agreed: AgreedWorkspace
    socket: str = ""
    at_s: float = 0.0
    adapter: str = "tmux"

    @property
    def name(self) -> str:
        """The name of the session."""
        return self.agreed.standing.workspace.name


class LiveMemory:
    """The records of session files; without a state directory nothing is stored."""

    def __init__(self, state_directory: str | None) -> None:
        self.folder = None if state_directory is None else os.path.join(state_directory, FOLDER)

    def recall(self, file: str) -> LiveRecord | None:
        """Return what is remembered of ``file``; None where it is nothing, or damaged."""
        path = self._path(file)
        return None if path is None else _read(path)

    def keep(self, record: LiveRecord) -> None:
        """Remember ``record``.

        Raises:
          FileError: it cannot be written.
        """
        path = self._path(record.file)
        if path is None:
            return
        data = {**record._asdict(), "format": _FORMAT, "agreed": write_agreed(record.agreed)}
        try:
            make_private(os.path.dirname(path))
            write_text(path, json.dumps(data))
            os.chmod(path, 0o600)
        except OSError as error:
            raise cannot("keep its state", record.file, error) from error

    def announce(self, file: str, text: str) -> None:
        """Remember that ``text`` is about to be written into ``file``; failures are no matter.

        A save that is killed between the file and its record leaves a text that looks like an
        edit by hand; by this it is known again.
        """
        try:
            self._put(file, "next", _digest(text))
        except SessionctlError:
            return

    def was_announced(self, file: str, text: str) -> bool:
        """Return whether ``text`` is what a save was the last to write into ``file``."""
        path = self._path(file, "next")
        try:
            return path is not None and read_text(path) == _digest(text)
        except SessionctlError:
            return False

    def mark_snapshot(self, file: str) -> None:
        """Remember that ``file`` is a snapshot: no session is saved into it later.

        Raises:
          FileError: it cannot be written.
        """
        self._put(file, "snapshot", f"{os.path.abspath(file)}\n")  # noqa: PTH100

    def is_snapshot(self, file: str) -> bool:
        """Return whether ``file`` was made as a snapshot."""
        path = self._path(file, "snapshot")
        return path is not None and os.path.exists(path)  # noqa: PTH110

    def records(self) -> Iterator[LiveRecord]:
        """Yield what is remembered of all files, the newest first."""
        try:
            names = [] if self.folder is None else os.listdir(self.folder)
        except OSError:
            return
        paths = [os.path.join(str(self.folder), name) for name in names if name.endswith(".json")]
        found = [record for record in map(_read, paths) if record is not None]
        yield from sorted(found, key=lambda record: -record.at_s)

    def _put(self, file: str, suffix: str, text: str) -> None:
        path = self._path(file, suffix)
        if path is None:
            return
        try:
            make_private(os.path.dirname(path))
            write_text(path, text, is_durable=False)
        except OSError as error:
            raise cannot("keep its state", file, error) from error

    def _path(self, file: str, suffix: str = "json") -> str | None:
        if self.folder is None:
            return None
        return os.path.join(self.folder, f"{key_of(os.path.realpath(file))}.{suffix}")


def _digest(text: str) -> str:
    return sha256(text.encode(errors="surrogatepass")).hexdigest()


def _read(path: str) -> LiveRecord | None:
    try:
        data = json.loads(read_text(path))
        agreed = read_agreed(data["agreed"])
        if data["format"] != _FORMAT or agreed is None:
            return None
        fields = {name: data[name] for name in ("file", "text", "socket", "at_s")}
        return LiveRecord(agreed=agreed, adapter=str(data.get("adapter", "tmux")), **fields)
    except (SessionctlError, ValueError, TypeError, KeyError):
        return None
