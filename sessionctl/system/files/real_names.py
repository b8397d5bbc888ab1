"""Real names: the real paths of many files of few directories, each directory found out once."""

from __future__ import annotations

import os

# ruff: noqa: PTH100, PTH114, PTH118


_NO_NAMES = ("", ".", "..")


class RealNames:
    """Real paths, for one pass over many files: directories must not change meanwhile."""

    def __init__(self) -> None:
        self._folders: dict[str, str] = {}
        self._leads: dict[str, str] = {}

    def folder(self, path: str) -> str:
        """Return the real path of a directory."""
        found = self._folders.get(path)
        if found is None:
            found = self._folders[path] = os.path.realpath(path)
        return found

    def name(self, path: str) -> str:
        """Return the path of a file without symlinks but its own."""
        folder, slash, name = path.rpartition("/")
        if name in _NO_NAMES:
            folder, name = os.path.split(os.path.abspath(path))
            return os.path.join(self.folder(folder), name)
        if not slash:
            folder = "."
        lead = self._leads.get(folder)
        if lead is None:
            real = self.folder(os.path.abspath(folder or "/"))
            lead = self._leads[folder] = os.path.join(real, "")
        return lead + name

    def path(self, path: str) -> str:
        """Return the real path of a file."""
        name = self.name(path)
        return os.path.realpath(name) if os.path.islink(name) else name
