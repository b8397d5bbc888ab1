"""File set: the files that are watched, the directories they may appear in, the mirrors."""

from __future__ import annotations

import os
from typing import NamedTuple

from sessionctl.core.filename import SESSION_SUFFIX, SIDECAR_SUFFIX
from sessionctl.core.leftover import is_leftover
from sessionctl.errors import FileError, UsageError
from sessionctl.system.files.real_names import RealNames
from sessionctl.system.files.session_files import find_sessions, is_directory
from sessionctl.system.os_errors import listing_hint

# Paths are compared as text: plain os calls here.
# ruff: noqa: PTH118, PTH119, PTH120

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sessionctl.core.values import Value


_SUFFIXES = (SESSION_SUFFIX, SIDECAR_SUFFIX)


class Mirror(NamedTuple):
    """Two directories that hold copies of the same files: those in use, those in git."""

    live: str
    repository: str

    def copy_of(self, file: str) -> str | None:
        """Return where the other copy of ``file`` lies; None for a file that is in neither."""
        real = _real_name(file)
        for here, there in ((self.live, self.repository), (self.repository, self.live)):
            root = os.path.realpath(here)
            if real.startswith(f"{root}{os.sep}"):
                return _known_form(there, root, os.path.relpath(real, root))
        return None


class MirrorSide(NamedTuple):
    """The directory of a mirror that a file is in; with ``is_closed`` no symlink leads out."""

    directory: str = ""
    is_closed: bool = False


class WatchTargets(NamedTuple):
    """What is to be watched: groups of copies of one file, and the directories looked into.

    A group of one is a file without a mirror.
    """

    groups: tuple[tuple[str, ...], ...]
    folders: frozenset[str]


class FileSet:
    """What was asked to be watched; ``find`` returns the files that this means now."""

    def __init__(
        self, paths: Sequence[str], mirrors: Sequence[Mirror], own: Sequence[str] = ()
    ) -> None:
        """Take files and directories, and the mirrors of the user's settings.

        Not looked into are the directories of sessionctl's ``own`` files.
        Without paths, the mirrors are meant; without mirrors, the current directory.

        Raises:
          FileError: a path leads nowhere.
        """
        self.mirrors = tuple(mirrors)
        self._own = tuple(own)
        self.escaping: set[str] = set()
        """Files of a repository that a symlink leads out of it: they are no part of the mirror."""
        asked = list(paths)
        if not asked:
            asked = [folder for mirror in mirrors for folder in mirror] or ["."]
        for path in paths:
            if not os.path.lexists(path):
                raise FileError(f"{path}: no such file or directory", hints=[listing_hint(path)])
        self._asked = asked

    @property
    def roots(self) -> list[str]:
        """The real paths of what was asked for, and of the mirrors it touches."""
        found = {os.path.realpath(path) for path in self._asked}
        for mirror in self.mirrors:
            folders = {os.path.realpath(folder) for folder in mirror}
            if any(_is_within(root, folder) for root in found for folder in folders):
                found |= folders
        return sorted(found)

    def find(self) -> WatchTargets:
        """Return the files there are now, grouped with their copies, in order.

        Raises:
          FileError: a directory cannot be read.
        """
        folders: set[str] = set()
        real = RealNames()
        groups: dict[frozenset[str], tuple[str, ...]] = {}
        for path in self._asked:
            files = [path]
            if is_directory(path) or any(path in mirror for mirror in self.mirrors):
                files = self._files_in(path, folders, real)
            for file in files:
                group = self.group_of(file)
                groups.setdefault(frozenset(map(real.path, group)), group)
        return WatchTargets(tuple(groups.values()), frozenset(folders))

    def group_of(self, file: str) -> tuple[str, ...]:
        """Return the copies of ``file``, the live one first; itself alone without a mirror."""
        for mirror in self.mirrors:
            copy = mirror.copy_of(file)
            if copy is None:
                continue
            if os.path.realpath(copy) == os.path.realpath(file):
                return (file,)  # one is a symlink to the other
            is_live = _is_within(_real_name(file), os.path.realpath(mirror.live))
            pair = (file, copy) if is_live else (copy, file)
            if leads_out(pair[1], mirror.repository):
                self.escaping.add(pair[1])
                return (file,)
            return pair
        return (file,)

    def side_of(self, file: str) -> MirrorSide:
        """Return the directory of a mirror that ``file`` is in.

        That in git is closed: links in a repository may be somebody else's.
        """
        name = _real_name(file)
        for mirror in self.mirrors:
            for directory in mirror:
                if _is_within(name, os.path.realpath(directory)):
                    return MirrorSide(directory, directory == mirror.repository)
        return MirrorSide()

    def takes(self, path: str) -> bool:
        """Return whether a file that appeared at ``path`` is to be watched."""
        name = os.path.basename(path)
        is_ours = name.endswith(_SUFFIXES) and not is_leftover(name)
        return is_ours and os.path.isfile(path)  # noqa: PTH113

    def _files_in(self, folder: str, folders: set[str], real: RealNames) -> list[str]:
        """Return the files in and below ``folder``; add the directories that have some."""
        if not is_directory(folder):
            return []  # of a mirror: it is made when the first copy is
        folders.add(real.folder(folder))
        files = [found.path for found in find_sessions(folder, own=self._own, suffix=_SUFFIXES)]
        folders.update(real.folder(os.path.dirname(file) or ".") for file in files)
        return files


