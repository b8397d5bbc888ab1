"""Session state: what is kept of a session file outside of it, taken along to another name."""

from __future__ import annotations

# Small files by their keys: plain os calls here.
# ruff: noqa: PTH110, PTH112, PTH118, PTH208
import os
import shutil
from contextlib import suppress

from sessionctl.errors import SessionctlError
from sessionctl.services.live.live_memory import LiveMemory
from sessionctl.services.live.standing_marks import StandingMarks
from sessionctl.services.live.trust import TrustStore
from sessionctl.system.files.private_directories import make_private, remove_tree
from sessionctl.system.files.temporary import remove_quietly
from sessionctl.system.os_errors import cannot
from sessionctl.system.store.archive_entry import key_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.system.store.store import Store

_ARCHIVES = "documents"
_BY_PATH = ("connections", "volatile", "scrollback")
"""Directories of small files that are called by the key of a path."""
_LIVE_SUFFIXES = ("next", "snapshot")
_NOT_COPIED = frozenset({"lock", "path"})


class SessionState:
    """What the state directory has of files: earlier texts, bases, trust, live and other memory.

    Everything is copied first and removed last, so that at every moment it is there for the
    name that the file has. Without a state directory there is nothing.
    """

    def __init__(self, store: Store) -> None:
        self.directory = store.directory
        self.store = store

    def copy(self, old: str, new: str, names: tuple[str, str] | None = None) -> None:
        """Let what is kept of the real path ``old`` be kept of ``new`` too.

        ``names`` are those of the session before and after, where they differ.

        Raises:
          FileError: it cannot be written.
        """
        if self.directory is None or old == new:
            return
        try:
            self._copy_archive(old, new)
            for folder in _BY_PATH:
                self._copy_files(folder, old, new)
            self._copy_live(old, new, names)
        except OSError as error:
            raise cannot("keep its state", new, error) from error
        self._copy_trust(old, new)

    def forget(self, old: str, name: str = "") -> None:
        """Keep nothing of ``old`` any more; failures are no matter, for the file is gone."""
        if self.directory is None:
            return
        self.forget_trust(old)
        key = key_of(old)
        archive = os.path.join(self.directory, _ARCHIVES, key)
        with suppress(OSError):
            remove_tree(archive, last="lock")
        for folder in _BY_PATH:
            for path in self._files(folder, key):
                remove_quietly(path)
        self.forget_live(old, name)

    def forget_trust(self, old: str) -> None:
        """Allow ``old`` nothing any more."""
        if self.directory is None:
            return
        from pathlib import Path

        try:
            TrustStore(Path(self.directory)).forget(old)
        except (OSError, SessionctlError):
            return

    def forget_live(self, old: str, name: str = "") -> None:
        """Remember no live session of ``old``."""
        for path in self._files("live", key_of(old)):
            remove_quietly(path)
        marks = StandingMarks(self.directory)
        if name and _leads_to(marks.file_of(name), old):
            marks.forget(name)

    def _files(self, folder: str, key: str) -> list[str]:
        place = os.path.join(self.directory or os.devnull, folder)
        try:
            names = os.listdir(place)
        except OSError:
            return []
        return [os.path.join(place, name) for name in names if name.partition(".")[0] == key]

    def _copy_archive(self, old: str, new: str) -> None:
        assert self.directory is not None
        source = os.path.join(self.directory, _ARCHIVES, key_of(old))
        if not os.path.isdir(source):
            return
        archive = self.store.archive(new)
        archive.make()
        for name in sorted(os.listdir(source)):
            path, to = os.path.join(source, name), os.path.join(archive.directory, name)
            if name in _NOT_COPIED or name.startswith("new.") or os.path.lexists(to):
                continue
            if os.path.isdir(path):
                shutil.copytree(path, to)
            else:
                _copy(path, to)

    def _copy_files(self, folder: str, old: str, new: str) -> None:
        before, after = key_of(old), key_of(new)
        for path in self._files(folder, before):
            base = os.path.basename(path)  # noqa: PTH119
            if not base.endswith(".lock"):
                _copy(path, os.path.join(os.path.dirname(path), after + base[len(before) :]))  # noqa: PTH120

    def _copy_live(self, old: str, new: str, names: tuple[str, str] | None) -> None:
        assert self.directory is not None
        memory = LiveMemory(self.directory)
        record = memory.recall(old)
        if record is not None:
            agreed = record.agreed
            if names is not None and agreed.standing.workspace.name == names[0]:
                workspace = agreed.standing.workspace._replace(name=names[1])
                agreed = agreed._replace(standing=agreed.standing._replace(workspace=workspace))
            memory.keep(record._replace(file=new, agreed=agreed))
        for suffix in _LIVE_SUFFIXES:
            path = os.path.join(self.directory, "live", f"{key_of(old)}.{suffix}")
            if os.path.exists(path):
                _copy(path, os.path.join(self.directory, "live", f"{key_of(new)}.{suffix}"))
        marks = StandingMarks(self.directory)
        before, after = names or ("", "")
        if before and _leads_to(marks.file_of(before), old):
            make_private(os.path.join(self.directory, "live"))
            marks.assign(after, new)

    def _copy_trust(self, old: str, new: str) -> None:
        from pathlib import Path

        assert self.directory is not None
        trust = TrustStore(Path(self.directory))
        for one in trust.files():
            if one.file == old:
                trust.allow(new, one.items, keep=True)


def _copy(path: str, to: str) -> None:
    """Copy a small file, wholly or not at all."""
    temporary = f"{to}.{os.getpid()}"
    try:
        shutil.copy2(path, temporary)
        os.replace(temporary, to)  # noqa: PTH105
    except BaseException:
        remove_quietly(temporary)
        raise


def _leads_to(file: str | None, old: str) -> bool:
    return file is not None and os.path.realpath(file) == old