def read_mirrors(value: Value, home: str | None) -> list[Mirror]:
    """Return the mirrors of the settings; ``~`` in their paths is ``home``.

    Raises:
      UsageError: a path is relative, or both are the same directory.
    """
    assert isinstance(value, list)
    found = []
    for entry in value:
        assert isinstance(entry, dict)
        mirror = Mirror(*(_absolute(str(entry[key]), home) for key in ("live", "repository")))
        if _is_within(*mirror) or _is_within(*reversed(mirror)):
            raise UsageError(f"mirrors: {mirror.live}: both directories are the same, or nested")
        found.append(mirror)
    return found


def _absolute(path: str, home: str | None) -> str:
    if home is not None and (path == "~" or path.startswith("~/")):
        path = home + path[1:]
    if not os.path.isabs(path):  # noqa: PTH117
        raise UsageError(
            f"mirrors: {path}: not an absolute path",
            hints=["start it with / or ~/"],
        )
    return os.path.normpath(path)


def _real_name(file: str) -> str:
    """Return the path of ``file`` without symlinks but its own."""
    folder, name = os.path.split(os.path.abspath(file))  # noqa: PTH100
    return os.path.join(os.path.realpath(folder), name)


def leads_out(file: str, root: str) -> bool:
    """Return whether a symlink leads from ``file``, in or below ``root``, to somewhere else."""
    return not _is_within(os.path.realpath(file), os.path.realpath(root))


def _known_form(folder: str, original: str, path: str) -> str:
    """Return where ``path`` of ``original`` lies in ``folder``, each name in the form it has there.

    Systems differ in the form of letters with accents, and some know no case: a copy, or its
    directory, of the other form is the same. Two such names beside each other are two.
    """
    for name in path.split(os.sep):  # noqa: PTH206 - pathlib costs start-up
        folder, original = _known_name(folder, original, name), os.path.join(original, name)
    return folder


def _known_name(folder: str, original: str, name: str) -> str:
    path = os.path.join(folder, name)
    if os.path.lexists(path):
        return path
    alike = [other for other in _names_in(folder) if _plain_form(other) == _plain_form(name)]
    own = [n for n in _names_in(original) if _plain_form(n) == _plain_form(name)]
    return os.path.join(folder, alike[0]) if len(alike) == len(own) == 1 else path


def _names_in(folder: str) -> list[str]:
    try:
        return os.listdir(folder)  # noqa: PTH208
    except OSError:
        return []


def _plain_form(name: str) -> str:
    import unicodedata

    return unicodedata.normalize("NFC", name).casefold()


def _is_within(path: str, folder: str) -> bool:
    return path == folder or path.startswith(f"{folder}{os.sep}")


def without_known(groups: Iterable[tuple[str, ...]], known: Iterable[str]) -> list[tuple[str, ...]]:
    """Return the groups of which no file is among ``known``, by their real places."""
    names = set(known)
    new = [group for group in groups if names.isdisjoint(group)]
    if not new:
        return []
    real = RealNames()
    there = set(map(real.path, names))
    return [group for group in new if there.isdisjoint(map(real.path, group))]
